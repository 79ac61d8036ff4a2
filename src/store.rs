//! Writing files: the only place that does. A file is written beside its target and then takes its
//! place, so that a failed run leaves what was there before.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, ErrorKind, Result};

/// A file in the making: nothing shows under its name before [`Output::commit`].
pub struct Output {
    path: PathBuf,
    sink: Sink,
}

enum Sink {
    Replace(BufWriter<NamedTempFile>),
    /// Devices and pipes cannot be replaced.
    Direct(BufWriter<File>),
}

impl Output {
    /// Opens a file to be written as a whole.
    ///
    /// # Errors
    /// [`ErrorKind::Write`] when the folder is missing or not writable.
    pub fn create(path: &Path) -> Result<Output> {
        let sink = Output::open(path).map_err(|error| cannot_write(path, error))?;
        Ok(Output {
            path: path.to_owned(),
            sink,
        })
    }

    fn open(path: &Path) -> io::Result<Sink> {
        if fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
            let file = OpenOptions::new().write(true).open(path)?;
            return Ok(Sink::Direct(BufWriter::new(file)));
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".copydesk-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // What any new file gets, less the umask; the default of temporary files is owner only.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        Ok(Sink::Replace(BufWriter::new(builder.tempfile_in(folder)?)))
    }

    /// Puts the finished file in its place, on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Write`]; what stood under the name before is then untouched.
    pub fn commit(self) -> Result<()> {
        let done = match self.sink {
            Sink::Direct(mut file) => file.flush(),
            Sink::Replace(file) => file
                .into_inner()
                .map_err(io::IntoInnerError::into_error)
                .and_then(|file| {
                    file.as_file().sync_all()?;
                    file.persist(&self.path).map_err(io::Error::from)
                })
                .map(drop),
        };
        done.map_err(|error| cannot_write(&self.path, error))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Replace(file) => file.write(bytes),
            Sink::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Replace(file) => file.flush(),
            Sink::Direct(file) => file.flush(),
        }
    }
}

/// A file that is written over several runs: what is done lies in `FILE.partial`, and `FILE.progress`
/// says how much of that counts and what the writer wants to know when it goes on.
pub struct Resumable {
    path: PathBuf,
    partial: BufWriter<File>,
    length: u64,
}

impl Resumable {
    /// What an earlier run noted; `None` where there was none or it had noted nothing yet.
    ///
    /// # Errors
    /// [`ErrorKind::Read`] when the note is there but cannot be read.
    pub fn note(path: &Path) -> Result<Option<Vec<u8>>> {
        let note = beside(path, ".progress");
        match fs::read(&note) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(
                Error::new(ErrorKind::Read, format!("cannot be read: {error}"))
                    .in_file(note)
                    .caused_by(error),
            ),
        }
    }

    /// Goes on after so many bytes of what earlier runs wrote; 0 begins anew.
    ///
    /// # Errors
    /// [`ErrorKind::Write`] when the file cannot be opened, or holds less than that.
    pub fn open(path: &Path, length: u64) -> Result<Resumable> {
        let name = beside(path, ".partial");
        if fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
            return Err(Error::new(ErrorKind::Write, "is no plain file").in_file(path));
        }
        let open = || -> io::Result<(File, u64)> {
            // A run may end between giving the finished file its name and taking away the note.
            let named = fs::metadata(path).is_ok_and(|meta| meta.len() == length);
            if length > 0 && named && !name.exists() {
                fs::rename(path, &name)?;
            }
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .open(&name)?;
            let there = file.metadata()?.len();
            if there >= length {
                file.set_len(length)?;
                file.seek(SeekFrom::Start(length))?;
            }
            Ok((file, there))
        };
        let (file, there) = open().map_err(|error| cannot_write(&name, error))?;
        if there < length {
            return Err(Error::new(
                ErrorKind::Write,
                format!("holds {there} bytes, {length} were noted as done"),
            )
            .in_file(&name)
            .hint(format!(
                "remove it and {} to begin anew",
                beside(path, ".progress").display()
            )));
        }
        Ok(Resumable {
            path: path.to_owned(),
            partial: BufWriter::with_capacity(1 << 16, file),
            length,
        })
    }

    /// Bytes that were written, by all runs.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Brings what was written to the disk, and then notes that it counts.
    ///
    /// # Errors
    /// [`ErrorKind::Write`].
    pub fn checkpoint(&mut self, note: &[u8]) -> Result<()> {
        self.partial
            .flush()
            .and_then(|()| self.partial.get_ref().sync_data())
            .map_err(|error| cannot_write(&beside(&self.path, ".partial"), error))?;
        write(&beside(&self.path, ".progress"), note)
    }

    /// Gives the finished file its name. The last checkpoint must have noted that all is done.
    ///
    /// # Errors
    /// [`ErrorKind::Write`].
    pub fn commit(self) -> Result<()> {
        let (partial, note) = (
            beside(&self.path, ".partial"),
            beside(&self.path, ".progress"),
        );
        self.partial
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(partial, &self.path))
            .and_then(|()| fs::remove_file(note))
            .map_err(|error| cannot_write(&self.path, error))
    }
}

impl Write for Resumable {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.partial.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.partial.flush()
    }
}

/// A file's name with an ending after it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Writes a whole file at once.
///
/// # Errors
/// [`ErrorKind::Write`]; what stood under the name before is then untouched.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut output = Output::create(path)?;
    output
        .write_all(bytes)
        .map_err(|error| cannot_write(path, error))?;
    output.commit()
}

/// Makes a folder, and those above it, where they are missing.
///
/// # Errors
/// [`ErrorKind::Write`].
pub fn folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| cannot_write(path, error))
}

/// The error for a file that could not be written.
pub fn cannot_write(path: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Write, format!("cannot be written: {error}"))
        .in_file(path)
        .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_committed_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        write(&path, b"old").unwrap();
        let mut output = Output::create(&path).unwrap();
        output.write_all(b"new").unwrap();
        drop(output);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_several_runs_holds_what_was_noted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        assert_eq!(Resumable::note(&path).unwrap(), None);
        let mut first = Resumable::open(&path, 0).unwrap();
        first.write_all(b"one ").unwrap();
        first.checkpoint(b"note").unwrap();
        first.write_all(b"lost").unwrap();
        drop(first);
        assert_eq!(Resumable::note(&path).unwrap().unwrap(), b"note");
        assert!(!path.exists());
        assert!(Resumable::open(&path, 99).is_err());
        let mut second = Resumable::open(&path, 4).unwrap();
        second.write_all(b"two").unwrap();
        second.checkpoint(b"done").unwrap();
        second.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        // Stopped between the last two steps: the finished file goes back and is finished again.
        write(&folder.path().join("out.progress"), b"done").unwrap();
        Resumable::open(&path, 7).unwrap().commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = write(Path::new("/no/such/folder/out"), b"").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Write);
        assert!(error.to_string().starts_with("/no/such/folder/out: "));
    }
}
