//! The duality gap: how far, at most, weights are from the optimum.
//!
//! For given weights W the intercept b is solved exactly, a problem of four numbers. Then `q_i =
//! softmax(W x_i + b)` satisfies `sum_i (y_i - q_i) = 0`, which makes it a feasible point of the
//! dual of the objective with a free intercept, and since Fenchel-Young holds with equality in every
//! row, the gap between primal and dual at this point comes down to
//!
//! ```text
//! gap = alpha/2 |W - V/alpha|^2,   V = sum_i (y_i - q_i) x_i^T
//! ```
//!
//! (the squared gradient over 2 alpha: what strong convexity gives, too). It is a certificate: it
//! holds for any W, whichever solver it comes from.

use super::sdca::{Epoch, PerLabel};
use crate::features::SparseMatrix;
use crate::label::LABELS;

/// `W x + start`.
pub(super) fn dot(weights: &[PerLabel], row: &[(u32, f32)], start: PerLabel) -> PerLabel {
    let mut sum = start;
    for &(column, value) in row {
        let weight = &weights[column as usize];
        for k in 0..LABELS {
            sum[k] += weight[k] * f64::from(value);
        }
    }
    sum
}

/// Buffers for certificates of one problem.
pub(super) struct Certificate {
    scores: Vec<PerLabel>,
    gradient: Vec<PerLabel>,
}

impl Certificate {
    pub(super) fn new(rows: usize, columns: usize) -> Certificate {
        Certificate {
            scores: vec![[0.0; LABELS]; rows],
            gradient: vec![[0.0; LABELS]; columns],
        }
    }

    /// The intercept that minimises the objective for these weights, by Newton's method from
    /// `start`; leaves the scores without intercept in the buffer.
    pub(super) fn best_intercept(
        &mut self,
        rows: &SparseMatrix,
        targets: &[usize],
        weights: &[PerLabel],
        start: PerLabel,
    ) -> PerLabel {
        for (i, scores) in self.scores.iter_mut().enumerate() {
            *scores = dot(weights, rows.row(i), [0.0; LABELS]);
        }
        let mut wanted = [0.0; LABELS];
        for &target in targets {
            wanted[target] += 1.0;
        }
        let mut intercept = start;
        for _ in 0..30 {
            let mut excess: PerLabel = wanted.map(|w| -w);
            let mut hessian = [[0.0; LABELS]; LABELS];
            for scores in &self.scores {
                let q = softmax(std::array::from_fn(|k| scores[k] + intercept[k])).0;
                for k in 0..LABELS {
                    excess[k] += q[k];
                    hessian[k][k] += q[k];
                    for l in 0..LABELS {
                        hessian[k][l] -= q[k] * q[l];
                    }
                }
            }
            let step = solve_singular(hessian, excess, targets.len() as f64);
            for k in 0..LABELS {
                // A label without rows has its optimum at minus infinity.
                intercept[k] = (intercept[k] - step[k].clamp(-2.0, 2.0)).max(-40.0);
            }
            if step.iter().all(|s| s.abs() < 1e-12) {
                break;
            }
        }
        intercept
    }

    /// Objective and duality gap at these weights and their best intercept, from the buffered scores.
    pub(super) fn certify(
        &mut self,
        rows: &SparseMatrix,
        targets: &[usize],
        weights: &[PerLabel],
        intercept: PerLabel,
        alpha: f64,
    ) -> Epoch {
        self.gradient.fill([0.0; LABELS]);
        let mut loss = 0.0;
        for (i, &target) in targets.iter().enumerate() {
            let scores = std::array::from_fn(|k| self.scores[i][k] + intercept[k]);
            let (q, log_sum) = softmax(scores);
            loss += log_sum - scores[target];
            let pull: PerLabel = std::array::from_fn(|k| f64::from(u8::from(k == target)) - q[k]);
            for &(column, value) in rows.row(i) {
                let gradient = &mut self.gradient[column as usize];
                for k in 0..LABELS {
                    gradient[k] += pull[k] * f64::from(value);
                }
            }
        }
        let (mut squares, mut distance) = (0.0, 0.0);
        for (weight, gradient) in weights.iter().zip(&self.gradient) {
            for k in 0..LABELS {
                squares += weight[k] * weight[k];
                let d = weight[k] - gradient[k] / alpha;
                distance += d * d;
            }
        }
        Epoch {
            objective: loss + alpha / 2.0 * squares,
            gap: alpha / 2.0 * distance,
        }
    }
}

/// Softmax and the log of its denominator.
fn softmax(scores: PerLabel) -> (PerLabel, f64) {
    let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exps = scores.map(|s| libm::exp(s - max));
    let sum: f64 = exps.iter().sum();
    (exps.map(|e| e / sum), max + libm::log(sum))
}

/// Solves `H d = g` for the Hessian of a softmax, which is singular along (1, 1, 1, 1): that
/// direction is filled in, so that d sums to 0. Gaussian elimination; a tiny ridge keeps labels
/// without rows solvable.
fn solve_singular(mut h: [[f64; LABELS]; LABELS], mut g: PerLabel, rows: f64) -> PerLabel {
    for (k, row) in h.iter_mut().enumerate() {
        for cell in row.iter_mut() {
            *cell += rows / (LABELS * LABELS) as f64;
        }
        row[k] += 1e-12 * rows + f64::MIN_POSITIVE;
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
