//! `copydesk classify`: pages and rows in, labelled blocks out, in input order.

use std::io::BufRead;
use std::sync::OnceLock;

use copydesk::article::Reader;
use copydesk::classify::Session;
use copydesk::rows::{LineBlocks, Position, RowItem, RowReader};
use copydesk::{Error, ErrorKind, Limits};

use super::args::{Classify, InputFormat, PageFormat};
use super::input::{Content, Input, Sink, or_stdin};
use super::lines;
use super::messages::{Failure, Messages, say};
use super::output::{Foreign, Report, Worded, Wording};
use super::pipeline;
use super::progress;
use super::render;
use super::resume::{Keeper, Progress};
use super::terminal;
use super::walk;

/// Text of rows that a thread takes at once.
const BATCH_BYTES: usize = 1 << 18;
/// Rows that it takes at once, however short.
const BATCH_ROWS: usize = 1 << 12;

pub(crate) fn run(args: &Classify, messages: &mut Messages) -> Result<(), Failure> {
    check(args)?;
    if args.format == Some(PageFormat::Html) {
        return render::one(args);
    }
    let limits = Limits::default();
    let reader = args.read.reader()?;
    // The stream of rows is turned to UTF-8 as a whole.
    let row_reader = Reader {
        encoding: None,
        ..reader.clone()
    };
    let (model, model_name) = args.model.load(&limits)?;
    let files = walk::files(&or_stdin(&args.files), messages);
    let (sink, progress) = match &args.output.output {
        Some(path) if args.resume => {
            let format = args.format.unwrap_or(PageFormat::Jsonl);
            let (progress, output) = Progress::start(args, path, format, &model, &files)?;
            (Sink::Resumable(Box::new(output)), Some(progress))
        }
        _ => (Sink::open(&args.output)?, None),
    };
    let format = args.format.unwrap_or(if sink.is_terminal() {
        PageFormat::Table
    } else {
        PageFormat::Jsonl
    });
    if !args.quiet && !sink.is_terminal() {
        progress::show(&files);
    }
    let columns = args.columns.names();
    let wording = Wording {
        format,
        per_article: args.per_article,
        model: model_name,
        language: model.space().language,
        style: terminal::style(&args.output),
        drop_furniture: args.drop_furniture,
        table: OnceLock::new(),
    };
    let mut report = Report::new(sink, &wording);
    if files.len() > 1 {
        report.expect_several();
    }
    if let Some(progress) = progress {
        messages.failed_before(progress.failed);
        report.go_on(Keeper::new(progress, args.checkpoint));
    }
    let (first, place) = report.begin();
    let mut sessions = vec![model.session()];
    for (number, path) in files.iter().enumerate().skip(first) {
        report.reach(
            usize::from(number > first),
            number,
            if number == first {
                place
            } else {
                Position::default()
            },
            messages.failed(),
        )?;
        let opened = Input::open(path).and_then(|mut input| {
            let content = input.content(args.read.from)?;
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
            Content::Page(_) if format == PageFormat::Dolma => {
                let error = Error::new(ErrorKind::Data, "is a page, no file of documents");
                messages.input_failed(
                    &error
                        .in_file(&name)
                        .hint("--format dolma takes rows with `id` and `text`"),
                );
            }
            Content::Page(format) => {
                let article = input
                    .bytes(&limits)
                    .and_then(|bytes| reader.read(&bytes, format));
                match article {
                    Ok(article) => {
                        for notice in article.notices() {
                            say(format_args!("{name}: {notice}"));
                        }
                        let scores = sessions[0].classify(&article);
                        let spoken = sessions[0].language();
                        if let Some(foreign) = Foreign::of(spoken, wording.language) {
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
                let rows = RowReader::with_columns(
                    input.into_reader(args.read.encoding),
                    format,
                    &columns,
                    &limits,
                )
                .and_then(|mut rows| {
                    if number == first && place.byte > 0 {
                        rows.skip_to(place)?;
                    }
                    Ok(rows)
                });
                match rows {
                    Ok(rows) => {
                        if let Some(names) = rows.rest() {
                            wording.expect_rest(names);
                        }
                        let mut answers = Answers {
                            input: number,
                            name: &name,
                            report: &mut report,
                            messages,
                            foreign: None,
                        };
                        classify_rows(rows, &mut sessions, &wording, &row_reader, &mut answers)?;
                        answers.close();
                    }
                    Err(error) => messages.input_failed(&error.in_file(&name)),
                }
            }
            Content::Lines => {
                report.expect_several();
                sessions.resize_with(args.threads.count(), || model.session());
                let most = report.most_rows();
                let reader = input.into_reader(args.read.encoding);
                let mut blocks = LineBlocks::new(reader, most, &limits);
                let start = match number == first {
                    true => place,
                    false => Position::default(),
                };
                match blocks.skip_to(start) {
                    Ok(()) => {
                        let mut answers = Answers {
                            input: number,
                            name: &name,
                            report: &mut report,
                            messages,
                            foreign: None,
                        };
                        lines::classify(blocks, &mut sessions, &wording, &mut answers)?;
                    }
                    Err(error) => messages.input_failed(&error.in_file(&name)),
                }
            }
        }
    }
    report.reach(0, files.len(), Position::default(), messages.failed())?;
    report.close()
}

/// Refuses what does not go together.
fn check(args: &Classify) -> Result<(), Failure> {
    let columns = &args.columns;
    let lines = args.read.from == Some(InputFormat::Lines);
    let dolma = args.format == Some(PageFormat::Dolma);
    let labels = args.format == Some(PageFormat::Labels);
    let own_spans = "its spans point into each document's own text";
    let no_columns = "each line is a text as it stands, and has no columns";
    let a_line = "a line is one text, and its row is that of one label";
    let pairs = [
        (
            dolma,
            args.per_article,
            "--format dolma",
            "--per-article",
            own_spans,
        ),
        (
            dolma,
            columns.title_column.is_some(),
            "--format dolma",
            "--title-column",
            own_spans,
        ),
        (
            dolma,
            columns.html_column.is_some(),
            "--format dolma",
            "--html-column",
            own_spans,
        ),
        (
            dolma,
            lines,
            "--format dolma",
            "--from lines",
            "it takes rows with `id` and `text`",
        ),
        (
            lines,
            args.format == Some(PageFormat::Html),
            "--from lines",
            "--format html",
            "it makes a page of a page",
        ),
        (
            lines,
            args.per_article,
            "--from lines",
            "--per-article",
            a_line,
        ),
        (
            lines,
            columns.text_column.is_some(),
            "--from lines",
            "--text-column",
            no_columns,
        ),
        (
            lines,
            columns.html_column.is_some(),
            "--from lines",
            "--html-column",
            no_columns,
        ),
        (
            lines,
            columns.title_column.is_some(),
            "--from lines",
            "--title-column",
            no_columns,
        ),
        (
            lines,
            columns.id_column.is_some(),
            "--from lines",
            "--id-column",
            no_columns,
        ),
        (
            labels,
            args.per_article,
            "--format labels",
            "--per-article",
            "an article has shares, and no one label",
        ),
    ];
    match pairs.iter().find(|(one, other, ..)| *one && *other) {
        None => Ok(()),
        Some((_, _, one, other, why)) => Err(Failure::Error(
            Error::new(
                ErrorKind::Parameter,
                format!("{one} and {other} do not go together"),
            )
            .hint(*why),
        )),
    }
}

/// Where the answers to one input go.
pub(crate) struct Answers<'a, 'w> {
    /// Number of the input, and its name.
    pub(crate) input: usize,
    pub(crate) name: &'a str,
    pub(crate) report: &'a mut Report<'w>,
    pub(crate) messages: &'a mut Messages,
    foreign: Option<(u64, String)>,
}

impl Answers<'_, '_> {
    /// Says what failed of a batch, and takes note of how far its answers, which are written, reach.
    pub(crate) fn settle(&mut self, worded: Worded) -> Result<(), Failure> {
        progress::articles(self.report.count(worded.count));
        if let Some((count, first)) = worded.foreign {
            self.foreign.get_or_insert((0, first)).0 += count;
        }
        for error in worded.failed {
            self.messages.input_failed(&error.in_file(self.name));
        }
        match worded.place {
            Some(place) => {
                let failed = self.messages.failed();
                self.report.reach(worded.count, self.input, place, failed)
            }
            None => Ok(()),
        }
    }

    /// Says how many articles were in another language.
    fn close(self) {
        if let Some((articles, first)) = self.foreign {
            say(format_args!(
                "{}: {articles} articles are not in the model's language; the first: {first}",
                self.name
            ));
        }
    }
}

/// Rows that are read at once, and the place after them.
struct Batch {
    rows: Vec<copydesk::Result<RowItem>>,
    place: Option<Position>,
}

/// Classifies a stream of rows batch by batch.
fn classify_rows(
    mut rows: RowReader<impl BufRead + Send>,
    sessions: &mut [Session<'_>],
    wording: &Wording,
    reader: &Reader,
    answers: &mut Answers<'_, '_>,
) -> Result<(), Failure> {
    let most = BATCH_ROWS.min(answers.report.most_rows());
    let mut at_end = false;
    let read = || {
        if at_end {
            return None;
        }
        let mut batch = Vec::new();
        let mut bytes = 0;
        // Between the errors of one article's rows there is no place to go on from.
        while (bytes < BATCH_BYTES && batch.len() < most) || rows.position().is_none() {
            let Some(item) = rows.next() else {
                at_end = true;
                break;
            };
            bytes += item.as_ref().map_or(0, RowItem::bytes);
            batch.push(item);
        }
        if let Some(first) = batch.iter().flatten().next() {
            wording.expect_rest(first.rest().iter().map(|field| &*field.name));
        }
        Some(Batch {
            rows: batch,
            place: rows.position().filter(|_| !at_end),
        })
    };
    let workers = sessions.iter_mut().map(|session| {
        move |batch: Batch| {
            let mut worded = Worded {
                count: batch.rows.len(),
                place: batch.place,
                ..Worded::default()
            };
            for item in batch.rows {
                wording.word(item, session, reader, &mut worded);
            }
            worded
        }
    });
    let write = |worded: Worded| {
        answers.report.put_articles(&worded)?;
        answers.settle(worded)
    };
    pipeline::run(workers.collect(), read, write)
}
