//! `copydesk evaluate`: a model, or training itself, measured on labelled paragraphs.

use std::collections::{BTreeMap, BTreeSet};

use copydesk::corpus::{Corpus, LabelledArticle, split};
use copydesk::evaluate::{Evaluation, Options, Outcome, outcomes};
use copydesk::report::evaluation::{Evaluated, Group};
use copydesk::report::json;
use copydesk::train::{Part, cross_validate};
use copydesk::{Error, ErrorKind, Limits, Result};

use super::args::{Evaluate, OutputArg, ReportFormat};
use super::floor;
use super::input::put_report;
use super::messages::{Failure, say};

pub(crate) fn run(args: &Evaluate) -> Result<(), Failure> {
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
    let parts = match &part_of {
        None => {
            let (model, name) = args.model.load(&limits)?;
            if model.card().data_digest == corpus.digest() {
                say(format_args!(
                    "note: {name} was trained on these very data; the figures say nothing of new \
                     articles, --cv does"
                ));
            }
            vec![Part {
                name,
                outcomes: outcomes(&model, &corpus),
                corpus: corpus.clone(),
            }]
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
        ReportFormat::Table => evaluated.table().into_bytes(),
        ReportFormat::Json => evaluated.json(),
    };
    put_report(&args.output, &report)?;
    floor::check(&args.fail_under, |figure| evaluated.pooled.get(figure))
}

fn folds(corpus: &Corpus, parts: usize, seed: u64) -> Vec<String> {
    let width = parts.to_string().len();
    split::folds(corpus, parts, seed)
        .iter()
        .map(|fold| format!("{:0width$}", fold + 1))
        .collect()
}

/// What each article has in a column, "" for nothing.
fn groups_by(corpus: &Corpus, name: &str) -> Result<Vec<String>> {
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
