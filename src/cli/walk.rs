//! The files that the arguments stand for: files, folders and patterns.

use std::path::{Path, PathBuf};

use copydesk::{Error, ErrorKind, Result};
use walkdir::WalkDir;

use super::messages::{Messages, say};
use super::unpack::inner_name;

/// Endings of the files that are read from a folder, each also with `.gz` or `.zst`.
const ENDINGS: [&str; 12] = [
    "txt", "text", "md", "markdown", "html", "htm", "xhtml", "jsonl", "ndjson", "csv", "tsv",
    "parquet",
];

/// The files, in the order of the arguments, those of a folder or pattern by their names. What stands
/// for none is named.
pub(crate) fn files(arguments: &[PathBuf], messages: &mut Messages) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in arguments {
        let found = match path.to_str() {
            _ if path.is_dir() => folder(path, messages),
            Some(pattern) if pattern.contains(['*', '?', '[']) && !path.exists() => {
                matching(pattern, messages)
            }
            _ => Ok(vec![path.clone()]),
        };
        match found {
            Ok(found) => files.extend(found),
            Err(error) => messages.input_failed(&error),
        }
    }
    files
}

/// What a folder holds, and the folders in it; hidden ones are left out.
fn folder(path: &Path, messages: &mut Messages) -> Result<Vec<PathBuf>> {
    let shown = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let (mut files, mut others) = (Vec::new(), Vec::new());
    for entry in WalkDir::new(path).into_iter().filter_entry(shown) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.path().is_dir() => {}
            Ok(entry) if is_known(entry.path()) => files.push(entry.into_path()),
            Ok(entry) => others.push(entry.into_path()),
            Err(error) => {
                let place = error.path().unwrap_or(path).to_owned();
                let error = Error::new(ErrorKind::Read, format!("cannot be read: {error}"));
                messages.input_failed(&error.in_file(place));
            }
        }
    }
    files.sort();
    if let Some(first) = others.iter().min() {
        say(format_args!(
            "{}: files of other kinds left out: {}, the first {}",
            path.display(),
            others.len(),
            first.display()
        ));
    }
    if files.is_empty() {
        return Err(Error::new(ErrorKind::Empty, "folder has no file to read")
            .in_file(path)
            .hint(format!(
                "read are {}, also with .gz or .zst",
                ENDINGS.map(|ending| format!(".{ending}")).join(" ")
            )));
    }
    Ok(files)
}

fn is_known(path: &Path) -> bool {
    let name = path.to_string_lossy();
    let ending = Path::new(inner_name(&name)).extension();
    ending.is_some_and(|ending| {
        ENDINGS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// The files that a pattern fits.
fn matching(pattern: &str, messages: &mut Messages) -> Result<Vec<PathBuf>> {
    let options = glob::MatchOptions {
        require_literal_leading_dot: true,
        ..glob::MatchOptions::new()
    };
    let paths = glob::glob_with(pattern, options).map_err(|error| {
        Error::new(
            ErrorKind::Read,
            format!("is no file and no pattern: {error}"),
        )
        .in_file(pattern)
    })?;
    let mut files = Vec::new();
    for path in paths {
        match path {
            Ok(path) if path.is_dir() => {}
            Ok(path) => files.push(path),
            Err(error) => {
                let place = error.path().to_owned();
                let error = Error::new(ErrorKind::Read, format!("cannot be read: {error}"));
                messages.input_failed(&error.in_file(place));
            }
        }
    }
    if files.is_empty() {
        return Err(Error::new(ErrorKind::Read, "no file has such a name").in_file(pattern));
    }
    Ok(files)
}
