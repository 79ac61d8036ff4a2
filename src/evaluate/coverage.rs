//! Coverage against accuracy: what a model is worth when it may leave the paragraphs it is least sure
//! of to people (El-Yaniv & Wiener 2010, "On the foundations of noise-free selective classification").

use serde::Serialize;

use crate::outcome::Outcome;

/// Points of a curve.
const POINTS: usize = 20;

/// One point: the surest paragraphs, and how well they are labelled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Paragraphs with at least this confidence are labelled.
    pub min_confidence: f64,
    /// Their share of all.
    pub coverage: f64,
    /// The share of them that is labelled right.
    pub accuracy: f64,
    /// The share of them that is put on the right side, news or opinion.
    pub news_opinion_accuracy: f64,
}

/// The curve from the surest twentieth to all. Paragraphs of one confidence come in together.
pub fn coverage(outcomes: &[Outcome]) -> Vec<Point> {
    let mut trials: Vec<(f64, bool, bool)> = outcomes
        .iter()
        .map(|outcome| {
            let best = outcome.scores.best();
            let side = best.side() == outcome.gold.side();
            (outcome.scores.get(best), best == outcome.gold, side)
        })
        .collect();
    trials.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut curve: Vec<Point> = Vec::new();
    let (mut taken, mut right, mut side_right) = (0, 0, 0);
    for point in 1..=POINTS {
        let wanted = (trials.len() * point).div_ceil(POINTS);
        let Some(&(least, ..)) = wanted.checked_sub(1).and_then(|at| trials.get(at)) else {
            continue;
        };
        let before = taken;
        while let Some(&(_, label, side)) = trials.get(taken).filter(|trial| trial.0 >= least) {
            taken += 1;
            right += usize::from(label);
            side_right += usize::from(side);
        }
        if taken > before {
            curve.push(Point {
                min_confidence: least,
                coverage: taken as f64 / trials.len() as f64,
                accuracy: right as f64 / taken as f64,
                news_opinion_accuracy: side_right as f64 / taken as f64,
            });
        }
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{Label, Scores};

    /// Ten paragraphs, ever less sure; the last three are wrong.
    #[test]
    fn the_least_sure_come_last() {
        let outcomes: Vec<Outcome> = (0..10)
            .map(|n| Outcome {
                article: n,
                words: 1,
                gold: if n < 7 {
                    Label::Reporting
                } else {
                    Label::Quotation
                },
                scores: Scores::softmax([5.0 - n as f64 * 0.3, 0.0, 0.0, 0.0]),
                rule: Label::Reporting,
            })
            .collect();
        let curve = coverage(&outcomes);
        assert_eq!(curve.len(), 10);
        let at = |share: f64| {
            curve
                .iter()
                .find(|p| (p.coverage - share).abs() < 1e-9)
                .unwrap()
        };
        assert_eq!((at(0.7).accuracy, at(1.0).accuracy), (1.0, 0.7));
        assert_eq!(at(1.0).news_opinion_accuracy, 1.0);
        assert!(at(0.2).min_confidence > at(0.3).min_confidence);
        let same = vec![outcomes[0]; 7];
        assert_eq!(coverage(&same).len(), 1);
        assert!(coverage(&[]).is_empty());
    }
}
