//! Labelled data from files: JSON lines, CSV or TSV, or folders of them.
//!
//! [`Corpus::read`] is strict: training or measuring on less than was given, without a word, would be
//! worse than stopping. All bad rows are looked for, and the first ones are named. [`Reading`] is what
//! lies underneath: the good rows, and an error for each bad one.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::record::{Fields, Record};
use super::{Corpus, LabelledArticle, LabelledParagraph};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Columns of a table with a meaning of their own.
const READ: [&str; 7] = [
    "article",
    "index",
    "kind",
    "label",
    "hard",
    "block_quote",
    "text",
];

/// Bad rows that are named in full; the others are counted.
const NAMED: usize = 10;

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
            let files = files(path).unwrap_or_else(|error| {
                bad_files.push(error);
                Vec::new()
            });
            for file in files {
                match fs::read(&file) {
                    Ok(bytes) => builder.file(&file.display().to_string(), &bytes, limits),
                    Err(error) => bad_files.push(cannot_read(&file, error)),
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
            return Err(all_bad(&self.bad_rows));
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
        builder.file(name, bytes, limits);
        builder.finish().strict()
    }
}

fn cannot_read(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Read, format!("cannot be read: {error}"))
        .in_file(path)
        .caused_by(error)
}

/// The data files that a path stands for.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !fs::metadata(path)
        .map_err(|error| cannot_read(path, error))?
        .is_dir()
    {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| cannot_read(path, error))? {
        let file = entry.map_err(|error| cannot_read(path, error))?.path();
        let extension = file.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("jsonl" | "csv" | "tsv")) {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(
            Error::new(ErrorKind::Empty, "folder has no .jsonl, .csv or .tsv file").in_file(path),
        );
    }
    files.sort();
    Ok(files)
}

#[derive(Default)]
struct Builder {
    articles: Vec<LabelledArticle>,
    /// The number of each article; by value and id, where there is a column that parts.
    numbers: HashMap<(String, String), usize>,
    /// The column whose values part articles of the same id.
    by: Option<String>,
    bad: Vec<Error>,
}

impl Builder {
    fn file(&mut self, name: &str, bytes: &[u8], limits: &Limits) {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match Path::new(name)
            .extension()
            .and_then(|extension| extension.to_str())
        {
            Some("csv") => self.table(name, bytes, b','),
            Some("tsv") => self.table(name, bytes, b'\t'),
            _ => self.json_lines(name, bytes, limits),
        }
    }

    fn json_lines(&mut self, name: &str, bytes: &[u8], limits: &Limits) {
        for (number, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let record = if line.len() > limits.line_bytes {
                let message = format!(
                    "row of {} bytes; at most {} are read",
                    line.len(),
                    limits.line_bytes
                );
                Err(Error::new(ErrorKind::TooLarge, message))
            } else {
                Record::from_json(line)
            };
            self.record(name, number as u64 + 1, record);
        }
    }

    fn table(&mut self, name: &str, bytes: &[u8], delimiter: u8) {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(bytes);
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                let error = Error::new(ErrorKind::Data, format!("header cannot be read: {error}"));
                return self.record(name, 1, Err(error));
            }
        };
        for row in reader.records() {
            let (line, record) = match row {
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let error = Error::new(ErrorKind::Data, format!("row cannot be read: {error}"));
                    (line, Err(error))
                }
                Ok(row) => {
                    let field = |name: &str| {
                        let column = header.iter().position(|field| field == name)?;
                        row.get(column)
                    };
                    let is_true =
                        |name: &str| field(name).is_some_and(|f| matches!(f, "true" | "1"));
                    let index = match field("index") {
                        None | Some("") => Ok(None),
                        Some(index) => index.parse().map(Some).map_err(|_| {
                            Error::new(
                                ErrorKind::Data,
                                format!("`index` {index:?} is not a whole number"),
                            )
                        }),
                    };
                    let line = row.position().map_or(0, csv::Position::line);
                    let record = index.and_then(|index| {
                        Record::new(Fields {
                            article: field("article").map(str::to_owned),
                            index,
                            kind: field("kind"),
                            label: field("label"),
                            hard: is_true("hard"),
                            block_quote: is_true("block_quote"),
                            text: field("text"),
                            columns: header
                                .iter()
                                .zip(&row)
                                .filter(|(name, value)| !value.is_empty() && !READ.contains(name))
                                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                                .collect(),
                        })
                    });
                    (line, record)
                }
            };
            self.record(name, line, record);
        }
    }

    fn record(&mut self, file: &str, line: u64, record: Result<Record>) {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                self.bad.push(error.at_line(line).in_file(file));
                return;
            }
        };
        let part = match &self.by {
            None => String::new(),
            Some(column) => record.columns.get(column).cloned().unwrap_or_default(),
        };
        let key = (part, record.article.clone());
        let number = match self.numbers.get(&key) {
            Some(&number) => number,
            None => {
                self.numbers.insert(key, self.articles.len());
                self.articles.push(LabelledArticle {
                    id: record.article,
                    columns: BTreeMap::new(),
                    paragraphs: Vec::new(),
                });
                self.articles.len() - 1
            }
        };
        let LabelledArticle {
            columns,
            paragraphs,
            ..
        } = &mut self.articles[number];
        for (name, value) in record.columns {
            columns.entry(name).or_insert(value);
        }
        let next = paragraphs.last().map_or(0, |before| before.index + 1);
        let mut paragraph = record.paragraph;
        paragraph.index = record.index.unwrap_or(next);
        paragraph.file = file.to_owned();
        paragraph.line = line;
        paragraphs.push(paragraph);
    }

    fn finish(mut self) -> Reading {
        for article in &mut self.articles {
            article.paragraphs.sort_by_key(|paragraph| paragraph.index);
            let mut kept: Vec<LabelledParagraph> = Vec::with_capacity(article.paragraphs.len());
            for row in article.paragraphs.drain(..) {
                match kept.last() {
                    Some(first) if first.index == row.index => {
                        let message = format!(
                            "article {:?} has index {} a second time, after {}:{}",
                            article.id, row.index, first.file, first.line
                        );
                        let error = Error::new(ErrorKind::Data, message);
                        self.bad.push(error.at_line(row.line).in_file(&row.file));
                    }
                    _ => kept.push(row),
                }
            }
            article.paragraphs = kept;
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

/// One error that names the first bad rows and counts the others.
fn all_bad(bad: &[Error]) -> Error {
    let mut message = match bad.len() {
        1 => "1 bad row in the labelled data:".to_owned(),
        count => format!("{count} bad rows in the labelled data:"),
    };
    for error in bad.iter().take(NAMED) {
        message.push_str(&format!("\n  {error}"));
    }
    if bad.len() > NAMED {
        message.push_str(&format!("\n  and {} more", bad.len() - NAMED));
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
