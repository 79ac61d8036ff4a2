//! Calibration: the last stage, which turns log-odds that are too sure or too unsure into such whose
//! probabilities are frequencies.

use serde::{Deserialize, Serialize};

use super::linear::LogOdds;
use crate::label::LABELS;

/// What is done to log-odds after the neighbourhood stage (Guo et al. 2017, "On calibration of modern
/// neural networks").
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Calibration {
    /// Nothing.
    #[default]
    None,
    /// Temperature scaling: all log-odds times one number, which leaves every label as it is.
    Temperature {
        /// The inverse of the temperature, above 0: below 1 makes the model less sure.
        factor: f64,
    },
    /// Matrix scaling: a multinomial logistic regression on the four log-odds.
    Matrix {
        /// A row a label, a column a log-odds.
        weights: [[f64; LABELS]; LABELS],
        /// One a label.
        offset: LogOdds,
    },
}

impl Calibration {
    /// The calibrated log-odds.
    pub fn apply(&self, log_odds: LogOdds) -> LogOdds {
        let scaled = self.scale(log_odds);
        let offset = self.offset();
        std::array::from_fn(|k| scaled[k] + offset[k])
    }

    /// The linear part of [`Calibration::apply`]: of sums it is the sum.
    pub fn scale(&self, log_odds: LogOdds) -> LogOdds {
        match self {
            Calibration::None => log_odds,
            Calibration::Temperature { factor } => log_odds.map(|odds| odds * factor),
            Calibration::Matrix { weights, .. } => {
                weights.map(|row| row.iter().zip(log_odds).map(|(w, odds)| w * odds).sum())
            }
        }
    }

    /// What [`Calibration::apply`] adds to the linear part.
    pub fn offset(&self) -> LogOdds {
        match self {
            Calibration::None | Calibration::Temperature { .. } => LogOdds::default(),
            Calibration::Matrix { offset, .. } => *offset,
        }
    }

    /// Whether its numbers are finite and a factor above 0.
    pub fn is_valid(&self) -> bool {
        match self {
            Calibration::None => true,
            Calibration::Temperature { factor } => factor.is_finite() && *factor > 0.0,
            Calibration::Matrix { weights, offset } => {
                let numbers = weights.iter().flatten().chain(offset);
                numbers.copied().all(f64::is_finite)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_by_hand() {
        let odds = [1.0, 2.0, 0.0, -1.0];
        assert_eq!(Calibration::None.apply(odds), odds);
        let cooler = Calibration::Temperature { factor: 2.0 };
        assert_eq!(cooler.apply(odds), [2.0, 4.0, 0.0, -2.0]);
        let mut weights = [[0.0; LABELS]; LABELS];
        weights[3] = [1.0, 1.0, 0.0, -1.0];
        let matrix = Calibration::Matrix {
            weights,
            offset: [0.5; LABELS],
        };
        assert_eq!(matrix.apply(odds), [0.5, 0.5, 0.5, 4.5]);
        assert!(cooler.is_valid() && matrix.is_valid());
        assert!(!Calibration::Temperature { factor: 0.0 }.is_valid());
        assert!(!Calibration::Temperature { factor: f64::NAN }.is_valid());
    }
}
