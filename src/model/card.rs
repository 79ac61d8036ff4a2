//! A model's card: what it was trained on and how, and how well it did.

use serde::{Deserialize, Serialize};

use super::quantized::Compact;
use crate::label::LABELS;

/// What a model says of itself. Holds no dates and no paths, so that the same training gives the
/// same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Digest of the labelled paragraphs, as [`crate::corpus::Corpus::digest`] gives it.
    pub data_digest: String,
    /// Training articles.
    pub articles: usize,
    /// Labelled paragraphs by label.
    pub paragraphs: [usize; LABELS],
    /// Name of the solver.
    pub solver: String,
    /// Strength of the L2 penalty.
    pub alpha: f64,
    /// Relative duality gap that was asked for.
    pub tolerance: f64,
    /// Seed of everything random.
    pub seed: u64,
    /// Articles in which a feature had to occur.
    pub min_articles: u32,
    /// Share of opinion that the intercepts were moved to, where it is not that of the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion_prior: Option<f64>,
    /// How the model was made small, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compact: Option<Compact>,
    /// Value of the objective that was reached.
    pub objective: f64,
    /// Certified distance to its minimum, at most.
    pub gap: f64,
    /// Figures on articles that were held out from a training, where any were.
    pub held_out: Option<HeldOut>,
}

/// Figures on held-out articles, by models trained on the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldOut {
    /// Parts of the cross-validation that held out each article once; absent in models that were measured
    /// on one part only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folds: Option<usize>,
    /// Articles held out.
    pub articles: usize,
    /// Labelled paragraphs in them.
    pub paragraphs: usize,
    /// Share labelled right.
    pub accuracy: f64,
    /// Mean F1 over the four labels.
    pub macro_f1: f64,
    /// Mean F1 over news and opinion.
    pub news_opinion_macro_f1: f64,
    /// Mean of `-ln p` of the gold label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_loss: Option<f64>,
    /// Expected calibration error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration_error: Option<f64>,
    /// The same before calibration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncalibrated_error: Option<f64>,
}
