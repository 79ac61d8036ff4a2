//! Calibration: whether a confidence of 0.8 is right eight times in ten.

use serde::Serialize;

use super::bootstrap::Interval;

/// Bins of equal mass: each holds the same number of paragraphs, so that none rests on a handful.
pub const BINS: usize = 15;

/// One bin of the reliability curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Lowest confidence in the bin.
    pub from: f64,
    /// Paragraphs in it.
    pub paragraphs: usize,
    /// Mean confidence.
    pub confidence: f64,
    /// Share that is right.
    pub accuracy: f64,
    /// Where the share lies, over draws of articles; absent where none were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// One step of the histogram of confidences.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Confidences from here on, up to the next step.
    pub from: f64,
    /// Paragraphs that have one.
    pub paragraphs: usize,
}

/// How many of the confidences lie in each twentieth from a quarter, the least that the most probable
/// of four labels can have, to 1.
pub(super) fn histogram(confidences: impl Iterator<Item = f64>) -> Vec<Step> {
    const FIRST: usize = 5;
    const STEPS: usize = 20;
    let mut counts = [0; STEPS - FIRST];
    for confidence in confidences {
        let step = (confidence * STEPS as f64) as usize;
        counts[step.clamp(FIRST, STEPS - 1) - FIRST] += 1;
    }
    let steps = (FIRST..).zip(counts);
    steps
        .map(|(step, paragraphs)| Step {
            from: step as f64 / STEPS as f64,
            paragraphs,
        })
        .collect()
}

/// One paragraph's confidence and whether it was right; `weight` is how often it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trial {
    pub(super) confidence: f64,
    pub(super) right: bool,
    pub(super) weight: u32,
}

/// Trials in a bin: their number, the sum of their confidences, and how many were right.
pub(super) type BinSums = (u64, f64, u64);

/// The inner edges of the bins, from trials in ascending order of confidence: the quantiles, linear
/// between neighbours, as scikit-learn's `calibration_curve(strategy="quantile")` has them.
pub(super) fn edges(trials: impl Iterator<Item = Trial> + Clone) -> [f64; BINS - 1] {
    let total: u64 = trials.clone().map(|trial| u64::from(trial.weight)).sum();
    let mut edges = [f64::INFINITY; BINS - 1];
    let Some(last) = total.checked_sub(1) else {
        return edges;
    };
    let mut place = 0;
    let mut passed = 0;
    let mut before = f64::NAN;
    for trial in trials.filter(|trial| trial.weight > 0) {
        let end = passed + u64::from(trial.weight);
        while place < edges.len() {
            let at = (place + 1) as f64 / BINS as f64 * last as f64;
            let below = at as u64;
            // The value above the quantile's place decides when it is known.
            if (below + 1).min(last) >= end {
                break;
            }
            let low = if below < passed {
                before
            } else {
                trial.confidence
            };
            edges[place] = low + (at - below as f64) * (trial.confidence - low);
            place += 1;
        }
        passed = end;
        before = trial.confidence;
    }
    edges
}

/// Sums over each bin of trials in ascending order. A value on an edge belongs to the bin below it.
pub(super) fn bin_sums(
    trials: impl Iterator<Item = Trial>,
    edges: &[f64; BINS - 1],
) -> [BinSums; BINS] {
    let mut sums = [(0, 0.0, 0); BINS];
    let mut bin = 0;
    for trial in trials.filter(|trial| trial.weight > 0) {
        while bin < edges.len() && trial.confidence > edges[bin] {
            bin += 1;
        }
        let sums = &mut sums[bin];
        sums.0 += u64::from(trial.weight);
        sums.1 += f64::from(trial.weight) * trial.confidence;
        sums.2 += u64::from(trial.weight) * u64::from(trial.right);
    }
    sums
}

/// Expected calibration error: the mean distance between confidence and accuracy over the bins,
/// weighted by their trials (Guo et al. 2017, "On calibration of modern neural networks", with bins of
/// equal mass as in Nguyen & O'Connor 2015). In `[0, 1]`, 0 is best. It is never below 0, so that
/// chance alone makes it positive: of a perfect model on few paragraphs it is not 0.
pub(super) fn expected_error(sums: &[BinSums; BINS]) -> f64 {
    let total: u64 = sums.iter().map(|bin| bin.0).sum();
    let distance: f64 = sums
        .iter()
        .map(|&(_, confidence, right)| (confidence - right as f64).abs())
        .sum();
    distance / total.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn trials(values: &[(f64, bool, u32)]) -> Vec<Trial> {
        let mut trials: Vec<Trial> = values
            .iter()
            .map(|&(confidence, right, weight)| Trial {
                confidence,
                right,
                weight,
            })
            .collect();
        trials.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
        trials
    }

    fn error(trials: &[Trial]) -> f64 {
        let edges = edges(trials.iter().copied());
        expected_error(&bin_sums(trials.iter().copied(), &edges))
    }

    /// Four at 0.75, three right: no error there; four at 0.95, two right: 0.45 over half of all.
    #[test]
    fn two_confidences_by_hand() {
        let mut values = Vec::new();
        values.extend([true, true, true, false].map(|right| (0.75, right, 1)));
        values.extend([true, false, true, false].map(|right| (0.95, right, 1)));
        assert!((error(&trials(&values)) - 0.225).abs() < 1e-12);
        assert_eq!(error(&trials(&[(1.0, true, 1)])), 0.0);
        assert_eq!(error(&[]), 0.0);
    }

    #[test]
    fn the_histogram_holds_all() {
        let steps = histogram([0.25, 0.249, 0.2999, 0.3, 0.99, 1.0].into_iter());
        assert_eq!(steps.len(), 15);
        let counts = [0, 1, 14].map(|at: usize| (steps[at].from, steps[at].paragraphs));
        assert_eq!(counts, [(0.25, 3), (0.3, 1), (0.95, 2)]);
    }

    proptest! {
        /// A weight of three is three trials.
        #[test]
        fn weights_are_repetitions(
            values in prop::collection::vec((0.25..1.0f64, any::<bool>(), 0..4u32), 1..60),
        ) {
            let weighted = trials(&values);
            let repeated: Vec<Trial> = weighted
                .iter()
                .flat_map(|&trial| (0..trial.weight).map(move |_| Trial { weight: 1, ..trial }))
                .collect();
            prop_assert_eq!(
                edges(weighted.iter().copied()),
                edges(repeated.iter().copied())
            );
            prop_assert!((error(&weighted) - error(&repeated)).abs() < 1e-12);
            // numpy's quantiles.
            let sorted: Vec<f64> = repeated.iter().map(|trial| trial.confidence).collect();
            for (place, edge) in edges(repeated.iter().copied()).into_iter().enumerate() {
                let want = crate::evaluate::bootstrap::quantile(
                    &sorted, (place + 1) as f64 / BINS as f64);
                prop_assert!(sorted.is_empty() || (edge - want).abs() < 1e-12);
            }
        }
    }
}
