//! One row of labelled data as it is written, and what it means.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::LabelledParagraph;
use crate::article::Kind;
use crate::error::{Error, ErrorKind, Result};
use crate::json;

/// A row with the article it belongs to. Without an index it follows the row before.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) article: String,
    pub(super) columns: BTreeMap<String, String>,
    pub(super) index: Option<i64>,
    pub(super) paragraph: LabelledParagraph,
}

/// A JSON row as written. Of the fields that are not named here those that hold one value are kept as
/// columns.
#[derive(Deserialize)]
struct RawRecord<'a> {
    article: Option<Value>,
    index: Option<i64>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    label: Option<Cow<'a, str>>,
    #[serde(default)]
    hard: bool,
    #[serde(default)]
    block_quote: bool,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

/// The fields of a row, wherever they come from.
pub(super) struct Fields<'a> {
    pub(super) article: Option<String>,
    pub(super) index: Option<i64>,
    pub(super) kind: Option<&'a str>,
    pub(super) label: Option<&'a str>,
    pub(super) hard: bool,
    pub(super) block_quote: bool,
    pub(super) text: Option<&'a str>,
    pub(super) columns: BTreeMap<String, String>,
}

impl Record {
    /// A row from a line of JSON.
    pub(super) fn from_json(line: &[u8]) -> Result<Record> {
        let line = std::str::from_utf8(line).map_err(|error| {
            Error::new(ErrorKind::Encoding, "row is not UTF-8").at_byte(error.valid_up_to() as u64)
        })?;
        let raw: RawRecord<'_> = json::object(line)?;
        let article = match raw.article {
            None | Some(Value::Null) => None,
            Some(Value::String(id)) => Some(id),
            Some(Value::Number(id)) => Some(id.to_string()),
            Some(_) => {
                return Err(Error::new(
                    ErrorKind::Data,
                    "`article` is neither text nor number",
                ));
            }
        };
        let columns = raw
            .others
            .into_iter()
            .filter_map(|(name, value)| match value {
                Value::String(text) => Some((name, text)),
                Value::Number(_) | Value::Bool(_) => Some((name, value.to_string())),
                Value::Null | Value::Array(_) | Value::Object(_) => None,
            })
            .collect();
        Record::new(Fields {
            article,
            index: raw.index,
            kind: raw.kind.as_deref(),
            label: raw.label.as_deref(),
            hard: raw.hard,
            block_quote: raw.block_quote,
            text: raw.text.as_deref(),
            columns,
        })
    }

    /// A row from its fields.
    pub(super) fn new(fields: Fields<'_>) -> Result<Record> {
        let missing = |field: &str| {
            Error::new(ErrorKind::Data, format!("row has no `{field}`"))
                .hint("a labelled row needs `article`, `text` and `label` (null for context)")
        };
        let article = fields.article.ok_or_else(|| missing("article"))?;
        let text = fields.text.ok_or_else(|| missing("text"))?;
        let label = match fields.label {
            None | Some("") => None,
            Some(name) => Some(
                name.parse()
                    .map_err(|error| Error::new(ErrorKind::Data, format!("{error}")))?,
            ),
        };
        // Other words stand in this field too (genres, for one): they mean nothing here.
        let kind = fields
            .kind
            .and_then(Kind::from_name)
            .unwrap_or(Kind::Paragraph);
        if label.is_some() && !kind.is_labelled() {
            return Err(Error::new(
                ErrorKind::Data,
                format!("row of kind {} has a label", kind.name()),
            )
            .hint("only paragraphs and list items are labelled"));
        }
        if label.is_some() && text.trim().is_empty() {
            return Err(Error::new(
                ErrorKind::Data,
                "labelled row has an empty `text`",
            ));
        }
        Ok(Record {
            article,
            columns: fields.columns,
            index: fields.index,
            paragraph: LabelledParagraph {
                index: 0,
                kind,
                block_quote: fields.block_quote,
                text: text.to_owned(),
                label,
                hard: fields.hard,
                file: String::new(),
                line: 0,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Label;

    #[test]
    fn rows_of_both_sorts() {
        let row = Record::from_json(
            br#"{"article":7,"index":2,"kind":"news","label":"quotation","text":"x","outlet":"Echo","page":4,"tags":["a"]}"#,
        )
        .unwrap();
        let columns: Vec<(&str, &str)> = row.columns.iter().map(|(n, v)| (&**n, &**v)).collect();
        assert_eq!(columns, [("outlet", "Echo"), ("page", "4")]);
        assert_eq!((row.article.as_str(), row.index), ("7", Some(2)));
        assert_eq!(row.paragraph.label, Some(Label::Quotation));
        assert_eq!(row.paragraph.kind, Kind::Paragraph);
        let row = Record::from_json(br#"{"article":"A","kind":"heading","label":null,"text":"x"}"#)
            .unwrap();
        assert_eq!(
            (row.paragraph.label, row.paragraph.kind),
            (None, Kind::Heading)
        );
    }

    #[test]
    fn bad_rows_say_what_is_wrong() {
        let error = |line: &str| Record::from_json(line.as_bytes()).unwrap_err().to_string();
        assert!(
            error(r#"{"article":"A","label":"news","text":"x"}"#)
                .contains("unknown label \"news\"")
        );
        assert!(error(r#"{"label":"reporting","text":"x"}"#).contains("`article`"));
        assert!(error(r#"{"article":"A","label":"reporting"}"#).contains("`text`"));
        assert!(error(r#"{"article":"A","label":"reporting","text":" "}"#).contains("empty"));
        assert!(
            error(r#"{"article":"A","kind":"title","label":"reporting","text":"x"}"#)
                .contains("kind title")
        );
        assert!(error("not json").contains("not a JSON object"));
    }
}
