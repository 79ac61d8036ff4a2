//! Cross-validation: training itself measured, on articles that it has not seen.

use rayon::prelude::*;

use super::calibrate::calibrated;
use super::opinion_shift;
use super::params::{TrainParams, ValidTrainParams};
use crate::corpus::Corpus;
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::{Outcome, outcomes};
use crate::limits::Limits;
use crate::model::{Calibration, CrossChecked, Model, Validation};

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

/// A cross-validation, and the calibration that it brings.
pub(super) struct CrossValidation {
    /// The parts, calibrated.
    pub(super) parts: Vec<Part>,
    /// What calibrates each of them.
    calibrations: Vec<Calibration>,
    /// All outcomes before calibration.
    pub(super) uncalibrated: Vec<Outcome>,
    /// What calibrates a model that is trained on all parts.
    pub(super) calibration: Calibration,
}

/// Trains once for each part of the corpus, on all articles but the part's, and measures on the part.
/// `part_of` names the part of each article; parts come in the order of their names. Each part is
/// calibrated by what is said of the other parts, so that its own labels are seen by nobody.
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
    Ok(CrossValidation::new(params, corpus, part_of, limits)?.parts)
}

/// Like [`cross_validate`], and hands over the model that labelled each part, calibrated as its outcomes
/// are, to explain them. All models are in memory at once.
///
/// # Errors
/// Those of [`cross_validate`].
///
/// # Panics
/// If there are not as many names as articles.
pub fn cross_validate_keeping_models(
    params: &ValidTrainParams,
    corpus: &Corpus,
    part_of: &[String],
    limits: &Limits,
) -> Result<Vec<(Part, Model)>> {
    let (cross, mut models) = CrossValidation::keeping(params, corpus, part_of, limits, |m| m)?;
    for (model, calibration) in models.iter_mut().zip(cross.calibrations) {
        model.calibration = calibration;
    }
    Ok(cross.parts.into_iter().zip(models).collect())
}

impl CrossValidation {
    /// Does what [`cross_validate`] says.
    pub(super) fn new(
        params: &ValidTrainParams,
        corpus: &Corpus,
        part_of: &[String],
        limits: &Limits,
    ) -> Result<CrossValidation> {
        Ok(CrossValidation::keeping(params, corpus, part_of, limits, drop)?.0)
    }

    /// Does it, and gives what `keep` makes of the model of each part.
    fn keeping<T: Send>(
        params: &ValidTrainParams,
        corpus: &Corpus,
        part_of: &[String],
        limits: &Limits,
        keep: impl Fn(Model) -> T + Sync,
    ) -> Result<(CrossValidation, Vec<T>)> {
        let (mut parts, kept): (Vec<Part>, Vec<T>) =
            uncalibrated(params, corpus, part_of, limits, keep)?
                .into_iter()
                .unzip();
        let shift = opinion_shift(params.get().opinion_prior, &corpus.label_counts());
        let fit = |outcomes: &[Outcome]| {
            let calibrator = params.get().calibrator;
            calibrator.fit(outcomes, shift, limits.dense_bytes)
        };
        let all_but = |own: Option<usize>| -> Vec<Outcome> {
            let others = parts.iter().enumerate();
            let others = others.filter(|(part, _)| Some(*part) != own);
            others
                .flat_map(|(_, part)| part.outcomes.iter().copied())
                .collect()
        };
        let calibrations: Vec<Calibration> = (0..parts.len())
            .map(|own| fit(&all_but(Some(own))))
            .collect::<Result<_>>()?;
        let uncalibrated = all_but(None);
        let calibration = fit(&uncalibrated)?;
        for (part, calibration) in parts.iter_mut().zip(&calibrations) {
            calibrated(&mut part.outcomes, calibration);
        }
        let cross = CrossValidation {
            parts,
            calibrations,
            uncalibrated,
            calibration,
        };
        Ok((cross, kept))
    }

    /// All outcomes, article by article.
    pub(super) fn outcomes(&self) -> Vec<Outcome> {
        let outcomes = self.parts.iter().flat_map(|part| &part.outcomes);
        let mut outcomes: Vec<Outcome> = outcomes.copied().collect();
        outcomes.sort_by_key(|outcome| outcome.article);
        outcomes
    }

    /// What of it a model keeps.
    pub(super) fn into_checked(self) -> CrossChecked {
        CrossChecked {
            calibration: self.calibration,
            validation: Validation::new(&self.outcomes()),
        }
    }
}

/// What models without calibration say of the parts, and what is kept of each model.
fn uncalibrated<T: Send>(
    params: &ValidTrainParams,
    corpus: &Corpus,
    part_of: &[String],
    limits: &Limits,
    keep: impl Fn(Model) -> T + Sync,
) -> Result<Vec<(Part, T)>> {
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
        folds: 0,
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
            let part = Part {
                name: name.clone(),
                outcomes,
                corpus: part,
            };
            Ok((part, keep(model)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::split;

    /// A kept model says of its part, calibrated, what the part's outcomes say: its reasons are theirs.
    #[test]
    fn kept_models_say_what_the_outcomes_say() {
        let data = include_bytes!("../../tests/data/german.jsonl");
        let limits = Limits::default();
        let corpus = Corpus::from_bytes("german.jsonl", data, &limits).unwrap();
        let params = TrainParams::default().check().unwrap();
        let folds = split::folds(&corpus, 2, 1);
        let part_of: Vec<String> = folds.iter().map(usize::to_string).collect();
        let kept = cross_validate_keeping_models(&params, &corpus, &part_of, &limits).unwrap();
        let parts = cross_validate(&params, &corpus, &part_of, &limits).unwrap();
        assert_eq!((kept.len(), parts.len()), (2, 2));
        for ((part, model), same) in kept.iter().zip(&parts) {
            assert_eq!(part.outcomes, same.outcomes);
            assert!(model.calibration() != Calibration::None);
            let again = outcomes(model, &part.corpus);
            assert_eq!(again.len(), part.outcomes.len());
            for (again, outcome) in again.iter().zip(&part.outcomes) {
                for label in crate::label::Label::ALL {
                    let [got, want] = [again, outcome].map(|o| o.scores.get(label));
                    assert!((got - want).abs() < 1e-9, "{got} {want}");
                }
            }
        }
    }
}
