//! `copydesk share`: how much of a corpus each label makes up, corrected for the model's errors.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use copydesk::article::{Article, Reader};
use copydesk::classify::Session;
use copydesk::corpus::Corpus;
use copydesk::evaluate::{Bootstrap, Measure, Method, Outcome, Prevalence, Unlabelled, outcomes};
use copydesk::model::Model;
use copydesk::report::html;
use copydesk::report::share::{Group, Measured, Shares, Validation};
use copydesk::rows::{RowItem, RowReader};
use copydesk::shares::count_words;
use copydesk::{Error, ErrorKind, Limits, Result};
use rayon::prelude::*;

use super::args::{ColumnArgs, IntervalArgs, ModelArg, OutputArg, ReadArgs, ThreadsArg};
use super::input::{Content, Input, or_stdin, put_report};
use super::messages::{Failure, Messages, say};
use super::month::month;
use super::output::Foreign;
use super::walk;

/// Rows that are classified at once.
const BATCH: usize = 4096;

/// `copydesk share`.
#[derive(Args, Debug)]
pub(crate) struct Share {
    /// Pages or files of rows, as `classify` takes them; `-` or nothing is standard input
    #[arg(value_name = "DATA")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    read: ReadArgs,
    /// Also give the shares of each value of these columns, crossed, such as outlet,month; month and year
    /// are taken from the date. Pages have source, month and year
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    by: Vec<String>,
    /// The column that holds the date
    #[arg(long, value_name = "NAME", default_value = "date")]
    date_column: String,
    /// What shares are of
    #[arg(long, value_enum, default_value = "words")]
    of: Of,
    /// How shares are estimated: count, probabilistic, adjusted, adjusted-probabilistic, em, matched, or
    /// all; count is always given beside it
    #[arg(long, value_name = "METHOD", default_value = "matched", value_parser = methods)]
    method: Methods,
    /// Labelled paragraphs that show how the model errs [default: the model's own cross-validation]
    #[arg(long, value_name = "FILE")]
    validation: Vec<PathBuf>,
    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = Bootstrap::default().seed)]
    seed: u64,
    /// Write output as this
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "table")]
    format: ShareFormat,
    #[command(flatten)]
    intervals: IntervalArgs,
    #[command(flatten)]
    columns: ColumnArgs,
    #[command(flatten)]
    model: ModelArg,
    #[command(flatten)]
    output: OutputArg,
    #[command(flatten)]
    threads: ThreadsArg,
}

/// What shares are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Of all words
    Words,
    /// Of all paragraphs
    Paragraphs,
    /// Both, one after the other
    Both,
}

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ShareFormat {
    /// For reading
    Table,
    /// One JSON object
    Json,
    /// A line for each group, measure, method and label
    Csv,
    /// A page for a browser
    Html,
}

/// Methods that were asked for; counting comes first.
#[derive(Clone, Debug)]
struct Methods(Vec<Method>);

fn methods(name: &str) -> Result<Methods, String> {
    Ok(Methods(match name {
        "all" => Method::ALL.to_vec(),
        name => match name.parse()? {
            Method::Count => vec![Method::Count],
            method => vec![Method::Count, method],
        },
    }))
}

pub(crate) fn run(args: &Share, messages: &mut Messages) -> Result<(), Failure> {
    let limits = Limits::default();
    let (model, model_name) = args.model.load(&limits)?;
    let (validation, known) = validation(args, &model, &model_name, &limits)?;
    let mut corpus = Labelled::default();
    read(args, &model, &limits, &mut corpus, messages)?;
    if corpus.rows.is_empty() {
        let error = Error::new(ErrorKind::Empty, "no paragraph to measure");
        return Err(error
            .hint("see what `copydesk classify` makes of the data")
            .into());
    }
    for (place, name) in args.by.iter().enumerate() {
        if corpus.groups.iter().all(|values| values[place].is_empty()) {
            let message = format!("no article has a column `{name}`");
            let hint = "give a column of the rows; pages have source, month and year";
            return Err(Error::new(ErrorKind::Parameter, message).hint(hint).into());
        }
    }
    let measures: &[Measure] = match args.of {
        Of::Words => &[Measure::Words],
        Of::Paragraphs => &[Measure::Paragraphs],
        Of::Both => &Measure::ALL,
    };
    let bootstrap = args.intervals.bootstrap(args.seed);
    let measured = args.threads.install(|| {
        let measure = |&measure| corpus.measure(args, measure, &validation, bootstrap.as_ref());
        measures.iter().map(measure).collect::<Result<Vec<_>>>()
    })?;
    let shares = Shares {
        model: model_name,
        validation: known,
        by: args.by.clone(),
        bootstrap,
        measured,
    };
    let report = match args.format {
        ShareFormat::Table => shares.table().into_bytes(),
        ShareFormat::Json => shares.json(),
        ShareFormat::Csv => shares.csv(),
        ShareFormat::Html => html::share::shares(&shares).into_bytes(),
    };
    // The others carry their warnings.
    if args.format == ShareFormat::Csv {
        for warning in shares.warnings() {
            say(format_args!("warning: {warning}"));
        }
    }
    put_report(&args.output, &report)
}

/// The validation paragraphs, and what they are.
fn validation(
    args: &Share,
    model: &Model,
    model_name: &str,
    limits: &Limits,
) -> Result<(Vec<Outcome>, Validation), Failure> {
    if args.validation.is_empty() {
        let outcomes = model.validation().outcomes();
        if outcomes.is_empty() {
            let message = format!("{model_name} carries no validation paragraphs");
            let error = Error::new(ErrorKind::Model, message);
            return Err(error
                .hint("train it with cross-validation (--folds), or give --validation FILE")
                .into());
        }
        let name = format!("cross-validation of {model_name}");
        let known = Validation::new(name, &outcomes);
        return Ok((outcomes, known));
    }
    let labelled = Corpus::read(&args.validation, limits)?;
    if model.card().data_digest == labelled.digest() {
        say("warning: the model was trained on the validation paragraphs, and errs less there");
    }
    let outcomes = outcomes(model, &labelled);
    if outcomes.is_empty() {
        let error = Error::new(ErrorKind::Empty, "no validation paragraph has a label");
        return Err(error.hint("see data/README.md for labelled rows").into());
    }
    let names = args
        .validation
        .iter()
        .map(|path| path.display().to_string());
    let known = Validation::new(names.collect::<Vec<_>>().join(", "), &outcomes);
    Ok((outcomes, known))
}

/// All that was read, with its labels.
#[derive(Default)]
struct Labelled {
    rows: Vec<Unlabelled>,
    /// What each article has in the columns that group, "" for nothing.
    groups: Vec<Vec<String>>,
}

impl Labelled {
    /// Takes in an article.
    fn add(&mut self, values: Vec<String>, paragraphs: Vec<(usize, copydesk::Scores)>) {
        let article = self.groups.len();
        self.groups.push(values);
        self.rows
            .extend(paragraphs.into_iter().map(|(words, scores)| Unlabelled {
                article,
                words,
                scores,
            }));
    }

    /// The shares of all, and of each group.
    fn measure(
        &self,
        args: &Share,
        measure: Measure,
        validation: &[Outcome],
        bootstrap: Option<&Bootstrap>,
    ) -> Result<Measured> {
        let whole = Prevalence::new(&self.rows, validation, measure)?;
        let mut groups = vec![group(args, Vec::new(), &self.rows, &whole, bootstrap)];
        if !args.by.is_empty() {
            let mut rows: BTreeMap<&[String], Vec<Unlabelled>> = BTreeMap::new();
            for row in &self.rows {
                rows.entry(&self.groups[row.article])
                    .or_default()
                    .push(*row);
            }
            for (values, rows) in rows {
                // A group can be without a word.
                if let Ok(prevalence) = Prevalence::new(&rows, validation, measure) {
                    groups.push(group(args, values.to_vec(), &rows, &prevalence, bootstrap));
                }
            }
        }
        Ok(Measured {
            measure,
            shift: bootstrap.and_then(|bootstrap| whole.shift(bootstrap)),
            groups,
        })
    }
}

fn group(
    args: &Share,
    values: Vec<String>,
    rows: &[Unlabelled],
    prevalence: &Prevalence,
    bootstrap: Option<&Bootstrap>,
) -> Group {
    Group {
        values,
        articles: prevalence.articles(),
        paragraphs: rows.len(),
        words: rows.iter().map(|row| row.words).sum(),
        estimates: prevalence.estimates(&args.method.0, bootstrap),
    }
}

/// Reads and labels everything.
fn read(
    args: &Share,
    model: &Model,
    limits: &Limits,
    corpus: &mut Labelled,
    messages: &mut Messages,
) -> Result<(), Failure> {
    let reader = args.read.reader()?;
    let columns = args.columns.names();
    let mut sessions: Vec<Session<'_>> = Vec::new();
    sessions.resize_with(args.threads.count(), || model.session());
    for path in walk::files(&or_stdin(&args.files), messages) {
        let opened = Input::open(&path).and_then(|mut input| {
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
        let done = match content {
            Content::Page(format) => input
                .bytes(limits)
                .and_then(|bytes| reader.read(&bytes, format))
                .map(|article| {
                    for notice in article.notices() {
                        say(format_args!("{name}: {notice}"));
                    }
                    let values = args.by.iter().map(|column| match column.as_str() {
                        "source" => article.source().unwrap_or_default().to_owned(),
                        "date" => article.date().unwrap_or_default().to_owned(),
                        column => of_date(column, article.date()),
                    });
                    let paragraphs = label(&mut sessions[0], &article);
                    let spoken = sessions[0].language();
                    if let Some(foreign) = Foreign::of(spoken, model.space().language) {
                        say(format_args!("{name}: {foreign}"));
                    }
                    corpus.add(values.collect(), paragraphs);
                }),
            Content::Lines => Err(Error::new(
                ErrorKind::Parameter,
                "lines are no articles, of which shares are made",
            )
            .hint("give pages or rows")),
            Content::Rows(format) => {
                // The stream of rows is turned to UTF-8 as a whole.
                let page_reader = Reader {
                    encoding: None,
                    ..reader.clone()
                };
                let stream = input.into_reader(args.read.encoding);
                RowReader::with_columns(stream, format, &columns, limits).map(|rows| {
                    args.threads.install(|| {
                        read_rows(
                            args,
                            &name,
                            rows,
                            &page_reader,
                            &mut sessions,
                            corpus,
                            messages,
                        );
                    });
                })
            }
        };
        if let Err(error) = done {
            messages.input_failed(&error.in_file(&name));
        }
    }
    Ok(())
}

fn read_rows(
    args: &Share,
    name: &str,
    mut rows: RowReader<impl BufRead + Send>,
    reader: &Reader,
    sessions: &mut [Session<'_>],
    corpus: &mut Labelled,
    messages: &mut Messages,
) {
    loop {
        let batch: Vec<Result<RowItem>> = rows.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return;
        }
        let run = batch.len().div_ceil(sessions.len()).max(1);
        let labelled: Vec<Vec<Result<_>>> = sessions
            .par_iter_mut()
            .zip(batch.par_chunks(run))
            .map(|(session, items)| {
                let label = |item: &Result<RowItem>| {
                    let Ok(item) = item else { return Ok(None) };
                    let article = item.to_article(reader)?;
                    Ok(Some((values(args, item), label(session, &article))))
                };
                items.iter().map(label).collect()
            })
            .collect();
        for (item, labelled) in batch.into_iter().zip(labelled.into_iter().flatten()) {
            match item.and(labelled) {
                Ok(Some((values, paragraphs))) => corpus.add(values, paragraphs),
                Ok(None) => {}
                Err(error) => messages.input_failed(&error.in_file(name)),
            }
        }
    }
}

/// Words and scores of each labelled paragraph.
fn label(session: &mut Session<'_>, article: &Article) -> Vec<(usize, copydesk::Scores)> {
    let scores = session.classify(article);
    let blocks = article.blocks().iter().zip(scores);
    blocks
        .filter_map(|(block, scores)| Some((count_words(&article.body(block)), scores?)))
        .collect()
}

/// What a row has in the columns that group.
fn values(args: &Share, item: &RowItem) -> Vec<String> {
    let field = |name: &str| {
        let field = item.rest().iter().find(|field| *field.name == *name)?;
        Some(match &*field.value {
            "null" => String::new(),
            value => serde_json::from_str(value).unwrap_or_else(|_| value.to_owned()),
        })
    };
    let value = |column: &String| match field(column) {
        Some(value) => value,
        None => of_date(column, field(&args.date_column).as_deref()),
    };
    args.by.iter().map(value).collect()
}

/// `month` or `year` of a date; "" for other columns, and where the date is not understood.
fn of_date(column: &str, date: Option<&str>) -> String {
    match (column, date.and_then(month)) {
        ("month", Some((year, month))) => format!("{year:04}-{month:02}"),
        ("year", Some((year, _))) => format!("{year:04}"),
        _ => String::new(),
    }
}
