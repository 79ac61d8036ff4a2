//! `copydesk classify`: pages and rows in, labelled blocks out, in input order.

use std::io::BufRead;

use copydesk::article::Reader;
use copydesk::classify::Session;
use copydesk::rows::{Position, RowItem, RowReader};
use copydesk::text::Language;
use copydesk::{Error, ErrorKind, Limits};
use rayon::prelude::*;

use super::args::{Classify, PageFormat};
use super::input::{Content, Input, Sink, or_stdin};
use super::messages::{Failure, Messages, say};
use super::output::{Foreign, Report, Worded};
use super::progress;
use super::render;
use super::resume::{Keeper, Progress};
use super::terminal;
use super::walk;

/// Text that is classified at once, shared by the threads.
const BATCH_BYTES: usize = 4 << 20;
/// Rows that are classified at once, however short.
const BATCH_ROWS: usize = 1 << 14;

pub(crate) fn run(args: &Classify, messages: &mut Messages) -> Result<(), Failure> {
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
    check(args)?;
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
    let language = model.space().language;
    let columns = args.columns.names();
    let mut report = Report::new(
        sink,
        format,
        args.per_article,
        model_name,
        terminal::style(&args.output),
    );
    report.drop_furniture = args.drop_furniture;
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
                    Ok(rows) => args.threads.install(|| {
                        classify_rows(
                            (number, &name),
                            rows,
                            &mut sessions,
                            language,
                            &mut report,
                            &row_reader,
                            messages,
                        )
                    })?,
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
    if args.format != Some(PageFormat::Dolma) {
        return Ok(());
    }
    let against = [
        (args.per_article, "--per-article"),
        (columns.title_column.is_some(), "--title-column"),
        (columns.html_column.is_some(), "--html-column"),
    ];
    match against.iter().find(|(given, _)| *given) {
        None => Ok(()),
        Some((_, option)) => Err(Failure::Error(
            Error::new(
                ErrorKind::Parameter,
                format!("--format dolma and {option} do not go together"),
            )
            .hint("its spans point into each document's own text"),
        )),
    }
}

/// Classifies a stream of rows batch by batch: each thread takes a run of articles, and what they
/// made is written in the order of the stream.
fn classify_rows(
    (number, name): (usize, &str),
    mut rows: RowReader<impl BufRead + Send>,
    sessions: &mut [Session<'_>],
    language: Language,
    report: &mut Report,
    reader: &Reader,
    messages: &mut Messages,
) -> Result<(), Failure> {
    if let Some(names) = rows.rest() {
        report.expect_rest(names);
    }
    let mut foreign: Option<(u64, String)> = None;
    loop {
        let mut batch: Vec<copydesk::Result<RowItem>> = Vec::new();
        let (mut bytes, mut at_end) = (0, false);
        let most = BATCH_ROWS.min(report.most_rows());
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
            report.expect_rest(first.rest().iter().map(|field| &*field.name));
        }
        let count = batch.len();
        let run = count.div_ceil(sessions.len()).max(1);
        let mut batch = batch.into_iter();
        let runs: Vec<Vec<_>> = sessions
            .iter()
            .map(|_| batch.by_ref().take(run).collect())
            .collect();
        let made: Vec<Vec<Worded>> = sessions
            .par_iter_mut()
            .zip(runs)
            .map(|(session, items)| {
                let word = |item| report.word(item, session, language, reader);
                items.into_iter().map(word).collect()
            })
            .collect();
        progress::articles(report.count(count));
        for made in made.into_iter().flatten() {
            if let Some(said) = made.foreign {
                foreign.get_or_insert((0, said)).0 += 1;
            }
            match made.failed {
                Some(error) => {
                    messages.input_failed(&error.in_file(name));
                    if !made.bytes.is_empty() {
                        report.put(&made.bytes)?;
                    }
                }
                None => report.put(&made.bytes)?,
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
        if let Some(place) = rows.position() {
            report.reach(count, number, place, messages.failed())?;
        }
    }
}
