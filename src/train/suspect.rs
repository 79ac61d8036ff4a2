//! Likely label errors: labels that models contradict which have not seen them.

use super::cross::cross_validate;
use super::params::ValidTrainParams;
use crate::corpus::check::Suspicion;
use crate::corpus::{Corpus, Finding, LabelledParagraph, split};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::Outcome;
use crate::evaluate::confident::{normalised_margin, prune_by_noise_rate};
use crate::limits::Limits;

/// Models trained on fewer labelled rows know too little to doubt a label.
const ROWS: usize = 50;

/// Cross-validates over articles, in as many parts as the parameters say, and marks labels by confident
/// learning ([`crate::evaluate::confident`]); the surest errors come first.
///
/// # Errors
/// [`ErrorKind::Data`] where there are fewer articles than parts or fewer than 50 labelled rows; else
/// those of training.
pub fn label_errors(
    params: &ValidTrainParams,
    corpus: &Corpus,
    limits: &Limits,
) -> Result<Vec<Finding>> {
    let parts = params.get().folds.max(2);
    let rows: usize = corpus.label_counts().iter().sum();
    if corpus.articles.len() < parts || rows < ROWS {
        let message = format!("that needs {parts} articles and {ROWS} labelled rows");
        return Err(Error::new(ErrorKind::Data, message));
    }
    let folds = split::folds(corpus, parts, params.get().seed);
    let part_of: Vec<String> = folds.iter().map(usize::to_string).collect();
    let parts = cross_validate(params, corpus, &part_of, limits)?;
    let judged = parts.iter().flat_map(|part| {
        let labelled = part.corpus.rows().filter(|row| row.label.is_some());
        labelled.zip(&part.outcomes)
    });
    let mut judged: Vec<(&LabelledParagraph, &Outcome)> = judged.collect();
    judged.sort_by_key(|(_, outcome)| outcome.article);
    let given: Vec<usize> = judged.iter().map(|(_, o)| o.gold.index()).collect();
    let probabilities: Vec<_> = judged.iter().map(|(_, o)| *o.scores.as_array()).collect();
    let wrong = prune_by_noise_rate(&given, &probabilities);
    let mut suspects: Vec<(&LabelledParagraph, Suspicion)> = judged
        .iter()
        .zip(wrong)
        .filter(|(_, wrong)| *wrong)
        .map(|((row, outcome), _)| {
            let suspicion = Suspicion {
                given: outcome.gold,
                suggested: outcome.scores.best(),
                scores: outcome.scores,
                margin: normalised_margin(outcome.gold.index(), outcome.scores.as_array()),
            };
            (*row, suspicion)
        })
        .collect();
    suspects.sort_by(|a, b| a.1.margin.total_cmp(&b.1.margin));
    let findings = suspects.into_iter();
    Ok(findings
        .map(|(row, suspicion)| Finding::label_error(row, suspicion))
        .collect())
}
