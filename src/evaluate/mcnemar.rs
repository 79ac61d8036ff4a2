//! McNemar's exact test: whether two models that label the same paragraphs are right equally often.

use serde::Serialize;

/// How often each of two models was right, and how likely so uneven a split is by chance.
///
/// Paragraphs on which both are right or both are wrong say nothing of which is better. Of the others,
/// as many should fall to either if there were no difference, so that their number is binomial with
/// 1/2 (McNemar 1947, "Note on the sampling error of the difference between correlated proportions or
/// percentages"; the exact form). The test takes paragraphs for independent, which those of one article
/// are not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct McNemar {
    /// Both were right.
    pub both_right: u64,
    /// The first was right alone.
    pub only_a_right: u64,
    /// The second was right alone.
    pub only_b_right: u64,
    /// Both were wrong.
    pub both_wrong: u64,
    /// Probability of a split at least as uneven, to either side, if there is no difference.
    pub p_value: f64,
}

impl McNemar {
    /// The test of whether each paragraph was labelled right by the first model, and by the second.
    pub fn new(right: impl IntoIterator<Item = (bool, bool)>) -> McNemar {
        let mut counts = [[0; 2]; 2];
        for (a, b) in right {
            counts[usize::from(a)][usize::from(b)] += 1;
        }
        let [[both_wrong, only_b_right], [only_a_right, both_right]] = counts;
        McNemar {
            both_right,
            only_a_right,
            only_b_right,
            both_wrong,
            p_value: p_value(only_a_right, only_b_right),
        }
    }
}

/// The probability that a fair coin falls at least as unevenly as this, to either side.
///
/// Binomial weights are summed outwards from the middle by the ratio of neighbours, relative to the
/// middle one, and divided by their sum: nothing is large, so that nothing overflows, and what is too
/// small for a number is over after some forty times the root of all throws.
pub fn p_value(heads: u64, tails: u64) -> f64 {
    let (least, all) = (heads.min(tails), heads + tails);
    let middle = all / 2;
    if least == middle {
        return 1.0;
    }
    let (mut weight, mut sum, mut tail) = (1.0, 0.0, 0.0);
    let mut at = middle;
    loop {
        sum += weight;
        if at <= least {
            tail += weight;
        }
        if at == 0 || weight < f64::MIN_POSITIVE {
            break;
        }
        weight *= at as f64 / (all - at + 1) as f64;
        at -= 1;
    }
    // Below the middle lies as much as above; with even throws the middle itself counts once.
    let whole = if all % 2 == 0 {
        2.0 * sum - 1.0
    } else {
        2.0 * sum
    };
    (2.0 * tail / whole).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn as_scipy_and_statsmodels() {
        let text = include_str!("../../tests/data/reference/mcnemar.json");
        let reference: Value = serde_json::from_str(text).unwrap();
        let cases = reference["cases"].as_array().unwrap();
        assert!(cases.len() > 10);
        for case in cases {
            let count = |name: &str| case[name].as_u64().unwrap();
            let got = p_value(count("only_a_right"), count("only_b_right"));
            for theirs in ["statsmodels", "scipy"] {
                let Some(want) = case[theirs].as_f64() else {
                    continue;
                };
                let near = (got - want).abs() <= 1e-9 * want || want < 1e-290 && got < 1e-290;
                assert!(near, "{case}: {got}");
            }
        }
    }

    #[test]
    fn by_hand() {
        // Six throws, all heads: two in 64.
        assert!((p_value(6, 0) - 2.0 / 64.0).abs() < 1e-15);
        // One or no tail in five: 2 * 6 / 32.
        assert!((p_value(1, 4) - 12.0 / 32.0).abs() < 1e-15);
        let right = [
            (true, true),
            (true, false),
            (true, false),
            (false, true),
            (false, false),
        ];
        let test = McNemar::new(right);
        let counts = (
            test.both_right,
            test.only_a_right,
            test.only_b_right,
            test.both_wrong,
        );
        assert_eq!((counts, test.p_value), ((1, 2, 1, 1), 1.0));
        assert_eq!(McNemar::new([]).p_value, 1.0);
    }

    proptest! {
        #[test]
        fn even_to_either_side_and_falling(less in 0..3000u64, more in 0..3000u64) {
            let p = p_value(less, more);
            prop_assert!((0.0..=1.0).contains(&p));
            prop_assert_eq!(p, p_value(more, less));
            let (less, more) = (less.min(more), less.max(more));
            if less > 0 {
                prop_assert!(p_value(less - 1, more + 1) <= p);
            }
        }
    }
}
