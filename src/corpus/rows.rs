//! Rows of labelled data from files, one after another: JSON lines, CSV or TSV. A row at a time is held in
//! memory.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::record::{Fields, Record};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Columns of a table with a meaning of their own.
const READ: [&str; 7] = [
    "article",
    "index",
    "kind",
    "label",
    "hard",
    "block_quote",
    "text",
];

/// Bytes that are read at once.
const BUFFER: usize = 1 << 16;

/// The data files that a path stands for.
pub(super) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !fs::metadata(path)
        .map_err(|error| cannot_read(path, error))?
        .is_dir()
    {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| cannot_read(path, error))? {
        let file = entry.map_err(|error| cannot_read(path, error))?.path();
        let extension = file.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("jsonl" | "csv" | "tsv")) {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(
            Error::new(ErrorKind::Empty, "folder has no .jsonl, .csv or .tsv file").in_file(path),
        );
    }
    files.sort();
    Ok(files)
}

/// Hands on the rows of a file with their lines, the bad ones as errors.
///
/// # Errors
/// [`ErrorKind::Read`] when the file cannot be read, or not to its end.
pub(super) fn read_file(
    file: &Path,
    limits: &Limits,
    each: &mut dyn FnMut(u64, Result<Record>),
) -> Result<()> {
    let opened = File::open(file).map_err(|error| cannot_read(file, error))?;
    let input = BufReader::with_capacity(BUFFER, opened);
    read(&file.display().to_string(), input, limits, each)
}

/// The same for what is read from elsewhere; the name decides between JSON lines, CSV and TSV.
///
/// # Errors
/// Those of [`read_file`].
pub(super) fn read(
    name: &str,
    mut input: impl BufRead,
    limits: &Limits,
    each: &mut dyn FnMut(u64, Result<Record>),
) -> Result<()> {
    let path = Path::new(name);
    let start = input.fill_buf().map_err(|error| cannot_read(path, error))?;
    if start.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => {
            table(input, b',', each);
            Ok(())
        }
        Some("tsv") => {
            table(input, b'\t', each);
            Ok(())
        }
        _ => json_lines(input, limits, each).map_err(|error| cannot_read(path, error)),
    }
}

fn cannot_read(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Read, format!("cannot be read: {error}"))
        .in_file(path)
        .caused_by(error)
}

fn json_lines(
    mut input: impl BufRead,
    limits: &Limits,
    each: &mut dyn FnMut(u64, Result<Record>),
) -> std::io::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        // One byte more than is allowed, and the end of the line.
        let most = limits.line_bytes as u64 + 2;
        if input.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let ended = line.last() == Some(&b'\n');
        let bytes = line.len() - usize::from(ended);
        if bytes > limits.line_bytes {
            let rest = if ended { 0 } else { skip_line(&mut input)? };
            let message = format!(
                "row of {} bytes; at most {} are read",
                bytes as u64 + rest,
                limits.line_bytes
            );
            each(number, Err(Error::new(ErrorKind::TooLarge, message)));
        } else if !line.trim_ascii().is_empty() {
            each(number, Record::from_json(&line[..bytes]));
        }
    }
    Ok(())
}

/// Passes over what is left of a line, and says how much it was.
fn skip_line(input: &mut impl BufRead) -> std::io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(skipped);
        }
        let end = memchr::memchr(b'\n', buffer);
        let passed = end.unwrap_or(buffer.len());
        skipped += passed as u64;
        input.consume(passed + usize::from(end.is_some()));
        if end.is_some() {
            return Ok(skipped);
        }
    }
}

fn table(input: impl Read, delimiter: u8, each: &mut dyn FnMut(u64, Result<Record>)) {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(input);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            let error = Error::new(ErrorKind::Data, format!("header cannot be read: {error}"));
            return each(1, Err(error));
        }
    };
    for row in reader.records() {
        match row {
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let error = Error::new(ErrorKind::Data, format!("row cannot be read: {error}"));
                each(line, Err(error));
            }
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                each(line, table_row(&header, &row));
            }
        }
    }
}

fn table_row(header: &csv::StringRecord, row: &csv::StringRecord) -> Result<Record> {
    let field = |name: &str| {
        let column = header.iter().position(|field| field == name)?;
        row.get(column)
    };
    let is_true = |name: &str| field(name).is_some_and(|f| matches!(f, "true" | "1"));
    let index = match field("index") {
        None | Some("") => None,
        Some(index) => Some(index.parse().map_err(|_| {
            Error::new(
                ErrorKind::Data,
                format!("`index` {index:?} is not a whole number"),
            )
        })?),
    };
    Record::new(Fields {
        article: field("article").map(str::to_owned),
        index,
        kind: field("kind"),
        label: field("label"),
        hard: is_true("hard"),
        block_quote: is_true("block_quote"),
        text: field("text"),
        columns: header
            .iter()
            .zip(row)
            .filter(|(name, value)| !value.is_empty() && !READ.contains(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines and lengths of what is too long, with the good rows between.
    #[test]
    fn long_lines_are_passed_over() {
        let good = r#"{"article":"A","text":"x"}"#;
        let limits = Limits {
            line_bytes: good.len(),
            ..Limits::default()
        };
        for ending in ["", "\n", "\r\n"] {
            let long = "y".repeat(100);
            let text = format!("{good}\n{good} \n\n{long}\n{good}\n{long}{ending}");
            let mut seen = Vec::new();
            // A buffer that is shorter than a line.
            let input = BufReader::with_capacity(7, text.as_bytes());
            read("x.jsonl", input, &limits, &mut |line, row| {
                seen.push((line, row.map_err(|error| error.to_string()).err()));
            })
            .unwrap();
            let lines: Vec<u64> = seen.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 2, 4, 5, 6]);
            let bad: Vec<bool> = seen.iter().map(|(_, error)| error.is_some()).collect();
            assert_eq!(bad, [false, true, true, false, true]);
            let message = seen[2].1.clone().unwrap();
            assert!(
                message.contains("row of 100 bytes; at most 26"),
                "{message}"
            );
        }
    }

    #[test]
    fn tables_may_be_bad_in_their_header_and_rows() {
        let rows = |text: &[u8]| {
            let mut seen = Vec::new();
            read("x.csv", text, &Limits::default(), &mut |line, row| {
                seen.push((line, row.is_ok()));
            })
            .unwrap();
            seen
        };
        assert_eq!(rows(b"article,\xff\n"), [(1, false)]);
        let text = b"\xef\xbb\xbfarticle,index,label,text\nA,x,reporting,a\nA,,reporting,b\n";
        assert_eq!(rows(text), [(2, false), (3, true)]);
    }
}
