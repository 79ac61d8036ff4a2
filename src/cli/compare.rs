//! `copydesk compare`: two models on the same labelled paragraphs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use copydesk::corpus::Corpus;
use copydesk::evaluate::{Comparison, Figure, Outcome, Verdict, outcomes};
use copydesk::report::comparison::{Compared, differing};
use copydesk::report::{html, json};
use copydesk::{Error, ErrorKind, Limits, Result};

use super::args::{IntervalArgs, MeasuredFormat, OutputArg, ThreadsArg};
use super::evaluate::groups_by;
use super::floor::{self, Floor};
use super::input::{keep_apart, model, put_report};
use super::messages::{Failure, say};

/// What the built-in model is called on the command line.
const BUILTIN: &str = "built-in";

/// `copydesk compare`.
#[derive(Args, Debug)]
pub(crate) struct Compare {
    /// A model file, or `built-in`: what was there before
    #[arg(value_name = "MODEL_A")]
    model_a: PathBuf,
    /// A model file, or `built-in`: the new one
    #[arg(value_name = "MODEL_B")]
    model_b: PathBuf,
    /// Labelled paragraphs: .jsonl, .csv or .tsv files, or folders of them
    #[arg(required = true, value_name = "DATA")]
    data: Vec<PathBuf>,
    /// Leave out rows marked `"hard": true`
    #[arg(long)]
    skip_hard: bool,
    /// Also compare on each value of a column of the data, such as outlet or genre
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    by: Vec<String>,
    /// Show so many of the paragraphs that get different labels
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// Write all of these paragraphs, with both models' labels and probabilities, to this file, as JSON
    /// lines
    #[arg(long, value_name = "FILE")]
    differences: Option<PathBuf>,
    /// End with exit code 1 where a figure of MODEL_B is below this, or a loss above it; may be given
    /// several times
    #[arg(long, value_name = "FIGURE=VALUE")]
    fail_under: Vec<Floor>,
    /// End with exit code 1 where MODEL_B is worse in this figure: the interval of the difference lies
    /// wholly on that side; may be given several times
    #[arg(long, value_name = "FIGURE")]
    fail_worse: Vec<Figure>,
    #[command(flatten)]
    intervals: IntervalArgs,
    /// Seed of the draws
    #[arg(
        long,
        default_value_t = 1,
        value_name = "N",
        help_heading = "Intervals"
    )]
    seed: u64,
    /// Write output as this
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "table")]
    format: MeasuredFormat,
    #[command(flatten)]
    output: OutputArg,
    #[command(flatten)]
    threads: ThreadsArg,
}

pub(crate) fn run(args: &Compare) -> Result<(), Failure> {
    keep_apart(&args.data, &[&args.differences, &args.output.output])?;
    let limits = Limits::default();
    let bootstrap = args.intervals.bootstrap(args.seed);
    if bootstrap.is_none() && !args.fail_worse.is_empty() {
        return Err(Failure::Error(
            Error::new(ErrorKind::Parameter, "--fail-worse needs intervals")
                .hint("leave out --draws 0"),
        ));
    }
    let named = |path: &'_ Path| (path != Path::new(BUILTIN)).then(|| path.to_owned());
    let models = [&args.model_a, &args.model_b]
        .map(|path| model(named(path).as_deref(), &limits).map(|model| (path.display(), model)));
    let [model_a, model_b] = models;
    let models = [model_a?, model_b?];
    let mut corpus = Corpus::read(&args.data, &limits)?;
    for (name, model) in &models {
        if model.card().data_digest == corpus.digest() {
            say(format_args!(
                "note: {name} was trained on these very data, which favours it"
            ));
        }
    }
    if args.skip_hard {
        corpus.make_hard_context();
    }
    let by = args.by.iter().map(|name| groups_by(&corpus, name));
    let by: Vec<Vec<String>> = by.collect::<Result<_>>()?;
    let [(name_a, model_a), (name_b, model_b)] = &models;
    let (name_a, name_b) = (name_a.to_string(), name_b.to_string());
    let (a, b) = (outcomes(model_a, &corpus), outcomes(model_b, &corpus));
    let mut compared = args.threads.install(|| -> Result<Compared<'_>> {
        let columns = args.by.iter().zip(&by).map(|(name, values)| {
            let groups = groups(&a, &b, values).into_iter();
            let groups = groups.map(|(value, (a, b))| {
                let comparison = Comparison::new(&a, &b, bootstrap)?;
                Ok((value.to_owned(), comparison))
            });
            Ok((name.clone(), groups.collect::<Result<_>>()?))
        });
        Ok(Compared {
            model_a: &name_a,
            model_b: &name_b,
            whole: Comparison::new(&a, &b, bootstrap)?,
            by: columns.collect::<Result<_>>()?,
            differing: differing(&corpus, &a, &b),
        })
    })?;
    if let Some(path) = &args.differences {
        let mut lines = Vec::new();
        for row in &compared.differing {
            json::line(row, &mut lines);
        }
        let to = OutputArg {
            output: Some(path.clone()),
        };
        put_report(&to, &lines)?;
    }
    compared.differing.truncate(args.top);
    let report = match args.format {
        MeasuredFormat::Table => compared.table().into_bytes(),
        MeasuredFormat::Json => compared.json(),
        MeasuredFormat::Html => {
            let data: Vec<String> = args.data.iter().map(|p| p.display().to_string()).collect();
            html::comparison::comparison(&compared, &data).into_bytes()
        }
    };
    put_report(&args.output, &report)?;
    let value = |figure: Figure| compared.whole.get(figure).map_or(0.0, |own| own.b);
    let mut said = floor::short(&args.fail_under, value);
    said.extend(worse(&args.fail_worse, &compared.whole));
    floor::checked(&said)
}

/// What both models say, by what the article has in a column.
fn groups<'v>(
    a: &[Outcome],
    b: &[Outcome],
    values: &'v [String],
) -> BTreeMap<&'v str, (Vec<Outcome>, Vec<Outcome>)> {
    let mut groups: BTreeMap<&str, (Vec<Outcome>, Vec<Outcome>)> = BTreeMap::new();
    for (a, b) in a.iter().zip(b) {
        let group = groups.entry(&values[a.article]).or_default();
        group.0.push(*a);
        group.1.push(*b);
    }
    groups
}

/// What is to be said of each figure whose interval tells that the second model is worse, or of which
/// there is no interval to tell.
fn worse(figures: &[Figure], comparison: &Comparison) -> Vec<String> {
    let said = figures.iter().filter_map(|&figure| {
        let Some(difference) = comparison.get(figure) else {
            return Some(format!("{figure}: the data hold nothing to take it of"));
        };
        let change = format!("{figure} is {:.4}, was {:.4}", difference.b, difference.a);
        match (difference.verdict(), difference.interval) {
            (Some(Verdict::Worse), Some(interval)) => Some(format!(
                "{change}: the difference lies from {:+.4} to {:+.4}",
                interval.low, interval.high
            )),
            (Some(_), _) => None,
            (None, _) => Some(format!(
                "{change}: one article does not tell whether that is chance"
            )),
        }
    });
    said.collect()
}
