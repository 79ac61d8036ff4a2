//! Going on where a run was stopped: what it was asked, and how far it had come.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use copydesk::rows::Position;
use copydesk::store::Resumable;
use copydesk::{Error, ErrorKind, Model, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::args::{Classify, PageFormat};

/// How far a run has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// What was asked, of which model and inputs.
    asked: Asked,
    /// Number of the input that is being read.
    pub(crate) input: usize,
    /// The place in it.
    pub(crate) position: Position,
    /// Bytes of output that count.
    pub(crate) output: u64,
    /// Inputs and rows that failed.
    pub(crate) failed: u64,
    /// Columns that pass through, where the output is a table.
    pub(crate) rest: Option<Vec<String>>,
}

/// Digests of what must be the same for a run to go on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Asked {
    settings: String,
    model: String,
    inputs: String,
}

impl Progress {
    /// Opens the output where an earlier run left it, or anew.
    pub(crate) fn start(
        args: &Classify,
        path: &Path,
        format: PageFormat,
        model: &Model,
        files: &[PathBuf],
    ) -> Result<(Progress, Resumable)> {
        if !matches!(
            format,
            PageFormat::Jsonl
                | PageFormat::Csv
                | PageFormat::Tsv
                | PageFormat::Labels
                | PageFormat::Dolma
        ) {
            return Err(Error::new(
                ErrorKind::Parameter,
                "--resume needs an output of lines: --format jsonl, csv, tsv, labels or dolma",
            ));
        }
        if files.iter().any(|file| file.as_os_str() == "-") {
            return Err(Error::new(
                ErrorKind::Parameter,
                "--resume cannot read standard input again: name a file",
            ));
        }
        let rules = args.read.furniture_rules.as_deref().map(std::fs::read);
        let rules = rules.and_then(std::io::Result::ok);
        let asked = Asked {
            settings: digest(
                format!(
                    "{} {format:?} {:?} {rules:?} {} {} {:?}",
                    env!("CARGO_PKG_VERSION"),
                    args.read,
                    args.drop_furniture,
                    args.per_article,
                    args.columns
                )
                .as_bytes(),
            ),
            model: digest(&model.to_bytes()),
            inputs: digest(format!("{:?}", identities(files)).as_bytes()),
        };
        let Some(note) = Resumable::note(path)? else {
            let progress = Progress {
                asked,
                ..Progress::default()
            };
            return Ok((progress, Resumable::open(path, 0)?));
        };
        let name = format!("{}.progress", path.display());
        let again = format!("remove {name} to begin anew");
        let earlier: Progress = serde_json::from_slice(&note).map_err(|error| {
            Error::new(ErrorKind::Data, format!("is no note of progress: {error}"))
                .in_file(&name)
                .hint(again.clone())
        })?;
        for (what, then, now) in [
            ("other settings", &earlier.asked.settings, &asked.settings),
            ("another model", &earlier.asked.model, &asked.model),
            ("other inputs", &earlier.asked.inputs, &asked.inputs),
        ] {
            if then != now {
                return Err(Error::new(
                    ErrorKind::Parameter,
                    format!("the run that was stopped had {what}"),
                )
                .in_file(&name)
                .hint(again));
            }
        }
        let output = Resumable::open(path, earlier.output)?;
        Ok((earlier, output))
    }

    /// The note as it is written.
    pub(crate) fn note(&self) -> Vec<u8> {
        copydesk::report::json::pretty(self)
    }
}

/// Keeps progress now and then.
pub(crate) struct Keeper {
    /// What was kept last, or will be next.
    pub(crate) progress: Progress,
    /// Rows between two times.
    every: u64,
    /// Rows since the last time.
    since: u64,
}

impl Keeper {
    /// Keeps progress after every so many rows.
    pub(crate) fn new(progress: Progress, every: u64) -> Keeper {
        Keeper {
            progress,
            every,
            since: 0,
        }
    }

    /// Rows that may be read before progress is kept.
    pub(crate) fn every(&self) -> usize {
        usize::try_from(self.every).unwrap_or(usize::MAX)
    }

    /// Takes note of a place, and says whether it is time to keep it.
    pub(crate) fn reach(&mut self, rows: u64, input: usize, place: Position, failed: u64) -> bool {
        self.since += rows;
        let due = self.since >= self.every;
        if due {
            self.since = 0;
        }
        self.progress.input = input;
        self.progress.position = place;
        self.progress.failed = failed;
        due
    }
}

/// Names of files, with their sizes and when they were changed: what cannot be told is left to the
/// reader, which names it.
fn identities(files: &[PathBuf]) -> Vec<(&Path, Option<(u64, u128)>)> {
    let identity = |path: &Path| {
        let meta = fs::metadata(path).ok()?;
        let changed = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((meta.len(), changed.as_nanos()))
    };
    files
        .iter()
        .map(|path| (path.as_path(), identity(path)))
        .collect()
}

fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
