//! Rows of a corpus, as a stream: JSON lines, CSV or TSV.
//!
//! A row is either an **article** — `text` (a page) or `paragraphs` (already cut), with an `id` — or,
//! when it has an `article` field, one **paragraph** of that article, with `index` and `text`.
//! Paragraph rows that follow each other with the same `article` are one article: quotes and
//! neighbours reach across them.
//!
//! Plain lines, each a text of its own, come in blocks ([`LineBlocks`]).

mod blocks;
mod lines;
mod object;
#[cfg(feature = "parquet")]
pub mod parquet;
mod parse;
mod reader;
mod table;

use std::sync::Arc;

use crate::article::{Article, Format, Kind, Reader};
use crate::error::{Error, ErrorKind, Result};

pub use blocks::{Line, LineBlock, LineBlocks};
pub use lines::Position;
pub use reader::RowReader;

/// Names of the columns that are read, where they differ from the usual: `id`, and `text` or else
/// `html` with `title`. In JSON, a name may be a path such as `page.body`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The article's id.
    pub id: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// The text as HTML, instead.
    pub html: Option<String>,
    /// The headline, which the text does not repeat.
    pub title: Option<String>,
}

/// A field of a row that is not read but passes through.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// Its value as it was written, JSON; of tables, a text.
    pub value: Box<str>,
}

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
        /// Its headline, where it stands in a column of its own.
        title: Option<String>,
        /// What it is made of.
        content: Content,
        /// The other fields.
        rest: Vec<Field>,
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
    Page(String, Format),
    /// Paragraphs with their kinds.
    Cut(Vec<(String, Kind)>),
}

/// One paragraph row.
#[derive(Debug)]
pub struct ParagraphRow {
    /// Line of the row in the stream.
    pub line: u64,
    /// `article` as it was written, JSON.
    pub article: Box<str>,
    /// `index` as it was written, JSON; `null` where there was none.
    pub index: Box<str>,
    /// Its kind: as given, or paragraph.
    pub kind: Kind,
    /// Whether the row says that it is a block quote.
    pub block_quote: bool,
    /// Its text.
    pub text: String,
    /// The other fields.
    pub rest: Vec<Field>,
}

impl RowItem {
    /// The article's id.
    pub fn id(&self) -> &str {
        match self {
            RowItem::Article { id, .. } | RowItem::Paragraphs { id, .. } => id,
        }
    }

    /// The fields that pass through: of paragraphs, those of the first row.
    pub fn rest(&self) -> &[Field] {
        match self {
            RowItem::Article { rest, .. } => rest,
            RowItem::Paragraphs { rows, .. } => rows.first().map_or(&[], |row| &row.rest),
        }
    }

    /// Bytes of text, to size batches.
    pub fn bytes(&self) -> usize {
        match self {
            RowItem::Article { content, .. } => match content {
                Content::Page(text, _) => text.len(),
                Content::Cut(rows) => rows.iter().map(|(text, _)| text.len()).sum(),
            },
            RowItem::Paragraphs { rows, .. } => rows.iter().map(|row| row.text.len()).sum(),
        }
    }

    /// The article that the row or rows make.
    ///
    /// # Errors
    /// Those of [`Reader::read`], with the line of the row.
    pub fn to_article(&self, reader: &Reader) -> Result<Article> {
        match self {
            RowItem::Article {
                line,
                content,
                title,
                ..
            } => {
                let article = match content {
                    Content::Page(text, format) => reader
                        .read(text.as_bytes(), *format)
                        .map_err(|error| error.at_line(*line))?,
                    Content::Cut(rows) if rows.is_empty() => {
                        return Err(
                            Error::new(ErrorKind::Empty, "empty: nothing to label").at_line(*line)
                        );
                    }
                    Content::Cut(rows) => Article::from_paragraphs(
                        rows.iter()
                            .map(|(text, kind)| (text.as_str(), *kind, false)),
                    ),
                };
                Ok(match title {
                    Some(title) => article.under_title(title),
                    None => article,
                })
            }
            RowItem::Paragraphs { rows, .. } => Ok(Article::from_paragraphs(
                rows.iter()
                    .map(|row| (row.text.as_str(), row.kind, row.block_quote)),
            )),
        }
    }
}
