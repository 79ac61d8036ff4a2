//! The output of `copydesk classify` in one of its forms.

use std::fmt;
use std::sync::OnceLock;

use copydesk::article::{Article, Format, Reader};
use copydesk::classify::Session;
use copydesk::report::csv::Table;
use copydesk::report::page::{BlockRow, Page, RowLine};
use copydesk::report::style::Style;
use copydesk::report::{article, dolma, json, labels, rest, table};
use copydesk::rows::{Content, Field, Position, RowItem};
use copydesk::text::Language;
use copydesk::{Error, ErrorKind, Scores};

use super::args::PageFormat;
use super::input::Sink;
use super::messages::Failure;
use super::resume::Keeper;

/// What became of the articles of a batch, or of the lines of a block.
#[derive(Default)]
pub(crate) struct Worded {
    /// Their part of the output.
    pub(crate) bytes: Vec<u8>,
    /// Where each article's part of that ends.
    pub(crate) ends: Vec<usize>,
    /// Why some have no answer.
    pub(crate) failed: Vec<Error>,
    /// How many are in another language than the model, and which is the first.
    pub(crate) foreign: Option<(u64, String)>,
    /// Rows or lines that were read.
    pub(crate) count: usize,
    /// The place from which a later run may go on after them.
    pub(crate) place: Option<Position>,
}

impl Worded {
    /// Notes an article in another language.
    fn foreign(&mut self, said: String) {
        self.foreign.get_or_insert((0, said)).0 += 1;
    }
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

/// How answers are worded. Threads share it.
pub(crate) struct Wording {
    pub(crate) format: PageFormat,
    /// Whether there is one row an article.
    pub(crate) per_article: bool,
    /// The model, and the language that it knows.
    pub(crate) model: String,
    pub(crate) language: Language,
    pub(crate) style: Style,
    /// Whether furniture is left out.
    pub(crate) drop_furniture: bool,
    /// The form of CSV and TSV, as soon as it is known which columns pass through.
    pub(crate) table: OnceLock<Table>,
}

/// The output in one of its forms.
pub(crate) struct Report<'a> {
    sink: Sink,
    wording: &'a Wording,
    /// Whether several articles stand in one JSON array.
    array: bool,
    /// Whether nothing has been written yet.
    empty: bool,
    /// Keeps progress, where that is asked for.
    keeper: Option<Keeper>,
    /// Articles that were read in this run.
    articles: u64,
}

impl<'a> Report<'a> {
    pub(crate) fn new(sink: Sink, wording: &'a Wording) -> Report<'a> {
        Report {
            sink,
            wording,
            array: false,
            empty: true,
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
            self.wording.expect_rest(rest);
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
            keeper.progress.rest = self.wording.table.get().map(|table| table.rest.clone());
            out.checkpoint(&keeper.progress.note())?;
        }
        Ok(())
    }

    /// Says, before anything is written, that several articles may come.
    pub(crate) fn expect_several(&mut self) {
        self.array |= self.empty && self.wording.format == PageFormat::Json;
    }

    /// Writes one page.
    pub(crate) fn page(
        &mut self,
        doc: &str,
        article: &Article,
        scores: &[Option<Scores>],
        language: Option<&str>,
    ) -> Result<(), Failure> {
        let wording = self.wording;
        let page = Page {
            doc,
            article,
            scores,
            language,
            drop_furniture: wording.drop_furniture,
        };
        let mut out = Vec::new();
        match wording.format {
            // A page may be as large as a corpus: it is written block by block.
            PageFormat::Jsonl | PageFormat::Csv | PageFormat::Tsv if !wording.per_article => {
                for row in page.rows() {
                    wording.block(&row, &mut out);
                    if out.len() >= 1 << 16 {
                        self.put(&out)?;
                        out.clear();
                    }
                }
            }
            _ if wording.per_article => wording.article(&page, &[], &mut out),
            _ => wording.whole(&page, &mut out),
        }
        self.put(&out)
    }

    /// Writes what was worded, with what has to stand between articles.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let wording = self.wording;
        let first = std::mem::replace(&mut self.empty, false);
        match wording.format {
            PageFormat::Json if self.array => self.sink.put(if first { b"[\n" } else { b",\n" })?,
            PageFormat::Json if !first => self.sink.put(b"\n")?,
            PageFormat::Table if first && wording.per_article => {
                self.sink.put(article::TABLE_HEADER.as_bytes())?;
            }
            PageFormat::Table if !first && !wording.per_article => self.sink.put(b"\n")?,
            PageFormat::Csv | PageFormat::Tsv if first => {
                let mut header = Vec::new();
                match wording.per_article {
                    true => wording.table().header_of(&article::FIELDS, &mut header),
                    false => wording.table().header(&mut header),
                }
                self.sink.put(&header)?;
            }
            _ => {}
        }
        self.sink.put(bytes)
    }

    /// Writes what was worded of a batch of articles.
    pub(crate) fn put_articles(&mut self, worded: &Worded) -> Result<(), Failure> {
        let parted = matches!(self.wording.format, PageFormat::Json | PageFormat::Table);
        if !parted && !worded.ends.is_empty() {
            return self.put(&worded.bytes);
        }
        let mut from = 0;
        for &end in &worded.ends {
            self.put(&worded.bytes[from..end])?;
            from = end;
        }
        Ok(())
    }

    /// Writes what was worded of lines, which nothing parts. They are on their way at once: whoever sent
    /// them may be waiting.
    pub(crate) fn put_lines(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self.wording.format {
            _ if bytes.is_empty() => return Ok(()),
            PageFormat::Table => self.sink.put(bytes)?,
            _ => self.put(bytes)?,
        }
        self.sink.flush()
    }

    pub(crate) fn close(mut self) -> Result<(), Failure> {
        match self.wording.format {
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

impl Wording {
    /// Says which columns of the input pass through: in tables, those of the first rows. Once something
    /// has been written it is too late.
    pub(crate) fn expect_rest(&self, names: impl IntoIterator<Item = impl Into<String>>) {
        self.table_with(|| names.into_iter().map(Into::into).collect());
    }

    fn table(&self) -> &Table {
        self.table_with(Vec::new)
    }

    fn table_with(&self, rest: impl FnOnce() -> Vec<String>) -> &Table {
        self.table.get_or_init(|| Table {
            delimiter: match self.format {
                PageFormat::Tsv => b'\t',
                _ => b',',
            },
            rest: rest(),
        })
    }

    /// One block by itself; in a JSON array, after those before it.
    pub(crate) fn block(&self, row: &BlockRow<'_>, out: &mut Vec<u8>) {
        match self.format {
            PageFormat::Csv | PageFormat::Tsv => self.table().row(row, None, &[], out),
            PageFormat::Table => out.extend_from_slice(table::row(row, self.style).as_bytes()),
            PageFormat::Json => {
                if !out.is_empty() {
                    out.extend_from_slice(b",\n");
                }
                json::block(row, out);
                out.pop();
            }
            _ => json::block(row, out),
        }
    }

    /// Classifies and words one row item, or what it failed with.
    pub(crate) fn word(
        &self,
        item: copydesk::Result<RowItem>,
        session: &mut Session<'_>,
        reader: &Reader,
        worded: &mut Worded,
    ) {
        let before = worded.bytes.len();
        let error = match item {
            Ok(item) => match self.item(&item, session, reader, worded) {
                Ok(()) => {
                    worded.ends.push(worded.bytes.len());
                    return;
                }
                Err(error) => {
                    worded.bytes.truncate(before);
                    self.without_answer(&error, Some(&item), &mut worded.bytes);
                    error
                }
            },
            Err(error) => {
                self.without_answer(&error, None, &mut worded.bytes);
                error
            }
        };
        worded.failed.push(error);
        if worded.bytes.len() > before {
            worded.ends.push(worded.bytes.len());
        }
    }

    /// What stands in the output for a row that failed.
    fn without_answer(&self, error: &Error, item: Option<&RowItem>, out: &mut Vec<u8>) {
        // The stream itself is no document.
        if self.format != PageFormat::Dolma || error.kind() == ErrorKind::Read {
            return;
        }
        match item {
            Some(RowItem::Article { id, .. }) => dolma::empty(id, out),
            Some(RowItem::Paragraphs { rows, .. }) => {
                for row in rows {
                    dolma::empty(&row.line.to_string(), out);
                }
            }
            None => {
                let id = error.line().map_or(String::new(), |line| line.to_string());
                dolma::empty(&id, out);
            }
        }
    }

    fn item(
        &self,
        item: &RowItem,
        session: &mut Session<'_>,
        reader: &Reader,
        worded: &mut Worded,
    ) -> copydesk::Result<()> {
        if self.format == PageFormat::Dolma {
            documents_only(item)?;
        }
        let article = item.to_article(reader)?;
        let scores = session.classify(&article);
        let language = session.language();
        let out = &mut worded.bytes;
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
                    dolma::document(&page, text, out).map_err(|error| error.at_line(*line))?;
                }
            }
            _ if self.per_article => self.article(&page, item.rest(), out),
            (PageFormat::Jsonl, RowItem::Paragraphs { rows, .. }) => {
                for (row, scores) in rows.iter().zip(&scores) {
                    let line = RowLine::new(row, scores.as_ref(), language);
                    rest::row(&line, &row.rest, out);
                }
            }
            (PageFormat::Csv | PageFormat::Tsv, RowItem::Paragraphs { rows, .. }) => {
                for (row, block) in rows.iter().zip(page.rows()) {
                    self.table().row(&block, Some(row), &row.rest, out);
                }
            }
            (PageFormat::Jsonl, RowItem::Article { rest, .. }) => {
                for row in page.rows() {
                    rest::block(&row, rest, out);
                }
            }
            (PageFormat::Csv | PageFormat::Tsv, RowItem::Article { rest, .. }) => {
                for row in page.rows() {
                    self.table().row(&row, None, rest, out);
                }
            }
            _ => self.whole(&page, out),
        }
        if let Some(foreign) = Foreign::of(language, self.language) {
            worded.foreign(format!("{}: {foreign}", item.id()));
        }
        Ok(())
    }

    /// One row an article.
    fn article(&self, page: &Page<'_>, rest: &[Field], out: &mut Vec<u8>) {
        match self.format {
            PageFormat::Table | PageFormat::Html => {
                out.extend_from_slice(article::table_line(page).as_bytes());
            }
            PageFormat::Csv | PageFormat::Tsv => {
                self.table().line(article::texts(page), rest, out);
            }
            PageFormat::Jsonl | PageFormat::Json | PageFormat::Dolma | PageFormat::Labels => {
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
            PageFormat::Labels => {
                let scores = page.scores.iter().flatten();
                scores.for_each(|scores| labels::line(scores, out));
            }
            _ => out.extend_from_slice(table::page(page, self.style).as_bytes()),
        }
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
