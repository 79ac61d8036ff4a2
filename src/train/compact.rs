//! Small models: the features that matter most, and weights of few bits.

use super::exp::softmax;
use super::gap::Certificate;
use super::sdca::{PerLabel, Solution};
use crate::features::SparseMatrix;
use crate::label::LABELS;
use crate::model::{Compact, Quantized};

/// Which features of the vocabulary are kept: those whose weights, times the values that rows have in their
/// columns, move the log-odds most (root of the sum of squares over rows), as many as asked for. Of equals
/// the first come first. Columns behind the vocabulary are cues, which all stay.
pub(super) fn most_important(
    compact: Compact,
    rows: &SparseMatrix,
    features: usize,
    solution: &Solution,
) -> Vec<bool> {
    let mut squares = vec![0.0f64; features];
    for row in 0..rows.rows() {
        for &(column, value) in rows.row(row) {
            if let Some(sum) = squares.get_mut(column as usize) {
                *sum += f64::from(value) * f64::from(value);
            }
        }
    }
    let importance = |column: usize| {
        let weights = &solution.weights[column];
        // What all labels have in common decides nothing.
        let mean = weights.iter().sum::<f64>() / LABELS as f64;
        let spread: f64 = weights.iter().map(|w| (w - mean) * (w - mean)).sum();
        squares[column] * spread
    };
    let mut order: Vec<(f64, usize)> = (0..features).map(|c| (importance(c), c)).collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut keep = vec![false; features];
    for (_, column) in order.into_iter().take(compact.features) {
        keep[column] = true;
    }
    keep
}

/// What a solution says of each row, for another one to start from.
pub(super) fn probabilities(rows: &SparseMatrix, solution: &Solution) -> Vec<[f32; LABELS]> {
    (0..rows.rows())
        .map(|row| {
            let mut scores = solution.intercept;
            for &(column, value) in rows.row(row) {
                let weights = &solution.weights[column as usize];
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += weight * f64::from(value);
                }
            }
            softmax(scores).0.map(|p| p as f32)
        })
        .collect()
}

/// Rounds a solution's weights to so few bits, and finds the intercept that is best for them.
pub(super) fn round(
    compact: Compact,
    rows: &SparseMatrix,
    targets: &[usize],
    solution: &mut Solution,
) {
    let rounded = Quantized::round(&solution.weights, compact.bits).weights();
    solution.weights = rounded.iter().map(|w| w.map(f64::from)).collect();
    let mut certificate = Certificate::new(rows, targets);
    let best = certificate.best_intercept(&solution.weights, solution.intercept);
    let middle = best.iter().sum::<f64>() / LABELS as f64;
    solution.intercept = best.map(|b| b - middle) as PerLabel;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::SdcaParams;
    use linfa::ParamGuard;

    /// Two features tell the labels apart, in many rows and in few; one stands everywhere and tells nothing,
    /// and a fourth column is a cue.
    #[test]
    fn what_tells_labels_apart_is_kept() {
        let mut rows = SparseMatrix::new(4);
        let mut targets = Vec::new();
        for row in 0..40 {
            targets.push(row % 2);
            let telling = (row % 2) as f32 * 2.0 - 1.0;
            let rare = if row < 6 { telling } else { 0.0 };
            rows.push(&[(0, 1.0), (1, telling), (2, rare), (3, 0.1)]);
        }
        let sdca = SdcaParams::default().check().unwrap();
        let mut solution = sdca.solve(&rows, &targets, &mut |_| {});
        let keep = |features| {
            let compact = Compact { features, bits: 8 };
            most_important(compact, &rows, 3, &solution)
        };
        assert_eq!(keep(1), [false, true, false]);
        assert_eq!(keep(2), [false, true, true]);
        assert_eq!(keep(9), [true, true, true]);
        let before = probabilities(&rows, &solution);
        let compact = Compact {
            features: 9,
            bits: 8,
        };
        round(compact, &rows, &targets, &mut solution);
        let weights: Vec<[f32; LABELS]> = solution
            .weights
            .iter()
            .map(|w| w.map(|w| w as f32))
            .collect();
        assert_eq!(Quantized::of(&weights).unwrap().bits, 8);
        let after = probabilities(&rows, &solution);
        for (before, after) in before.iter().flatten().zip(after.iter().flatten()) {
            assert!((before - after).abs() < 0.02, "{before} {after}");
        }
    }
}
