//! The paragraphs that are worth reading: where a model is furthest off, and where it is least sure.

use crate::outcome::Outcome;

/// Places of the outcomes whose gold label has the least probability, the least first.
pub fn worst(outcomes: &[Outcome], number: usize) -> Vec<usize> {
    least(outcomes, number, |outcome| outcome.scores.get(outcome.gold))
}

/// Places of the outcomes whose given label has the least probability, the least first.
pub fn least_sure(outcomes: &[Outcome], number: usize) -> Vec<usize> {
    least(outcomes, number, |outcome| {
        outcome.scores.get(outcome.scores.best())
    })
}

/// Of equal ones the first comes first.
fn least(outcomes: &[Outcome], number: usize, value: impl Fn(&Outcome) -> f64) -> Vec<usize> {
    let mut places: Vec<usize> = (0..outcomes.len()).collect();
    places.sort_by(|&a, &b| value(&outcomes[a]).total_cmp(&value(&outcomes[b])));
    places.truncate(number);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{Label, Scores};

    #[test]
    fn the_least_come_first() {
        let outcome = |gold, odds| Outcome {
            article: 0,
            words: 1,
            gold,
            scores: Scores::softmax([odds, 0.0, 0.0, 0.0]),
            rule: Label::Reporting,
        };
        let outcomes = [
            outcome(Label::Reporting, 2.0),
            outcome(Label::Quotation, 3.0),
            outcome(Label::Reporting, 0.5),
            outcome(Label::Quotation, 3.0),
        ];
        assert_eq!(worst(&outcomes, 3), [1, 3, 2]);
        assert_eq!(least_sure(&outcomes, 2), [2, 0]);
        assert!(worst(&[], 3).is_empty());
    }
}
