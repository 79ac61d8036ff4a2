//! Rows of a corpus, as a stream: JSON lines, CSV or TSV.
//!
//! A row is either an **article** — `text` (a page) or `paragraphs` (already cut), with an `id` — or,
//! when it has an `article` field, one **paragraph** of that article, with `index` and `text`.
//! Paragraph rows that follow each other with the same `article` are one article: quotes and
//! neighbours reach across them.

use std::borrow::Cow;
use std::io::BufRead;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::article::{Article, Format, Kind};
use crate::error::{Error, ErrorKind, Result};
use crate::json;
use crate::limits::Limits;

/// How rows are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// One JSON object a line.
    JsonLines,
    /// Comma-separated values with a header line.
    Csv,
    /// Tab-separated values with a header line.
    Tsv,
}

/// What a stream of rows holds.
#[derive(Debug)]
pub enum RowItem {
    /// A row that is an article.
    Article {
        /// Line of the row in the stream.
        line: u64,
        /// Its `id`, or the line number where it has none.
        id: String,
        /// What it is made of.
        content: Content,
    },
    /// Rows that are the paragraphs of one article, at least one.
    Paragraphs {
        /// The article's id, as text.
        id: String,
        /// The rows, in the order of the stream.
        rows: Vec<ParagraphRow>,
    },
}

/// The content of an article row.
#[derive(Debug)]
pub enum Content {
    /// A page, still to be cut into blocks.
    Page(String),
    /// Paragraphs with their kinds.
    Cut(Vec<(String, Kind)>),
}

/// One paragraph row.
#[derive(Debug)]
pub struct ParagraphRow {
    /// Line of the row in the stream.
    pub line: u64,
    /// `article` as it was written, JSON.
    pub article: Box<RawValue>,
    /// `index` as it was written, JSON; `null` where there was none.
    pub index: Box<RawValue>,
    /// Its kind: as given, or paragraph.
    pub kind: Kind,
    /// Whether the row says that it is a block quote.
    pub block_quote: bool,
    /// Its text.
    pub text: String,
}

impl RowItem {
    /// The article's id.
    pub fn id(&self) -> &str {
        match self {
            RowItem::Article { id, .. } | RowItem::Paragraphs { id, .. } => id,
        }
    }

    /// Bytes of text, to size batches.
    pub fn bytes(&self) -> usize {
        match self {
            RowItem::Article { content, .. } => match content {
                Content::Page(text) => text.len(),
                Content::Cut(rows) => rows.iter().map(|(text, _)| text.len()).sum(),
            },
            RowItem::Paragraphs { rows, .. } => rows.iter().map(|row| row.text.len()).sum(),
        }
    }

    /// The article that the row or rows make.
    ///
    /// # Errors
    /// Those of [`Article::from_bytes`], with the line of the row.
    pub fn to_article(&self, limits: &Limits) -> Result<Article> {
        match self {
            RowItem::Article { line, content, .. } => match content {
                Content::Page(text) => Article::from_bytes(text.as_bytes(), Format::Text, limits)
                    .map_err(|error| error.at_line(*line)),
                Content::Cut(rows) => Ok(Article::from_paragraphs(
                    rows.iter()
                        .map(|(text, kind)| (text.as_str(), *kind, false)),
                )),
            },
            RowItem::Paragraphs { rows, .. } => Ok(Article::from_paragraphs(
                rows.iter()
                    .map(|row| (row.text.as_str(), row.kind, row.block_quote)),
            )),
        }
    }
}

/// A JSON row as written.
#[derive(Deserialize)]
struct RawRow<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    article: Option<&'a RawValue>,
    #[serde(borrow)]
    index: Option<&'a RawValue>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    paragraphs: Option<Vec<RawParagraph>>,
    #[serde(default)]
    block_quote: bool,
}

/// An element of `paragraphs`.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawParagraph {
    Text(String),
    Row { text: String, kind: Option<String> },
}

/// One row of either sort.
enum Row {
    Article(RowItem),
    Paragraph(ParagraphRow),
}

/// A kind by its name. Other words stand in that field too (genres, for one): they mean nothing here.
fn kind(name: Option<&str>) -> Kind {
    name.and_then(Kind::from_name).unwrap_or(Kind::Paragraph)
}

/// A JSON value as plain text: strings without their quotes.
fn plain(value: &str) -> String {
    serde_json::from_str::<String>(value).unwrap_or_else(|_| value.to_owned())
}

fn json_row(bytes: &[u8], line: u64) -> Result<Row> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Error::new(ErrorKind::Encoding, "row is not UTF-8")
            .at_byte(error.valid_up_to() as u64)
            .hint("convert the file to UTF-8")
    })?;
    let raw: RawRow<'_> = json::object(text)?;
    if let Some(article) = raw.article {
        let Some(text) = raw.text else {
            return Err(missing("text"));
        };
        return Ok(Row::Paragraph(ParagraphRow {
            line,
            article: article.to_owned(),
            index: raw.index.unwrap_or(RawValue::NULL).to_owned(),
            kind: kind(raw.kind.as_deref()),
            block_quote: raw.block_quote,
            text: text.into_owned(),
        }));
    }
    let content = match (raw.text, raw.paragraphs) {
        (_, Some(paragraphs)) => Content::Cut(
            paragraphs
                .into_iter()
                .map(|paragraph| match paragraph {
                    RawParagraph::Text(text) => (text, Kind::Paragraph),
                    RawParagraph::Row { text, kind: name } => (text, kind(name.as_deref())),
                })
                .collect(),
        ),
        (Some(text), None) => Content::Page(text.into_owned()),
        (None, None) => return Err(missing("text")),
    };
    Ok(Row::Article(RowItem::Article {
        line,
        id: raw
            .id
            .map_or_else(|| line.to_string(), |id| plain(id.get())),
        content,
    }))
}

fn missing(field: &str) -> Error {
    Error::new(ErrorKind::Data, format!("row has no field {field:?}"))
        .hint("each row needs `text` (or, for an article in JSON, `paragraphs`)")
}

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

/// Places of the columns that are read.
struct Columns {
    id: Option<usize>,
    article: Option<usize>,
    index: Option<usize>,
    kind: Option<usize>,
    text: usize,
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

/// A text or number as JSON.
fn raw(value: impl serde::Serialize) -> Box<RawValue> {
    to_raw_value(&value).expect("texts and numbers have a JSON form")
}

fn csv_row(record: &csv::ByteRecord, columns: &Columns, line: u64) -> Result<Row> {
    let field = |column: Option<usize>| -> Result<Option<&str>> {
        let Some(bytes) = column.and_then(|column| record.get(column)) else {
            return Ok(None);
        };
        std::str::from_utf8(bytes).map(Some).map_err(|_| {
            Error::new(ErrorKind::Encoding, "row is not UTF-8").hint("convert the file to UTF-8")
        })
    };
    let text = field(Some(columns.text))?.ok_or_else(|| missing("text"))?;
    Ok(match field(columns.article)? {
        Some(article) => Row::Paragraph(ParagraphRow {
            line,
            article: raw(article),
            index: match field(columns.index)? {
                Some(index) => index.parse::<i64>().map_or_else(|_| raw(index), raw),
                None => RawValue::NULL.to_owned(),
            },
            kind: kind(field(columns.kind)?),
            block_quote: false,
            text: text.to_owned(),
        }),
        None => Row::Article(RowItem::Article {
            line,
            id: field(columns.id)?.map_or_else(|| line.to_string(), str::to_owned),
            content: Content::Page(text.to_owned()),
        }),
    })
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
