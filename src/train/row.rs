//! One row of the dual: the distribution that is best for it while all others stay as they are.

use super::exp::{exp, total};
use super::sdca::PerLabel;
use crate::label::LABELS;

/// The dual variable of a row: a distribution over the labels and its logarithm. One line of the
/// processor's memory.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Dual {
    pub(super) q: PerLabel,
    /// `ln q`, kept so that it need not be computed.
    pub(super) log: PerLabel,
}

/// Probabilities start from here: their logarithms must be numbers.
const FLOOR: f64 = 1e-12;
/// Most steps of Newton's method a visit. Four are common at first and one near the end; what is left
/// is made good at the next visit.
const STEPS: usize = 10;
/// A step that moves no probability by more is the last: the next would move it by its square.
const SMALL: f64 = 1e-3;

/// What a visit brought.
pub(super) struct Visit {
    /// The old distribution less the new one.
    pub(super) step: PerLabel,
    /// How far the row was from its best before: its part of the duality gap, to second order.
    pub(super) gap: f64,
    /// `q_k / (1 + curvature q_k)`: how readily each probability moves with its score.
    pub(super) ease: PerLabel,
}

impl Dual {
    /// All mass on one label, where every row starts: no weight differs from 0 then.
    pub(super) fn certain(label: usize) -> Dual {
        Dual::new(std::array::from_fn(|k| f64::from(u8::from(k == label))))
    }

    /// A given distribution.
    pub(super) fn new(q: PerLabel) -> Dual {
        Dual {
            q,
            log: q.map(|q| libm::log(q.max(FLOOR))),
        }
    }

    /// Moves to the root of `q = softmax(scores - curvature * (q - old))`, by Newton's method on `ln q`
    /// and the normaliser together.
    #[inline]
    pub(super) fn visit(&mut self, scores: PerLabel, curvature: f64) -> Visit {
        let old = self.q;
        let right: PerLabel = std::array::from_fn(|k| scores[k] + curvature * old[k]);
        let (mut q, mut log) = (old, self.log);
        // The least of the Kullback-Leibler divergence to the softmax of the scores, to second order: the
        // variance under q of what the scores say beyond ln q.
        let beyond: PerLabel = std::array::from_fn(|k| scores[k] - log[k]);
        let mean = total(std::array::from_fn(|k| q[k] * beyond[k]));
        let gap = 0.5
            * total(std::array::from_fn(|k| {
                q[k] * (beyond[k] - mean) * (beyond[k] - mean)
            }));
        // The normaliser that is right for the largest component starts the search.
        let top = (0..LABELS).fold(0, |best, k| if q[k] > q[best] { k } else { best });
        let mut normaliser = right[top] - log[top] - curvature * q[top];
        let mut ease = [0.0; LABELS];
        for _ in 0..STEPS {
            let residual: PerLabel =
                std::array::from_fn(|k| right[k] - normaliser - log[k] - curvature * q[k]);
            let damping: PerLabel = std::array::from_fn(|k| 1.0 / (1.0 + curvature * q[k]));
            ease = std::array::from_fn(|k| q[k] * damping[k]);
            let missing = 1.0 - total(q);
            let pull = total(std::array::from_fn(|k| ease[k] * residual[k]));
            let shift = (pull - missing) / total(ease);
            normaliser += shift;
            let step: PerLabel = std::array::from_fn(|k| (residual[k] - shift) * damping[k]);
            // q stays a probability; a longer step would overshoot where the curve is steep.
            log = std::array::from_fn(|k| (log[k] + step[k]).min(0.0));
            q = exp(log);
            let moved = (0..LABELS).fold(0.0, |most, k| (step[k].abs() * q[k]).max(most));
            if moved < SMALL {
                break;
            }
        }
        let sum = total(q);
        let log_sum = log_near_one(sum);
        self.q = q.map(|q| q / sum);
        self.log = log.map(|log| log - log_sum);
        Visit {
            step: std::array::from_fn(|k| old[k] - self.q[k]),
            gap,
            ease,
        }
    }
}

/// `ln x`, quick where x is nearly 1, as the sum of a distribution is after Newton's method.
#[inline]
fn log_near_one(x: f64) -> f64 {
    let d = x - 1.0;
    if d.abs() < 1e-4 {
        d * (1.0 - d * (1.0 / 2.0 - d * (1.0 / 3.0 - d * (1.0 / 4.0))))
    } else {
        libm::log(x)
    }
}

#[cfg(test)]
mod tests {
    use super::super::exp::softmax;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_logarithm_of_sums() {
        for x in [0.5, 0.9999, 0.99991, 1.0, 1.000_05, 1.2, 4.0] {
            let want = libm::log(x);
            assert!((log_near_one(x) - want).abs() < 1e-16, "{x}");
        }
    }

    proptest! {
        /// Visited until it rests, a row is where its condition holds, and its gap is nothing.
        #[test]
        fn the_root_is_found(
            scores in prop::array::uniform4(-30.0..30.0f64),
            curvature in 0.0..50.0f64,
            label in 0..4usize,
        ) {
            let mut dual = Dual::certain(label);
            // What a visit changes of the scores of its own row.
            let mut now = scores;
            for _ in 0..20 {
                let visit = dual.visit(now, curvature);
                for (now, step) in now.iter_mut().zip(visit.step) {
                    *now += curvature * step;
                }
            }
            let (wanted, _) = softmax(now);
            for (got, want) in dual.q.iter().zip(wanted) {
                prop_assert!((got - want).abs() < 1e-9, "{:?} {wanted:?}", dual.q);
            }
            prop_assert!((total(dual.q) - 1.0).abs() < 1e-12);
            prop_assert!(dual.visit(now, curvature).gap < 1e-12);
        }

        /// Near the best, the gap that a visit reports is the divergence that it removes.
        #[test]
        fn the_gap_is_the_divergence(
            scores in prop::array::uniform4(-3.0..3.0f64),
            off in prop::array::uniform4(-0.01..0.01f64),
        ) {
            let (q, _) = softmax(scores);
            let mut dual = Dual::new(q);
            let moved: PerLabel = std::array::from_fn(|k| scores[k] + off[k]);
            let (p, _) = softmax(moved);
            let divergence: f64 = (0..4).map(|k| q[k] * (q[k] / p[k]).ln()).sum();
            let gap = dual.visit(moved, 4.0).gap;
            prop_assert!((gap - divergence).abs() <= 0.1 * divergence + 1e-12, "{gap} {divergence}");
        }
    }
}
