//! Training parameters: as typed, then as checked. Only checked ones can train.

use linfa::ParamGuard;

use super::calibrate::Calibrator;
use super::sdca::Sdca;
use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureSet;
use crate::model::{Compact, Context};
use crate::text::Language;

/// Which solver finds the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// Dual coordinate ascent on sparse rows.
    Sdca,
    /// linfa-logistic on the dense matrix: the reference, for small problems.
    Linfa,
}

impl Solver {
    /// The name on the command line and in model cards.
    pub fn name(self) -> &'static str {
        match self {
            Solver::Sdca => "sdca",
            Solver::Linfa => "linfa",
        }
    }
}

fn refuse<T>(name: &str, range: &str) -> Result<T> {
    Err(Error::new(
        ErrorKind::Parameter,
        format!("{name} must be {range}"),
    ))
}

/// Settings of [`Sdca`] as typed, in the manner of linfa: built up, then checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SdcaParams(Sdca);

impl Default for SdcaParams {
    fn default() -> SdcaParams {
        SdcaParams(Sdca {
            alpha: 1.0,
            tolerance: 1e-3,
            max_epochs: 200,
            seed: 1,
        })
    }
}

impl SdcaParams {
    /// Strength of the L2 penalty on the weights, above 0. The loss is summed over rows, so this is
    /// 1/C of scikit-learn and `alpha` of linfa-logistic.
    #[must_use]
    pub fn alpha(mut self, alpha: f64) -> SdcaParams {
        self.0.alpha = alpha;
        self
    }

    /// Stop when the duality gap is at most this share of the objective, in `(0, 0.1]`.
    #[must_use]
    pub fn tolerance(mut self, tolerance: f64) -> SdcaParams {
        self.0.tolerance = tolerance;
        self
    }

    /// Stop after this many epochs in any case, at least 1.
    #[must_use]
    pub fn max_epochs(mut self, max_epochs: usize) -> SdcaParams {
        self.0.max_epochs = max_epochs;
        self
    }

    /// Seed of the order in which rows are visited.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> SdcaParams {
        self.0.seed = seed;
        self
    }
}

impl ParamGuard for SdcaParams {
    type Checked = Sdca;
    type Error = Error;

    fn check_ref(&self) -> Result<&Sdca> {
        let sdca = &self.0;
        if !(sdca.alpha.is_finite() && sdca.alpha > 0.0) {
            return refuse("alpha", "a number above 0");
        }
        if !(sdca.tolerance > 0.0 && sdca.tolerance <= 0.1) {
            return refuse("tolerance", "above 0 and at most 0.1");
        }
        if sdca.max_epochs == 0 {
            return refuse("max-epochs", "at least 1");
        }
        Ok(sdca)
    }

    fn check(self) -> Result<Sdca> {
        self.check_ref().copied()
    }
}

/// Training articles for each in which a feature must occur, by default. Rare words are the subjects
/// of their articles: a model with fewer of them carries over better to genres that it has not seen
/// (docs/ACCURACY.md). A small corpus cannot afford to lose many.
pub const ARTICLES_PER_MINIMUM: usize = 150;
const MINIMA: std::ops::RangeInclusive<usize> = 2..=8;

/// Training parameters as typed; [`TrainParams::check`] makes them usable.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainParams {
    /// Language of the stemmer and the word classes.
    pub language: Language,
    /// Which features are read.
    pub features: FeatureSet,
    /// Which solver finds the weights.
    pub solver: Solver,
    /// Strength of the L2 penalty, see [`SdcaParams::alpha`].
    pub alpha: f64,
    /// Relative duality gap to reach, see [`SdcaParams::tolerance`].
    pub tolerance: f64,
    /// Most epochs (with linfa: iterations), at least 1.
    pub max_epochs: usize,
    /// Seed of the order of rows and of the parts of the cross-validation.
    pub seed: u64,
    /// Keep features that occur in at least this many articles, at least 1; `None` for one in
    /// [`ARTICLES_PER_MINIMUM`] of those that there are, at least 2 and at most 8.
    pub min_articles: Option<u32>,
    /// Keep at most this many features, the most frequent, at least 1.
    pub max_features: usize,
    /// The neighbourhood stage.
    pub context: Context,
    /// Share of opinion among the paragraphs that the model will meet, above 0 and below 1, where it
    /// is not that of the training data: the intercepts are moved by the difference of the log-odds
    /// (Saerens, Latinne & Decaestecker 2002, equation 2.4).
    pub opinion_prior: Option<f64>,
    /// How the model is calibrated, where it is cross-validated.
    pub calibrator: Calibrator,
    /// Keep few features and rounded weights, so that the model is small; `None` keeps all.
    pub compact: Option<Compact>,
    /// Parts of the cross-validation that comes first, to measure, to calibrate, and to know how the model
    /// errs; 0 for none, else at least 2.
    pub folds: usize,
}

impl Default for TrainParams {
    fn default() -> TrainParams {
        TrainParams {
            language: Language::English,
            features: FeatureSet::Style,
            solver: Solver::Sdca,
            alpha: 0.25,
            tolerance: 1e-3,
            max_epochs: 500,
            seed: 1,
            min_articles: None,
            max_features: 1 << 20,
            context: Context {
                strength: 1.5,
                reach: 3.0,
            },
            opinion_prior: None,
            calibrator: Calibrator::Temperature,
            compact: None,
            folds: 5,
        }
    }
}

/// Training parameters that have been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidTrainParams {
    params: TrainParams,
    sdca: Sdca,
}

impl TrainParams {
    /// Holds every parameter against its range.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`], naming the parameter and its range.
    pub fn check(self) -> Result<ValidTrainParams> {
        let sdca = SdcaParams::default()
            .alpha(self.alpha)
            .tolerance(self.tolerance)
            .max_epochs(self.max_epochs)
            .seed(self.seed)
            .check()?;
        if self.min_articles == Some(0) {
            return refuse("min-articles", "at least 1");
        }
        if self.max_features == 0 {
            return refuse("max-features", "at least 1");
        }
        if let Some(Compact { features, bits }) = self.compact {
            if features == 0 {
                return refuse("compact-features", "at least 1");
            }
            if !matches!(bits, 8 | 16) {
                return refuse("weight-bits", "8 or 16");
            }
        }
        if !self.context.is_valid() {
            return refuse("context", "a strength of 0 to 4 and a reach above 0 to 100");
        }
        if self.opinion_prior.is_some_and(|p| !(p > 0.0 && p < 1.0)) {
            return refuse("opinion-prior", "above 0 and below 1");
        }
        if self.folds == 1 {
            return refuse("folds", "0 for none, or at least 2");
        }
        Ok(ValidTrainParams { params: self, sdca })
    }
}

impl ValidTrainParams {
    /// The parameters.
    pub fn get(&self) -> &TrainParams {
        &self.params
    }

    /// In how many of this many training articles a feature must occur.
    pub(super) fn min_articles(&self, articles: usize) -> u32 {
        self.params.min_articles.unwrap_or_else(|| {
            (articles / ARTICLES_PER_MINIMUM).clamp(*MINIMA.start(), *MINIMA.end()) as u32
        })
    }

    /// The sparse solver with these parameters.
    pub(super) fn sdca(&self) -> Sdca {
        self.sdca
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_pass_and_each_bad_value_is_named() {
        assert!(TrainParams::default().check().is_ok());
        let bad = |change: fn(&mut TrainParams)| {
            let mut params = TrainParams::default();
            change(&mut params);
            params.check().unwrap_err().to_string()
        };
        assert!(bad(|p| p.alpha = 0.0).contains("alpha"));
        assert!(bad(|p| p.alpha = f64::NAN).contains("alpha"));
        assert!(bad(|p| p.tolerance = 0.5).contains("tolerance"));
        assert!(bad(|p| p.max_epochs = 0).contains("max-epochs"));
        assert!(bad(|p| p.min_articles = Some(0)).contains("min-articles"));
        assert!(bad(|p| p.max_features = 0).contains("max-features"));
        assert!(bad(|p| p.context.reach = 0.0).contains("context"));
        assert!(bad(|p| p.opinion_prior = Some(1.0)).contains("opinion-prior"));
        assert!(bad(|p| p.folds = 1).contains("folds"));
        let compact = |features, bits| Some(Compact { features, bits });
        let params = |compact| TrainParams {
            compact,
            ..TrainParams::default()
        };
        let refused = |compact| params(compact).check().unwrap_err().to_string();
        assert!(refused(compact(0, 8)).contains("compact-features"));
        assert!(refused(compact(9, 12)).contains("weight-bits"));
        assert!(params(compact(9, 16)).check().is_ok());
    }
}
