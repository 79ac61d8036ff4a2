//! Neighbourhood context: a paragraph among commentary is likelier to be commentary.
//!
//! Only the balance between commentary and reporting, `d = z_commentary - z_reporting`, is moved.
//! Every paragraph i is drawn by the votes of the paragraphs around it, the near ones weighing more:
//!
//! ```text
//! d_i += strength * w_i * (sum_j e^(-|i-j|/reach) v_j) / (PRIOR + sum_j e^(-|i-j|/reach) w_j),  j != i
//! ```
//!
//! with `w = p_commentary + p_reporting` and the vote `v = p_commentary - p_reporting` of the paragraph
//! alone, so that quotations and calls neither give nor take. A vote is bounded: neighbours can tip
//! what is doubtful, and however sure they are, they cannot overrule what is not. Both sums are carried
//! along once from each end, so that the stage is linear in the number of paragraphs.

use serde::{Deserialize, Serialize};

use super::linear::LogOdds;
use crate::label::{Label, Scores};

/// Neighbours of this total weight would be needed to be believed by half: a paragraph with one
/// doubtful neighbour is left nearly as it was.
const PRIOR: f64 = 0.3;

/// Strength and reach of the stage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// What neighbours that all agree add to the log-odds of commentary against reporting, 0 (off) to 4.
    pub strength: f64,
    /// Paragraphs over which a neighbour's weight falls to 1/e, above 0 to 100.
    pub reach: f64,
}

impl Context {
    /// Whether strength and reach are in their ranges.
    pub fn is_valid(&self) -> bool {
        (0.0..=4.0).contains(&self.strength) && self.reach > 0.0 && self.reach <= 100.0
    }

    /// Moves the log-odds of an article's labelled paragraphs, in reading order.
    pub fn apply(&self, paragraphs: &mut [LogOdds]) {
        if self.strength == 0.0 || paragraphs.len() < 2 {
            return;
        }
        let alone: Vec<(f64, f64)> = paragraphs.iter().map(weight_and_vote).collect();
        let decay = libm::exp(-1.0 / self.reach);
        // What the paragraphs before (in the second pass: after) bring: weights and votes.
        let mut before = vec![(0.0, 0.0); paragraphs.len()];
        let (mut weights, mut votes) = (0.0, 0.0);
        for (sums, (weight, vote)) in before.iter_mut().zip(&alone) {
            *sums = (weights, votes);
            weights = (weights + weight) * decay;
            votes = (votes + vote) * decay;
        }
        (weights, votes) = (0.0, 0.0);
        for i in (0..paragraphs.len()).rev() {
            let (weight, vote) = alone[i];
            let mean = (before[i].1 + votes) / (PRIOR + before[i].0 + weights);
            let shift = self.strength * weight * mean / 2.0;
            paragraphs[i][Label::Commentary.index()] += shift;
            paragraphs[i][Label::Reporting.index()] -= shift;
            weights = (weights + weight) * decay;
            votes = (votes + vote) * decay;
        }
    }
}

fn weight_and_vote(odds: &LogOdds) -> (f64, f64) {
    let scores = Scores::softmax(*odds);
    let (reporting, commentary) = (scores.get(Label::Reporting), scores.get(Label::Commentary));
    (commentary + reporting, commentary - reporting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CONTEXT: Context = Context {
        strength: 1.5,
        reach: 3.0,
    };

    /// The formula as it stands above, in quadratic time.
    fn plain(context: Context, paragraphs: &[LogOdds]) -> Vec<LogOdds> {
        let alone: Vec<(f64, f64)> = paragraphs.iter().map(weight_and_vote).collect();
        let mut out = paragraphs.to_vec();
        for i in 0..out.len() {
            let (mut sum, mut weights) = (0.0, PRIOR);
            for (j, (weight, vote)) in alone.iter().enumerate().filter(|&(j, _)| j != i) {
                let near = (-(i.abs_diff(j) as f64) / context.reach).exp();
                sum += near * vote;
                weights += near * weight;
            }
            let shift = context.strength * alone[i].0 * sum / weights / 2.0;
            out[i][2] += shift;
            out[i][0] -= shift;
        }
        out
    }

    #[test]
    fn a_doubtful_paragraph_follows_its_neighbours_and_a_quotation_does_not() {
        let opinion = [-3.0, -9.0, 3.0, -9.0];
        let doubtful = [0.1, -9.0, 0.0, -9.0];
        let quotation = [0.0, 9.0, -1.0, -9.0];
        let mut page = [opinion, doubtful, quotation, opinion];
        CONTEXT.apply(&mut page);
        assert_eq!(Scores::softmax(page[1]).best(), Label::Commentary);
        assert!((page[2][2] - quotation[2]).abs() < 0.01);
    }

    #[test]
    fn one_paragraph_and_strength_zero_change_nothing() {
        let page = [[1.0, 2.0, 3.0, 4.0]; 2];
        let mut one = [page[0]];
        CONTEXT.apply(&mut one);
        assert_eq!(one[0], page[0]);
        let mut two = page;
        Context {
            strength: 0.0,
            ..CONTEXT
        }
        .apply(&mut two);
        assert_eq!(two, page);
    }

    proptest! {
        #[test]
        fn the_linear_pass_is_the_formula(page in prop::collection::vec(prop::array::uniform4(-8.0..8.0f64), 0..40)) {
            let mut fast = page.clone();
            CONTEXT.apply(&mut fast);
            if page.len() >= 2 {
                for (a, b) in fast.iter().flatten().zip(plain(CONTEXT, &page).iter().flatten()) {
                    prop_assert!((a - b).abs() < 1e-9);
                }
            }
        }
    }
}
