//! Cross-validation: training itself measured, on articles that it has not seen.

use rayon::prelude::*;

use super::params::{TrainParams, ValidTrainParams};
use crate::corpus::Corpus;
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::{Outcome, outcomes};
use crate::limits::Limits;

/// One part of the data, and what the model that was trained on the other parts says of it.
#[derive(Clone, Debug)]
pub struct Part {
    /// What its articles have in common: the number of the fold, or a genre.
    pub name: String,
    /// Its articles.
    pub corpus: Corpus,
    /// What the model says of each of its labelled paragraphs, in order; articles are numbered as in
    /// the whole corpus.
    pub outcomes: Vec<Outcome>,
}

/// Trains once for each part of the corpus, on all articles but the part's, and measures on the part.
/// `part_of` names the part of each article; parts come in the order of their names.
///
/// # Errors
/// [`ErrorKind::Parameter`] when the articles fall into fewer than two parts; else those of training.
///
/// # Panics
/// If there are not as many names as articles.
pub fn cross_validate(
    params: &ValidTrainParams,
    corpus: &Corpus,
    part_of: &[String],
    limits: &Limits,
) -> Result<Vec<Part>> {
    assert_eq!(part_of.len(), corpus.articles.len());
    let mut names: Vec<&String> = part_of.iter().collect();
    names.sort_unstable();
    names.dedup();
    if names.len() < 2 {
        return Err(Error::new(
            ErrorKind::Parameter,
            "cross-validation needs articles of at least two parts",
        ));
    }
    let params = TrainParams {
        hold_out: 0,
        ..params.get().clone()
    }
    .check()?;
    names
        .into_par_iter()
        .map(|name| {
            let rest = corpus.subset(|article| part_of[article] != *name);
            let part = corpus.subset(|article| part_of[article] == *name);
            let (model, _) = params.fit(&rest, limits, &mut |_| {})?;
            let numbers = (0..part_of.len()).filter(|&article| part_of[article] == *name);
            let numbers: Vec<usize> = numbers.collect();
            let mut outcomes = outcomes(&model, &part);
            for outcome in &mut outcomes {
                outcome.article = numbers[outcome.article];
            }
            Ok(Part {
                name: name.clone(),
                outcomes,
                corpus: part,
            })
        })
        .collect()
}
