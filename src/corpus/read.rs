//! Labelled data from files: JSON lines, CSV or TSV, or folders of them.
//!
//! [`Corpus::read`] is strict: training or measuring on less than was given, without a word, would be
//! worse than stopping. All bad rows are looked for, and the first ones are named. [`Reading`] is what
//! lies underneath: the good rows, and an error for each bad one.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use foldhash::fast::FixedState;

use super::record::Record;
use super::{Corpus, LabelledArticle, LabelledParagraph, rows};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Bad rows that are named in full; the others are counted.
pub(super) const NAMED: usize = 10;

/// What files hold: the good rows, and what is wrong with the others.
#[derive(Debug, Default)]
pub struct Reading {
    /// The good rows.
    pub corpus: Corpus,
    /// One error a bad row, with file and line.
    pub bad_rows: Vec<Error>,
    /// One error a file or folder that could not be read.
    pub bad_files: Vec<Error>,
}

impl Reading {
    /// Reads files, and folders' `.jsonl`, `.csv` and `.tsv` files in the order of their names, and goes
    /// on after whatever is bad. Rows are put together by article, wherever they stand, and sorted by
    /// index; of two rows with the same index in an article the second is bad.
    pub fn new(paths: &[PathBuf], limits: &Limits) -> Reading {
        Reading::by(Builder::default(), paths, limits)
    }

    fn by(mut builder: Builder, paths: &[PathBuf], limits: &Limits) -> Reading {
        let mut bad_files = Vec::new();
        for path in paths {
            let files = rows::files(path).unwrap_or_else(|error| {
                bad_files.push(error);
                Vec::new()
            });
            for file in files {
                let name = file.display().to_string();
                let mut each = |line, record| builder.record(&name, line, record);
                if let Err(error) = rows::read_file(&file, limits, &mut each) {
                    bad_files.push(error);
                }
            }
        }
        Reading {
            bad_files,
            ..builder.finish()
        }
    }

    /// What is wrong where nothing was read and nothing was bad.
    pub fn no_rows() -> Error {
        Error::new(ErrorKind::Empty, "no row of labelled data")
            .hint(r#"a row is {"article":"A1","index":0,"label":"reporting","text":"…"}"#)
    }

    /// The corpus, if nothing was bad.
    fn strict(mut self) -> Result<Corpus> {
        if !self.bad_files.is_empty() {
            return Err(self.bad_files.swap_remove(0));
        }
        if !self.bad_rows.is_empty() {
            return Err(all_bad(&self.bad_rows, self.bad_rows.len()));
        }
        if self.corpus.articles.is_empty() {
            return Err(Reading::no_rows());
        }
        Ok(self.corpus)
    }
}

impl Corpus {
    /// Reads files, and folders' `.jsonl`, `.csv` and `.tsv` files in the order of their names. Rows
    /// are put together by article, wherever they stand, and sorted by index.
    ///
    /// # Errors
    /// [`ErrorKind::Read`] for files that cannot be read, [`ErrorKind::Empty`] where there is no row,
    /// [`ErrorKind::Data`] listing bad rows by file and line.
    pub fn read(paths: &[PathBuf], limits: &Limits) -> Result<Corpus> {
        Reading::new(paths, limits).strict()
    }

    /// Like [`Corpus::read`], for rows of several annotators: a corpus for each value of a column, by value;
    /// rows without the column come under "".
    ///
    /// # Errors
    /// Those of [`Corpus::read`].
    pub fn read_by(
        paths: &[PathBuf],
        column: &str,
        limits: &Limits,
    ) -> Result<BTreeMap<String, Corpus>> {
        let builder = Builder {
            by: Some(column.to_owned()),
            ..Builder::default()
        };
        let corpus = Reading::by(builder, paths, limits).strict()?;
        let mut parts: BTreeMap<String, Corpus> = BTreeMap::new();
        for article in corpus.articles {
            let value = article.columns.get(column).cloned().unwrap_or_default();
            parts.entry(value).or_default().articles.push(article);
        }
        Ok(parts)
    }

    /// Reads the rows of one file that is in memory; its name decides between JSON lines, CSV and TSV.
    ///
    /// # Errors
    /// Those of [`Corpus::read`].
    pub fn from_bytes(name: &str, bytes: &[u8], limits: &Limits) -> Result<Corpus> {
        let mut builder = Builder::default();
        rows::read(name, bytes, limits, &mut |line, record| {
            builder.record(name, line, record);
        })?;
        builder.finish().strict()
    }
}

#[derive(Default)]
struct Builder {
    articles: Vec<LabelledArticle>,
    /// The number of each article, by id and, where there is a column that parts, its value.
    numbers: HashMap<String, usize, FixedState>,
    /// The column whose values part articles of the same id.
    by: Option<String>,
    bad: Vec<Error>,
}

impl Builder {
    /// The number of the article with this id, which may be a new one.
    fn number(&mut self, id: String, columns: &BTreeMap<String, String>) -> usize {
        let key = match &self.by {
            None => {
                // Most rows belong to the article of the row before.
                if self.articles.last().is_some_and(|last| last.id == id) {
                    return self.articles.len() - 1;
                }
                id.clone()
            }
            // The length keeps ("ab", "c") and ("a", "bc") apart.
            Some(column) => {
                let value = columns.get(column).map_or("", String::as_str);
                format!("{}:{value}{id}", value.len())
            }
        };
        let next = self.articles.len();
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.articles.push(LabelledArticle {
                id,
                columns: BTreeMap::new(),
                paragraphs: Vec::new(),
            });
        }
        number
    }

    fn record(&mut self, file: &str, line: u64, record: Result<Record>) {
        let mut record = match record {
            Ok(record) => record,
            Err(error) => {
                self.bad.push(error.at_line(line).in_file(file));
                return;
            }
        };
        let id = std::mem::take(&mut record.article);
        let number = self.number(id, &record.columns);
        add_row(&mut self.articles[number], record, file, line);
    }

    fn finish(mut self) -> Reading {
        for article in &mut self.articles {
            settle(article, &mut |error| self.bad.push(error));
        }
        Reading {
            corpus: Corpus {
                articles: self.articles,
            },
            bad_rows: self.bad,
            bad_files: Vec::new(),
        }
    }
}

/// Adds a row to its article, after the rows that have been read before it.
pub(super) fn add_row(article: &mut LabelledArticle, row: Record, file: &str, line: u64) {
    for (name, value) in row.columns {
        article.columns.entry(name).or_insert(value);
    }
    let next = article.paragraphs.last();
    let next = next.map_or(0, |before| before.index + 1);
    let mut paragraph = row.paragraph;
    paragraph.index = row.index.unwrap_or(next);
    paragraph.file = file.to_owned();
    paragraph.line = line;
    article.paragraphs.push(paragraph);
}

/// Puts an article's rows in order; of two with the same index the second is bad and goes.
pub(super) fn settle(article: &mut LabelledArticle, bad: &mut dyn FnMut(Error)) {
    let rows = &mut article.paragraphs;
    if rows.windows(2).all(|pair| pair[0].index < pair[1].index) {
        return;
    }
    rows.sort_by_key(|paragraph| paragraph.index);
    let mut kept: Vec<LabelledParagraph> = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        match kept.last() {
            Some(first) if first.index == row.index => {
                let message = format!(
                    "article {:?} has index {} a second time, after {}:{}",
                    article.id, row.index, first.file, first.line
                );
                let error = Error::new(ErrorKind::Data, message);
                bad(error.at_line(row.line).in_file(&row.file));
            }
            _ => kept.push(row),
        }
    }
    article.paragraphs = kept;
}

/// One error that names the first bad rows and counts the others.
pub(super) fn all_bad(first: &[Error], count: usize) -> Error {
    let mut message = match count {
        1 => "1 bad row in the labelled data:".to_owned(),
        count => format!("{count} bad rows in the labelled data:"),
    };
    for error in first.iter().take(NAMED) {
        message.push_str(&format!("\n  {error}"));
    }
    if count > NAMED {
        message.push_str(&format!("\n  and {} more", count - NAMED));
    }
    Error::new(ErrorKind::Data, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Label;

    fn read(name: &str, text: &str) -> Result<Corpus> {
        Corpus::from_bytes(name, text.as_bytes(), &Limits::default())
    }

    #[test]
    fn rows_come_together_by_article_and_index() {
        let corpus = read(
            "x.jsonl",
            "\u{feff}{\"article\":\"A\",\"index\":1,\"label\":\"commentary\",\"text\":\"two\"}\r\n\n\
             {\"article\":\"B\",\"label\":null,\"text\":\"context\"}\n\
             {\"article\":\"A\",\"index\":0,\"label\":\"reporting\",\"text\":\"one\",\"hard\":true}",
        )
        .unwrap();
        assert_eq!(corpus.articles.len(), 2);
        let texts: Vec<&str> = corpus.rows().map(|row| row.text.as_str()).collect();
        assert_eq!(texts, ["one", "two", "context"]);
        assert_eq!(corpus.label_counts(), [1, 0, 1, 0]);
        assert_eq!(corpus.articles[0].paragraphs[0].line, 4);
        let mut easy = corpus.clone();
        easy.make_hard_context();
        assert_eq!(easy.label_counts(), [0, 0, 1, 0]);
    }

    #[test]
    fn tables_give_what_json_lines_give() {
        let json = read(
            "x.jsonl",
            "{\"article\":\"A\",\"index\":3,\"label\":\"quotation\",\"text\":\"“a, b”\"}",
        )
        .unwrap();
        let csv = read(
            "x.csv",
            "article,index,label,text\nA,3,quotation,\"“a, b”\"\n",
        )
        .unwrap();
        let tsv = read(
            "x.tsv",
            "label\ttext\tarticle\tindex\nquotation\t“a, b”\tA\t3\n",
        )
        .unwrap();
        assert_eq!(json.digest(), csv.digest());
        assert_eq!(json.digest(), tsv.digest());
        assert_eq!(tsv.rows().next().unwrap().label, Some(Label::Quotation));
    }

    #[test]
    fn all_bad_rows_are_named_by_line() {
        let error = read(
            "x.jsonl",
            "{\"article\":\"A\",\"index\":0,\"label\":\"reporting\",\"text\":\"one\"}\n{\n\
             {\"article\":\"A\",\"index\":0,\"label\":\"reporting\",\"text\":\"again\"}\n",
        )
        .unwrap_err()
        .to_string();
        assert!(error.contains("2 bad rows"), "{error}");
        assert!(error.contains("x.jsonl:2: "), "{error}");
        assert!(
            error.contains("x.jsonl:3: article \"A\" has index 0 a second time, after x.jsonl:1"),
            "{error}"
        );
        assert_eq!(read("x.jsonl", " \n").unwrap_err().kind(), ErrorKind::Empty);
    }

    #[test]
    fn a_reading_goes_on_after_bad_rows_and_files() {
        let folder = tempfile::tempdir().unwrap();
        let (good, none) = (folder.path().join("x.csv"), folder.path().join("none"));
        let rows =
            "article,index,label,text\nA,0,reporting,one\nA,0,reporting,two\nA,1,news,three\n";
        std::fs::write(&good, rows).unwrap();
        let reading = Reading::new(&[none.clone(), good.clone()], &Limits::default());
        let texts: Vec<&str> = reading.corpus.rows().map(|row| row.text.as_str()).collect();
        assert_eq!(texts, ["one"]);
        let lines: Vec<_> = reading.bad_rows.iter().map(Error::line).collect();
        assert_eq!(lines, [Some(4), Some(3)]);
        assert_eq!(reading.bad_files[0].file(), Some(none.as_path()));
        let strict = Corpus::read(&[good], &Limits::default()).unwrap_err();
        assert!(strict.to_string().contains("2 bad rows"), "{strict}");
    }
}
