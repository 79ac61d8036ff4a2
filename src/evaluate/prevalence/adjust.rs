//! Adjusted counting: shares that, sent through the classifier's errors, give what was counted.

use crate::label::LABELS;

/// The shares p, none negative and together 1, for which `sum over y of p[y] given[y]` is nearest to
/// `counted`: what a classifier counts among paragraphs of shares p, when it gives those of label y
/// the labels `given[y]`, which sum to 1, or are all 0 for a label of which nothing is known.
///
/// With an exact solution inside the bounds this is the inverse of the confusion matrix (adjusted
/// classify-and-count: Forman 2008; with mean probabilities instead of labels: Bella et al. 2010); outside
/// them the constrained least squares of Hopkins & King (2010). The optimum is found exactly, by
/// solving for each set of labels that may be present.
pub fn adjusted(given: &[[f64; LABELS]; LABELS], counted: &[f64; LABELS]) -> [f64; LABELS] {
    let mut best = *counted;
    let mut least = f64::INFINITY;
    for present in 1u32..1 << LABELS {
        let labels: Vec<usize> = (0..LABELS).filter(|k| present >> k & 1 == 1).collect();
        // Of a label that validation does not have, nobody knows what it would be taken for.
        if labels
            .iter()
            .any(|&y| given[y].iter().all(|&rate| rate == 0.0))
        {
            continue;
        }
        let Some(shares) = solve(given, counted, &labels) else {
            continue;
        };
        if shares.iter().any(|&share| share < 0.0) {
            continue;
        }
        let distance: f64 = (0..LABELS)
            .map(|k| {
                let sent: f64 = (0..LABELS).map(|y| shares[y] * given[y][k]).sum();
                (sent - counted[k]).powi(2)
            })
            .sum();
        if distance < least {
            (best, least) = (shares, distance);
        }
    }
    best
}

/// Least squares over the labels that are present, with their shares summing to 1: a linear system of the
/// normal equations and one multiplier. `None` where labels cannot be told apart.
fn solve(
    given: &[[f64; LABELS]; LABELS],
    counted: &[f64; LABELS],
    labels: &[usize],
) -> Option<[f64; LABELS]> {
    const SIZE: usize = LABELS + 1;
    let n = labels.len();
    let dot =
        |a: &[f64; LABELS], b: &[f64; LABELS]| -> f64 { (0..LABELS).map(|k| a[k] * b[k]).sum() };
    // The last column is the right side.
    let mut system = [[0.0; SIZE + 1]; SIZE];
    for (i, &y) in labels.iter().enumerate() {
        for (j, &z) in labels.iter().enumerate() {
            system[i][j] = dot(&given[y], &given[z]);
        }
        system[i][n] = 1.0;
        system[n][i] = 1.0;
        system[i][SIZE] = dot(&given[y], counted);
    }
    system[n][SIZE] = 1.0;
    for column in 0..=n {
        let pivot = (column..=n).max_by(|&a, &b| {
            let (a, b): (f64, f64) = (system[a][column], system[b][column]);
            a.abs().total_cmp(&b.abs())
        })?;
        system.swap(column, pivot);
        if system[column][column].abs() < 1e-12 {
            return None;
        }
        for row in 0..=n {
            if row != column {
                let factor = system[row][column] / system[column][column];
                let pivot = system[column];
                for (cell, pivot) in system[row].iter_mut().zip(pivot) {
                    *cell -= factor * pivot;
                }
            }
        }
    }
    let mut shares = [0.0; LABELS];
    for (i, &y) in labels.iter().enumerate() {
        shares[y] = system[i][SIZE] / system[i][i];
    }
    Some(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sent(given: &[[f64; LABELS]; LABELS], shares: &[f64; LABELS]) -> [f64; LABELS] {
        std::array::from_fn(|k| (0..LABELS).map(|y| shares[y] * given[y][k]).sum())
    }

    const GIVEN: [[f64; LABELS]; LABELS] = [
        [0.9, 0.02, 0.06, 0.02],
        [0.05, 0.9, 0.05, 0.0],
        [0.2, 0.03, 0.75, 0.02],
        [0.1, 0.0, 0.1, 0.8],
    ];

    #[test]
    fn shares_come_back_through_the_errors() {
        let shares = [0.5, 0.1, 0.3, 0.1];
        let back = adjusted(&GIVEN, &sent(&GIVEN, &shares));
        for (got, want) in back.iter().zip(shares) {
            assert!((got - want).abs() < 1e-12);
        }
        // More reporting counted than even a page of nothing else would give.
        let all = adjusted(&GIVEN, &[0.97, 0.02, 0.01, 0.0]);
        assert!(
            all[0] > 0.99 && all.iter().all(|&share| share >= 0.0),
            "{all:?}"
        );
        // A label that validation does not have gets no share.
        let mut unseen = GIVEN;
        unseen[3] = [0.0; LABELS];
        assert_eq!(adjusted(&unseen, &[0.4, 0.1, 0.2, 0.3])[3], 0.0);
        // Labels that are given alike: one of them takes what both could.
        let alike = [[0.25; LABELS]; LABELS];
        assert!((adjusted(&alike, &[0.4, 0.2, 0.2, 0.2]).iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn shares_are_shares(
            given in prop::collection::vec(0.001..1.0f64, 16),
            counted in prop::collection::vec(0.001..1.0f64, 4),
        ) {
            let mut matrix = [[0.0; LABELS]; LABELS];
            for (y, row) in matrix.iter_mut().enumerate() {
                let sum: f64 = given[4 * y..4 * y + 4].iter().sum();
                for (k, cell) in row.iter_mut().enumerate() {
                    *cell = given[4 * y + k] / sum;
                }
            }
            let sum: f64 = counted.iter().sum();
            let counted: [f64; LABELS] = std::array::from_fn(|k| counted[k] / sum);
            let shares = adjusted(&matrix, &counted);
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(shares.iter().all(|&share| (0.0..=1.0 + 1e-9).contains(&share)));
        }
    }
}
