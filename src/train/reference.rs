//! linfa-logistic as a solver: the only file that names it.
//!
//! It works on the dense matrix, which is fine for small problems and as the reference that the
//! sparse solver is held against; a matrix above the memory bound is refused. It does not say
//! whether it converged, and some inputs make it panic, so both sides of the call are guarded.

use linfa::Dataset;
use linfa::traits::Fit;
use linfa_logistic::MultiLogisticRegression;
use ndarray::Array1;

use super::gap::Certificate;
use super::sdca::{PerLabel, Solution};
use crate::error::{Error, ErrorKind, Result};
use crate::features::SparseMatrix;
use crate::label::LABELS;

/// Intercept of a label that no row has: its probability is nil.
const ABSENT: f64 = -40.0;

/// Settings of the reference solver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// Strength of the L2 penalty, above 0; the same as in [`super::SdcaParams::alpha`].
    pub alpha: f64,
    /// The solution is refused when its certified gap is above this share of the objective.
    pub tolerance: f64,
    /// Most L-BFGS iterations.
    pub max_iterations: usize,
    /// Most bytes of the dense matrix.
    pub dense_bytes: usize,
}

impl Reference {
    /// Minimises the objective of [`super::sdca`] over rows with targets in `0..4`.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`] when the dense matrix would pass the bound; [`ErrorKind::Solver`] when
    /// there are fewer than two rows or labels, when linfa-logistic fails, or when what it returns is
    /// not finite or not near the optimum.
    pub fn solve(&self, rows: &SparseMatrix, targets: &[usize]) -> Result<Solution> {
        let bytes = rows
            .rows()
            .checked_mul(rows.columns())
            .and_then(|n| n.checked_mul(8));
        if bytes.is_none_or(|bytes| bytes > self.dense_bytes) {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!(
                    "solver linfa needs a dense matrix of {} x {} numbers, {} MiB; at most {} MiB are allowed",
                    rows.rows(),
                    rows.columns(),
                    bytes.map_or("over 2^44".to_owned(), |b| (b >> 20).to_string()),
                    self.dense_bytes >> 20,
                ),
            )
            .hint("use --solver sdca, or fewer features (--max-features, --min-articles)"));
        }
        let failed = |message: String| Error::new(ErrorKind::Solver, message);
        let present = (0..LABELS).filter(|k| targets.contains(k)).count();
        if present < 2 {
            return Err(failed(
                "training needs paragraphs of at least two labels".into(),
            ));
        }
        let data = Dataset::new(rows.to_dense(), Array1::from(targets.to_vec()));
        let fitted = MultiLogisticRegression::default()
            .alpha(self.alpha)
            .max_iterations(self.max_iterations as u64)
            .gradient_tolerance(1e-7)
            .fit(&data)
            .map_err(|error| failed(format!("linfa-logistic: {error}")))?;

        let mut weights = vec![[0.0; LABELS]; rows.columns()];
        let mut start = [ABSENT; LABELS];
        for (class, &label) in fitted.classes().iter().enumerate() {
            start[label] = fitted.intercept()[class];
            for (weight, row) in weights.iter_mut().zip(fitted.params().rows()) {
                weight[label] = row[class];
            }
        }
        if !weights
            .iter()
            .flatten()
            .chain(&start)
            .all(|w| w.is_finite())
        {
            return Err(failed(
                "linfa-logistic returned weights that are not finite".into(),
            ));
        }
        let mut certificate = Certificate::new(rows, targets);
        let intercept = certificate.best_intercept(&weights, start);
        let epoch = certificate.certify(&weights, intercept, self.alpha);
        if epoch.gap > self.tolerance * epoch.objective {
            return Err(failed(format!(
                "linfa-logistic stopped with a duality gap of {:.1e} of the objective, above {:.0e}",
                epoch.gap / epoch.objective,
                self.tolerance
            ))
            .hint("use --solver sdca, or more --max-epochs"));
        }
        let middle = intercept.iter().sum::<f64>() / LABELS as f64;
        Ok(Solution {
            weights,
            intercept: intercept.map(|b| b - middle) as PerLabel,
            epochs: vec![epoch],
            converged: true,
        })
    }
}
