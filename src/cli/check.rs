//! `copydesk check`: what is wrong with labelled data, and what to do about it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use copydesk::corpus::{self, Corpus, Finding, Reading, Severity};
use copydesk::report::check::Checked;
use copydesk::text::Language;
use copydesk::train::{TrainParams, label_errors};
use copydesk::{Limits, Result};

use super::args::{OutputArg, ThreadsArg};
use super::input::put_report;
use super::messages::{Failure, Messages, say};
use super::terminal;

/// `copydesk check`.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// Labelled paragraphs: .jsonl, .csv or .tsv files, or folders of them
    #[arg(required = true, value_name = "DATA")]
    data: Vec<PathBuf>,
    /// Labelled paragraphs to test with: also look for what they share with DATA
    #[arg(long, value_name = "FILE", num_args = 1..)]
    test: Vec<PathBuf>,
    /// Two texts are nearly the same where they share this much of their runs of three words (Jaccard
    /// similarity, from 0.5 to 1)
    #[arg(long, value_name = "X", default_value_t = corpus::check::NEAR, value_parser = similarity)]
    near: f64,
    /// Do not look for likely label errors, which trains five models
    #[arg(long)]
    no_training: bool,
    /// Language of the texts, for likely label errors: english, german, french …
    #[arg(long, default_value = "english", value_name = "NAME")]
    language: Language,
    /// Seed of the parts in which likely label errors are looked for
    #[arg(long, default_value_t = TrainParams::default().seed, value_name = "N")]
    seed: u64,
    /// End with exit code 1 where there is any error or warning; notes, and so likely label errors, do
    /// not count
    #[arg(long)]
    strict: bool,
    /// Of each kind of finding, show this many in the table, 0 for all; JSON has all
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// Write output as this
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "table")]
    format: CheckFormat,
    #[command(flatten)]
    output: OutputArg,
    #[command(flatten)]
    threads: ThreadsArg,
}

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// For reading
    Table,
    /// One JSON object
    Json,
    /// One line a finding
    Jsonl,
}

fn similarity(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(similarity) if (0.5..=1.0).contains(&similarity) => Ok(similarity),
        _ => Err("it must be from 0.5 to 1".into()),
    }
}

pub(crate) fn run(args: &Check, messages: &mut Messages) -> Result<(), Failure> {
    let limits = Limits::default();
    let mut findings = Vec::new();
    let data = read(&args.data, &limits, &mut findings, messages)?;
    if data.articles.is_empty() && findings.is_empty() {
        // No file could be read; that is said.
        return Ok(());
    }
    let test = match args.test.is_empty() {
        true => None,
        false => Some(read(&args.test, &limits, &mut findings, messages)?),
    };
    args.threads.install(|| {
        findings.extend(corpus::check(&data, test.as_ref(), args.near));
        if !args.no_training {
            findings.extend(suspects(args, &data, &limits)?);
        }
        Ok::<(), Failure>(())
    })?;
    let checked = Checked {
        data: &data,
        findings: &findings,
    };
    let report = match args.format {
        CheckFormat::Table => {
            let style = terminal::style(&args.output);
            checked.table(args.top, style).into_bytes()
        }
        CheckFormat::Json => checked.json(),
        CheckFormat::Jsonl => checked.json_lines(),
    };
    put_report(&args.output, &report)?;
    let counts = [Severity::Error, Severity::Warning].map(|severity| checked.count(severity));
    match args.strict && counts != [0, 0] {
        true => Err(Failure::Check(format!("--strict: {}", checked.verdict()))),
        false => Ok(()),
    }
}

/// The good rows; bad ones become findings, and files that cannot be read are named.
fn read(
    paths: &[PathBuf],
    limits: &Limits,
    findings: &mut Vec<Finding>,
    messages: &mut Messages,
) -> Result<Corpus, Failure> {
    let reading = Reading::new(paths, limits);
    for error in &reading.bad_files {
        messages.input_failed(error);
    }
    if reading.corpus.articles.is_empty()
        && reading.bad_rows.is_empty()
        && reading.bad_files.is_empty()
    {
        return Err(Reading::no_rows().into());
    }
    findings.extend(reading.bad_rows.iter().map(Finding::bad_row));
    Ok(reading.corpus)
}

/// Likely label errors; where too little is there to train on, that is said, and there are none.
fn suspects(args: &Check, data: &Corpus, limits: &Limits) -> Result<Vec<Finding>> {
    let params = TrainParams {
        language: args.language,
        seed: args.seed,
        ..TrainParams::default()
    };
    Ok(
        label_errors(&params.check()?, data, limits).unwrap_or_else(|error| {
            say(format_args!(
                "likely label errors were not looked for: {error}"
            ));
            Vec::new()
        }),
    )
}
