//! Messages on standard error, and the exit code they lead to.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use copydesk::{Error, ErrorKind, visible};

use super::progress;

/// What a command ends with when it cannot go on.
pub(crate) enum Failure {
    /// Said on standard error; decides the exit code.
    Error(Error),
    /// Whoever reads the output has had enough; that is no failure.
    BrokenPipe,
    /// The output is whole, and a check that was asked for failed.
    Check(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}

/// What writing to the output came to.
pub(crate) fn written(result: io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::BrokenPipe,
        _ => Failure::Error(
            Error::new(
                ErrorKind::Write,
                format!("output cannot be written: {error}"),
            )
            .caused_by(error),
        ),
    })
}

/// Errors of single inputs: they are said at once, the others go on, and the exit code remembers.
#[derive(Default)]
pub(crate) struct Messages {
    failed: u64,
}

impl Messages {
    /// Says that one input failed.
    pub(crate) fn input_failed(&mut self, error: &Error) {
        self.failed += 1;
        say(error);
    }

    /// Inputs that failed, and rows.
    pub(crate) fn failed(&self) -> u64 {
        self.failed
    }

    /// Counts what an earlier run has already said.
    pub(crate) fn failed_before(&mut self, count: u64) {
        self.failed = count;
    }

    /// The exit code of a command that ended this way.
    pub(crate) fn exit_code(&self, done: Result<(), Failure>) -> ExitCode {
        progress::clear();
        match done {
            Err(Failure::Error(error)) => {
                say(&error);
                match error.kind() {
                    ErrorKind::Parameter => ExitCode::from(2),
                    ErrorKind::Write => ExitCode::from(4),
                    _ => ExitCode::from(3),
                }
            }
            Err(Failure::Check(message)) => {
                say(message);
                ExitCode::from(1)
            }
            Ok(()) | Err(Failure::BrokenPipe) if self.failed > 0 => ExitCode::from(3),
            Ok(()) | Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        }
    }
}

/// Says something on standard error, without what would steer a terminal: names of files and pages are
/// part of it. That nobody hears it is no reason to stop.
pub(crate) fn say(message: impl Display) {
    let message = message.to_string();
    let message = visible::text(&message);
    progress::aside(|| {
        let _ = writeln!(io::stderr().lock(), "copydesk: {message}");
    });
}
