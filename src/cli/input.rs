//! Inputs: files and standard input, models, thread pools.

use std::fs::{self, File};
use std::io::{self, BufRead, IsTerminal, Read, Seek, Write};
use std::path::{Path, PathBuf};

use copydesk::article::furniture::Rules;
use copydesk::article::{Encoding, Format, Reader};
use copydesk::model::Model;
use copydesk::rows::RowFormat;
use copydesk::store::{Output, Resumable};
use copydesk::{Error, ErrorKind, Limits, Result};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::args::{InputFormat, ModelArg, OutputArg, ReadArgs, ThreadsArg};
use super::messages::{Failure, written};
use super::progress;
use super::unpack::{Stream, buffered, inner_name, unpack};

/// What standard input is called in messages and output.
const STDIN: &str = "-";

/// A file or standard input, opened, and its name.
pub(crate) struct Input {
    pub(crate) name: String,
    reader: Stream,
    /// Whether it is a Parquet file, whose rows come as JSON lines.
    parquet: bool,
}

/// What an input holds.
pub(crate) enum Content {
    Page(Format),
    Rows(RowFormat),
    /// Lines, each a text of its own.
    Lines,
}

impl Input {
    /// Opens a file, or standard input for `-`.
    pub(crate) fn open(path: &Path) -> Result<Input> {
        let name = path.display().to_string();
        let reader: Box<dyn Read + Send> = if name == STDIN {
            Box::new(io::stdin())
        } else {
            let cannot = |error: io::Error| {
                Error::new(ErrorKind::Read, format!("cannot be read: {error}"))
                    .in_file(path)
                    .caused_by(error)
            };
            if fs::metadata(path).map_err(cannot)?.is_dir() {
                return Err(Error::new(ErrorKind::Read, "is a folder")
                    .in_file(path)
                    .hint(format!("name its files, such as {name}/*.txt")));
            }
            let mut file = File::open(path).map_err(cannot)?;
            if is_parquet(&mut file).map_err(cannot)? {
                return Ok(Input {
                    reader: parquet_rows(file).map_err(|error| error.in_file(path))?,
                    name,
                    parquet: true,
                });
            }
            Box::new(file)
        };
        let (reader, _) = unpack(buffered(progress::counted(reader))).map_err(|error| {
            Error::new(ErrorKind::Read, format!("cannot be read: {error}"))
                .in_file(path)
                .caused_by(error)
        })?;
        Ok(Input {
            name,
            reader,
            parquet: false,
        })
    }

    /// What it holds: as forced, or by its name and first bytes.
    pub(crate) fn content(&mut self, forced: Option<InputFormat>) -> Result<Content> {
        if self.parquet && forced != Some(InputFormat::Lines) {
            return Ok(Content::Rows(RowFormat::JsonLines));
        }
        if self.parquet {
            let error = Error::new(ErrorKind::Data, "is a Parquet file: it has rows, not lines");
            return Err(error.in_file(&self.name).hint("leave out --from lines"));
        }
        if let Some(format) = forced {
            return Ok(match format {
                InputFormat::Text => Content::Page(Format::Text),
                InputFormat::Markdown => Content::Page(Format::Markdown),
                InputFormat::Html => Content::Page(Format::Html),
                InputFormat::Jsonl => Content::Rows(RowFormat::JsonLines),
                InputFormat::Csv => Content::Rows(RowFormat::Csv),
                InputFormat::Tsv => Content::Rows(RowFormat::Tsv),
                InputFormat::Lines => Content::Lines,
            });
        }
        let extension = Path::new(inner_name(&self.name))
            .extension()
            .map(std::ffi::OsStr::to_ascii_lowercase);
        Ok(match extension.as_deref().and_then(|e| e.to_str()) {
            Some("jsonl" | "ndjson") => Content::Rows(RowFormat::JsonLines),
            Some("csv") => Content::Rows(RowFormat::Csv),
            Some("tsv") => Content::Rows(RowFormat::Tsv),
            _ => {
                let name = (self.name != STDIN).then(|| inner_name(&self.name).to_owned());
                let start = self.reader.fill_buf().map_err(|error| {
                    Error::new(ErrorKind::Read, format!("cannot be read: {error}"))
                        .in_file(&self.name)
                })?;
                if looks_like_rows(start) {
                    Content::Rows(RowFormat::JsonLines)
                } else {
                    Content::Page(Format::detect(name.as_deref(), start))
                }
            }
        })
    }

    /// All its bytes, up to one more than the cap, so that the reader can refuse what is too large.
    pub(crate) fn bytes(self, limits: &Limits) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.reader
            .take(limits.page_bytes as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| {
                Error::new(ErrorKind::Read, format!("cannot be read: {error}")).in_file(&self.name)
            })?;
        Ok(bytes)
    }

    /// The stream of its bytes; where an encoding is forced, turned to UTF-8.
    pub(crate) fn into_reader(self, encoding: Option<Encoding>) -> Box<dyn BufRead + Send> {
        let Some(encoding) = encoding.filter(|_| !self.parquet) else {
            return Box::new(self.reader);
        };
        let decoded = DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding.as_encoding_rs()))
            .build(self.reader);
        Box::new(io::BufReader::with_capacity(1 << 18, decoded))
    }
}

/// Whether a file is one, by its first bytes; they are read again.
fn is_parquet(file: &mut File) -> io::Result<bool> {
    const MAGIC: &[u8] = b"PAR1";
    let mut start = Vec::new();
    if !file.metadata()?.is_file() {
        return Ok(false);
    }
    file.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    file.rewind()?;
    Ok(start == MAGIC)
}

#[cfg(feature = "parquet")]
fn parquet_rows(file: File) -> Result<Stream> {
    let rows = copydesk::rows::parquet::JsonLines::new(file)?;
    Ok(buffered(Box::new(rows)))
}

#[cfg(not(feature = "parquet"))]
fn parquet_rows(_: File) -> Result<Stream> {
    let error = Error::new(
        ErrorKind::Data,
        "is a Parquet file, which this build does not read",
    );
    Err(error.hint("build copydesk with `cargo install --path . --features parquet`"))
}

/// A first line that is a JSON object with one of the fields of a row.
fn looks_like_rows(start: &[u8]) -> bool {
    let start = start
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(start)
        .trim_ascii_start();
    let line = start.split(|&b| b == b'\n').next().unwrap_or(start);
    line.starts_with(b"{")
        && [&b"\"text\""[..], b"\"paragraphs\"", b"\"html\""]
            .iter()
            .any(|field| line.windows(field.len()).any(|window| window == *field))
}

/// The inputs that were named; none is standard input.
pub(crate) fn or_stdin(files: &[PathBuf]) -> Vec<PathBuf> {
    if files.is_empty() {
        vec![PathBuf::from(STDIN)]
    } else {
        files.to_vec()
    }
}

/// A model that was named, or the built-in one.
pub(crate) enum AnyModel {
    Builtin(&'static Model),
    Loaded(Box<Model>),
}

impl std::ops::Deref for AnyModel {
    type Target = Model;

    fn deref(&self) -> &Model {
        match self {
            AnyModel::Builtin(model) => model,
            AnyModel::Loaded(model) => model,
        }
    }
}

/// Loads the model that was named.
pub(crate) fn model(path: Option<&Path>, limits: &Limits) -> Result<AnyModel> {
    let Some(path) = path else {
        return Ok(AnyModel::Builtin(Model::builtin()));
    };
    let cannot = |error: io::Error| {
        Error::new(ErrorKind::Read, format!("model cannot be read: {error}")).in_file(path)
    };
    let file = File::open(path).map_err(cannot)?;
    let model = if file.metadata().is_ok_and(|about| about.is_file()) {
        Model::from_static(mapped(&file).map_err(cannot)?, limits)
    } else {
        let mut bytes = Vec::new();
        file.take(limits.model_bytes as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(cannot)?;
        Model::from_bytes(&bytes, limits)
    };
    let model = model.map_err(|error| error.in_file(path))?;
    Ok(AnyModel::Loaded(Box::new(model)))
}

/// The bytes of a file, in memory as long as the process: it reads its models once and uses them to its end.
/// Measured on a model of 4.5 MB, a process that labels one line takes 4 ms instead of 12, most of which
/// went into getting memory for the file and for its copy page by page.
#[expect(unsafe_code, reason = "a mapped file; see the safety comment")]
fn mapped(file: &File) -> io::Result<&'static [u8]> {
    if file.metadata()?.len() == 0 {
        return Ok(&[]);
    }
    // SAFETY: bytes of a mapped file change where another process writes to that very file. Models are never
    // written to in place: `store` puts a new file in the place of the old, whose bytes stay. Every use of
    // the bytes is checked for its range after they have been validated, so that a file that is changed by
    // other means leads to wrong labels or a panic, or where it is cut, to the end of the process by signal.
    let map = unsafe { memmap2::Mmap::map(file)? };
    Ok(Box::leak(Box::new(map)))
}

impl ReadArgs {
    /// The reader of pages that they ask for.
    pub(crate) fn reader(&self) -> Result<Reader> {
        const LARGEST: u64 = 1 << 20;
        let mut rules = Rules::default();
        if let Some(path) = &self.furniture_rules {
            let cannot = |error: io::Error| {
                Error::new(ErrorKind::Read, format!("cannot be read: {error}"))
                    .in_file(path)
                    .caused_by(error)
            };
            let mut toml = String::new();
            let file = File::open(path).map_err(cannot)?;
            file.take(LARGEST + 1)
                .read_to_string(&mut toml)
                .map_err(cannot)?;
            if toml.len() as u64 > LARGEST {
                let error = Error::new(
                    ErrorKind::TooLarge,
                    format!("is larger than {LARGEST} bytes"),
                );
                return Err(error.in_file(path));
            }
            rules = rules.with(&toml).map_err(|error| error.in_file(path))?;
        }
        Ok(Reader {
            encoding: self.encoding,
            rules,
            ..Reader::default()
        })
    }
}

impl ModelArg {
    /// The model, and its name in output.
    pub(crate) fn load(&self, limits: &Limits) -> Result<(AnyModel, String)> {
        let name = self
            .model
            .as_ref()
            .map_or("built-in".to_owned(), |path| path.display().to_string());
        Ok((model(self.model.as_deref(), limits)?, name))
    }
}

impl ThreadsArg {
    /// How many threads work.
    pub(crate) fn count(&self) -> usize {
        self.threads.map_or_else(
            || std::thread::available_parallelism().map_or(1, usize::from),
            usize::from,
        )
    }

    /// Runs something with this many threads at its disposal.
    pub(crate) fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match rayon::ThreadPoolBuilder::new()
            .num_threads(self.count())
            .build()
        {
            Ok(pool) => pool.install(work),
            // No threads to be had: the calling one does the work.
            Err(_) => work(),
        }
    }
}

/// Standard output or a file that appears when it is whole.
pub(crate) enum Sink {
    Stdout(io::BufWriter<io::Stdout>),
    File(Output),
    Resumable(Box<Resumable>),
}

impl Sink {
    /// Opens the output that was asked for.
    pub(crate) fn open(to: &OutputArg) -> Result<Sink> {
        Ok(match &to.output {
            None => Sink::Stdout(io::BufWriter::with_capacity(1 << 16, io::stdout())),
            Some(path) => Sink::File(Output::create(path)?),
        })
    }

    /// Whether a person is looking at it.
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self, Sink::Stdout(_)) && io::stdout().is_terminal()
    }

    /// Writes bytes.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        written(match self {
            Sink::Stdout(out) => out.write_all(bytes),
            Sink::File(out) => out.write_all(bytes),
            Sink::Resumable(out) => out.write_all(bytes),
        })
    }

    /// Sends what was written to whoever reads it. Files have no reader before they are whole.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        match self {
            Sink::Stdout(out) => written(out.flush()),
            Sink::File(_) | Sink::Resumable(_) => Ok(()),
        }
    }

    /// Ends the output.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Sink::Stdout(mut out) => written(out.flush()),
            Sink::File(out) => Ok(out.commit()?),
            Sink::Resumable(out) => Ok(out.commit()?),
        }
    }
}

/// Writes one report.
pub(crate) fn put_report(to: &OutputArg, report: &[u8]) -> Result<(), Failure> {
    let mut sink = Sink::open(to)?;
    sink.put(report)?;
    sink.finish()
}

/// Whether two names are one file, be it there already or not.
pub(crate) fn same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        if let Ok(path) = fs::canonicalize(path) {
            return Some(path);
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
        Some(folder.join(path.file_name()?))
    };
    one == other || place(one).is_some_and(|one| place(other) == Some(one))
}

/// Refuses outputs that are one file, or that would be written over an input.
pub(crate) fn keep_apart(inputs: &[PathBuf], outputs: &[&Option<PathBuf>]) -> Result<()> {
    let outputs: Vec<&PathBuf> = outputs.iter().copied().flatten().collect();
    let refuse = |what: &str, output: &Path| {
        let error = Error::new(ErrorKind::Parameter, what).in_file(output);
        Err(error.hint("name another file"))
    };
    for (place, output) in outputs.iter().enumerate() {
        if outputs[..place]
            .iter()
            .any(|other| same_file(output, other))
        {
            return refuse("is named for two outputs", output);
        }
        let folder = output.parent().filter(|_| output.exists());
        let over = |input: &PathBuf| {
            same_file(input, output)
                || input.is_dir() && folder.is_some_and(|folder| same_file(input, folder))
        };
        if inputs.iter().any(over) {
            return refuse("is an input and would be written over", output);
        }
    }
    Ok(())
}
