//! `copydesk evaluate`: a model, or training itself, measured on labelled paragraphs.

use copydesk::corpus::{Corpus, LabelledArticle, split};
use copydesk::evaluate::{Evaluation, Outcome, outcomes};
use copydesk::report::{json, table};
use copydesk::train::{Part, cross_validate};
use copydesk::{Error, ErrorKind, Limits, Result};

use super::args::{Evaluate, OutputArg, ReportFormat};
use super::input::put_report;
use super::messages::Failure;

pub(crate) fn run(args: &Evaluate) -> Result<(), Failure> {
    let limits = Limits::default();
    let params = args.settings.params().check()?;
    let mut corpus = Corpus::read(&args.data, &limits)?;
    if args.skip_hard {
        corpus.make_hard_context();
    }
    let part_of = match (args.cv, &args.leave_out) {
        (Some(parts), _) => Some(folds(&corpus, usize::from(parts), params.get().seed)),
        (None, Some(name)) => Some(column(&corpus, name)?),
        (None, None) => None,
    };
    let parts = match part_of {
        None => {
            let (model, name) = args.model.load(&limits)?;
            vec![Part {
                name,
                outcomes: outcomes(&model, &corpus),
                corpus,
            }]
        }
        Some(part_of) => args
            .threads
            .install(|| cross_validate(&params, &corpus, &part_of, &limits))?,
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
    put_report(&args.output, &report(&parts, args.format)?)
}

fn folds(corpus: &Corpus, parts: usize, seed: u64) -> Vec<String> {
    let width = parts.to_string().len();
    split::folds(corpus, parts, seed)
        .iter()
        .map(|fold| format!("{:0width$}", fold + 1))
        .collect()
}

/// What each article has in a column.
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

/// The figures of all parts together, and of each where there are several.
fn report(parts: &[Part], format: ReportFormat) -> Result<Vec<u8>> {
    let figures = |outcomes: &[Outcome], corpora: &[&Corpus]| {
        let articles = corpora.iter().flat_map(|corpus| &corpus.articles);
        Evaluation::from_outcomes(outcomes, articles.filter(|a| a.is_labelled()).count())
    };
    let pooled: Vec<Outcome> = parts
        .iter()
        .flat_map(|part| part.outcomes.clone())
        .collect();
    let corpora: Vec<&Corpus> = parts.iter().map(|part| &part.corpus).collect();
    let pooled = figures(&pooled, &corpora)?;
    // A part can be without any label.
    let each: Vec<(String, Evaluation)> = parts
        .iter()
        .filter(|part| !part.outcomes.is_empty())
        .map(|part| Ok((part.name.clone(), figures(&part.outcomes, &[&part.corpus])?)))
        .collect::<Result<_>>()?;
    Ok(match (format, parts) {
        (ReportFormat::Table, [_]) => table::evaluation(&pooled).into_bytes(),
        (ReportFormat::Json, [_]) => json::pretty(&pooled),
        (ReportFormat::Table, _) => {
            (table::evaluation(&pooled) + &table::parts(&each)).into_bytes()
        }
        (ReportFormat::Json, _) => json::parts(&pooled, &each),
    })
}
