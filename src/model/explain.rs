//! Why a paragraph got its label: what each term, cue and neighbour brought.

use serde::Serialize;

use super::calibration::Calibration;
use super::linear::{Linear, LogOdds};
use crate::features::FeatureSpace;
use crate::label::{Label, Scores};

/// One thing that spoke for or against the label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// The term or cue.
    pub name: String,
    /// Its value in the paragraph's row.
    pub value: f64,
    /// What it adds to the lead of the label; negative when it speaks for the other.
    pub share: f64,
}

/// A label, the one that came second, and the sum that lies between them. `lead = intercept +
/// context + sum of the parts' shares`: nothing is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The label that was given.
    pub label: Label,
    /// The label that came second.
    pub against: Label,
    /// Log-odds of the label less those of the second: above 0.
    pub lead: f64,
    /// What the intercepts bring: the two labels' frequency in training.
    pub intercept: f64,
    /// What the neighbouring paragraphs bring.
    pub context: f64,
    /// What terms and cues bring, the largest share in size first.
    pub parts: Vec<Part>,
}

impl Explanation {
    /// Explains the label of a paragraph from its row and its log-odds after the last stage.
    pub fn new(
        space: &FeatureSpace,
        linear: &Linear,
        calibration: &Calibration,
        row: &[(u32, f32)],
        log_odds: LogOdds,
    ) -> Explanation {
        let label = Scores::softmax(log_odds).best();
        let mut rest = log_odds;
        rest[label.index()] = f64::NEG_INFINITY;
        let against = Scores::softmax(rest).best();
        let between = |odds: LogOdds| odds[label.index()] - odds[against.index()];

        let mut parts: Vec<Part> = row
            .iter()
            .map(|&(column, value)| {
                let weights = linear.weights[column as usize].map(f64::from);
                Part {
                    name: space.column_name(column),
                    value: f64::from(value),
                    share: between(calibration.scale(weights)) * f64::from(value),
                }
            })
            .collect();
        parts.sort_by(|a, b| {
            b.share
                .abs()
                .total_cmp(&a.share.abs())
                .then_with(|| a.name.cmp(&b.name))
        });
        Explanation {
            label,
            against,
            lead: between(log_odds),
            intercept: between(calibration.apply(linear.intercept.map(f64::from))),
            context: between(log_odds) - between(calibration.apply(linear.log_odds(row))),
            parts,
        }
    }
}
