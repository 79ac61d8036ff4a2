//! Rows from a stream, put together to articles.

use std::io::BufRead;

use super::parse::{Columns, Row, csv_row, json_row, plain};
use super::{RowFormat, RowItem};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Reads rows one after another; memory stays at one article.
pub struct RowReader<R> {
    source: Source<R>,
    limits: Limits,
    pending: Option<RowItem>,
    done: bool,
}

enum Source<R> {
    Json {
        input: R,
        line: u64,
        buffer: Vec<u8>,
    },
    Csv {
        records: csv::ByteRecordsIntoIter<R>,
        columns: Columns,
    },
}

impl<R: BufRead> RowReader<R> {
    /// A reader over a stream.
    ///
    /// # Errors
    /// When the header line of a CSV or TSV stream cannot be read or has no `text` column.
    pub fn new(mut input: R, format: RowFormat, limits: &Limits) -> Result<RowReader<R>> {
        skip_bom(&mut input)?;
        let source = match format {
            RowFormat::JsonLines => Source::Json {
                input,
                line: 0,
                buffer: Vec::new(),
            },
            RowFormat::Csv | RowFormat::Tsv => {
                let delimiter = if format == RowFormat::Csv {
                    b','
                } else {
                    b'\t'
                };
                let mut reader = csv::ReaderBuilder::new()
                    .delimiter(delimiter)
                    .flexible(true)
                    .from_reader(input);
                let header = reader.byte_headers().map_err(csv_error)?.clone();
                let column = |name: &str| header.iter().position(|field| field == name.as_bytes());
                let Some(text) = column("text") else {
                    return Err(Error::new(ErrorKind::Data, "header has no column \"text\"")
                        .at_line(1)
                        .hint("name the column that holds the text `text`"));
                };
                let columns = Columns {
                    id: column("id"),
                    article: column("article"),
                    index: column("index"),
                    kind: column("kind"),
                    text,
                };
                Source::Csv {
                    records: reader.into_byte_records(),
                    columns,
                }
            }
        };
        Ok(RowReader {
            source,
            limits: limits.clone(),
            pending: None,
            done: false,
        })
    }

    /// The next row, or `None` at the end.
    fn row(&mut self) -> Option<Result<Row>> {
        match &mut self.source {
            Source::Json {
                input,
                line,
                buffer,
            } => loop {
                *line += 1;
                match read_line(input, buffer, self.limits.line_bytes) {
                    Err(error) => {
                        self.done = error.kind() == ErrorKind::Read;
                        return Some(Err(error.at_line(*line)));
                    }
                    Ok(false) => return None,
                    Ok(true) if buffer.trim_ascii().is_empty() => {}
                    Ok(true) => {
                        let row = json_row(buffer, *line);
                        return Some(row.map_err(|error| error.at_line(*line)));
                    }
                }
            },
            Source::Csv { records, columns } => {
                let record = match records.next()? {
                    Ok(record) => record,
                    Err(error) => {
                        self.done = error.is_io_error();
                        return Some(Err(csv_error(error)));
                    }
                };
                let line = record.position().map_or(0, csv::Position::line);
                Some(csv_row(&record, columns, line).map_err(|error| error.at_line(line)))
            }
        }
    }
}

impl<R: BufRead> Iterator for RowReader<R> {
    type Item = Result<RowItem>;

    fn next(&mut self) -> Option<Result<RowItem>> {
        let mut held = 0;
        while !self.done {
            let row = match self.row() {
                None => {
                    self.done = true;
                    break;
                }
                Some(Ok(Row::Paragraph(row))) => row,
                Some(Ok(Row::Article(article))) => {
                    // The paragraphs before it come first.
                    return match self.pending.replace(article) {
                        Some(before) => Some(Ok(before)),
                        None => self.pending.take().map(Ok),
                    };
                }
                Some(Err(error)) => return Some(Err(error)),
            };
            match &mut self.pending {
                Some(RowItem::Paragraphs { rows, .. })
                    if rows[0].article.get() == row.article.get()
                        && held < self.limits.article_bytes =>
                {
                    held += row.text.len();
                    rows.push(row);
                }
                _ => {
                    let item = RowItem::Paragraphs {
                        id: plain(row.article.get()),
                        rows: vec![row],
                    };
                    if let Some(before) = self.pending.replace(item) {
                        return Some(Ok(before));
                    }
                }
            }
        }
        self.pending.take().map(Ok)
    }
}

fn csv_error(error: csv::Error) -> Error {
    let kind = if error.is_io_error() {
        ErrorKind::Read
    } else {
        ErrorKind::Data
    };
    let line = error.position().map(csv::Position::line);
    let named = Error::new(kind, format!("row cannot be read: {error}")).caused_by(error);
    match line {
        Some(line) => named.at_line(line),
        None => named,
    }
}

fn cannot_read(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Read, format!("cannot be read: {error}")).caused_by(error)
}

fn skip_bom(input: &mut impl BufRead) -> Result<()> {
    const BOM: &[u8] = b"\xef\xbb\xbf";
    if input.fill_buf().map_err(cannot_read)?.starts_with(BOM) {
        input.consume(BOM.len());
    }
    Ok(())
}

/// Reads one line without its line feed; `false` at the end of the stream. A line above the cap is
/// passed over to its end and refused.
fn read_line(input: &mut impl BufRead, buffer: &mut Vec<u8>, cap: usize) -> Result<bool> {
    buffer.clear();
    let mut length = 0usize;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(cannot_read(error)),
        };
        let end = memchr::memchr(b'\n', available);
        let used = end.map_or(available.len(), |end| end + 1);
        let part = &available[..end.unwrap_or(available.len())];
        let at_end = available.is_empty();
        length += part.len();
        if length <= cap {
            buffer.extend_from_slice(part);
        }
        input.consume(used);
        if end.is_some() || at_end {
            if length > cap {
                buffer.clear();
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    format!("row of {length} bytes; at most {cap} are read"),
                ));
            }
            return Ok(end.is_some() || length > 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Kind;
    use proptest::prelude::*;

    fn read(text: &[u8], format: RowFormat, limits: &Limits) -> Vec<Result<RowItem>> {
        RowReader::new(text, format, limits).unwrap().collect()
    }

    fn json(text: &str) -> Vec<Result<RowItem>> {
        read(text.as_bytes(), RowFormat::JsonLines, &Limits::default())
    }

    /// Lines of the rows of an item, and its id.
    fn lines(item: &Result<RowItem>) -> (String, Vec<u64>) {
        match item {
            Ok(RowItem::Paragraphs { id, rows }) => {
                (id.clone(), rows.iter().map(|row| row.line).collect())
            }
            Ok(RowItem::Article { id, line, .. }) => (id.clone(), vec![*line]),
            Err(error) => ("error".to_owned(), vec![error.line().unwrap()]),
        }
    }

    #[test]
    fn rows_that_follow_each_other_are_one_article() {
        let text = "\u{feff}{\"article\":\"A\",\"text\":\"1\"}\r\n\n{\"article\":\"A\",\"index\":\"x\",\"text\":\"2\"}\n\
                    {\"id\":5,\"text\":\"page\"}\n{\"article\":\"B\",\"text\":\"3\"}\n{\"article\":\"A\",\"kind\":\"news\",\"text\":\"4\"}";
        let items = json(text);
        let got: Vec<(String, Vec<u64>)> = items.iter().map(lines).collect();
        let want = [
            ("A", vec![1, 3]),
            ("5", vec![4]),
            ("B", vec![5]),
            ("A", vec![6]),
        ];
        assert_eq!(got, want.map(|(id, lines)| (id.to_owned(), lines)));
        let Ok(RowItem::Paragraphs { rows, .. }) = &items[0] else {
            panic!("not paragraphs")
        };
        assert_eq!(
            (rows[0].index.get(), rows[1].index.get()),
            ("null", "\"x\"")
        );
        assert_eq!(rows[0].kind, Kind::Paragraph);
    }

    #[test]
    fn broken_rows_are_named_and_reading_goes_on() {
        let items = json("{\n{\"article\":\"A\"}\n[]\n{\"article\":\"A\",\"text\":\"1\"}\n");
        let got: Vec<(String, Vec<u64>)> = items.iter().map(lines).collect();
        let error = |line| ("error".to_owned(), vec![line]);
        assert_eq!(
            got,
            [error(1), error(2), error(3), ("A".to_owned(), vec![4])]
        );
    }

    #[test]
    fn a_row_above_the_cap_is_passed_over() {
        let limits = Limits {
            line_bytes: 40,
            ..Limits::default()
        };
        let text = format!(
            "{{\"text\":\"{}\"}}\n{{\"text\":\"short\"}}\n",
            "x".repeat(100)
        );
        let items = read(text.as_bytes(), RowFormat::JsonLines, &limits);
        let error = items[0].as_ref().unwrap_err();
        assert_eq!((error.kind(), error.line()), (ErrorKind::TooLarge, Some(1)));
        assert_eq!(lines(&items[1]), ("2".to_owned(), vec![2]));
    }

    #[test]
    fn a_long_run_of_rows_is_cut() {
        let limits = Limits {
            article_bytes: 10,
            ..Limits::default()
        };
        let row = "{\"article\":\"A\",\"text\":\"five!\"}\n";
        let items = read(row.repeat(7).as_bytes(), RowFormat::JsonLines, &limits);
        assert!(items.len() > 1);
        let rows: usize = items.iter().map(|item| lines(item).1.len()).sum();
        assert_eq!(rows, 7);
    }

    #[test]
    fn tables_need_a_text_column() {
        let error =
            RowReader::new(&b"a,b\n1,2\n"[..], RowFormat::Csv, &Limits::default()).map(|_| ());
        assert_eq!(error.unwrap_err().line(), Some(1));
        let items = read(
            b"text\tarticle\nx\tA\ny\tA\n",
            RowFormat::Tsv,
            &Limits::default(),
        );
        assert_eq!(lines(&items[0]), ("A".to_owned(), vec![2, 3]));
    }

    proptest! {
        /// Every line that is not blank ends in a row or a named error.
        #[test]
        fn no_line_is_lost(lines in prop::collection::vec("(\\{\"article\":[12],\"text\":\"a\"\\}|\\{\"text\":\"b\"\\}|\\{\"paragraphs\":\\[\\]\\}|[\\{\\}a,:\"]{0,6}| )", 0..12)) {
            let text = lines.join("\n");
            let counted: usize = json(&text).iter().map(|item| super::tests::lines(item).1.len()).sum();
            let there = lines.iter().filter(|line| !line.trim().is_empty()).count();
            prop_assert_eq!(counted, there);
        }
    }
}
