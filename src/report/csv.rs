//! Blocks as CSV, with the columns of the JSON lines.

use super::page::BlockRow;
use crate::label::Label;
use crate::rows::ParagraphRow;

/// The first line of a file.
pub fn header(out: &mut Vec<u8>) {
    let columns = [
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
    ];
    let labels = Label::ALL.map(Label::name);
    write(
        columns
            .into_iter()
            .chain(labels)
            .chain(["language", "text"]),
        out,
    );
}

/// One line; `given` is the row that the block came as, if it came as one.
pub fn row(row: &BlockRow<'_>, given: Option<&ParagraphRow>, out: &mut Vec<u8>) {
    let number = |n: usize| n.to_string();
    let share = |p: Option<f64>| p.map(|p| p.to_string()).unwrap_or_default();
    let mut fields = vec![
        row.doc.to_owned(),
        given.map_or(String::new(), |given| given.index.get().to_owned()),
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
    write(fields, out);
}

fn write<T: AsRef<[u8]>>(fields: impl IntoIterator<Item = T>, out: &mut Vec<u8>) {
    let mut writer = csv::Writer::from_writer(out);
    writer
        .write_record(fields)
        .and_then(|()| Ok(writer.flush()?))
        .expect("writing to memory does not fail");
}
