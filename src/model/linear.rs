//! The linear classifier: four weights a column, four intercepts, and their sum for a row.

use std::borrow::Cow;

use linfa::traits::PredictInplace;
use ndarray::Array1;

use crate::features::SparseMatrix;
use crate::label::{LABELS, Scores};

/// Log-odds of the four labels, in the order of [`crate::Label::ALL`]: what softmax makes
/// probabilities of. Only their differences mean anything.
pub type LogOdds = [f64; LABELS];

/// Weights and intercepts. Stored in single precision, summed in double.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// One row of four a column; the weights that are read together lie together.
    pub weights: Cow<'static, [[f32; LABELS]]>,
    /// One a label.
    pub intercept: [f32; LABELS],
}

impl Linear {
    /// Rounds a solution of the solver to what is stored.
    pub fn new(weights: &[[f64; LABELS]], intercept: [f64; LABELS]) -> Linear {
        Linear {
            weights: weights.iter().map(|w| w.map(|w| w as f32)).collect(),
            intercept: intercept.map(|b| b as f32),
        }
    }

    /// `W x + b`.
    ///
    /// # Panics
    /// If a column has no weights.
    pub fn log_odds(&self, row: &[(u32, f32)]) -> LogOdds {
        let mut sum = self.intercept.map(f64::from);
        for &(column, value) in row {
            let weights = &self.weights[column as usize];
            for k in 0..LABELS {
                sum[k] += f64::from(weights[k]) * f64::from(value);
            }
        }
        sum
    }

    /// Whether every number is finite.
    pub fn is_finite(&self) -> bool {
        let finite = |row: &[f32; LABELS]| row.iter().fold(true, |all, w| all & w.is_finite());
        let rows = self.weights.iter().chain([&self.intercept]);
        rows.fold(true, |all, row| all & finite(row))
    }
}

impl PredictInplace<SparseMatrix, Array1<usize>> for Linear {
    fn predict_inplace(&self, rows: &SparseMatrix, labels: &mut Array1<usize>) {
        assert_eq!(rows.rows(), labels.len());
        for (i, label) in labels.iter_mut().enumerate() {
            *label = Scores::softmax(self.log_odds(rows.row(i))).best().index();
        }
    }

    fn default_target(&self, rows: &SparseMatrix) -> Array1<usize> {
        Array1::zeros(rows.rows())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_by_hand() {
        let linear = Linear::new(
            &[[1.0, 0.0, -1.0, 0.0], [0.0, 0.5, 0.0, 2.0]],
            [0.25, 0.0, 0.0, -0.25],
        );
        assert_eq!(linear.log_odds(&[]), [0.25, 0.0, 0.0, -0.25]);
        let odds = linear.log_odds(&[(0, 2.0), (1, 0.5)]);
        assert_eq!(odds, [2.25, 0.25, -2.0, 0.75]);
        assert!(linear.is_finite());
    }

    #[test]
    fn predicts_through_the_trait_of_linfa() {
        use linfa::traits::Predict;
        let linear = Linear::new(&[[0.0, 0.0, 0.0, 3.0]], [1.0, 0.0, 0.0, 0.0]);
        let mut rows = SparseMatrix::new(1);
        rows.push(&[]);
        rows.push(&[(0, 1.0)]);
        let data = linfa::DatasetBase::new(rows, ());
        let labels: Array1<usize> = linear.predict(&data);
        assert_eq!(labels.to_vec(), [0, 3]);
    }
}
