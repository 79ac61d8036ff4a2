//! `copydesk evaluate`: a model, or training itself, measured on labelled paragraphs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use copydesk::corpus::{Corpus, LabelledArticle, split};
use copydesk::evaluate::extremes::{least_sure, worst};
use copydesk::evaluate::{Evaluation, Options, Outcome, outcomes};
use copydesk::report::evaluation::{Evaluated, Group};
use copydesk::report::html::cited::{Source, cite};
use copydesk::report::html::evaluation::{self as html, Measured, View};
use copydesk::report::json;
use copydesk::train::{Part, cross_validate, cross_validate_keeping_models};
use copydesk::{Error, ErrorKind, Limits, Model, Result};

use super::args::{
    IntervalArgs, MeasuredFormat, ModelArg, OutputArg, ThreadsArg, TrainSettings, share,
};
use super::floor::{self, Floor};
use super::input::{keep_apart, put_report};
use super::messages::{Failure, say};

/// `copydesk evaluate`.
#[derive(Args, Debug)]
pub(crate) struct Evaluate {
    /// Labelled paragraphs: .jsonl, .csv or .tsv files, or folders of them
    #[arg(required = true, value_name = "DATA")]
    pub(crate) data: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) model: ModelArg,
    /// Instead of a model, measure training itself: K times on all articles but one part in K, and on
    /// that part
    #[arg(long, value_name = "K", conflicts_with = "model", value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub(crate) cv: Option<u16>,
    /// Like --cv, but each part is what has one value in this column, such as genre or outlet: how
    /// training fares on what it has not seen
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["model", "cv"])]
    pub(crate) leave_out: Option<String>,
    /// Also write each labelled paragraph with its label and the probabilities of all labels to this
    /// file, as JSON lines
    #[arg(long, value_name = "FILE")]
    pub(crate) predictions: Option<PathBuf>,
    /// Leave out rows marked `"hard": true`
    #[arg(long)]
    pub(crate) skip_hard: bool,
    /// Also give the figures of each value of a column of the data, such as outlet or genre
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// Also give the figures of a model that leaves paragraphs below this confidence uncertain
    #[arg(long, value_name = "X", value_parser = share)]
    pub(crate) min_confidence: Option<f64>,
    /// End with exit code 1 where a figure is below this, or a loss above it; may be given several times
    #[arg(long, value_name = "FIGURE=VALUE")]
    pub(crate) fail_under: Vec<Floor>,
    #[command(flatten)]
    pub(crate) intervals: IntervalArgs,
    /// Write output as this
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "table")]
    pub(crate) format: MeasuredFormat,
    #[command(flatten)]
    pub(crate) output: OutputArg,
    #[command(flatten)]
    pub(crate) threads: ThreadsArg,
    /// Settings of the training, for --cv and --leave-out
    #[command(flatten)]
    pub(crate) settings: TrainSettings,
}

/// Paragraphs that an HTML report shows of each sort.
const CITED: usize = 20;
/// Models that are kept in memory to give reasons, of 5 MB or so each. With more parts there are none.
const MOST_MODELS: usize = 50;

pub(crate) fn run(args: &Evaluate) -> Result<(), Failure> {
    keep_apart(&args.data, &[&args.predictions, &args.output.output])?;
    let limits = Limits::default();
    let params = args.settings.params().check()?;
    let mut corpus = Corpus::read(&args.data, &limits)?;
    if args.skip_hard {
        corpus.make_hard_context();
    }
    let by = args.by.iter().map(|name| groups_by(&corpus, name));
    let by: Vec<Vec<String>> = by.collect::<Result<_>>()?;
    let part_of = match (args.cv, &args.leave_out) {
        (Some(parts), _) => Some(folds(&corpus, usize::from(parts), params.get().seed)),
        (None, Some(name)) => Some(column(&corpus, name)?),
        (None, None) => None,
    };
    let mut on_its_own_data = false;
    let mut models = Vec::new();
    let mut one_model = None;
    let parts = match &part_of {
        None => {
            let (model, name) = args.model.load(&limits)?;
            on_its_own_data = model.card().data_digest == corpus.digest();
            if on_its_own_data {
                say(format_args!(
                    "note: {name} was trained on these very data; the figures say nothing of new \
                     articles, --cv does"
                ));
            }
            let part = Part {
                name,
                outcomes: outcomes(&model, &corpus),
                corpus: corpus.clone(),
            };
            one_model = Some(model);
            vec![part]
        }
        Some(part_of) if args.format == MeasuredFormat::Html && names(part_of) <= MOST_MODELS => {
            let parts = args
                .threads
                .install(|| cross_validate_keeping_models(&params, &corpus, part_of, &limits))?;
            let (parts, kept) = parts.into_iter().unzip();
            models = kept;
            parts
        }
        Some(part_of) => args
            .threads
            .install(|| cross_validate(&params, &corpus, part_of, &limits))?,
    };
    if let Some(path) = &args.predictions {
        let mut lines = Vec::new();
        for part in &parts {
            json::predictions(&part.corpus, &part.outcomes, &mut lines);
        }
        let to = OutputArg {
            output: Some(path.clone()),
        };
        put_report(&to, &lines)?;
    }
    let options = Options {
        bootstrap: args.intervals.bootstrap(params.get().seed),
        min_confidence: args.min_confidence,
    };
    let pooled: Vec<Outcome> = parts
        .iter()
        .flat_map(|part| part.outcomes.clone())
        .collect();
    let evaluated = args.threads.install(|| -> Result<Evaluated> {
        let columns = args.by.iter().zip(&by);
        Ok(Evaluated {
            pooled: Evaluation::new(&pooled, &options)?,
            parts: match &part_of {
                None => Vec::new(),
                Some(part_of) => groups(&pooled, part_of, &options)?,
            },
            by: columns
                .map(|(name, values)| Ok((name.clone(), groups(&pooled, values, &options)?)))
                .collect::<Result<_>>()?,
        })
    })?;
    let report = match args.format {
        MeasuredFormat::Table => evaluated.table().into_bytes(),
        MeasuredFormat::Json => evaluated.json(),
        MeasuredFormat::Html => {
            let models: Vec<&Model> = one_model.as_deref().into_iter().chain(&models).collect();
            page(args, &evaluated, &parts, &models, on_its_own_data).into_bytes()
        }
    };
    put_report(&args.output, &report)?;
    floor::check(&args.fail_under, |figure| evaluated.pooled.get(figure))
}

/// The report as a page. `models` are those of the parts, or none.
fn page(
    args: &Evaluate,
    evaluated: &Evaluated,
    parts: &[Part],
    models: &[&Model],
    on_its_own_data: bool,
) -> String {
    let sources: Vec<Source<'_>> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| Source {
            corpus: &part.corpus,
            outcomes: &part.outcomes,
            model: models.get(at).copied(),
        })
        .collect();
    let data: Vec<String> = args.data.iter().map(|p| p.display().to_string()).collect();
    html::evaluation(&View {
        measured: match (&args.leave_out, args.cv) {
            (Some(column), _) => Measured::LeftOut(column),
            (None, Some(parts)) => Measured::Parts(usize::from(parts)),
            (None, None) => Measured::Model {
                name: parts.first().map_or("", |part| &part.name),
                on_its_own_data,
            },
        },
        data: &data,
        evaluated,
        worst: &cite(&sources, |outcomes| worst(outcomes, CITED)),
        least_sure: &cite(&sources, |outcomes| least_sure(outcomes, CITED)),
    })
}

/// How many names there are.
fn names(part_of: &[String]) -> usize {
    part_of.iter().collect::<BTreeSet<_>>().len()
}

fn folds(corpus: &Corpus, parts: usize, seed: u64) -> Vec<String> {
    let width = parts.to_string().len();
    split::folds(corpus, parts, seed)
        .iter()
        .map(|fold| format!("{:0width$}", fold + 1))
        .collect()
}

/// What each article has in a column, "" for nothing.
pub(super) fn groups_by(corpus: &Corpus, name: &str) -> Result<Vec<String>> {
    let has = |article: &LabelledArticle| article.columns.get(name).cloned();
    if corpus.articles.iter().all(|article| has(article).is_none()) {
        let columns = corpus.articles.iter().flat_map(|a| a.columns.keys());
        let columns: BTreeSet<&str> = columns.map(String::as_str).collect();
        let columns: Vec<&str> = columns.into_iter().collect();
        let message = format!("no article has a column `{name}`");
        return Err(Error::new(ErrorKind::Parameter, message)
            .hint(format!("the data have {}", columns.join(", "))));
    }
    let values = corpus.articles.iter().map(has);
    Ok(values.map(Option::unwrap_or_default).collect())
}

/// What each article has in a column that all of them must have.
fn column(corpus: &Corpus, name: &str) -> Result<Vec<String>> {
    let value = |article: &LabelledArticle| {
        article.columns.get(name).cloned().ok_or_else(|| {
            Error::new(
                ErrorKind::Data,
                format!("article {:?} has no `{name}`", article.id),
            )
            .hint("name a column that a row of every article has")
        })
    };
    corpus.articles.iter().map(value).collect()
}

/// The figures of the articles of each value that has labelled paragraphs, in the order of the values.
fn groups(pooled: &[Outcome], values: &[String], options: &Options) -> Result<Vec<Group>> {
    let mut groups: BTreeMap<&str, Vec<Outcome>> = BTreeMap::new();
    for outcome in pooled {
        groups
            .entry(&values[outcome.article])
            .or_default()
            .push(*outcome);
    }
    groups
        .into_iter()
        .map(|(value, outcomes)| Ok((value.to_owned(), Evaluation::new(&outcomes, options)?)))
        .collect()
}
