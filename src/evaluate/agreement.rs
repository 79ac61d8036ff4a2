//! Agreement between annotators: Krippendorff's alpha and Cohen's kappa for labels without order.

use serde::Serialize;

use super::bootstrap::{Bootstrap, Interval, jackknife};
use crate::label::{LABELS, Label};

/// How often one label stood beside another; symmetric, for no annotator comes first.
pub type Coincidences<const N: usize = LABELS> = [[f64; N]; N];

/// Labels of one paragraph, one place an annotator.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The number of its article. Intervals are drawn over articles.
    pub article: usize,
    /// What each annotator gave it; `None` for nothing.
    pub labels: Vec<Option<Label>>,
}

/// A coefficient and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coefficient {
    /// At most 1; `None` where it is not defined, as when only one label was ever given.
    pub value: Option<f64>,
    /// Over draws of articles; absent where none were drawn or the value is not defined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// The coincidences of some units (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"): each
/// unit adds its pairs of labels, weighted by 1 / (number of its labels - 1). Units with fewer than two
/// labels add nothing.
pub fn coincidences<'a>(units: impl IntoIterator<Item = &'a Unit>) -> Coincidences {
    let mut sums = Coincidences::default();
    for unit in units {
        let mut counts = [0.0; LABELS];
        for label in unit.labels.iter().flatten() {
            counts[label.index()] += 1.0;
        }
        let labels: f64 = counts.iter().sum();
        if labels < 2.0 {
            continue;
        }
        for (a, row) in sums.iter_mut().enumerate() {
            for (b, cell) in row.iter_mut().enumerate() {
                let pairs = match a == b {
                    true => counts[a] * (counts[a] - 1.0),
                    false => counts[a] * counts[b],
                };
                *cell += pairs / (labels - 1.0);
            }
        }
    }
    sums
}

/// The same with several labels taken for one: `class` names the class of each label, below [`LABELS`].
pub fn merged(coincidences: &Coincidences, class: impl Fn(Label) -> usize) -> Coincidences {
    let mut sums = Coincidences::default();
    for a in Label::ALL {
        for b in Label::ALL {
            sums[class(a)][class(b)] += coincidences[a.index()][b.index()];
        }
    }
    sums
}

/// Krippendorff's alpha for nominal data: one less the observed disagreement over the expected. `None` where
/// nothing was paired or only one label was given, so that no disagreement was to be expected.
pub fn alpha<const N: usize>(coincidences: &Coincidences<N>) -> Option<f64> {
    let of_label = coincidences.map(|row| row.iter().sum::<f64>());
    let total: f64 = of_label.iter().sum();
    let (mut observed, mut expected) = (0.0, 0.0);
    for a in 0..N {
        for b in (0..N).filter(|&b| b != a) {
            observed += coincidences[a][b];
            expected += of_label[a] * of_label[b];
        }
    }
    (expected > 0.0).then(|| 1.0 - observed * (total - 1.0) / expected)
}

/// Share of paired labels that are the same; `None` where nothing was paired.
pub fn agreement(coincidences: &Coincidences) -> Option<f64> {
    let total: f64 = coincidences.iter().flatten().sum();
    let same: f64 = (0..LABELS).map(|k| coincidences[k][k]).sum();
    (total > 0.0).then(|| same / total)
}

/// How often one annotator's label (row) met another's (column).
pub fn crossed<'a>(
    units: impl IntoIterator<Item = &'a Unit>,
    one: usize,
    other: usize,
) -> Coincidences {
    let mut sums = Coincidences::default();
    for unit in units {
        if let (Some(a), Some(b)) = (unit.labels[one], unit.labels[other]) {
            sums[a.index()][b.index()] += 1.0;
        }
    }
    sums
}

/// Cohen's kappa of two annotators (Cohen 1960, "A coefficient of agreement for nominal scales"), from
/// [`crossed`]. `None` where they share no paragraph or both only ever gave one and the same label.
pub fn kappa(crossed: &Coincidences) -> Option<f64> {
    let total: f64 = crossed.iter().flatten().sum();
    let mut expected = 0.0;
    for k in 0..LABELS {
        let one: f64 = crossed[k].iter().sum();
        let other: f64 = crossed.iter().map(|row| row[k]).sum();
        expected += one * other;
    }
    let same: f64 = (0..LABELS).map(|k| crossed[k][k]).sum();
    let room = total * total - expected;
    // The same as (observed - expected) / (1 - expected), with one division.
    (room > 0.0).then(|| (total * same - expected) / room)
}

/// A coefficient of sums over articles, with its interval where draws are asked for and there are at least
/// two articles.
pub fn coefficient(
    articles: &[Coincidences],
    value: impl Fn(&Coincidences) -> Option<f64> + Sync,
    bootstrap: Option<&Bootstrap>,
) -> Coefficient {
    let weighted = |weights: &[u32]| -> Option<f64> {
        let mut sums = Coincidences::default();
        for (article, &weight) in articles.iter().zip(weights) {
            add(&mut sums, article, f64::from(weight));
        }
        value(&sums)
    };
    let whole = weighted(&vec![1; articles.len()]);
    let interval = bootstrap.filter(|_| articles.len() > 1).zip(whole);
    Coefficient {
        value: whole,
        interval: interval.map(|(bootstrap, whole)| {
            let number = |weights: &[u32]| weighted(weights).unwrap_or(f64::NAN);
            let draws = bootstrap.run(articles.len(), number);
            // What stands before and after the article left out: taking it off the sum of all would leave
            // rests of rounding in cells that are empty without it.
            let before = running(articles.iter());
            let after = running(articles.iter().rev());
            let left_out = jackknife(articles.len(), |article| {
                let mut sums = before[article];
                add(&mut sums, &after[articles.len() - 1 - article], 1.0);
                value(&sums).unwrap_or(f64::NAN)
            });
            bootstrap.interval(whole, &draws, &left_out)
        }),
    }
}

fn add(sums: &mut Coincidences, others: &Coincidences, weight: f64) {
    for (row, others) in sums.iter_mut().zip(others) {
        for (cell, other) in row.iter_mut().zip(others) {
            *cell += weight * other;
        }
    }
}

/// The sums of those that come before each.
fn running<'a>(articles: impl Iterator<Item = &'a Coincidences>) -> Vec<Coincidences> {
    let mut sums = Coincidences::default();
    articles
        .map(|article| {
            let before = sums;
            add(&mut sums, article, 1.0);
            before
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(rows: &[&[Option<usize>]]) -> Vec<Unit> {
        rows.iter()
            .enumerate()
            .map(|(article, labels)| Unit {
                article,
                labels: labels.iter().map(|l| l.map(|l| Label::ALL[l])).collect(),
            })
            .collect()
    }

    /// Krippendorff 2011, section B: two observers, ten objects, two values; alpha = 0.095.
    #[test]
    fn krippendorffs_binary_example() {
        let one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
        let other = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
        let rows: Vec<Vec<Option<usize>>> = one
            .iter()
            .zip(other)
            .map(|(&a, b)| vec![Some(a), Some(b)])
            .collect();
        let rows: Vec<&[Option<usize>]> = rows.iter().map(Vec::as_slice).collect();
        let sums = coincidences(&units(&rows));
        assert!((alpha(&sums).unwrap() - 0.095).abs() < 5e-4);
        assert_eq!((sums[0][0], sums[0][1], sums[1][1]), (10.0, 4.0, 2.0));
        assert_eq!(agreement(&sums), Some(0.6));
    }

    /// Krippendorff 2011, section C: the coincidences of four observers and five values, with missing
    /// data; alpha = 0.743.
    #[test]
    fn krippendorffs_example_with_gaps() {
        let third = 1.0 / 3.0;
        let table = [
            [7.0, 4.0 * third, third, third, 0.0],
            [4.0 * third, 10.0, 4.0 * third, third, 0.0],
            [third, 4.0 * third, 8.0, third, 0.0],
            [third, third, third, 4.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, 3.0],
        ];
        assert!((alpha(&table).unwrap() - 0.743).abs() < 5e-4);
    }

    #[test]
    fn kappa_by_hand() {
        // Of 100: both yes 45, both no 15, one yes only 25 and 15. Observed 0.6, expected
        // 0.6 * 0.7 + 0.4 * 0.3 = 0.54, so 0.06 / 0.46.
        let mut table = Coincidences::default();
        table[0][0] = 45.0;
        table[0][1] = 15.0;
        table[1][0] = 25.0;
        table[1][1] = 15.0;
        assert!((kappa(&table).unwrap() - 0.06 / 0.46).abs() < 1e-12);
        assert_eq!(kappa(&Coincidences::default()), None);
    }

    #[test]
    fn one_label_only_defines_nothing() {
        let same = units(&[&[Some(1), Some(1)], &[Some(1), Some(1)]]);
        assert_eq!(alpha(&coincidences(&same)), None);
        assert_eq!(agreement(&coincidences(&same)), Some(1.0));
        assert_eq!(kappa(&crossed(&same, 0, 1)), None);
        let alone = units(&[&[Some(1), None], &[None, None]]);
        assert_eq!(agreement(&coincidences(&alone)), None);
    }

    proptest! {
        /// The interval is that of a jackknife that goes through the articles again for each.
        #[test]
        fn leaving_out_is_weighing_with_nothing(
            cells in prop::collection::vec(prop::array::uniform4(prop::array::uniform4(0..3u8)), 2..12),
        ) {
            let articles: Vec<Coincidences> = cells
                .iter()
                .map(|rows| rows.map(|row| row.map(|cell| f64::from(cell) / 3.0)))
                .collect();
            let bootstrap = Bootstrap { draws: 100, ..Bootstrap::default() };
            let got = coefficient(&articles, alpha, Some(&bootstrap));
            let sum = |weights: &[u32]| {
                let mut sums = Coincidences::default();
                for (article, &weight) in articles.iter().zip(weights) {
                    add(&mut sums, article, f64::from(weight));
                }
                alpha(&sums).unwrap_or(f64::NAN)
            };
            let left_out = jackknife(articles.len(), |article| {
                let mut weights = vec![1; articles.len()];
                weights[article] = 0;
                sum(&weights)
            });
            let draws = bootstrap.run(articles.len(), sum);
            if let Some(value) = got.value {
                let want = bootstrap.interval(value, &draws, &left_out);
                let got = got.interval.expect("drawn");
                let near = |a: f64, b: f64| (a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-9;
                prop_assert!(near(got.low, want.low) && near(got.high, want.high), "{got:?} {want:?}");
            }
        }

        #[test]
        fn full_agreement_is_one_and_order_means_nothing(
            rows in prop::collection::vec(prop::collection::vec(prop::option::of(0..4usize), 3), 2..40),
        ) {
            let rows: Vec<&[Option<usize>]> = rows.iter().map(Vec::as_slice).collect();
            let units = units(&rows);
            let sums = coincidences(&units);
            let value = alpha(&sums);
            prop_assert!(value.is_none_or(|value| value <= 1.0));
            let turned: Vec<Unit> = units.iter().rev().map(|unit| {
                let labels = unit.labels.iter().rev().copied().collect();
                Unit { article: unit.article, labels }
            }).collect();
            if let (Some(value), Some(again)) = (value, alpha(&coincidences(&turned))) {
                prop_assert!((value - again).abs() < 1e-12);
            }
            let full: Vec<Unit> = units.iter().map(|unit| Unit {
                article: unit.article,
                labels: vec![unit.labels[0]; 3],
            }).collect();
            let full = coincidences(&full);
            prop_assert!(alpha(&full).is_none_or(|value| value == 1.0));
            let crossed = super::crossed(&units, 0, 0);
            prop_assert!(kappa(&crossed).is_none_or(|value| value == 1.0));
        }
    }
}
