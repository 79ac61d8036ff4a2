//! One row of labelled data as it is written, and what it means.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
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
#[derive(Default)]
struct RawRecord<'a> {
    article: Option<Value>,
    index: Option<i64>,
    kind: Option<Text<'a>>,
    label: Option<Text<'a>>,
    hard: bool,
    block_quote: bool,
    text: Option<Text<'a>>,
    columns: BTreeMap<String, String>,
}

/// A string that is borrowed from the line where it holds no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
        struct Strings;
        impl<'de> Visitor<'de> for Strings {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Strings)
    }
}

/// By hand, since a derived one that keeps other fields copies every value first.
impl<'de: 'a, 'a> Deserialize<'de> for RawRecord<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RawRecord<'a>, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = RawRecord<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row with the fields of labelled data")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawRecord<'de>, A::Error> {
                let mut row = RawRecord::default();
                let mut seen = 0u8;
                while let Some(Text(name)) = map.next_key()? {
                    let known = [
                        "article",
                        "index",
                        "kind",
                        "label",
                        "hard",
                        "block_quote",
                        "text",
                    ];
                    let Some(field) = known.iter().position(|known| *known == name) else {
                        let text = match map.next_value()? {
                            Value::String(text) => text,
                            value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
                            Value::Null | Value::Array(_) | Value::Object(_) => continue,
                        };
                        row.columns.insert(name.into_owned(), text);
                        continue;
                    };
                    if seen & 1 << field != 0 {
                        return Err(A::Error::duplicate_field(known[field]));
                    }
                    seen |= 1 << field;
                    match field {
                        0 => row.article = map.next_value()?,
                        1 => row.index = map.next_value()?,
                        2 => row.kind = map.next_value()?,
                        3 => row.label = map.next_value()?,
                        4 => row.hard = map.next_value()?,
                        5 => row.block_quote = map.next_value()?,
                        _ => row.text = map.next_value()?,
                    }
                }
                Ok(row)
            }
        }
        deserializer.deserialize_map(Fields)
    }
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
        Record::new(Fields {
            article,
            index: raw.index,
            kind: raw.kind.as_ref().map(|kind| &*kind.0),
            label: raw.label.as_ref().map(|label| &*label.0),
            hard: raw.hard,
            block_quote: raw.block_quote,
            text: raw.text.as_ref().map(|text| &*text.0),
            columns: raw.columns,
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
        let row = Record::from_json(
            br#"{"\u0061rticle":"A","text":"a \"b\" c","hard":true,"x":null,"y":"\u00e9"}"#,
        )
        .unwrap();
        assert_eq!(row.paragraph.text, "a \"b\" c");
        assert!(row.paragraph.hard);
        assert_eq!(row.columns["y"], "é");
        assert_eq!(row.columns.len(), 1);
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
        assert!(error(r#"{"article":"A","article":"B","text":"x"}"#).contains("duplicate field"));
        assert!(error(r#"{"article":"A","text":7}"#).contains("expected a string"));
        assert!(error(r#"{"article":"A","index":"x","text":"x"}"#).contains("expected i64"));
    }
}
