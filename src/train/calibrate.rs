//! Learning a calibration from outcomes on articles that the model had not seen.

use super::reference::Reference;
use crate::error::Result;
use crate::evaluate::Outcome;
use crate::features::SparseMatrix;
use crate::label::{LABELS, Scores, Side};
use crate::model::{Calibration, LogOdds};

/// Ways to calibrate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calibrator {
    /// Not at all.
    None,
    /// By temperature scaling.
    Temperature,
    /// By matrix scaling, with linfa-logistic.
    Matrix,
}

/// Strength of the penalty of matrix scaling: next to none, for there are twenty numbers to learn.
const ALPHA: f64 = 1.0;
/// Range of the temperature's inverse.
const FACTORS: (f64, f64) = (0.05, 20.0);

impl Calibrator {
    /// Learns a calibration. `opinion_shift` is what the model's intercepts add to the log-odds of both
    /// opinion labels for a prior that is not that of the outcomes: they are to be calibrated to that
    /// prior, not back to their own.
    ///
    /// # Errors
    /// Those of linfa-logistic, for matrix scaling.
    pub fn fit(
        self,
        outcomes: &[Outcome],
        opinion_shift: f64,
        dense_bytes: usize,
    ) -> Result<Calibration> {
        match self {
            Calibrator::None => Ok(Calibration::None),
            Calibrator::Temperature => Ok(temperature(outcomes, opinion_shift)),
            Calibrator::Matrix => matrix(outcomes, opinion_shift, dense_bytes),
        }
    }
}

/// Outcomes with the calibration applied.
pub(super) fn calibrated(outcomes: &mut [Outcome], calibration: &Calibration) {
    for outcome in outcomes {
        outcome.scores = Scores::softmax(calibration.apply(log_odds(outcome)));
    }
}

/// Log-odds that give the outcome's probabilities. Probabilities too small for a number are lifted.
fn log_odds(outcome: &Outcome) -> LogOdds {
    outcome.scores.as_array().map(|p| libm::log(p.max(1e-300)))
}

/// The factor of least log-loss, by Newton's method; the loss is convex in it. Each outcome counts as
/// much as the prior makes it (importance weights).
fn temperature(outcomes: &[Outcome], opinion_shift: f64) -> Calibration {
    let opinion = |outcome: &&Outcome| outcome.gold.side() == Side::Opinion;
    let of_opinion = outcomes.iter().filter(opinion).count() as f64;
    let of_news = outcomes.len() as f64 - of_opinion;
    // The shift multiplies the odds of opinion; together the weights stay as many as the outcomes.
    let odds = libm::exp(opinion_shift);
    let whole = outcomes.len() as f64 / (of_news + odds * of_opinion);
    let (low, high) = FACTORS;
    let mut factor = 1.0;
    for _ in 0..100 {
        let (mut slope, mut curve) = (0.0, 0.0);
        for outcome in outcomes {
            let weight = whole * if opinion(&outcome) { odds } else { 1.0 };
            let z = log_odds(outcome);
            let scores = Scores::softmax(z.map(|z| z * factor));
            let p = scores.as_array();
            let mean: f64 = (0..LABELS).map(|k| p[k] * z[k]).sum();
            let square: f64 = (0..LABELS).map(|k| p[k] * z[k] * z[k]).sum();
            slope += weight * (mean - z[outcome.gold.index()]);
            curve += weight * (square - mean * mean);
        }
        if curve <= 0.0 {
            break;
        }
        // At most doubled or halved: far from the optimum a whole step overshoots.
        let next = (factor - slope / curve).clamp(factor / 2.0, factor * 2.0);
        let next = next.clamp(low, high);
        let moved = (next - factor).abs();
        factor = next;
        if moved < 1e-10 {
            break;
        }
    }
    Calibration::Temperature { factor }
}

/// A multinomial logistic regression on the four log-odds. It is learnt at the outcomes' own prior, with
/// the shift taken off, which is put on again afterwards.
fn matrix(outcomes: &[Outcome], opinion_shift: f64, dense_bytes: usize) -> Result<Calibration> {
    let mut rows = SparseMatrix::new(LABELS);
    let mut targets = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        let odds = log_odds(outcome);
        // Only differences mean anything: the mean would be a fifth number.
        let mean = odds.iter().sum::<f64>() / LABELS as f64;
        let row: [(u32, f32); LABELS] =
            std::array::from_fn(|k| (k as u32, (odds[k] - mean) as f32));
        rows.push(&row);
        targets.push(outcome.gold.index());
    }
    let reference = Reference {
        alpha: ALPHA,
        tolerance: 1e-4,
        max_iterations: 1000,
        dense_bytes,
    };
    let solution = reference.solve(&rows, &targets)?;
    let mut weights = [[0.0; LABELS]; LABELS];
    for (column, of_column) in solution.weights.iter().enumerate() {
        for label in 0..LABELS {
            weights[label][column] = of_column[label];
        }
    }
    // Centring is linear too: each row loses its mean.
    for row in &mut weights {
        let mean = row.iter().sum::<f64>() / LABELS as f64;
        row.iter_mut().for_each(|weight| *weight -= mean);
    }
    let mut offset = solution.intercept;
    for (offset, label) in offset.iter_mut().zip(crate::label::Label::ALL) {
        if label.side() == Side::Opinion {
            *offset += opinion_shift;
        }
    }
    Ok(Calibration::Matrix { weights, offset })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Label;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Outcomes whose labels are drawn from the softmax of log-odds, and whose model says these log-odds
    /// times `factor`.
    fn drawn(factor: f64, shift: f64) -> Vec<Outcome> {
        let mut random = ChaCha8Rng::seed_from_u64(4);
        (0..40_000)
            .map(|n| {
                let odds: LogOdds = std::array::from_fn(|_| random.gen_range(-3.0..3.0));
                let truth = Scores::softmax(odds);
                let mut left: f64 = random.gen_range(0.0..1.0);
                let gold = Label::ALL.into_iter().find(|&label| {
                    left -= truth.get(label);
                    left < 0.0
                });
                let mut said = odds.map(|z| z * factor);
                said[2] += shift;
                said[3] += shift;
                Outcome {
                    article: n,
                    words: 1,
                    gold: gold.unwrap_or(Label::CallToAction),
                    scores: Scores::softmax(said),
                    rule: Label::Reporting,
                }
            })
            .collect()
    }

    #[test]
    fn a_model_that_is_twice_too_sure_is_cooled() {
        let Calibration::Temperature { factor } = temperature(&drawn(2.0, 0.0), 0.0) else {
            panic!("no temperature");
        };
        assert!((factor - 0.5).abs() < 0.01, "{factor}");
        let calibration = Calibrator::Matrix
            .fit(&drawn(2.0, 0.0), 0.0, 1 << 24)
            .unwrap();
        let got = calibration.apply([2.0, 0.0, -2.0, 1.0]);
        for (k, want) in [1.0, 0.0, -1.0, 0.5].into_iter().enumerate() {
            assert!((got[k] - got[1] - want).abs() < 0.08, "{got:?}");
        }
    }

    /// The model was told of another prior than the outcomes have: that is no fault to be mended.
    #[test]
    fn a_shifted_prior_stays() {
        for shift in [-0.7, 0.4] {
            let outcomes = drawn(1.0, shift);
            let Calibration::Temperature { factor } = temperature(&outcomes, shift) else {
                panic!("no temperature");
            };
            assert!((factor - 1.0).abs() < 0.03, "{factor}");
            let matrix = Calibrator::Matrix.fit(&outcomes, shift, 1 << 24).unwrap();
            let got = matrix.apply([0.0, 0.0, shift, shift]);
            assert!((got[2] - got[0] - shift).abs() < 0.08, "{got:?}");
        }
    }

    #[test]
    fn nothing_to_learn_from_leaves_things_as_they_are() {
        let Calibration::Temperature { factor } = temperature(&[], 0.0) else {
            panic!("no temperature");
        };
        assert_eq!(factor, 1.0);
    }
}
