//! Fields of the input that pass through to the output, beside its own.

use std::borrow::Cow;

use serde::Serialize;

use super::page::{BlockRow, RowLine};
use super::write;
use crate::rows::Field;

/// The name under which a field passes through: its own, or, where the output has one like it, the
/// same after `input_`.
pub fn name<'a>(field: &'a str, own: &[&str]) -> Cow<'a, str> {
    if !own.contains(&field) {
        return Cow::Borrowed(field);
    }
    let mut name = format!("input_{field}");
    while own.contains(&name.as_str()) {
        name.insert_str(0, "input_");
    }
    Cow::Owned(name)
}

/// Writes a JSON object with the fields after its own, and a line feed.
pub fn line(value: &impl Serialize, rest: &[Field], own: &[&str], out: &mut Vec<u8>) {
    super::json::line(value, out);
    // The line feed and the closing brace.
    out.truncate(out.len() - 2);
    close(rest, own, out);
}

/// Writes the line of a block with the fields after its own.
pub fn block(row: &BlockRow<'_>, rest: &[Field], out: &mut Vec<u8>) {
    write::block(row, out);
    close(rest, &BlockRow::FIELDS, out);
}

/// Writes the line of a row with the fields after its own.
pub fn row(row: &RowLine<'_>, rest: &[Field], out: &mut Vec<u8>) {
    write::row(row, out);
    close(rest, &BlockRow::FIELDS, out);
}

/// Writes the fields after those of an object, and ends it and the line.
fn close(rest: &[Field], own: &[&str], out: &mut Vec<u8>) {
    for field in rest {
        out.push(b',');
        let mut name = name(&field.name, own);
        while name != *field.name && rest.iter().any(|other| *other.name == *name) {
            name.to_mut().insert_str(0, "input_");
        }
        write::string(&name, out);
        out.push(b':');
        out.extend_from_slice(field.value.as_bytes());
    }
    out.extend_from_slice(b"}\n");
}

/// The fields under these names, as texts; of a field that a row lacks, nothing.
pub fn texts(rest: &[Field], names: &[String]) -> Vec<String> {
    let text = |name: &String| {
        let field = rest.iter().find(|field| *field.name == **name)?;
        let value = &*field.value;
        Some(match value {
            "null" => String::new(),
            value => serde_json::from_str(value).unwrap_or_else(|_| value.to_owned()),
        })
    };
    names
        .iter()
        .map(|name| text(name).unwrap_or_default())
        .collect()
}
