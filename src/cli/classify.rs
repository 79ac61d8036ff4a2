//! `copydesk classify`: pages and rows in, labelled blocks out, in input order.

use std::fmt;
use std::io::BufRead;

use copydesk::article::Article;
use copydesk::classify::Session;
use copydesk::report::page::{Page, RowLine};
use copydesk::report::style::Style;
use copydesk::report::{csv, json, table};
use copydesk::rows::{RowItem, RowReader};
use copydesk::text::Language;
use copydesk::{Limits, Scores};
use rayon::prelude::*;

use super::args::{Classify, PageFormat};
use super::input::{Content, Input, Sink, or_stdin};
use super::messages::{Failure, Messages, say};
use super::{render, terminal};

/// Text that is classified at once, shared by the threads.
const BATCH_BYTES: usize = 4 << 20;
/// Rows that are classified at once, however short.
const BATCH_ROWS: usize = 1 << 14;

pub(crate) fn run(args: &Classify, messages: &mut Messages) -> Result<(), Failure> {
    if args.format == Some(PageFormat::Html) {
        return render::one(args);
    }
    let limits = Limits::default();
    let (model, model_name) = args.model.load(&limits)?;
    let sink = Sink::open(&args.output)?;
    let format = args.format.unwrap_or(if sink.is_terminal() {
        PageFormat::Table
    } else {
        PageFormat::Jsonl
    });
    let files = or_stdin(&args.files);
    let language = model.space().language;
    let mut report = Report::new(sink, format, model_name, terminal::style(&args.output));
    if files.len() > 1 {
        report.expect_several();
    }
    let mut sessions = vec![model.session()];
    for path in &files {
        let opened = Input::open(path).and_then(|mut input| {
            let content = input.content(args.from)?;
            Ok((input, content))
        });
        let (input, content) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                messages.input_failed(&error);
                continue;
            }
        };
        let name = input.name.clone();
        match content {
            Content::Page(format) => {
                let article = input
                    .bytes(&limits)
                    .and_then(|bytes| Article::from_bytes(&bytes, format, &limits));
                match article {
                    Ok(article) => {
                        for notice in article.notices() {
                            say(format_args!("{name}: {notice}"));
                        }
                        let scores = sessions[0].classify(&article);
                        let spoken = sessions[0].language();
                        if let Some(foreign) = Foreign::of(spoken, language) {
                            say(format_args!("{name}: {foreign}"));
                        }
                        report.page(&name, &article, &scores, spoken)?;
                    }
                    Err(error) => messages.input_failed(&error.in_file(&name)),
                }
            }
            Content::Rows(format) => {
                report.expect_several();
                sessions.resize_with(args.threads.count(), || model.session());
                match RowReader::new(input.into_reader(), format, &limits) {
                    Ok(rows) => args.threads.install(|| {
                        classify_rows(
                            &name,
                            rows,
                            &mut sessions,
                            language,
                            &mut report,
                            &limits,
                            messages,
                        )
                    })?,
                    Err(error) => messages.input_failed(&error.in_file(&name)),
                }
            }
        }
    }
    report.close()
}

/// Classifies a stream of rows batch by batch: each thread takes a run of articles, and what they
/// made is written in the order of the stream.
fn classify_rows(
    name: &str,
    mut rows: RowReader<impl BufRead + Send>,
    sessions: &mut [Session<'_>],
    language: Language,
    report: &mut Report,
    limits: &Limits,
    messages: &mut Messages,
) -> Result<(), Failure> {
    let mut batch = Vec::new();
    let mut foreign: Option<(u64, String)> = None;
    loop {
        batch.clear();
        let (mut bytes, mut at_end) = (0, false);
        while bytes < BATCH_BYTES && batch.len() < BATCH_ROWS {
            match rows.next() {
                Some(Ok(item)) => {
                    bytes += item.bytes();
                    batch.push(item);
                }
                Some(Err(error)) => messages.input_failed(&error.in_file(name)),
                None => {
                    at_end = true;
                    break;
                }
            }
        }
        let run = batch.len().div_ceil(sessions.len()).max(1);
        let made: Vec<Vec<Made>> = sessions
            .par_iter_mut()
            .zip(batch.par_chunks(run))
            .map(|(session, items)| {
                let classify = |item| report.item(item, session, language, limits);
                items.iter().map(classify).collect()
            })
            .collect();
        for made in made.into_iter().flatten() {
            match made {
                Ok(made) => {
                    if let Some(said) = made.foreign {
                        foreign.get_or_insert((0, said)).0 += 1;
                    }
                    report.put(&made.bytes)?;
                }
                Err(error) => messages.input_failed(&error.in_file(name)),
            }
        }
        if at_end {
            if let Some((articles, first)) = foreign {
                say(format_args!(
                    "{name}: {articles} articles are not in the model's language; the first: {first}"
                ));
            }
            return Ok(());
        }
    }
}

/// What became of one article: its part of the output, or why there is none.
type Made = copydesk::Result<Worded>;

struct Worded {
    bytes: Vec<u8>,
    /// Which article, and that it is in another language than the model.
    foreign: Option<String>,
}

/// The language of an article when it is known to be another one than the model's.
struct Foreign<'a> {
    spoken: &'a str,
    model: Language,
}

impl<'a> Foreign<'a> {
    fn of(spoken: Option<&'a str>, model: Language) -> Option<Foreign<'a>> {
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
struct Report {
    sink: Sink,
    format: PageFormat,
    model: String,
    style: Style,
    /// Whether several articles stand in one JSON array.
    array: bool,
    /// Whether nothing has been written yet.
    empty: bool,
}

impl Report {
    fn new(sink: Sink, format: PageFormat, model: String, style: Style) -> Report {
        Report {
            sink,
            format,
            model,
            style,
            array: false,
            empty: true,
        }
    }

    /// Says, before anything is written, that several articles may come.
    fn expect_several(&mut self) {
        self.array |= self.empty && self.format == PageFormat::Json;
    }

    /// Writes one page.
    fn page(
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
        };
        // A page may be as large as a corpus: it is written block by block.
        match self.format {
            PageFormat::Jsonl | PageFormat::Csv => {
                let mut out = Vec::new();
                for row in page.rows() {
                    match self.format {
                        PageFormat::Csv => csv::row(&row, None, &mut out),
                        _ => json::line(&row, &mut out),
                    }
                    if out.len() >= 1 << 16 {
                        self.put(&out)?;
                        out.clear();
                    }
                }
                self.put(&out)
            }
            PageFormat::Json | PageFormat::Table | PageFormat::Html => {
                let mut out = Vec::new();
                self.whole(&page, &mut out);
                self.put(&out)
            }
        }
    }

    /// Classifies and words one row item. Does not write: threads share it.
    fn item(
        &self,
        item: &RowItem,
        session: &mut Session<'_>,
        model: Language,
        limits: &Limits,
    ) -> Made {
        let article = item.to_article(limits)?;
        let scores = session.classify(&article);
        let language = session.language();
        let mut out = Vec::new();
        let page = Page {
            doc: item.id(),
            article: &article,
            scores: &scores,
            language,
        };
        match (self.format, item) {
            (PageFormat::Jsonl, RowItem::Paragraphs { rows, .. }) => {
                for (row, scores) in rows.iter().zip(&scores) {
                    json::line(&RowLine::new(row, scores.as_ref(), language), &mut out);
                }
            }
            (PageFormat::Csv, RowItem::Paragraphs { rows, .. }) => {
                for (row, block) in rows.iter().zip(page.rows()) {
                    csv::row(&block, Some(row), &mut out);
                }
            }
            (PageFormat::Jsonl, RowItem::Article { .. }) => {
                page.rows().for_each(|row| json::line(&row, &mut out));
            }
            (PageFormat::Csv, RowItem::Article { .. }) => {
                page.rows().for_each(|row| csv::row(&row, None, &mut out));
            }
            (PageFormat::Json | PageFormat::Table | PageFormat::Html, _) => {
                self.whole(&page, &mut out);
            }
        }
        Ok(Worded {
            bytes: out,
            foreign: Foreign::of(language, model)
                .map(|foreign| format!("{}: {foreign}", item.id())),
        })
    }

    fn whole(&self, page: &Page<'_>, out: &mut Vec<u8>) {
        match self.format {
            PageFormat::Json => json::article(page, &self.model, out),
            _ => out.extend_from_slice(table::page(page, self.style).as_bytes()),
        }
    }

    /// Writes what was worded, with what has to stand between articles.
    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let first = std::mem::replace(&mut self.empty, false);
        match self.format {
            PageFormat::Json if self.array => self.sink.put(if first { b"[\n" } else { b",\n" })?,
            PageFormat::Json if !first => self.sink.put(b"\n")?,
            PageFormat::Table if !first => self.sink.put(b"\n")?,
            PageFormat::Csv if first => {
                let mut header = Vec::new();
                csv::header(&mut header);
                self.sink.put(&header)?;
            }
            _ => {}
        }
        self.sink.put(bytes)
    }

    fn close(mut self) -> Result<(), Failure> {
        match self.format {
            PageFormat::Json if self.array && self.empty => self.sink.put(b"[]\n")?,
            PageFormat::Json if self.array => self.sink.put(b"\n]\n")?,
            PageFormat::Json if !self.empty => self.sink.put(b"\n")?,
            PageFormat::Csv if self.empty => self.put(b"")?,
            _ => {}
        }
        self.sink.finish()
    }
}
