//! What a model carries of its own cross-validation: for each labelled training paragraph its label
//! and what a model that had not seen its article said of it. From them it is known how the model errs.

use crate::label::{LABELS, Label, Scores};
use crate::outcome::Outcome;

/// Bytes of one row in the model file.
pub(super) const ROW_BYTES: usize = 11;
/// Log-probabilities are kept from here to 0, in steps of a `u16`.
const LEAST: f64 = -16.0;
const STEPS: f64 = u16::MAX as f64;

/// Bits of a row's first byte: the label, whether the row is the first of its article, and whether the
/// quote rule says quotation.
const LABEL: u8 = 0b0011;
const FIRST: u8 = 0b0100;
const QUOTATION: u8 = 0b1000;

/// Out-of-fold outcomes, packed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validation {
    rows: Vec<u8>,
}

impl Validation {
    /// Packs outcomes. Probabilities are rounded to a relative error of 1.3e-4, those below 1e-7 are
    /// kept as that; words above 65,535 as so many.
    pub fn new(outcomes: &[Outcome]) -> Validation {
        let mut rows = Vec::with_capacity(outcomes.len() * ROW_BYTES);
        let mut article = None;
        for outcome in outcomes {
            let mut bits = outcome.gold.index() as u8;
            if article.replace(outcome.article) != Some(outcome.article) {
                bits |= FIRST;
            }
            if outcome.rule == Label::Quotation {
                bits |= QUOTATION;
            }
            rows.push(bits);
            let words = u16::try_from(outcome.words).unwrap_or(u16::MAX);
            rows.extend_from_slice(&words.to_le_bytes());
            for p in outcome.scores.as_array() {
                let depth = (libm::log(*p).max(LEAST) / LEAST * STEPS).round() as u16;
                rows.extend_from_slice(&depth.to_le_bytes());
            }
        }
        Validation { rows }
    }

    /// The rows of a model file; `None` where they cannot be such.
    pub(super) fn from_bytes(rows: &[u8]) -> Option<Validation> {
        let bits = rows.iter().step_by(ROW_BYTES);
        let known = bits
            .clone()
            .all(|bits| bits & !(LABEL | FIRST | QUOTATION) == 0);
        let begins = bits.clone().next().is_none_or(|bits| bits & FIRST != 0);
        (known && begins && rows.len().is_multiple_of(ROW_BYTES)).then(|| Validation {
            rows: rows.to_vec(),
        })
    }

    /// The bytes of the rows.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.rows
    }

    /// Number of paragraphs.
    pub fn len(&self) -> usize {
        self.rows.len() / ROW_BYTES
    }

    /// Whether the model carries none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The outcomes, with articles numbered from 0 in the order of the training data.
    pub fn outcomes(&self) -> Vec<Outcome> {
        let mut articles = 0;
        self.rows
            .chunks_exact(ROW_BYTES)
            .map(|row| {
                let number = |at: usize| u16::from_le_bytes([row[at], row[at + 1]]);
                articles += usize::from(row[0] & FIRST != 0);
                let depths: [f64; LABELS] = std::array::from_fn(|k| f64::from(number(3 + 2 * k)));
                Outcome {
                    article: articles - 1,
                    words: usize::from(number(1)),
                    gold: Label::ALL[usize::from(row[0] & LABEL)],
                    scores: Scores::softmax(depths.map(|depth| depth / STEPS * LEAST)),
                    rule: match row[0] & QUOTATION {
                        0 => Label::Reporting,
                        _ => Label::Quotation,
                    },
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_come_back() {
        let outcomes: Vec<Outcome> = (0..40)
            .map(|n| Outcome {
                article: 3 + n / 7,
                words: 10 * n,
                gold: Label::ALL[n % 4],
                scores: Scores::softmax([n as f64 / 5.0, 0.3, 1.0, -(n as f64)]),
                rule: [Label::Reporting, Label::Quotation][n % 2],
            })
            .collect();
        let packed = Validation::new(&outcomes);
        let again = Validation::from_bytes(packed.as_bytes()).unwrap();
        assert_eq!((again.len(), again.is_empty()), (40, false));
        for (got, want) in again.outcomes().iter().zip(&outcomes) {
            assert_eq!(got.article, want.article - 3);
            assert_eq!(
                (got.words, got.gold, got.rule),
                (want.words, want.gold, want.rule)
            );
            assert_eq!(got.scores.best(), want.scores.best());
            for (got, want) in got.scores.as_array().iter().zip(want.scores.as_array()) {
                assert!((got - want).abs() <= 3e-4 * want + 2e-7, "{got} {want}");
            }
        }
        assert!(Validation::from_bytes(&packed.as_bytes()[1..]).is_none());
        assert!(Validation::from_bytes(&[0; ROW_BYTES]).is_none());
        assert!(Validation::from_bytes(&[0xff; ROW_BYTES]).is_none());
        assert!(Validation::from_bytes(&[]).unwrap().outcomes().is_empty());
    }
}
