//! The output of `copydesk classify` in one of its forms.

use std::fmt;

use copydesk::article::{Article, Format, Reader};
use copydesk::classify::Session;
use copydesk::report::csv::Table;
use copydesk::report::page::{BlockRow, Page, RowLine};
use copydesk::report::style::Style;
use copydesk::report::{article, dolma, json, rest, table};
use copydesk::rows::{Content, Field, Position, RowItem};
use copydesk::text::Language;
use copydesk::{Error, ErrorKind, Scores};

use super::args::PageFormat;
use super::input::Sink;
use super::messages::Failure;
use super::resume::Keeper;

/// What became of one article.
#[derive(Default)]
pub(crate) struct Worded {
    /// Why it has no answer.
    pub(crate) failed: Option<Error>,
    /// Its part of the output.
    pub(crate) bytes: Vec<u8>,
    /// Which article, and that it is in another language than the model.
    pub(crate) foreign: Option<String>,
}

/// The language of an article when it is known to be another one than the model's.
pub(crate) struct Foreign<'a> {
    spoken: &'a str,
    model: Language,
}

impl<'a> Foreign<'a> {
    pub(crate) fn of(spoken: Option<&'a str>, model: Language) -> Option<Foreign<'a>> {
        let spoken = spoken.filter(|spoken| *spoken != model.name())?;
        Some(Foreign { spoken, model })
    }
}

impl fmt::Display for Foreign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the text looks {}, the model knows {}: its labels mean little here",
            self.spoken, self.model
        )
    }
}

/// The output in one of its forms.
pub(crate) struct Report {
    sink: Sink,
    format: PageFormat,
    /// Whether there is one row an article.
    per_article: bool,
    model: String,
    style: Style,
    /// Whether furniture is left out.
    pub(crate) drop_furniture: bool,
    /// Whether several articles stand in one JSON array.
    array: bool,
    /// Whether nothing has been written yet.
    empty: bool,
    /// The form of CSV and TSV.
    table: Table,
    /// Whether it is known which columns pass through.
    knows_rest: bool,
    /// Keeps progress, where that is asked for.
    keeper: Option<Keeper>,
    /// Articles that were read in this run.
    articles: u64,
}

impl Report {
    pub(crate) fn new(
        sink: Sink,
        format: PageFormat,
        per_article: bool,
        model: String,
        style: Style,
    ) -> Report {
        Report {
            sink,
            format,
            per_article,
            model,
            style,
            drop_furniture: false,
            array: false,
            empty: true,
            table: Table {
                delimiter: match format {
                    PageFormat::Tsv => b'\t',
                    _ => b',',
                },
                rest: Vec::new(),
            },
            knows_rest: false,
            keeper: None,
            articles: 0,
        }
    }

    /// Counts articles; how many there were so far.
    pub(crate) fn count(&mut self, more: usize) -> u64 {
        self.articles += more as u64;
        self.articles
    }

    /// Goes on after what an earlier run has written, and keeps progress for a later one.
    pub(crate) fn go_on(&mut self, keeper: Keeper) {
        let progress = &keeper.progress;
        if let Some(rest) = &progress.rest {
            self.table.rest.clone_from(rest);
            self.knows_rest = true;
        }
        self.empty = progress.output == 0;
        self.keeper = Some(keeper);
    }

    /// Number of the input with which to begin, and the place in it.
    pub(crate) fn begin(&self) -> (usize, Position) {
        self.keeper
            .as_ref()
            .map_or_else(Default::default, |keeper| {
                (keeper.progress.input, keeper.progress.position)
            })
    }

    /// Rows that may be read before something is written.
    pub(crate) fn most_rows(&self) -> usize {
        self.keeper.as_ref().map_or(usize::MAX, Keeper::every)
    }

    /// A place is reached from which a later run may go on: keeps it when it is time.
    pub(crate) fn reach(
        &mut self,
        rows: usize,
        input: usize,
        place: Position,
        failed: u64,
    ) -> Result<(), Failure> {
        let keeper = self.keeper.as_mut();
        match keeper.is_some_and(|keeper| keeper.reach(rows as u64, input, place, failed)) {
            true => self.keep(),
            false => Ok(()),
        }
    }

    fn keep(&mut self) -> Result<(), Failure> {
        if let (Sink::Resumable(out), Some(keeper)) = (&mut self.sink, &mut self.keeper) {
            keeper.progress.output = out.length();
            keeper.progress.rest = self.knows_rest.then(|| self.table.rest.clone());
            out.checkpoint(&keeper.progress.note())?;
        }
        Ok(())
    }

    /// Says, before anything is written, that several articles may come.
    pub(crate) fn expect_several(&mut self) {
        self.array |= self.empty && self.format == PageFormat::Json;
    }

    /// Says, before anything is written, which columns of the input pass through: in tables, those
    /// of the first rows.
    pub(crate) fn expect_rest(&mut self, names: impl IntoIterator<Item = impl Into<String>>) {
        if self.empty && !self.knows_rest {
            self.table.rest = names.into_iter().map(Into::into).collect();
            self.knows_rest = true;
        }
    }

    /// Writes one page.
    pub(crate) fn page(
        &mut self,
        doc: &str,
        article: &Article,
        scores: &[Option<Scores>],
        language: Option<&str>,
    ) -> Result<(), Failure> {
        let page = Page {
            doc,
            article,
            scores,
            language,
            drop_furniture: self.drop_furniture,
        };
        if self.per_article || self.format == PageFormat::Dolma {
            let mut out = Vec::new();
            self.article(&page, &[], &mut out);
            return self.put(&out);
        }
        // A page may be as large as a corpus: it is written block by block.
        match self.format {
            PageFormat::Jsonl | PageFormat::Csv | PageFormat::Tsv => {
                let mut out = Vec::new();
                for row in page.rows() {
                    match self.format {
                        PageFormat::Jsonl => json::line(&row, &mut out),
                        _ => self.table.row(&row, None, &[], &mut out),
                    }
                    if out.len() >= 1 << 16 {
                        self.put(&out)?;
                        out.clear();
                    }
                }
                self.put(&out)
            }
            PageFormat::Json | PageFormat::Table | PageFormat::Dolma | PageFormat::Html => {
                let mut out = Vec::new();
                self.whole(&page, &mut out);
                self.put(&out)
            }
        }
    }

    /// Classifies and words one row item, or what it failed with. Does not write: threads share it.
    pub(crate) fn word(
        &self,
        item: copydesk::Result<RowItem>,
        session: &mut Session<'_>,
        model: Language,
        reader: &Reader,
    ) -> Worded {
        let (error, ids) = match item {
            Ok(item) => match self.item(&item, session, model, reader) {
                Ok(worded) => return worded,
                Err(error) => match &item {
                    RowItem::Article { id, .. } => (error, vec![id.clone()]),
                    RowItem::Paragraphs { rows, .. } => {
                        let ids = rows.iter().map(|row| row.line.to_string());
                        (error, ids.collect())
                    }
                },
            },
            Err(error) => {
                let id = error.line().map_or(String::new(), |line| line.to_string());
                (error, vec![id])
            }
        };
        let mut bytes = Vec::new();
        // The stream itself is no document.
        if self.format == PageFormat::Dolma && error.kind() != ErrorKind::Read {
            ids.iter().for_each(|id| dolma::empty(id, &mut bytes));
        }
        Worded {
            failed: Some(error),
            bytes,
            foreign: None,
        }
    }

    fn item(
        &self,
        item: &RowItem,
        session: &mut Session<'_>,
        model: Language,
        reader: &Reader,
    ) -> copydesk::Result<Worded> {
        if self.format == PageFormat::Dolma {
            documents_only(item)?;
        }
        let article = item.to_article(reader)?;
        let scores = session.classify(&article);
        let language = session.language();
        let mut out = Vec::new();
        let page = Page {
            doc: item.id(),
            article: &article,
            scores: &scores,
            language,
            // Rows that are paragraphs are the user's own, whatever their kind.
            drop_furniture: self.drop_furniture && matches!(item, RowItem::Article { .. }),
        };
        match (self.format, item) {
            (PageFormat::Dolma, RowItem::Article { line, content, .. }) => {
                if let Content::Page(text, _) = content {
                    dolma::document(&page, text, &mut out).map_err(|error| error.at_line(*line))?;
                }
            }
            _ if self.per_article => self.article(&page, item.rest(), &mut out),
            (PageFormat::Jsonl, RowItem::Paragraphs { rows, .. }) => {
                for (row, scores) in rows.iter().zip(&scores) {
                    let line = RowLine::new(row, scores.as_ref(), language);
                    rest::line(&line, &row.rest, &BlockRow::FIELDS, &mut out);
                }
            }
            (PageFormat::Csv | PageFormat::Tsv, RowItem::Paragraphs { rows, .. }) => {
                for (row, block) in rows.iter().zip(page.rows()) {
                    self.table.row(&block, Some(row), &row.rest, &mut out);
                }
            }
            (PageFormat::Jsonl, RowItem::Article { rest, .. }) => {
                for row in page.rows() {
                    rest::line(&row, rest, &BlockRow::FIELDS, &mut out);
                }
            }
            (PageFormat::Csv | PageFormat::Tsv, RowItem::Article { rest, .. }) => {
                for row in page.rows() {
                    self.table.row(&row, None, rest, &mut out);
                }
            }
            (PageFormat::Json | PageFormat::Table | PageFormat::Dolma | PageFormat::Html, _) => {
                self.whole(&page, &mut out);
            }
        }
        Ok(Worded {
            failed: None,
            bytes: out,
            foreign: Foreign::of(language, model)
                .map(|foreign| format!("{}: {foreign}", item.id())),
        })
    }

    /// One row an article.
    fn article(&self, page: &Page<'_>, rest: &[Field], out: &mut Vec<u8>) {
        match self.format {
            PageFormat::Table | PageFormat::Html => {
                out.extend_from_slice(article::table_line(page).as_bytes());
            }
            PageFormat::Csv | PageFormat::Tsv => {
                self.table.line(article::texts(page), rest, out);
            }
            PageFormat::Jsonl | PageFormat::Json | PageFormat::Dolma => {
                rest::line(&article::object(page), rest, &article::FIELDS, out);
                if self.format == PageFormat::Json {
                    out.pop();
                }
            }
        }
    }

    fn whole(&self, page: &Page<'_>, out: &mut Vec<u8>) {
        match self.format {
            PageFormat::Json => json::article(page, &self.model, out),
            _ => out.extend_from_slice(table::page(page, self.style).as_bytes()),
        }
    }

    /// Writes what was worded, with what has to stand between articles.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let first = std::mem::replace(&mut self.empty, false);
        match self.format {
            PageFormat::Json if self.array => self.sink.put(if first { b"[\n" } else { b",\n" })?,
            PageFormat::Json if !first => self.sink.put(b"\n")?,
            PageFormat::Table if first && self.per_article => {
                self.sink.put(article::TABLE_HEADER.as_bytes())?;
            }
            PageFormat::Table if !first && !self.per_article => self.sink.put(b"\n")?,
            PageFormat::Csv | PageFormat::Tsv if first => {
                let mut header = Vec::new();
                match self.per_article {
                    true => self.table.header_of(&article::FIELDS, &mut header),
                    false => self.table.header(&mut header),
                }
                self.sink.put(&header)?;
            }
            _ => {}
        }
        self.sink.put(bytes)
    }

    pub(crate) fn close(mut self) -> Result<(), Failure> {
        match self.format {
            PageFormat::Json if self.array && self.empty => self.sink.put(b"[]\n")?,
            PageFormat::Json if self.array => self.sink.put(b"\n]\n")?,
            PageFormat::Json if !self.empty => self.sink.put(b"\n")?,
            PageFormat::Csv | PageFormat::Tsv if self.empty => self.put(b"")?,
            _ => {}
        }
        self.keep()?;
        self.sink.finish()
    }
}

/// Dolma's spans point into the `text` of a document.
fn documents_only(item: &RowItem) -> copydesk::Result<()> {
    let (line, is_document) = match item {
        RowItem::Article {
            line,
            content: Content::Page(_, Format::Text),
            ..
        } => (*line, true),
        RowItem::Article { line, .. } => (*line, false),
        RowItem::Paragraphs { rows, .. } => (rows.first().map_or(0, |row| row.line), false),
    };
    match is_document {
        true => Ok(()),
        false => Err(
            Error::new(ErrorKind::Data, "row is no document with a text of its own")
                .at_line(line)
                .hint("--format dolma takes articles with `id` and `text`"),
        ),
    }
}
