//! Multinomial logistic regression on sparse rows, by stochastic dual coordinate ascent.
//!
//! The objective, over n rows x with one-hot targets y, weights W and a free intercept b, is
//!
//! ```text
//! P(W, b) = sum_i [ log sum_k exp(W_k x_i + b_k) - (W x_i + b)_{y_i} ]  +  alpha/2 |W|^2
//! ```
//!
//! which is what linfa-logistic minimises too (`alpha` = 1/C of scikit-learn). Its dual has one
//! distribution q_i per row: with `W = sum_i (y_i - q_i) x_i^T / alpha` kept true, one row after
//! another is solved exactly for its q_i (Shalev-Shwartz & Zhang 2013, "Stochastic dual coordinate
//! ascent methods for regularized loss minimization"; for the multinomial loss Yu, Huang & Lin
//! 2011, "Dual coordinate descent methods for logistic regression and maximum entropy models").
//!
//! The intercept is not penalised, so the plain dual step does not reach it. Two things make it easy.
//! Rows are centred, implicitly: with `x_i - mean` in place of `x_i` the problem is the same (the
//! free intercept takes up `W mean`), but W and the intercept no longer do each other's work. And
//! after each epoch the intercept is solved exactly for the W reached. Each epoch then ends with a
//! certified duality gap ([`super::gap`]).

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::Array1;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::gap::{Certificate, dot};
use crate::error::{Error, ErrorKind};
use crate::features::SparseMatrix;
use crate::label::LABELS;

/// One number a label.
pub type PerLabel = [f64; LABELS];

/// The solver with checked settings; [`super::SdcaParams`] makes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sdca {
    pub(super) alpha: f64,
    pub(super) tolerance: f64,
    pub(super) max_epochs: usize,
    pub(super) seed: u64,
}

/// How far the solution was after an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// The objective P.
    pub objective: f64,
    /// The certified distance to its minimum, at most.
    pub gap: f64,
}

/// A solution and the way to it.
#[derive(Clone, Debug)]
pub struct Solution {
    /// Weights, one row a feature.
    pub weights: Vec<PerLabel>,
    /// Intercepts; they sum to 0.
    pub intercept: PerLabel,
    /// What each epoch reached.
    pub epochs: Vec<Epoch>,
    /// Whether the tolerance was reached.
    pub converged: bool,
}

impl Fit<SparseMatrix, Array1<usize>, Error> for Sdca {
    type Object = Solution;

    fn fit(&self, dataset: &DatasetBase<SparseMatrix, Array1<usize>>) -> Result<Solution, Error> {
        let targets = dataset.targets.to_vec();
        if dataset.records.rows() != targets.len() || targets.iter().any(|&t| t >= LABELS) {
            return Err(Error::new(
                ErrorKind::Parameter,
                "there must be one target in 0..4 for every row",
            ));
        }
        Ok(self.solve(&dataset.records, &targets, &mut |_| {}))
    }
}

impl Sdca {
    /// Minimises the objective over rows with targets in `0..4`.
    ///
    /// The same input gives the same bits: rows are visited in an order that only the seed decides,
    /// by one thread, because each row's step rests on the one before. `each_epoch` is told of every
    /// epoch as it ends.
    ///
    /// # Panics
    /// If there are not as many targets as rows.
    pub fn solve(
        &self,
        rows: &SparseMatrix,
        targets: &[usize],
        each_epoch: &mut dyn FnMut(Epoch),
    ) -> Solution {
        assert_eq!(rows.rows(), targets.len());
        let n = rows.rows();
        let alpha = self.alpha;
        let mean = Mean::of(rows);
        let curvatures: Vec<f64> = (0..n)
            .map(|i| {
                let square = squared_length(rows.row(i)) - 2.0 * mean.with_row[i] + mean.square;
                square.max(0.0) / alpha
            })
            .collect();
        let mut q: Vec<PerLabel> = targets.iter().map(|&target| one_hot(target)).collect();
        // W = own + along * mean^T, so that a step along a centred row touches the row's columns only;
        // at_mean = own * mean.
        let mut own = vec![[0.0; LABELS]; rows.columns()];
        let mut along = [0.0; LABELS];
        let mut at_mean = [0.0; LABELS];
        let mut intercept = [0.0; LABELS];
        let mut order: Vec<u32> = (0..n as u32).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let mut epochs: Vec<Epoch> = Vec::new();
        let mut converged = false;
        let mut certificate = Certificate::new(n, rows.columns());
        let mut weights = vec![[0.0; LABELS]; rows.columns()];

        while epochs.len() < self.max_epochs && !converged {
            order.shuffle(&mut rng);
            for &i in &order {
                let i = i as usize;
                let row = rows.row(i);
                let with_mean = mean.with_row[i];
                let start = std::array::from_fn(|k| {
                    intercept[k] - at_mean[k] + along[k] * (with_mean - mean.square)
                });
                let new = solve_row(dot(&own, row, start), q[i], curvatures[i]);
                let step: PerLabel = std::array::from_fn(|k| (q[i][k] - new[k]) / alpha);
                q[i] = new;
                for k in 0..LABELS {
                    along[k] -= step[k];
                    at_mean[k] += step[k] * with_mean;
                }
                for &(column, value) in row {
                    let weight = &mut own[column as usize];
                    for k in 0..LABELS {
                        weight[k] += step[k] * f64::from(value);
                    }
                }
            }
            for ((weight, own), mean) in weights.iter_mut().zip(&own).zip(&mean.columns) {
                *weight = std::array::from_fn(|k| own[k] + along[k] * mean);
            }
            // The free intercept belongs to the rows as they are; the centred one is that plus W * mean.
            let to_centred: PerLabel = std::array::from_fn(|k| at_mean[k] + along[k] * mean.square);
            let start = std::array::from_fn(|k| intercept[k] - to_centred[k]);
            let best = certificate.best_intercept(rows, targets, &weights, start);
            let epoch = certificate.certify(rows, targets, &weights, best, alpha);
            intercept = std::array::from_fn(|k| best[k] + to_centred[k]);
            converged = epoch.gap <= self.tolerance * epoch.objective;
            each_epoch(epoch);
            epochs.push(epoch);
            if converged || epochs.len() == self.max_epochs {
                intercept = best;
            }
        }
        let middle = intercept.iter().sum::<f64>() / LABELS as f64;
        Solution {
            weights,
            intercept: intercept.map(|b| b - middle),
            epochs,
            converged,
        }
    }
}

/// The mean row, and its products with each row.
struct Mean {
    columns: Vec<f64>,
    with_row: Vec<f64>,
    square: f64,
}

impl Mean {
    fn of(rows: &SparseMatrix) -> Mean {
        let n = rows.rows();
        let mut columns = vec![0.0; rows.columns()];
        for i in 0..n {
            for &(column, value) in rows.row(i) {
                columns[column as usize] += f64::from(value) / n as f64;
            }
        }
        let product = |&(column, value): &(u32, f32)| columns[column as usize] * f64::from(value);
        let with_row = (0..n)
            .map(|i| rows.row(i).iter().map(product).sum())
            .collect();
        let square = columns.iter().map(|m| m * m).sum();
        Mean {
            columns,
            with_row,
            square,
        }
    }
}

fn one_hot(target: usize) -> PerLabel {
    std::array::from_fn(|k| f64::from(u8::from(k == target)))
}

fn squared_length(row: &[(u32, f32)]) -> f64 {
    row.iter().map(|&(_, v)| f64::from(v) * f64::from(v)).sum()
}

/// The q that maximises the dual in one row: the root of `q = softmax(scores - curvature * (q -
/// old))`, by Newton's method on `u = log q` and the normaliser together.
fn solve_row(scores: PerLabel, old: PerLabel, curvature: f64) -> PerLabel {
    const STEPS: usize = 25;
    const FLOOR: f64 = 1e-12;
    let right: PerLabel = std::array::from_fn(|k| scores[k] + curvature * old[k]);
    let mut u = old.map(|q| libm::log(q.max(FLOOR)));
    let mut q = u.map(libm::exp);
    // The normaliser that is right for the largest component starts the search.
    let top = (0..LABELS).fold(0, |best, k| if q[k] > q[best] { k } else { best });
    let mut normaliser = right[top] - u[top] - curvature * q[top];
    for _ in 0..STEPS {
        let residual: PerLabel =
            std::array::from_fn(|k| right[k] - normaliser - u[k] - curvature * q[k]);
        let damping: PerLabel = std::array::from_fn(|k| 1.0 / (1.0 + curvature * q[k]));
        let missing = 1.0 - q.iter().sum::<f64>();
        let pull: f64 = (0..LABELS).map(|k| q[k] * residual[k] * damping[k]).sum();
        let mass: f64 = (0..LABELS).map(|k| q[k] * damping[k]).sum();
        let shift = (pull - missing) / mass;
        normaliser += shift;
        let mut largest = 0.0f64;
        for k in 0..LABELS {
            let step = (residual[k] - shift) * damping[k];
            // q stays a probability; a longer step would overshoot where the curve is steep.
            u[k] = (u[k] + step).min(0.0);
            q[k] = libm::exp(u[k]);
            largest = largest.max(step.abs() * q[k]);
        }
        if largest < 1e-10 {
            break;
        }
    }
    let sum: f64 = q.iter().sum();
    q.map(|q| q / sum)
}
