//! Blocks as CSV or TSV, with the columns of the JSON lines.

use super::page::BlockRow;
use super::rest;
use crate::label::Label;
use crate::rows::{Field, ParagraphRow};

/// Columns of the output's own.
const OWN: [&str; 16] = [
    "doc",
    "index",
    "block",
    "line",
    "start",
    "end",
    "kind",
    "reason",
    "label",
    "confidence",
    "reporting",
    "quotation",
    "commentary",
    "call_to_action",
    "language",
    "text",
];

/// A table in the making: its delimiter, and the columns of the input that pass through.
#[derive(Clone, Debug)]
pub struct Table {
    /// Between fields.
    pub delimiter: u8,
    /// Names of the columns that pass through.
    pub rest: Vec<String>,
}

impl Table {
    /// The first line of a file of blocks.
    pub fn header(&self, out: &mut Vec<u8>) {
        self.header_of(&OWN, out);
    }

    /// The first line of a file with these columns, and those that pass through.
    pub fn header_of(&self, own: &[&str], out: &mut Vec<u8>) {
        let rest = self.rest.iter().map(|field| {
            let mut name = rest::name(field, own);
            while name != *field && self.rest.iter().any(|other| *other == name) {
                name.to_mut().insert_str(0, "input_");
            }
            name.into_owned()
        });
        let own = own.iter().map(|name| (*name).to_owned());
        self.write(own.chain(rest), out);
    }

    /// One line; `given` is the row that the block came as, if it came as one, and `rest` are the
    /// fields that pass through.
    pub fn row(
        &self,
        row: &BlockRow<'_>,
        given: Option<&ParagraphRow>,
        rest: &[Field],
        out: &mut Vec<u8>,
    ) {
        let number = |n: usize| n.to_string();
        let share = |p: Option<f64>| p.map(|p| p.to_string()).unwrap_or_default();
        let mut fields = vec![
            row.doc.to_owned(),
            given.map_or(String::new(), |given| given.index.to_string()),
            number(row.block),
            given.map_or(number(row.line), |given| given.line.to_string()),
            number(row.start),
            number(row.end),
            row.kind.name().to_owned(),
            row.reason.unwrap_or_default().to_owned(),
            row.label.map_or("", Label::name).to_owned(),
            share(row.confidence),
        ];
        fields.extend(Label::ALL.map(|label| share(row.probabilities.map(|p| p.get(label)))));
        fields.push(row.language.unwrap_or_default().to_owned());
        fields.push(row.text.to_owned());
        self.line(fields, rest, out);
    }

    /// One line of fields, and those that pass through.
    pub fn line(&self, fields: Vec<String>, rest: &[Field], out: &mut Vec<u8>) {
        let rest = rest::texts(rest, &self.rest);
        self.write(fields.into_iter().chain(rest), out);
    }

    fn write(&self, fields: impl IntoIterator<Item = String>, out: &mut Vec<u8>) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.delimiter)
            .buffer_capacity(1 << 10)
            .from_writer(out);
        writer
            .write_record(fields)
            .and_then(|()| Ok(writer.flush()?))
            .expect("writing to memory does not fail");
    }
}
