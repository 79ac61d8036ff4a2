//! Rows of a corpus, as a stream: JSON lines, CSV or TSV.
//!
//! A row is either an **article** — `text` (a page) or `paragraphs` (already cut), with an `id` — or,
//! when it has an `article` field, one **paragraph** of that article, with `index` and `text`.
//! Paragraph rows that follow each other with the same `article` are one article: quotes and
//! neighbours reach across them.

mod parse;
mod reader;

use serde_json::value::RawValue;

use crate::article::{Article, Format, Kind};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

pub use reader::RowReader;

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
                Content::Cut(rows) if rows.is_empty() => {
                    Err(Error::new(ErrorKind::Empty, "empty: nothing to label").at_line(*line))
                }
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
