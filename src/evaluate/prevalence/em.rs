//! Expectation maximisation: the shares under which the probabilities of unlabelled paragraphs are most
//! likely.

use crate::label::LABELS;

/// Rounds after which it stops in any case.
const ROUNDS: usize = 1000;

/// Shares of the labels among weighted rows, from the probabilities that a classifier gave them, when it
/// learnt under other shares, `prior` (Saerens, Latinne & Decaestecker 2002, "Adjusting the outputs of a
/// classifier to new a priori probabilities"). Stops when no share moves by more than `tolerance`.
///
/// A label whose prior is 0 gets a share of 0. Without rows the answer is the prior.
pub fn expectation_maximisation(
    rows: &[(f64, [f64; LABELS])],
    prior: &[f64; LABELS],
    tolerance: f64,
) -> [f64; LABELS] {
    let total: f64 = rows.iter().map(|(weight, _)| weight).sum();
    let mut shares = *prior;
    if total <= 0.0 {
        return shares;
    }
    for _ in 0..ROUNDS {
        let mut next = [0.0; LABELS];
        for (weight, probabilities) in rows {
            let joint: [f64; LABELS] = std::array::from_fn(|k| match prior[k] > 0.0 {
                true => probabilities[k] * shares[k] / prior[k],
                false => 0.0,
            });
            let sum: f64 = joint.iter().sum();
            if sum > 0.0 {
                for k in 0..LABELS {
                    next[k] += weight * joint[k] / sum;
                }
            }
        }
        // Rows that no label with a share explains say nothing.
        let explained: f64 = next.iter().sum();
        if explained <= 0.0 {
            break;
        }
        let mut moved = 0.0f64;
        for k in 0..LABELS {
            let share = next[k] / explained;
            moved = moved.max((share - shares[k]).abs());
            shares[k] = share;
        }
        if moved <= tolerance {
            break;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two kinds of rows, sure and half sure. With prior 1/2 each, of 100 rows 60 say (0.8, 0.2) and 40 say
    /// (0.2, 0.8): if p is the share of the first, rows of the first kind are 0.8 p + 0.2 (1 - p), so that
    /// 0.6 = 0.2 + 0.6 p and p = 2/3.
    #[test]
    fn two_kinds_by_hand() {
        let rows = [(60.0, [0.8, 0.2, 0.0, 0.0]), (40.0, [0.2, 0.8, 0.0, 0.0])];
        let shares = expectation_maximisation(&rows, &[0.5, 0.5, 0.0, 0.0], 1e-12);
        assert!((shares[0] - 2.0 / 3.0).abs() < 1e-9, "{shares:?}");
        assert_eq!(shares[2], 0.0);
    }

    #[test]
    fn nothing_and_the_inexplicable_leave_the_prior() {
        let prior = [0.4, 0.3, 0.2, 0.1];
        assert_eq!(expectation_maximisation(&[], &prior, 1e-9), prior);
        let none = [(3.0, [0.0; LABELS])];
        assert_eq!(expectation_maximisation(&none, &prior, 1e-9), prior);
    }
}
