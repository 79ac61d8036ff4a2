//! Which set of features a model reads.

use serde::{Deserialize, Serialize};

use super::cues;
use super::family::Block;

/// A set of features; fixed at training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureSet {
    /// How a paragraph is written: words and pairs with names and numbers masked, where they stand, the
    /// shapes of words, surface cues. It carries over from subject to subject.
    #[default]
    Style,
    /// What a text is about: words and pairs of words, names and numbers among them, wherever they
    /// stand. The bag of words of a plain text classifier.
    Words,
}

impl FeatureSet {
    /// The surface cues of the set, in the order of their columns.
    pub fn cues(self) -> &'static [String] {
        match self {
            FeatureSet::Style => cues::names(),
            FeatureSet::Words => &[],
        }
    }

    /// The blocks of a row.
    pub(super) fn blocks(self) -> &'static [Block] {
        match self {
            FeatureSet::Style => &Block::ALL,
            FeatureSet::Words => &[Block::Words],
        }
    }

    /// Whether this is the set of models that do not say theirs.
    pub(crate) fn is_default(&self) -> bool {
        *self == FeatureSet::default()
    }
}
