//! `copydesk evaluate`: a model, or training itself, measured on labelled paragraphs.

use copydesk::corpus::{Corpus, split};
use copydesk::evaluate::{Evaluation, Outcome};
use copydesk::report::{json, table};
use copydesk::train::TrainParams;
use copydesk::{Error, Limits, Result};
use rayon::prelude::*;

use super::args::{Evaluate, ReportFormat};
use super::input::put_report;
use super::messages::Failure;

pub(crate) fn run(args: &Evaluate) -> Result<(), Failure> {
    let limits = Limits::default();
    let params = args.settings.params();
    let mut corpus = Corpus::read(&args.data, &limits)?;
    if args.skip_hard {
        corpus.make_hard_context();
    }
    let evaluation = match args.cv {
        None => {
            let (model, _) = args.model.load(&limits)?;
            Evaluation::of_model(&model, &corpus)?
        }
        Some(parts) => args
            .threads
            .install(|| cross_validate(&params, &corpus, usize::from(parts), &limits))?,
    };
    let report = match args.format {
        ReportFormat::Table => table::evaluation(&evaluation).into_bytes(),
        ReportFormat::Json => json::pretty(&evaluation),
    };
    put_report(&args.output, &report)
}

/// Trains on all parts but one, in turn, and pools what the models say of the part left out.
fn cross_validate(
    params: &TrainParams,
    corpus: &Corpus,
    parts: usize,
    limits: &Limits,
) -> Result<Evaluation> {
    let params = TrainParams {
        hold_out: 0,
        ..params.clone()
    }
    .check()?;
    let folds = split::folds(corpus, parts, params.get().seed);
    let outcomes: Vec<Vec<Outcome>> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let rest = corpus.subset(|article| folds[article] != part);
            let test = corpus.subset(|article| folds[article] == part);
            let (model, _) = params.fit(&rest, limits, &mut |_| {})?;
            Ok::<_, Error>(copydesk::evaluate::outcomes(&model, &test))
        })
        .collect::<Result<_>>()?;
    Evaluation::from_outcomes(&outcomes.concat(), corpus.articles.len())
}
