//! Calibration: whether a confidence of 0.8 is right eight times in ten.

use serde::Serialize;

/// Bins of equal width over `[0, 1]`.
const BINS: usize = 10;

/// One bin of the reliability curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Lowest confidence in the bin; the next bin's is the first above it.
    pub from: f64,
    /// Paragraphs in it.
    pub paragraphs: usize,
    /// Mean confidence.
    pub confidence: f64,
    /// Share labelled right.
    pub accuracy: f64,
}

/// The bins that hold anything, from (confidence of the label given, whether it was right).
pub fn reliability(outcomes: &[(f64, bool)]) -> Vec<Bin> {
    let mut sums = [(0usize, 0.0f64, 0usize); BINS];
    for &(confidence, right) in outcomes {
        let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
        sums[bin].0 += 1;
        sums[bin].1 += confidence;
        sums[bin].2 += usize::from(right);
    }
    sums.iter()
        .enumerate()
        .filter(|(_, (paragraphs, ..))| *paragraphs > 0)
        .map(|(bin, &(paragraphs, confidence, right))| Bin {
            from: bin as f64 / BINS as f64,
            paragraphs,
            confidence: confidence / paragraphs as f64,
            accuracy: right as f64 / paragraphs as f64,
        })
        .collect()
}

/// Expected calibration error of the label given: the mean distance between confidence and accuracy
/// over the bins, weighted by their paragraphs (Guo et al. 2017, "On calibration of modern neural
/// networks"). In `[0, 1]`, 0 is best.
pub fn expected_calibration_error(bins: &[Bin]) -> f64 {
    let total: usize = bins.iter().map(|bin| bin.paragraphs).sum();
    bins.iter()
        .map(|bin| {
            let weight = bin.paragraphs as f64 / total.max(1) as f64;
            weight * (bin.confidence - bin.accuracy).abs()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four at 0.75, three right: no error there; four at 0.95, two right: 0.45 over half of all.
    #[test]
    fn two_bins_by_hand() {
        let outcomes: Vec<(f64, bool)> = [true, true, true, false]
            .map(|right| (0.75, right))
            .into_iter()
            .chain([true, false, true, false].map(|right| (0.95, right)))
            .collect();
        let bins = reliability(&outcomes);
        assert_eq!(bins.len(), 2);
        assert_eq!(
            (bins[0].from, bins[0].paragraphs, bins[0].accuracy),
            (0.7, 4, 0.75)
        );
        assert!((expected_calibration_error(&bins) - 0.225).abs() < 1e-12);
        assert_eq!(
            expected_calibration_error(&reliability(&[(1.0, true)])),
            0.0
        );
    }
}
