//! One row as it is written, and what it means.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::object::{RawField, fields};
use super::table::Table;
use super::{Columns, Content, Field, ParagraphRow, RowItem};
use crate::article::{Format, Kind};
use crate::error::{Error, ErrorKind, Result};

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

/// The text of a valid JSON string that is written without escapes: most are, and need no parser.
fn unescaped(value: &str) -> Option<&str> {
    let text = value.strip_prefix('"')?.strip_suffix('"')?;
    memchr::memchr(b'\\', text.as_bytes())
        .is_none()
        .then_some(text)
}

/// A JSON value as plain text: strings without their quotes.
pub(super) fn plain(value: &str) -> String {
    if let Some(text) = unescaped(value) {
        return text.to_owned();
    }
    match value.starts_with('"') {
        true => serde_json::from_str(value).unwrap_or_else(|_| value.to_owned()),
        false => value.to_owned(),
    }
}

/// Takes fields out of a row; what is left passes through.
struct Taker<'a> {
    row: &'a str,
    fields: Vec<RawField<'a>>,
}

impl<'a> Taker<'a> {
    /// Takes a field by its name, or by the path to it. `null` is as good as none.
    fn take(&mut self, name: &str) -> Result<Option<&'a str>> {
        let mut found = None;
        let mut again = None;
        for field in self.fields.iter_mut().filter(|field| field.name == name) {
            field.taken = true;
            match found {
                None => found = Some(field.value),
                Some(_) => again = again.or(Some(field.value)),
            }
        }
        if let Some(value) = again {
            return Err(self.wrong(value, 0, &format!("duplicate field `{name}`")));
        }
        if found.is_none() {
            found = self.follow(name);
        }
        Ok(found.filter(|value| *value != "null"))
    }

    /// The value at a dotted path. The field that it lies in passes through whole.
    fn follow(&self, path: &str) -> Option<&'a str> {
        let (first, mut rest) = path.split_once('.')?;
        let field = self.fields.iter().find(|field| field.name == first)?;
        let mut value = field.value;
        loop {
            let inner = fields(value).ok()?;
            let (step, further) = match rest.split_once('.') {
                Some((step, further)) => (step, Some(further)),
                None => (rest, None),
            };
            value = inner.into_iter().find(|field| field.name == step)?.value;
            match further {
                Some(further) => rest = further,
                None => return Some(value),
            }
        }
    }

    /// A field that is a text.
    fn text(&mut self, name: &str) -> Result<Option<String>> {
        let Some(value) = self.take(name)? else {
            return Ok(None);
        };
        match unescaped(value) {
            Some(text) => Ok(Some(text.to_owned())),
            None => self.read(value).map(Some),
        }
    }

    fn parsed<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(value) = self.take(name)? else {
            return Ok(None);
        };
        self.read(value).map(Some)
    }

    fn read<T: DeserializeOwned>(&self, value: &str) -> Result<T> {
        serde_json::from_str(value).map_err(|error| {
            let message = error.to_string();
            let what = message.split(" at line ").next().unwrap_or(&message);
            self.wrong(value, error.column().saturating_sub(1), what)
        })
    }

    fn wrong(&self, value: &str, within: usize, what: &str) -> Error {
        let offset = value.as_ptr() as usize - self.row.as_ptr() as usize;
        Error::new(ErrorKind::Data, format!("row is not valid: {what}"))
            .at_byte((offset + within) as u64)
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.fields.iter().map(|field| &*field.name).collect();
        list(&names)
    }

    fn missing(&self, name: &str) -> Error {
        Error::new(ErrorKind::Data, format!("row has no field {name:?}"))
            .hint(format!("it has {}", self.names()))
    }

    fn rest(self) -> Vec<Field> {
        let fields = self.fields.into_iter().filter(|field| !field.taken);
        fields
            .map(|field| Field {
                name: Arc::from(&*field.name),
                value: field.value.into(),
            })
            .collect()
    }
}

/// Names that are there, for a message.
fn list(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    let mut shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("{name:?}"))
        .collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    match shown.is_empty() {
        true => "none".to_owned(),
        false => shown.join(", "),
    }
}

pub(super) fn json_row(bytes: &[u8], line: u64, columns: &Columns) -> Result<Row> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Error::new(ErrorKind::Encoding, "row is not UTF-8")
            .at_byte(error.valid_up_to() as u64)
            .hint("convert the file to UTF-8")
    })?;
    let mut row = Taker {
        row: text,
        fields: fields(text)?,
    };
    if let Some(article) = row.take("article")? {
        let name = columns.text.as_deref().unwrap_or("text");
        let Some(text) = row.text(name)? else {
            return Err(match columns.text {
                Some(_) => row.missing(name),
                None => missing("text"),
            });
        };
        let name = row.text("kind")?;
        return Ok(Row::Paragraph(ParagraphRow {
            line,
            article: article.into(),
            index: row.take("index")?.unwrap_or("null").into(),
            kind: kind(name.as_deref()),
            block_quote: row.parsed("block_quote")?.unwrap_or(false),
            text,
            rest: row.rest(),
        }));
    }
    let (content, title) = json_content(&mut row, columns)?;
    let id = row.take(columns.id.as_deref().unwrap_or("id"))?;
    if let (None, Some(name)) = (id, &columns.id) {
        return Err(row.missing(name));
    }
    Ok(Row::Article(RowItem::Article {
        line,
        id: id.map_or_else(|| line.to_string(), plain),
        title,
        content,
        rest: row.rest(),
    }))
}

/// The content of an article row, and its title where one is asked for.
fn json_content(row: &mut Taker<'_>, columns: &Columns) -> Result<(Content, Option<String>)> {
    let mut title = None;
    if let Some(name) = &columns.title {
        title = row.text(name)?;
    }
    if let Some(name) = &columns.html {
        let html = row.text(name)?.ok_or_else(|| row.missing(name))?;
        return Ok((Content::Page(html, Format::Html), title));
    }
    if let Some(name) = &columns.text {
        let text = row.text(name)?.ok_or_else(|| row.missing(name))?;
        return Ok((Content::Page(text, Format::Text), title));
    }
    if let Some(paragraphs) = row.parsed::<Vec<RawParagraph>>("paragraphs")? {
        let cut = paragraphs.into_iter().map(|paragraph| match paragraph {
            RawParagraph::Text(text) => (text, Kind::Paragraph),
            RawParagraph::Row { text, kind: name } => (text, kind(name.as_deref())),
        });
        return Ok((Content::Cut(cut.collect()), title));
    }
    if let Some(text) = row.text("text")? {
        return Ok((Content::Page(text, Format::Text), title));
    }
    let Some(html) = row.text("html")? else {
        return Err(missing("text"));
    };
    if columns.title.is_none() {
        title = row.text("title")?;
    }
    Ok((Content::Page(html, Format::Html), title))
}

fn missing(field: &str) -> Error {
    Error::new(ErrorKind::Data, format!("row has no field {field:?}"))
        .hint("each row needs `text` (or, for an article in JSON, `paragraphs`)")
}

/// Places of the columns that are read, and names of those that pass through.
pub(super) struct Places {
    id: Option<usize>,
    article: Option<usize>,
    index: Option<usize>,
    kind: Option<usize>,
    title: Option<usize>,
    text: usize,
    format: Format,
    rest: Vec<(usize, Arc<str>)>,
    width: usize,
}

impl Places {
    /// Names of the columns that pass through.
    pub(super) fn rest(&self) -> impl Iterator<Item = &str> {
        self.rest.iter().map(|(_, name)| &**name)
    }

    /// Finds the columns in a header.
    pub(super) fn of(header: &Table, columns: &Columns) -> Result<Places> {
        let mut names = Vec::new();
        for number in 0..header.len() {
            let bytes = header.field_bytes(number).unwrap_or_default();
            names.push(std::str::from_utf8(bytes).map_err(|_| {
                Error::new(ErrorKind::Encoding, "header is not UTF-8")
                    .hint("convert the file to UTF-8")
            })?);
        }
        let column = |name: &str| names.iter().position(|field| *field == name);
        let wanted = |name: &Option<String>| match name {
            None => Ok(None),
            Some(name) => column(name).map(Some).ok_or_else(|| {
                Error::new(ErrorKind::Data, format!("header has no column {name:?}"))
                    .hint(format!("it has {}", list(&names)))
            }),
        };
        let mut title = wanted(&columns.title)?;
        let (text, format) = if let Some(html) = wanted(&columns.html)? {
            (html, Format::Html)
        } else if let Some(text) = wanted(&columns.text)?.or_else(|| column("text")) {
            (text, Format::Text)
        } else if let Some(html) = column("html") {
            title = title.or_else(|| column("title"));
            (html, Format::Html)
        } else {
            return Err(
                Error::new(ErrorKind::Data, "header has no column \"text\"").hint(format!(
                    "it has {}; name the one that holds the text with --text-column",
                    list(&names)
                )),
            );
        };
        let article = column("article");
        let of_paragraph = |name: &str| article.and_then(|_| column(name));
        let mut places = Places {
            id: match article {
                Some(_) => None,
                None => wanted(&columns.id)?.or_else(|| column("id")),
            },
            article,
            index: of_paragraph("index"),
            kind: of_paragraph("kind"),
            title,
            text,
            format,
            rest: Vec::new(),
            width: names.len(),
        };
        let read = [
            places.id,
            places.article,
            places.index,
            places.kind,
            places.title,
            Some(text),
        ];
        let rest = names.iter().enumerate();
        places.rest = rest
            .filter(|(number, _)| !read.contains(&Some(*number)))
            .map(|(number, name)| (number, Arc::from(*name)))
            .collect();
        Ok(places)
    }
}

/// A text or number as JSON.
fn raw(value: impl serde::Serialize) -> Box<str> {
    let json = serde_json::to_string(&value).expect("texts and numbers have a JSON form");
    json.into()
}

pub(super) fn csv_row(record: &Table, places: &Places, span: (u64, u64)) -> Result<Row> {
    let (line, last) = span;
    if record.len() != places.width {
        let what = match last {
            last if last == line => "row".to_owned(),
            _ => format!("row of lines {line} to {last}"),
        };
        return Err(Error::new(
            ErrorKind::Data,
            format!(
                "{what} has {} fields, the header {}",
                record.len(),
                places.width
            ),
        )
        .hint("fields with a delimiter or line end in them stand in quote marks"));
    }
    let text = |number: usize| -> Result<&str> {
        let bytes = record.field_bytes(number).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| {
            Error::new(ErrorKind::Encoding, "row is not UTF-8").hint("convert the file to UTF-8")
        })
    };
    let field = |number: Option<usize>| number.map(text).transpose();
    let mut rest = Vec::with_capacity(places.rest.len());
    for (number, name) in &places.rest {
        rest.push(Field {
            name: name.clone(),
            value: raw(text(*number)?),
        });
    }
    let content = text(places.text)?.to_owned();
    Ok(match field(places.article)? {
        Some(article) => Row::Paragraph(ParagraphRow {
            line,
            article: raw(article),
            index: match field(places.index)? {
                Some(index) => index.parse::<i64>().map_or_else(|_| raw(index), raw),
                None => "null".into(),
            },
            kind: kind(field(places.kind)?),
            block_quote: false,
            text: content,
            rest,
        }),
        None => Row::Article(RowItem::Article {
            line,
            id: field(places.id)?.map_or_else(|| line.to_string(), str::to_owned),
            title: field(places.title)?.map(str::to_owned),
            content: Content::Page(content, places.format),
            rest,
        }),
    })
}
