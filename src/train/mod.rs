//! Training: from labelled paragraphs to a model.

pub mod calibrate;
mod compact;
pub mod cross;
mod exp;
pub mod gap;
mod gather;
pub mod params;
pub mod reference;
mod row;
pub mod sdca;
pub mod suspect;

use crate::corpus::{Articles, Corpus, split};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::{Evaluation, Options, Outcome};
use crate::features::{FeatureSpace, SparseMatrix};
use crate::label::{LABELS, Label, Side};
use crate::limits::Limits;
use crate::model::{Card, CrossChecked, HeldOut, Linear, Model};

pub use calibrate::Calibrator;
use cross::CrossValidation;
pub use cross::{Part, cross_validate, cross_validate_keeping_models};
use gather::Gathered;
pub use params::{SdcaParams, Solver, TrainParams, ValidTrainParams};
pub use reference::Reference;
pub use sdca::{Epoch, Sdca, Solution};
pub use suspect::label_errors;

/// What training tells as it goes; the command line prints it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// The features have been counted: how many there are, and how many values the rows hold.
    Features {
        /// Articles counted over.
        articles: usize,
        /// Labelled paragraphs.
        rows: usize,
        /// Features of the vocabulary, without cues.
        features: usize,
        /// Surface cues.
        cues: usize,
        /// Values stored in the rows.
        stored: usize,
    },
    /// The solver ended an epoch.
    Epoch(Epoch),
    /// Cross-validation is done; the final training on all articles comes next.
    CrossValidated,
}

/// How training went.
#[derive(Clone, Debug)]
pub struct FitReport {
    /// What each epoch of the final training reached.
    pub epochs: Vec<Epoch>,
    /// Whether the tolerance was reached.
    pub converged: bool,
    /// Figures of the cross-validation, where there was one.
    pub held_out: Option<HeldOut>,
    /// Of a compact model: the figures of the same cross-validation without making models small.
    pub before_compact: Option<HeldOut>,
}

impl ValidTrainParams {
    /// Trains a model: first, to measure and to calibrate, by cross-validation, then on all articles.
    /// Where the articles are too few for cross-validation, it is left out.
    ///
    /// # Errors
    /// [`ErrorKind::Data`] when there is too little to learn from, and the errors of the solver.
    pub fn fit(
        &self,
        corpus: &Corpus,
        limits: &Limits,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Model, FitReport)> {
        self.fit_from(corpus, None, limits, progress)
    }

    /// Like [`ValidTrainParams::fit`], with the solver starting from what another model says of the
    /// paragraphs, which saves epochs where it was trained on much the same. The optimum is the same.
    /// Cross-validation starts from nothing, since that model may have seen what is held out.
    ///
    /// # Errors
    /// Those of [`ValidTrainParams::fit`].
    pub fn fit_from(
        &self,
        corpus: &Corpus,
        start: Option<&Model>,
        limits: &Limits,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Model, FitReport)> {
        let params = self.get();
        let mut checked = CrossChecked::default();
        let mut held_out = None;
        let mut before_compact = None;
        if params.folds > 0 && corpus.articles.len() >= params.folds {
            let folds = split::folds(corpus, params.folds, params.seed);
            let part_of: Vec<String> = folds.iter().map(usize::to_string).collect();
            if params.compact.is_some() {
                let full = TrainParams {
                    compact: None,
                    ..params.clone()
                };
                let full = full.check()?;
                if let Ok(cross) = CrossValidation::new(&full, corpus, &part_of, limits) {
                    before_compact = full.held_out(&cross)?;
                }
            }
            // Too small a rest is said by the final training, if that is too small as well.
            if let Ok(cross) = CrossValidation::new(self, corpus, &part_of, limits) {
                held_out = self.held_out(&cross)?;
                checked = cross.into_checked();
                progress(Progress::CrossValidated);
            }
        }
        let validated = (checked, held_out);
        let (model, report) = self.fit_all(&mut { corpus }, start, validated, limits, progress)?;
        let report = FitReport {
            before_compact,
            ..report
        };
        Ok((model, report))
    }

    /// Trains a model on articles that are read once, batch by batch: of their texts numbers are kept, in a
    /// fraction of the memory. There is no cross-validation, which would need them again: `folds` is not
    /// looked at. The model is the one that [`ValidTrainParams::fit_from`] makes of them without folds.
    ///
    /// # Errors
    /// Those of [`ValidTrainParams::fit`], and of reading the articles.
    pub fn fit_articles(
        &self,
        articles: &mut dyn Articles,
        start: Option<&Model>,
        limits: &Limits,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Model, FitReport)> {
        let validated = (CrossChecked::default(), None);
        self.fit_all(articles, start, validated, limits, progress)
    }

    /// The figures of a cross-validation.
    fn held_out(&self, cross: &CrossValidation) -> Result<Option<HeldOut>> {
        let options = Options::default();
        let outcomes: Vec<Outcome> = cross.outcomes();
        if outcomes.is_empty() {
            return Ok(None);
        }
        let figures = Evaluation::new(&outcomes, &options)?;
        let before = Evaluation::new(&cross.uncalibrated, &options)?;
        Ok(Some(HeldOut {
            folds: Some(self.get().folds),
            articles: figures.articles,
            paragraphs: figures.paragraphs,
            accuracy: figures.accuracy,
            macro_f1: figures.macro_f1,
            news_opinion_macro_f1: figures.news_opinion_macro_f1,
            log_loss: Some(figures.log_loss),
            calibration_error: Some(figures.calibration_error),
            uncalibrated_error: Some(before.calibration_error),
        }))
    }

    fn fit_all(
        &self,
        articles: &mut dyn Articles,
        start: Option<&Model>,
        (checked, held_out): (CrossChecked, Option<HeldOut>),
        limits: &Limits,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Model, FitReport)> {
        let params = self.get();
        let mut gathered = Gathered::new(self, articles, start)?;
        let (counts, articles) = (gathered.counts, gathered.articles);
        if counts.iter().filter(|&&count| count > 0).count() < 2 {
            return Err(Error::new(
                ErrorKind::Data,
                "training needs paragraphs of at least two labels",
            )
            .hint("see data/README.md for the fields of a labelled row"));
        }
        let digest = std::mem::take(&mut gathered.digest);
        let (mut space, mut counted) = gathered.count(self)?;
        let mut rows = counted.rows(&space);
        let tell_features = |space: &FeatureSpace, rows: &SparseMatrix| Progress::Features {
            articles,
            rows: rows.rows(),
            features: space.vocabulary.len(),
            cues: space.columns() - space.vocabulary.len(),
            stored: rows.stored(),
        };
        progress(tell_features(&space, &rows));
        let start = counted.start.take();
        let solution = match params.compact {
            None => {
                // The texts have served; the solver may want the memory.
                let targets = std::mem::take(&mut counted.targets);
                drop(counted);
                self.solve(&rows, &targets, start.as_deref(), limits, progress)?
            }
            Some(compact) => {
                let targets = std::mem::take(&mut counted.targets);
                let full = self.solve(&rows, &targets, start.as_deref(), limits, progress)?;
                let features = space.vocabulary.len();
                let keep = compact::most_important(compact, &rows, features, &full);
                let start = compact::probabilities(&rows, &full);
                space = counted.keep(&space, &keep)?;
                rows = counted.rows(&space);
                progress(tell_features(&space, &rows));
                let mut small = self.solve(&rows, &targets, Some(&start), limits, progress)?;
                compact::round(compact, &rows, &targets, &mut small);
                small
            }
        };
        let last = solution.epochs.last();
        let card = Card {
            data_digest: digest,
            articles,
            paragraphs: counts,
            solver: params.solver.name().to_owned(),
            alpha: params.alpha,
            tolerance: params.tolerance,
            seed: params.seed,
            min_articles: self.min_articles(articles),
            opinion_prior: params.opinion_prior,
            compact: params.compact,
            objective: last.map_or(0.0, |epoch| epoch.objective),
            gap: last.map_or(0.0, |epoch| epoch.gap),
            held_out: held_out.clone(),
        };
        let mut intercept = solution.intercept;
        let shift = opinion_shift(params.opinion_prior, &counts);
        for label in Label::ALL {
            if label.side() == Side::Opinion {
                intercept[label.index()] += shift;
            }
        }
        let linear = Linear::new(&solution.weights, intercept);
        let report = FitReport {
            epochs: solution.epochs,
            converged: solution.converged,
            held_out,
            before_compact: None,
        };
        Ok((
            Model::new(space, linear, params.context, checked, card),
            report,
        ))
    }

    fn solve(
        &self,
        rows: &SparseMatrix,
        targets: &[usize],
        start: Option<&[[f32; LABELS]]>,
        limits: &Limits,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Solution> {
        let params = self.get();
        let mut tell = |epoch| progress(Progress::Epoch(epoch));
        match params.solver {
            Solver::Sdca => Ok(self.sdca().solve_from(rows, targets, start, &mut tell)),
            Solver::Linfa => {
                let reference = Reference {
                    alpha: params.alpha,
                    tolerance: params.tolerance,
                    max_iterations: params.max_epochs,
                    dense_bytes: limits.dense_bytes,
                };
                let solution = reference.solve(rows, targets)?;
                solution.epochs.iter().for_each(|&epoch| tell(epoch));
                Ok(solution)
            }
        }
    }
}

/// What is added to the intercepts of both opinion labels, to move from the share of opinion in the
/// training counts to the prior that was asked for.
fn opinion_shift(prior: Option<f64>, counts: &[usize; LABELS]) -> f64 {
    let count = |side: Side| -> f64 {
        let of_side = Label::ALL.iter().filter(|label| label.side() == side);
        of_side.map(|label| counts[label.index()] as f64).sum()
    };
    let (news, opinion) = (count(Side::News), count(Side::Opinion));
    match prior {
        Some(prior) if news > 0.0 && opinion > 0.0 => {
            libm::log(prior / (1.0 - prior)) - libm::log(opinion / news)
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A third of 90 paragraphs is opinion; told that a half is, the odds double.
    #[test]
    fn the_prior_moves_the_odds() {
        let shift = |counts, prior| opinion_shift(prior, &counts);
        let ln2 = std::f64::consts::LN_2;
        assert!((shift([40, 20, 20, 10], Some(0.5)) - ln2).abs() < 1e-12);
        assert_eq!(shift([40, 20, 20, 10], None), 0.0);
        assert_eq!(shift([40, 20, 0, 0], Some(0.5)), 0.0);
    }
}
