//! Writing files: the only place that does. A file is written beside its target and then takes its
//! place, so that a failed run leaves what was there before.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
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
    fn a_missing_folder_is_named() {
        let error = write(Path::new("/no/such/folder/out"), b"").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Write);
        assert!(error.to_string().starts_with("/no/such/folder/out: "));
    }
}
