//! Confident learning: which given labels are likely wrong, from probabilities that a model gives to
//! rows it was not trained on.
//!
//! Northcutt, Jiang & Chuang 2021, "Confident learning: estimating uncertainty in dataset labels". A row
//! counts as truly of a class where its probability reaches what rows labelled with that class have on
//! average; how many rows of one label count as another class says how many to prune between the two,
//! and those with the widest margin go first. What follows is, to the row, what cleanlab 2.9 finds.

/// Probabilities within this are the same.
const SAME: f64 = 1e-6;

/// Rows by given label and by the class they count as.
pub type Joint<const K: usize> = [[usize; K]; K];

/// The probability from which a row counts as of a class: the mean over the rows that are labelled so.
/// A class that labels no row is out of reach.
pub fn thresholds<const K: usize>(given: &[usize], probabilities: &[[f64; K]]) -> [f64; K] {
    let mut sums = [0.0; K];
    for (&label, row) in given.iter().zip(probabilities) {
        sums[label] += row[label];
    }
    let counts = counts::<K>(given);
    std::array::from_fn(|class| match counts[class] {
        0 => f64::INFINITY,
        count => (sums[class] / count as f64).max(2.0 * SAME),
    })
}

/// The class that a row counts as: the most probable one of those whose threshold it reaches.
fn counts_as<const K: usize>(row: &[f64; K], thresholds: &[f64; K]) -> Option<usize> {
    let reached = |class: usize| row[class] >= thresholds[class] - SAME;
    match (0..K).filter(|&class| reached(class)).count() {
        0 => None,
        1 => (0..K).find(|&class| reached(class)),
        // Of several the most probable class of all, be its own threshold reached or not.
        _ => Some(most_probable(row)),
    }
}

/// The first of the most probable classes.
fn most_probable<const K: usize>(row: &[f64; K]) -> usize {
    (1..K).fold(0, |best, class| match row[class] > row[best] {
        true => class,
        false => best,
    })
}

/// Counts rows by given label and by the class they count as; at least one row of each label counts as
/// rightly labelled.
pub fn confident_joint<const K: usize>(given: &[usize], probabilities: &[[f64; K]]) -> Joint<K> {
    let thresholds = thresholds(given, probabilities);
    let mut joint = [[0; K]; K];
    for (&label, row) in given.iter().zip(probabilities) {
        if let Some(class) = counts_as(row, &thresholds) {
            joint[label][class] += 1;
        }
    }
    for (class, row) in joint.iter_mut().enumerate() {
        row[class] = row[class].max(1);
    }
    joint
}

/// The joint scaled so that each label has as many rows as are given, those that count as nothing
/// included.
pub fn calibrated<const K: usize>(joint: &Joint<K>, given: &[usize]) -> Joint<K> {
    let counts = counts::<K>(given);
    let rows: [[f64; K]; K] = std::array::from_fn(|label| {
        let total: usize = joint[label].iter().sum();
        joint[label].map(|count| count as f64 / total.max(1) as f64 * counts[label] as f64)
    });
    let sum: f64 = rows.iter().flatten().sum();
    let scaled = rows.map(|row| row.map(|count| count / sum.max(f64::MIN_POSITIVE)));
    scaled.map(|row| rounded(row.map(|share| share * given.len() as f64)))
}

/// Marks the rows that are likely labelled wrongly, by pruning by noise rate: of each label as many rows
/// as the calibrated joint counts as another class, those first whose probability of that class exceeds
/// that of their label most. A row whose label is its most probable class stays.
pub fn prune_by_noise_rate<const K: usize>(
    given: &[usize],
    probabilities: &[[f64; K]],
) -> Vec<bool> {
    let joint = calibrated(&confident_joint(given, probabilities), given);
    let noise = keep_one_of_each(&joint);
    let mut pruned = vec![false; given.len()];
    for label in 0..K {
        let rows: Vec<usize> = (0..given.len())
            .filter(|&row| given[row] == label)
            .collect();
        if rows.len() < 2 {
            continue;
        }
        for class in (0..K).filter(|&class| class != label) {
            let margin = |row: usize| probabilities[row][class] - probabilities[row][label];
            let mut widest = rows.clone();
            widest.sort_by(|&a, &b| margin(b).total_cmp(&margin(a)));
            for &row in widest.iter().take(noise[class][label]) {
                pruned[row] = true;
            }
        }
    }
    keep_most_probable(given, probabilities, &mut pruned);
    pruned
}

/// Marks the rows that count as another class than their label says. A row whose label is its most
/// probable class stays.
pub fn off_diagonal<const K: usize>(given: &[usize], probabilities: &[[f64; K]]) -> Vec<bool> {
    let thresholds = thresholds(given, probabilities);
    let rows = given.iter().zip(probabilities);
    let mut marked: Vec<bool> = rows
        .map(|(&label, row)| counts_as(row, &thresholds).is_some_and(|class| class != label))
        .collect();
    keep_most_probable(given, probabilities, &mut marked);
    marked
}

/// How far a label stands above the most probable other class, from 0 (surely wrong) to 1.
pub fn normalised_margin<const K: usize>(label: usize, row: &[f64; K]) -> f64 {
    let others = (0..K).filter(|&class| class != label);
    let other = others.map(|class| row[class]).fold(0.0, f64::max);
    (row[label] - other + 1.0) / 2.0
}

fn counts<const K: usize>(given: &[usize]) -> [usize; K] {
    let mut counts = [0; K];
    for &label in given {
        counts[label] += 1;
    }
    counts
}

fn keep_most_probable<const K: usize>(
    given: &[usize],
    probabilities: &[[f64; K]],
    marked: &mut [bool],
) {
    for ((marked, &label), row) in marked.iter_mut().zip(given).zip(probabilities) {
        let mut favoured = *row;
        favoured[label] += SAME;
        *marked &= most_probable(&favoured) != label;
    }
}

/// The joint turned about (by class, then by label), with at least one rightly labelled row of each
/// class; what that adds is taken from the class's other counts alike.
fn keep_one_of_each<const K: usize>(joint: &Joint<K>) -> Joint<K> {
    let mut turned: [[f64; K]; K] =
        std::array::from_fn(|class| std::array::from_fn(|label| joint[label][class] as f64));
    for label in 0..K {
        let right = turned[label][label].max(1.0);
        let added = right - turned[label][label];
        let filled = joint[label].iter().filter(|&&count| count > 0).count();
        let each = added / (filled as f64 - 1.0).max(1.0);
        for (class, row) in turned.iter_mut().enumerate() {
            row[label] = match class == label {
                true => right,
                false => (row[label] - each).max(0.0),
            };
        }
    }
    turned.map(rounded)
}

/// Whole numbers near these that have the same sum, itself rounded: where rounding each misses it, those
/// nearest to the next whole number go the other way.
fn rounded<const K: usize>(values: [f64; K]) -> [usize; K] {
    let mut whole = values.map(f64::round_ties_even);
    let sum = values.iter().sum::<f64>().round_ties_even();
    let missing = sum - whole.iter().sum::<f64>();
    let mut order: [usize; K] = std::array::from_fn(|k| k);
    order.sort_by(|&a, &b| (values[a] - whole[a]).total_cmp(&(values[b] - whole[b])));
    if missing > 0.0 {
        order.reverse();
    }
    for &k in order.iter().take(missing.abs() as usize) {
        whole[k] += missing.signum();
    }
    whole.map(|count| count as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_row_that_the_model_contradicts_is_marked() {
        let mut given = vec![0; 10];
        given.extend([1; 10]);
        let mut probabilities = vec![[0.9, 0.1]; 10];
        probabilities.extend([[0.1, 0.9]; 10]);
        probabilities[3] = [0.02, 0.98];
        assert_eq!(confident_joint(&given, &probabilities), [[9, 1], [0, 10]]);
        for marked in [
            prune_by_noise_rate(&given, &probabilities),
            off_diagonal(&given, &probabilities),
        ] {
            let rows: Vec<usize> = (0..20).filter(|&row| marked[row]).collect();
            assert_eq!(rows, [3]);
        }
        assert!((normalised_margin(0, &probabilities[3]) - 0.02).abs() < 1e-12);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(prune_by_noise_rate::<3>(&[], &[]).is_empty());
        assert_eq!(
            calibrated(&confident_joint::<2>(&[], &[]), &[]),
            [[0; 2]; 2]
        );
    }

    proptest! {
        /// Each label keeps its number of rows, and no row is marked whose label is the most probable.
        #[test]
        fn totals_are_kept(rows in prop::collection::vec((0..3usize, 0.0..1.0f64, 0.0..1.0f64), 1..60)) {
            let given: Vec<usize> = rows.iter().map(|row| row.0).collect();
            let probabilities: Vec<[f64; 3]> = rows
                .iter()
                .map(|&(_, a, b)| [a * b, a * (1.0 - b), 1.0 - a])
                .collect();
            let joint = calibrated(&confident_joint(&given, &probabilities), &given);
            for (label, counts) in joint.iter().enumerate() {
                let total = given.iter().filter(|&&other| other == label).count();
                prop_assert_eq!(counts.iter().sum::<usize>(), total);
            }
            let marked = prune_by_noise_rate(&given, &probabilities);
            for row in 0..given.len() {
                prop_assert!(!marked[row] || most_probable(&probabilities[row]) != given[row]);
            }
        }
    }
}
