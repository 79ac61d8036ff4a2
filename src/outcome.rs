//! One outcome: what a model says of a paragraph whose label is known.

use crate::label::{Label, Scores};

/// One paragraph: what it is, and what the model says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The number of its article. Intervals are drawn over articles.
    pub article: usize,
    /// Its words.
    pub words: usize,
    /// The label it was given by hand.
    pub gold: Label,
    /// The model's probabilities.
    pub scores: Scores,
    /// What the quote rule says: quotation where a third of the text stands in quotation marks, as the
    /// codebook draws the line, else reporting. It is what a model has to beat.
    pub rule: Label,
}
