//! The duality gap: how far, at most, weights are from the optimum.
//!
//! For given weights W the intercept b is solved exactly, a problem of four numbers. Distributions q, one
//! a row, are a feasible point of the dual of the objective with a free intercept where `sum_i (y_i - q_i)
//! = 0`, and the gap between primal and dual there is
//!
//! ```text
//! gap = sum_i KL(q_i || p_i) + alpha/2 |W - V/alpha|^2,   p_i = softmax(W x_i + b),  V = sum_i (y_i - q_i) x_i^T
//! ```
//!
//! so that nothing is lost to rounding however small it is. It is a certificate: it holds for any W and q,
//! whichever solver they come from. Two choices of q are used. `q = p` is feasible as it is, and can be
//! had for weights from anywhere, but its gap is the squared gradient over 2 alpha, an order of magnitude
//! above the true distance. Where the solver has distributions of its own they are nearly feasible; all are
//! tilted alike, `q_ik e^(t_k)`, with the four numbers t that make them so, and the first term is then all
//! that is left.

use super::exp::{exp, softmax, total};
use super::row::Dual;
use super::sdca::{Epoch, PerLabel};
use crate::features::SparseMatrix;
use crate::label::LABELS;

/// `W x + start`.
#[inline]
fn dot(weights: &[PerLabel], row: &[(u32, f32)], start: PerLabel) -> PerLabel {
    let mut sum = start;
    for &(column, value) in row {
        let weight = &weights[column as usize];
        for k in 0..LABELS {
            sum[k] += weight[k] * f64::from(value);
        }
    }
    sum
}

/// Certificates of one problem; `W x` of all rows, once it has been computed.
pub(super) struct Certificate<'a> {
    rows: &'a SparseMatrix,
    targets: &'a [usize],
    /// How many rows have each label.
    wanted: PerLabel,
    scores: Vec<PerLabel>,
    pulled: Vec<PerLabel>,
}

impl<'a> Certificate<'a> {
    pub(super) fn new(rows: &'a SparseMatrix, targets: &'a [usize]) -> Certificate<'a> {
        let mut wanted = [0.0; LABELS];
        for &target in targets {
            wanted[target] += 1.0;
        }
        Certificate {
            rows,
            targets,
            wanted,
            scores: Vec::new(),
            pulled: Vec::new(),
        }
    }

    /// How many rows have each label.
    pub(super) fn wanted(&self) -> PerLabel {
        self.wanted
    }

    /// The intercept that minimises the objective for these weights, by Newton's method from `start`;
    /// keeps the scores without intercept.
    pub(super) fn best_intercept(&mut self, weights: &[PerLabel], start: PerLabel) -> PerLabel {
        self.scores.clear();
        let rows = (0..self.rows.rows()).map(|i| dot(weights, self.rows.row(i), [0.0; LABELS]));
        self.scores.extend(rows);
        // A label without rows has its optimum at minus infinity.
        newton(
            start,
            -40.0,
            self.wanted,
            &self.scores,
            |intercept, score| softmax(std::array::from_fn(|k| score[k] + intercept[k])).0,
        )
    }

    /// Objective and gap at these weights and their best intercept, from the scores that
    /// [`Certificate::best_intercept`] kept, with `q = p`.
    pub(super) fn certify(
        &mut self,
        weights: &[PerLabel],
        intercept: PerLabel,
        alpha: f64,
    ) -> Epoch {
        self.certify_with(weights, intercept, alpha, |_, p, log_p| (p, log_p))
    }

    /// The same with the solver's own distributions.
    pub(super) fn certify_duals(
        &mut self,
        weights: &[PerLabel],
        intercept: PerLabel,
        alpha: f64,
        duals: &[Dual],
    ) -> Epoch {
        let tilted = |tilt: PerLabel, dual: &Dual| {
            let tilts = exp(tilt);
            let mass: PerLabel = std::array::from_fn(|k| dual.q[k] * tilts[k]);
            let sum = total(mass);
            (mass.map(|mass| mass / sum), sum)
        };
        let tilt = newton([0.0; LABELS], -40.0, self.wanted, duals, |tilt, dual| {
            tilted(tilt, dual).0
        });
        self.certify_with(weights, intercept, alpha, |i, _, _| {
            let (q, sum) = tilted(tilt, &duals[i]);
            let log_sum = libm::log(sum);
            let log = std::array::from_fn(|k| duals[i].log[k] + tilt[k] - log_sum);
            (q, log)
        })
    }

    /// The same with distributions that `dual` makes of a row's number, its p and ln p, with logarithms.
    fn certify_with(
        &mut self,
        weights: &[PerLabel],
        intercept: PerLabel,
        alpha: f64,
        dual: impl Fn(usize, PerLabel, PerLabel) -> (PerLabel, PerLabel),
    ) -> Epoch {
        self.pulled.clear();
        self.pulled.resize(self.rows.columns(), [0.0; LABELS]);
        let (mut loss, mut divergence) = (0.0, 0.0);
        for (i, &target) in self.targets.iter().enumerate() {
            let scores = std::array::from_fn(|k| self.scores[i][k] + intercept[k]);
            let (p, log_sum) = softmax(scores);
            loss += log_sum - scores[target];
            let log_p = scores.map(|score| score - log_sum);
            let (q, log_q) = dual(i, p, log_p);
            divergence += total(std::array::from_fn(|k| q[k] * (log_q[k] - log_p[k])));
            let pull: PerLabel = std::array::from_fn(|k| f64::from(u8::from(k == target)) - q[k]);
            for &(column, value) in self.rows.row(i) {
                let pulled = &mut self.pulled[column as usize];
                for k in 0..LABELS {
                    pulled[k] += pull[k] * f64::from(value);
                }
            }
        }
        let (mut squares, mut distance) = (0.0, 0.0);
        for (weight, pulled) in weights.iter().zip(&self.pulled) {
            for k in 0..LABELS {
                squares += weight[k] * weight[k];
                let d = weight[k] - pulled[k] / alpha;
                distance += d * d;
            }
        }
        Epoch {
            objective: loss + alpha / 2.0 * squares,
            // Rounding must not make it negative.
            gap: divergence.max(0.0) + alpha / 2.0 * distance,
            certified: true,
        }
    }
}

/// The four numbers for which the distributions of all items sum to what is wanted, by Newton's method.
fn newton<T>(
    start: PerLabel,
    least: f64,
    wanted: PerLabel,
    items: &[T],
    distribution: impl Fn(PerLabel, &T) -> PerLabel,
) -> PerLabel {
    let mut at = start;
    for _ in 0..30 {
        let mut excess: PerLabel = wanted.map(|w| -w);
        let mut hessian = [[0.0; LABELS]; LABELS];
        for item in items {
            let q = distribution(at, item);
            for k in 0..LABELS {
                excess[k] += q[k];
                hessian[k][k] += q[k];
                for l in 0..LABELS {
                    hessian[k][l] -= q[k] * q[l];
                }
            }
        }
        let step = solve_singular(hessian, excess);
        for k in 0..LABELS {
            at[k] = (at[k] - step[k].clamp(-2.0, 2.0)).max(least);
        }
        if step.iter().all(|s| s.abs() < 1e-10) {
            break;
        }
    }
    at
}

/// Solves `H d = g` for the Hessian of a softmax, which is singular along (1, 1, 1, 1): that
/// direction is filled in, so that d sums to 0. Gaussian elimination; a tiny ridge keeps labels
/// without rows solvable.
pub(super) fn solve_singular(mut h: [[f64; LABELS]; LABELS], mut g: PerLabel) -> PerLabel {
    let size = h.iter().enumerate().map(|(k, row)| row[k]).sum::<f64>();
    for (k, row) in h.iter_mut().enumerate() {
        for cell in row.iter_mut() {
            *cell += size / (LABELS * LABELS) as f64;
        }
        row[k] += 1e-12 * size + f64::MIN_POSITIVE;
    }
    for k in 0..LABELS {
        for below in k + 1..LABELS {
            let factor = h[below][k] / h[k][k];
            let pivot = h[k];
            for (cell, pivot) in h[below].iter_mut().zip(pivot).skip(k) {
                *cell -= factor * pivot;
            }
            g[below] -= factor * g[k];
        }
    }
    let mut d = [0.0; LABELS];
    for k in (0..LABELS).rev() {
        let rest: f64 = (k + 1..LABELS).map(|l| h[k][l] * d[l]).sum();
        d[k] = (g[k] - rest) / h[k][k];
    }
    d
}
