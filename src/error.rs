//! The one error type: a kind, what is wrong, where (file, line, byte), and what to do next.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::visible;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of thing went wrong; decides the exit code of the command-line tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A parameter or option is out of its range or contradicts another.
    Parameter,
    /// A file could not be read.
    Read,
    /// A file or stream could not be written.
    Write,
    /// The input is empty: there is nothing to label or learn from.
    Empty,
    /// The bytes are not text in a supported encoding.
    Encoding,
    /// The input is not in the form it should have (broken JSON, missing field, unknown label).
    Data,
    /// A cap of [`crate::limits::Limits`] was passed.
    TooLarge,
    /// The model file is damaged, of an unknown version, or inconsistent.
    Model,
    /// Training could not reach a usable solution.
    Solver,
}

/// An error with its place. Built with [`Error::new`] and the `at_…`/`in_file`/`hint` methods.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    file: Option<PathBuf>,
    line: Option<u64>,
    byte: Option<u64>,
    hint: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of a kind; `message` says what is wrong in one clause, without the place.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            file: None,
            line: None,
            byte: None,
            hint: None,
            source: None,
        }))
    }

    /// Names the file. A file that is already named stays: the innermost place is the true one.
    #[must_use]
    pub fn in_file(mut self, path: impl AsRef<Path>) -> Error {
        self.0
            .file
            .get_or_insert_with(|| path.as_ref().to_path_buf());
        self
    }

    /// Names the 1-based line.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Error {
        self.0.line = Some(line);
        self
    }

    /// Names the 0-based byte offset.
    #[must_use]
    pub fn at_byte(mut self, byte: u64) -> Error {
        self.0.byte = Some(byte);
        self
    }

    /// Says what the user can do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    /// Keeps the error underneath for [`std::error::Error::source`].
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        self.0.source = Some(source.into());
        self
    }

    /// What is wrong and what to do, without file and line.
    pub fn without_place(&self) -> String {
        let mut message = self.0.message.clone();
        if let Some(byte) = self.0.byte {
            message.push_str(&format!(" (at byte {byte})"));
        }
        if let Some(hint) = &self.0.hint {
            message.push_str("; ");
            message.push_str(hint);
        }
        message
    }

    /// What sort of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The file, where one is to blame.
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    /// The 1-based line, where known.
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// The 0-based byte offset, where known.
    pub fn byte(&self) -> Option<u64> {
        self.0.byte
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let file = inner.file.as_ref().map(|file| file.display().to_string());
        let file = file.as_deref().map(visible::line);
        match (file, inner.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.without_place())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// linfa's traits ask for this conversion of every error that goes through them.
impl From<linfa::Error> for Error {
    fn from(error: linfa::Error) -> Error {
        Error::new(ErrorKind::Solver, error.to_string()).caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_place_and_the_next_step() {
        let error = Error::new(ErrorKind::Data, "no field \"text\"")
            .at_line(17)
            .in_file("rows.jsonl")
            .in_file("outer.jsonl")
            .hint("add it");
        assert_eq!(
            error.to_string(),
            "rows.jsonl:17: no field \"text\"; add it"
        );
        let error = Error::new(ErrorKind::Model, "checksum differs").at_byte(8);
        assert_eq!(error.to_string(), "checksum differs (at byte 8)");
    }
}
