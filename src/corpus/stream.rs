//! Articles handed on in batches, so that data need not be in memory as a whole.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::path::PathBuf;

use foldhash::fast::FixedState;

use super::read::{NAMED, add_row, all_bad, settle};
use super::record::Record;
use super::{Corpus, LabelledArticle, Reading, rows};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Rows of a batch, at least, unless it is the last.
const BATCH: usize = 8192;

/// Labelled articles from somewhere.
pub trait Articles {
    /// Hands on all articles, in order, some at a time.
    ///
    /// # Errors
    /// Those of reading them. Some may have been handed on before.
    fn for_each_batch(&mut self, each: &mut dyn FnMut(&[LabelledArticle])) -> Result<()>;
}

impl Articles for &Corpus {
    fn for_each_batch(&mut self, each: &mut dyn FnMut(&[LabelledArticle])) -> Result<()> {
        each(&self.articles);
        Ok(())
    }
}

/// Articles straight from files. The rows of an article must stand together; otherwise what comes is what
/// [`Corpus::read`] gives, in memory for one batch.
pub struct Stream<'a> {
    paths: &'a [PathBuf],
    limits: &'a Limits,
    /// Whether an article's rows turned out to stand apart.
    scattered: bool,
}

impl<'a> Stream<'a> {
    /// The articles of files, and of folders' files, as [`Corpus::read`] takes them.
    pub fn new(paths: &'a [PathBuf], limits: &'a Limits) -> Stream<'a> {
        Stream {
            paths,
            limits,
            scattered: false,
        }
    }

    /// Whether reading stopped because rows of an article stand apart: then the data must be read as a whole.
    pub fn is_scattered(&self) -> bool {
        self.scattered
    }
}

impl Articles for Stream<'_> {
    /// # Errors
    /// Those of [`Corpus::read`], and [`ErrorKind::Data`] where the rows of an article do not stand together.
    fn for_each_batch(&mut self, each: &mut dyn FnMut(&[LabelledArticle])) -> Result<()> {
        let mut reader = Reader {
            each,
            batch: Vec::new(),
            rows: 0,
            seen: HashSet::default(),
            bad: Vec::new(),
            bad_rows: 0,
            scattered: None,
        };
        for path in self.paths {
            for file in rows::files(path)? {
                let name = file.display().to_string();
                rows::read_file(&file, self.limits, &mut |line, record| {
                    reader.record(&name, line, record);
                })?;
            }
        }
        reader.close();
        if let Some(error) = reader.scattered {
            self.scattered = true;
            return Err(error);
        }
        if reader.bad_rows > 0 {
            return Err(all_bad(&reader.bad, reader.bad_rows));
        }
        if reader.seen.is_empty() {
            return Err(Reading::no_rows());
        }
        if !reader.batch.is_empty() {
            (reader.each)(&reader.batch);
        }
        Ok(())
    }
}

struct Reader<'a> {
    each: &'a mut dyn FnMut(&[LabelledArticle]),
    /// Whole articles, and the one that is being read.
    batch: Vec<LabelledArticle>,
    rows: usize,
    /// Two hashes of each id: ids themselves could be as long as the texts.
    seen: HashSet<[u64; 2], FixedState>,
    bad: Vec<Error>,
    bad_rows: usize,
    scattered: Option<Error>,
}

impl Reader<'_> {
    fn record(&mut self, file: &str, line: u64, record: Result<Record>) {
        let mut record = match record {
            Ok(record) => record,
            Err(error) => return self.is_bad(error.at_line(line).in_file(file)),
        };
        if self.scattered.is_some() {
            return;
        }
        let goes_on = self.batch.last();
        if goes_on.is_none_or(|article| article.id != record.article) {
            self.close();
            if self.rows >= BATCH {
                if self.bad_rows == 0 {
                    (self.each)(&self.batch);
                }
                self.batch.clear();
                self.rows = 0;
            }
            let id = std::mem::take(&mut record.article);
            let hashes = [1, 2].map(|seed| FixedState::with_seed(seed).hash_one(&id));
            if !self.seen.insert(hashes) {
                let message = format!("rows of article {id:?} do not stand together");
                let error = Error::new(ErrorKind::Data, message);
                self.scattered = Some(error.at_line(line).in_file(file));
                return;
            }
            self.batch.push(LabelledArticle {
                id,
                columns: Default::default(),
                paragraphs: Vec::new(),
            });
        }
        if let Some(article) = self.batch.last_mut() {
            add_row(article, record, file, line);
            self.rows += 1;
        }
    }

    /// Ends the article that is being read.
    fn close(&mut self) {
        let mut errors = Vec::new();
        if let Some(article) = self.batch.last_mut() {
            settle(article, &mut |error| errors.push(error));
        }
        errors.into_iter().for_each(|error| self.is_bad(error));
    }

    fn is_bad(&mut self, error: Error) {
        self.bad_rows += 1;
        if self.bad.len() < NAMED {
            self.bad.push(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streamed(text: &str) -> (Result<Vec<LabelledArticle>>, bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.jsonl");
        std::fs::write(&path, text).unwrap();
        let (paths, limits) = ([path], Limits::default());
        let mut stream = Stream::new(&paths, &limits);
        let mut articles = Vec::new();
        let done = stream.for_each_batch(&mut |batch| articles.extend_from_slice(batch));
        (done.map(|()| articles), stream.is_scattered())
    }

    fn row(article: usize, index: usize) -> String {
        format!(
            "{{\"article\":{article},\"index\":{index},\"label\":\"reporting\",\"text\":\"w{index}\"}}\n"
        )
    }

    /// More than two batches, and rows of an article the wrong way round.
    #[test]
    fn a_stream_gives_what_reading_gives() {
        let mut text: String = (0..2 * BATCH).map(|n| row(n / 3, 2 - n % 3)).collect();
        text.push_str(&row(2 * BATCH, 0));
        let corpus = Corpus::from_bytes("x.jsonl", text.as_bytes(), &Limits::default()).unwrap();
        let (streamed, _) = streamed(&text);
        let streamed = Corpus {
            articles: streamed.unwrap(),
        };
        assert_eq!(streamed.articles.len(), corpus.articles.len());
        assert_eq!(streamed.digest(), corpus.digest());
    }

    #[test]
    fn what_is_bad_is_named() {
        let (got, scattered) = streamed(&format!("{}{}{}", row(1, 0), row(2, 0), row(1, 1)));
        let message = got.unwrap_err().to_string();
        assert!(
            scattered && message.contains("x.jsonl:3: rows of article \"1\" do not"),
            "{message}"
        );
        let text = format!("{}{{\n{}", row(1, 0), row(1, 0));
        let (got, scattered) = streamed(&text);
        let message = got.unwrap_err().to_string();
        assert!(!scattered && message.contains("2 bad rows"), "{message}");
        assert!(
            message.contains("x.jsonl:3: article \"1\" has index 0 a second time"),
            "{message}"
        );
        assert_eq!(streamed("\n").0.unwrap_err().kind(), ErrorKind::Empty);
    }
}
