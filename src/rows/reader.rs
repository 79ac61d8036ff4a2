//! Rows from a stream, put together to articles.

use std::collections::VecDeque;
use std::io::BufRead;

use super::lines::{Lines, Position};
use super::parse::{Places, Row, csv_row, json_row, plain};
use super::table::Table;
use super::{Columns, RowFormat, RowItem};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Errors that wait for the article in whose rows they stand; more of them end it.
const WAITING: usize = 1000;

/// Reads rows one after another; memory stays at one article.
pub struct RowReader<R> {
    lines: Lines<R>,
    form: Form,
    limits: Limits,
    pending: Option<RowItem>,
    /// Where the pending item begins.
    pending_at: Position,
    /// Errors of rows that stand between those of the item that was returned last.
    late: VecDeque<Error>,
    done: bool,
}

enum Form {
    Json { columns: Columns, buffer: Vec<u8> },
    Table { table: Table, places: Places },
}

impl<R: BufRead> RowReader<R> {
    /// A reader over a stream, with columns by their usual names.
    ///
    /// # Errors
    /// When the header line of a CSV or TSV stream cannot be read or has no `text` column.
    pub fn new(input: R, format: RowFormat, limits: &Limits) -> Result<RowReader<R>> {
        RowReader::with_columns(input, format, &Columns::default(), limits)
    }

    /// A reader over a stream whose columns have these names.
    ///
    /// # Errors
    /// When the header line of a CSV or TSV stream cannot be read or lacks one of the columns.
    pub fn with_columns(
        input: R,
        format: RowFormat,
        columns: &Columns,
        limits: &Limits,
    ) -> Result<RowReader<R>> {
        let mut lines = Lines::new(input)?;
        let form = match format {
            RowFormat::JsonLines => Form::Json {
                columns: columns.clone(),
                buffer: Vec::new(),
            },
            RowFormat::Csv | RowFormat::Tsv => {
                let mut table = Table::new(match format {
                    RowFormat::Csv => b',',
                    _ => b'\t',
                });
                let (line, _) = table.read(&mut lines, limits)?.unwrap_or((1, 1));
                let places = Places::of(&table, columns).map_err(|error| error.at_line(line))?;
                Form::Table { table, places }
            }
        };
        Ok(RowReader {
            lines,
            form,
            limits: limits.clone(),
            pending: None,
            pending_at: Position::default(),
            late: VecDeque::new(),
            done: false,
        })
    }

    /// Names of the columns that pass through, where all rows have the same.
    pub fn rest(&self) -> Option<Vec<&str>> {
        match &self.form {
            Form::Json { .. } => None,
            Form::Table { places, .. } => Some(places.rest().collect()),
        }
    }

    /// The place from which a new reader gives what this one has still to give; `None` where errors
    /// of rows before it wait.
    pub fn position(&self) -> Option<Position> {
        match (&self.pending, self.late.is_empty()) {
            (_, false) => None,
            (Some(_), true) => Some(self.pending_at),
            (None, true) => Some(self.lines.position()),
        }
    }

    /// Goes on at a place that another reader of the same stream gave.
    ///
    /// # Errors
    /// [`ErrorKind::Read`] when the stream cannot be read or ends sooner.
    pub fn skip_to(&mut self, place: Position) -> Result<()> {
        self.lines.skip_to(place)
    }

    /// The next row, or `None` at the end.
    fn row(&mut self) -> Option<Result<Row>> {
        match &mut self.form {
            Form::Json { columns, buffer } => loop {
                buffer.clear();
                let line = self.lines.position().line + 1;
                match self.lines.read(buffer, self.limits.line_bytes) {
                    Err(error) => {
                        self.done = error.kind() == ErrorKind::Read;
                        return Some(Err(error.at_line(line)));
                    }
                    Ok(false) => return None,
                    Ok(true) if buffer.trim_ascii().is_empty() => {}
                    Ok(true) => {
                        let row = buffer.strip_suffix(b"\n").unwrap_or(buffer);
                        let row = json_row(row, line, columns);
                        return Some(row.map_err(|error| error.at_line(line)));
                    }
                }
            },
            Form::Table { table, places } => match table.read(&mut self.lines, &self.limits) {
                Err(error) => {
                    self.done = error.kind() == ErrorKind::Read;
                    Some(Err(error))
                }
                Ok(None) => None,
                Ok(Some(span)) => {
                    let row = csv_row(table, places, span);
                    Some(row.map_err(|error| error.at_line(span.0)))
                }
            },
        }
    }
}

impl<R: BufRead> Iterator for RowReader<R> {
    type Item = Result<RowItem>;

    fn next(&mut self) -> Option<Result<RowItem>> {
        if let Some(error) = self.late.pop_front() {
            return Some(Err(error));
        }
        if matches!(self.pending, Some(RowItem::Article { .. })) {
            return self.pending.take().map(Ok);
        }
        let mut held = 0;
        while !self.done && self.late.len() < WAITING {
            let at = self.lines.position();
            let row = match self.row() {
                None => {
                    self.done = true;
                    break;
                }
                Some(Ok(Row::Paragraph(row))) => row,
                Some(Ok(Row::Article(article))) => {
                    // The paragraphs before it come first.
                    if self.pending.is_none() {
                        return Some(Ok(article));
                    }
                    self.pending_at = at;
                    return self.pending.replace(article).map(Ok);
                }
                Some(Err(error)) if self.pending.is_none() => return Some(Err(error)),
                Some(Err(error)) => {
                    self.late.push_back(error);
                    continue;
                }
            };
            match &mut self.pending {
                Some(RowItem::Paragraphs { rows, .. })
                    if rows[0].article == row.article && held < self.limits.article_bytes =>
                {
                    held += row.text.len();
                    rows.push(row);
                }
                _ => {
                    let item = RowItem::Paragraphs {
                        id: plain(&row.article),
                        rows: vec![row],
                    };
                    self.pending_at = at;
                    if let Some(before) = self.pending.replace(item) {
                        return Some(Ok(before));
                    }
                }
            }
        }
        match self.pending.take() {
            Some(item) => Some(Ok(item)),
            None => self.late.pop_front().map(Err),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Kind;
    use proptest::prelude::*;

    fn read(text: &[u8], format: RowFormat, limits: &Limits) -> Vec<Result<RowItem>> {
        RowReader::new(text, format, limits).unwrap().collect()
    }

    fn json(text: &str) -> Vec<Result<RowItem>> {
        read(text.as_bytes(), RowFormat::JsonLines, &Limits::default())
    }

    /// Lines of the rows of an item, and its id.
    fn lines(item: &Result<RowItem>) -> (String, Vec<u64>) {
        match item {
            Ok(RowItem::Paragraphs { id, rows }) => {
                (id.clone(), rows.iter().map(|row| row.line).collect())
            }
            Ok(RowItem::Article { id, line, .. }) => (id.clone(), vec![*line]),
            Err(error) => ("error".to_owned(), vec![error.line().unwrap()]),
        }
    }

    #[test]
    fn rows_that_follow_each_other_are_one_article() {
        let text = "\u{feff}{\"article\":\"A\",\"text\":\"1\"}\r\n\n{\"article\":\"A\",\"index\":\"x\",\"text\":\"2\"}\n\
                    {\"id\":5,\"text\":\"page\"}\n{\"article\":\"B\",\"text\":\"3\"}\n{\"article\":\"A\",\"kind\":\"news\",\"text\":\"4\"}";
        let items = json(text);
        let got: Vec<(String, Vec<u64>)> = items.iter().map(lines).collect();
        let want = [
            ("A", vec![1, 3]),
            ("5", vec![4]),
            ("B", vec![5]),
            ("A", vec![6]),
        ];
        assert_eq!(got, want.map(|(id, lines)| (id.to_owned(), lines)));
        let Ok(RowItem::Paragraphs { rows, .. }) = &items[0] else {
            panic!("not paragraphs")
        };
        assert_eq!((&*rows[0].index, &*rows[1].index), ("null", "\"x\""));
        assert_eq!(rows[0].kind, Kind::Paragraph);
    }

    #[test]
    fn broken_rows_are_named_and_reading_goes_on() {
        let items = json("{\n{\"article\":\"A\"}\n[]\n{\"article\":\"A\",\"text\":\"1\"}\n");
        let got: Vec<(String, Vec<u64>)> = items.iter().map(lines).collect();
        let error = |line| ("error".to_owned(), vec![line]);
        assert_eq!(
            got,
            [error(1), error(2), error(3), ("A".to_owned(), vec![4])]
        );
    }

    #[test]
    fn a_row_above_the_cap_is_passed_over() {
        let limits = Limits {
            line_bytes: 40,
            ..Limits::default()
        };
        let text = format!(
            "{{\"text\":\"{}\"}}\n{{\"text\":\"short\"}}\n",
            "x".repeat(100)
        );
        let items = read(text.as_bytes(), RowFormat::JsonLines, &limits);
        let error = items[0].as_ref().unwrap_err();
        assert_eq!((error.kind(), error.line()), (ErrorKind::TooLarge, Some(1)));
        assert_eq!(lines(&items[1]), ("2".to_owned(), vec![2]));
    }

    #[test]
    fn a_long_run_of_rows_is_cut() {
        let limits = Limits {
            article_bytes: 10,
            ..Limits::default()
        };
        let row = "{\"article\":\"A\",\"text\":\"five!\"}\n";
        let items = read(row.repeat(7).as_bytes(), RowFormat::JsonLines, &limits);
        assert!(items.len() > 1);
        let rows: usize = items.iter().map(|item| lines(item).1.len()).sum();
        assert_eq!(rows, 7);
    }

    #[test]
    fn tables_need_a_text_column() {
        let error =
            RowReader::new(&b"a,b\n1,2\n"[..], RowFormat::Csv, &Limits::default()).map(|_| ());
        assert_eq!(error.unwrap_err().line(), Some(1));
        let items = read(
            b"text\tarticle\nx\tA\ny\tA\n",
            RowFormat::Tsv,
            &Limits::default(),
        );
        assert_eq!(lines(&items[0]), ("A".to_owned(), vec![2, 3]));
    }

    #[test]
    fn errors_wait_for_the_article_they_stand_in() {
        let items = json(
            "{\"article\":1,\"text\":\"a\"}\nx\n{\"article\":1,\"text\":\"b\"}\n{\"id\":2,\"text\":\"c\"}\n",
        );
        let got: Vec<Vec<u64>> = items.iter().map(|item| lines(item).1).collect();
        assert_eq!(got, [vec![1, 3], vec![2], vec![4]]);
    }

    #[test]
    fn a_stray_quote_mark_takes_its_own_row_only() {
        let text = b"id,text\r\n1,\"a\n2,\"b \"\"c\"\"\nd\"\r\n3,\"e\n4,f\n";
        let items = read(text, RowFormat::Csv, &Limits::default());
        let got: Vec<(String, Vec<u64>)> = items.iter().map(lines).collect();
        let name = |id: &str, line| (id.to_owned(), vec![line]);
        assert_eq!(
            got,
            [
                name("error", 2),
                name("2", 3),
                name("error", 5),
                name("4", 6)
            ]
        );
        let Ok(RowItem::Article { content, .. }) = &items[1] else {
            panic!("not an article")
        };
        assert!(matches!(content, crate::rows::Content::Page(text, _) if text == "b \"c\"\nd"));
    }

    #[test]
    fn a_reader_goes_on_where_another_was() {
        let text = b"id,text\n1,\"a\nb\"\n2,\"c\n3,d\n4,e\n";
        let limits = Limits::default();
        let whole = read(text, RowFormat::Csv, &limits);
        let mut first = RowReader::new(&text[..], RowFormat::Csv, &limits).unwrap();
        for taken in 0..=whole.len() {
            let place = first.position().unwrap();
            let mut second = RowReader::new(&text[..], RowFormat::Csv, &limits).unwrap();
            second.skip_to(place).unwrap();
            let rest: Vec<_> = second.map(|item| lines(&item)).collect();
            let want: Vec<_> = whole[taken..].iter().map(lines).collect();
            assert_eq!(rest, want);
            first.next();
        }
    }

    proptest! {
        /// What the csv crate writes is read as it was; and whatever a table holds, each line of it
        /// lies in a row or in an error.
        #[test]
        fn tables_come_back(texts in prop::collection::vec("[a\",\r\n é]{1,9}", 1..9)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["id", "text"]).unwrap();
            for text in &texts {
                writer.write_record(["x", text]).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let items = read(&bytes, RowFormat::Csv, &Limits::default());
            let got: Vec<&str> = items.iter().map(|item| match item {
                Ok(RowItem::Article { content: crate::rows::Content::Page(text, _), .. }) => &**text,
                _ => "?",
            }).collect();
            prop_assert_eq!(got, texts.iter().map(String::as_str).collect::<Vec<_>>());
        }

        #[test]
        fn no_line_of_a_table_is_lost(lines in prop::collection::vec("[1\",a]{1,6}", 0..12)) {
            let text = format!("id,text\n{}\n", lines.join("\n"));
            let items = read(text.as_bytes(), RowFormat::Csv, &Limits::default());
            // Each row and error begins on a line; the lines between are those of a quoted field.
            let mut starts: Vec<u64> = items.iter().map(|item| super::tests::lines(item).1[0]).collect();
            prop_assert!(starts.is_sorted());
            starts.dedup();
            prop_assert_eq!(starts.len(), items.len());
            for (number, line) in lines.iter().enumerate() {
                if !line.contains('"') && !lines[..number].iter().any(|line| line.contains('"')) {
                    prop_assert!(starts.contains(&(number as u64 + 2)));
                }
            }
        }
        /// Every line that is not blank ends in a row or a named error.
        #[test]
        fn no_line_is_lost(lines in prop::collection::vec("(\\{\"article\":[12],\"text\":\"a\"\\}|\\{\"text\":\"b\"\\}|\\{\"paragraphs\":\\[\\]\\}|[\\{\\}a,:\"]{0,6}| )", 0..12)) {
            let text = lines.join("\n");
            let counted: usize = json(&text).iter().map(|item| super::tests::lines(item).1.len()).sum();
            let there = lines.iter().filter(|line| !line.trim().is_empty()).count();
            prop_assert_eq!(counted, there);
        }
    }
}
