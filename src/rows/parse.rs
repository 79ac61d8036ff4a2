//! One row as it is written, and what it means.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use super::{Content, ParagraphRow, RowItem};
use crate::article::Kind;
use crate::error::{Error, ErrorKind, Result};
use crate::json;

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
#[serde(
    untagged,
    expecting = "an element of `paragraphs` must be a text, or an object with `text`"
)]
enum RawParagraph {
    Text(String),
    Row { text: String, kind: Option<String> },
}

/// One row of either sort.
pub(super) enum Row {
    Article(RowItem),
    Paragraph(ParagraphRow),
}

/// A kind by its name. Other words stand in that field too (genres, for one): they mean nothing here.
fn kind(name: Option<&str>) -> Kind {
    name.and_then(Kind::from_name).unwrap_or(Kind::Paragraph)
}

/// A JSON value as plain text: strings without their quotes.
pub(super) fn plain(value: &str) -> String {
    serde_json::from_str::<String>(value).unwrap_or_else(|_| value.to_owned())
}

pub(super) fn json_row(bytes: &[u8], line: u64) -> Result<Row> {
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

/// Places of the columns that are read.
pub(super) struct Columns {
    pub(super) id: Option<usize>,
    pub(super) article: Option<usize>,
    pub(super) index: Option<usize>,
    pub(super) kind: Option<usize>,
    pub(super) text: usize,
}

/// A text or number as JSON.
fn raw(value: impl serde::Serialize) -> Box<RawValue> {
    to_raw_value(&value).expect("texts and numbers have a JSON form")
}

pub(super) fn csv_row(record: &csv::ByteRecord, columns: &Columns, line: u64) -> Result<Row> {
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
