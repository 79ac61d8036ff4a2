//! Two models on the same paragraphs: every figure of both, and whether their difference is more than
//! the articles that happened to be taken.

use serde::Serialize;

use super::bootstrap::{Bootstrap, Interval};
use super::figure::{Figure, Figures};
use super::mcnemar::McNemar;
use super::sample::{Sample, intervals};
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::Outcome;

/// One figure of both models. Fields are only ever added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The figure.
    pub figure: Figure,
    /// Its value of the first model.
    pub a: f64,
    /// Its value of the second.
    pub b: f64,
    /// The second less the first.
    pub difference: f64,
    /// Where the difference lies, over draws of articles; both models are measured on the same draws.
    pub interval: Option<Interval>,
}

/// What the interval of a difference says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It lies wholly on the side on which the second model is better.
    Better,
    /// It holds 0: the data do not tell which is better.
    Open,
    /// It lies wholly on the side on which the second model is worse.
    Worse,
}

impl Difference {
    /// What the interval says; nothing where none was drawn.
    pub fn verdict(&self) -> Option<Verdict> {
        let interval = self.interval?;
        Some(if interval.holds(0.0) {
            Verdict::Open
        } else if (interval.low > 0.0) != self.figure.is_loss() {
            Verdict::Better
        } else {
            Verdict::Worse
        })
    }
}

/// All figures of two models on the same paragraphs.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Labelled paragraphs.
    pub paragraphs: usize,
    /// Articles they are from.
    pub articles: usize,
    /// How intervals were drawn; absent where they were not, as from a single article.
    pub bootstrap: Option<Bootstrap>,
    /// Every figure that there is something to take of, for both models.
    pub figures: Vec<Difference>,
    /// Who gives the right label.
    pub labels: McNemar,
    /// Who gives the right side, news or opinion.
    pub sides: McNemar,
    /// Paragraphs to which the two give different labels.
    pub differing: usize,
}

impl Comparison {
    /// Compares what two models say of the same paragraphs, in the same order.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when there are none.
    ///
    /// # Panics
    /// If there are not as many outcomes of the one as of the other.
    pub fn new(a: &[Outcome], b: &[Outcome], bootstrap: Option<Bootstrap>) -> Result<Comparison> {
        assert_eq!(a.len(), b.len(), "the same paragraphs for both");
        if a.is_empty() {
            return Err(
                Error::new(ErrorKind::Empty, "no labelled paragraph to compare on")
                    .hint("rows need a `label`; see data/README.md"),
            );
        }
        let (of_a, of_b) = (Sample::new(a), Sample::new(b));
        let articles = of_a.articles();
        let bootstrap = bootstrap.filter(|_| articles > 1);
        let difference = |weights: &[u32]| of_b.weighted(weights).minus(&of_a.weighted(weights));
        let (value_a, value_b) = (of_a.figures(), of_b.figures());
        let value = value_b.minus(&value_a);
        let intervals = bootstrap.as_ref().map(|bootstrap| {
            let draws = bootstrap.run(articles, difference);
            let (without_a, without_b) = (of_a.left_out(), of_b.left_out());
            let pairs = without_b.iter().zip(&without_a);
            let left_out: Vec<Figures> = pairs.map(|(b, a)| b.minus(a)).collect();
            intervals(bootstrap, &value, &draws, &left_out)
        });
        let figures = Figure::all()
            .filter(|&figure| !value.get(figure).is_nan())
            .map(|figure| Difference {
                figure,
                a: value_a.get(figure),
                b: value_b.get(figure),
                difference: value.get(figure),
                interval: intervals.as_ref().map(|all| all[figure.index()]),
            })
            .collect();
        let pairs = || a.iter().zip(b);
        let side = |o: &Outcome| o.scores.best().side() == o.gold.side();
        Ok(Comparison {
            paragraphs: a.len(),
            articles,
            bootstrap,
            figures,
            labels: McNemar::new(pairs().map(|(a, b)| (is_right(a), is_right(b)))),
            sides: McNemar::new(pairs().map(|(a, b)| (side(a), side(b)))),
            differing: differing(a, b).len(),
        })
    }

    /// One figure; nothing where there is nothing to take it of.
    pub fn get(&self, figure: Figure) -> Option<&Difference> {
        self.figures.iter().find(|own| own.figure == figure)
    }
}

fn is_right(outcome: &Outcome) -> bool {
    outcome.scores.best() == outcome.gold
}

/// Places of the paragraphs to which two models give different labels.
pub fn differing(a: &[Outcome], b: &[Outcome]) -> Vec<usize> {
    let pairs = a.iter().zip(b).enumerate();
    pairs
        .filter(|(_, (a, b))| a.scores.best() != b.scores.best())
        .map(|(place, _)| place)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{Label, Scores};

    /// Forty paragraphs of ten articles; of each article the first `right` are labelled right.
    fn outcomes(right: impl Fn(usize) -> usize) -> Vec<Outcome> {
        let all = (0..40).map(|n| {
            let (article, gold) = (n / 4, Label::ALL[n % 4]);
            let given = if n % 4 < right(article) {
                n % 4
            } else {
                (n + 1) % 4
            };
            let mut odds = [0.0; 4];
            odds[given] = 2.0;
            Outcome {
                article,
                words: 1,
                gold,
                scores: Scores::softmax(odds),
                rule: Label::Reporting,
            }
        });
        all.collect()
    }

    fn verdict(comparison: &Comparison, figure: Figure) -> Option<Verdict> {
        comparison.get(figure)?.verdict()
    }

    #[test]
    fn a_model_does_not_differ_from_itself() {
        let a = outcomes(|article| article % 5);
        let comparison = Comparison::new(&a, &a, Some(Bootstrap::default())).unwrap();
        for figure in &comparison.figures {
            let zero = Interval {
                low: 0.0,
                high: 0.0,
            };
            assert_eq!((figure.difference, figure.interval), (0.0, Some(zero)));
            assert_eq!(figure.verdict(), Some(Verdict::Open));
        }
        assert_eq!(
            (comparison.labels.p_value, comparison.sides.p_value),
            (1.0, 1.0)
        );
        assert_eq!(comparison.differing, 0);
    }

    /// One better by the same paragraph in every article is better in every draw.
    #[test]
    fn better_is_better_and_worse_is_worse() {
        let (a, b) = (outcomes(|_| 2), outcomes(|_| 3));
        let draws = Some(Bootstrap::default());
        let better = Comparison::new(&a, &b, draws).unwrap();
        let accuracy = better.get(Figure::Accuracy).unwrap();
        assert_eq!(
            (accuracy.a, accuracy.b, accuracy.difference),
            (0.5, 0.75, 0.25)
        );
        assert_eq!(verdict(&better, Figure::Accuracy), Some(Verdict::Better));
        assert_eq!(verdict(&better, Figure::LogLoss), Some(Verdict::Better));
        assert_eq!((better.labels.only_b_right, better.differing), (10, 10));
        assert!((better.labels.p_value - 2.0 / 1024.0).abs() < 1e-15);
        let worse = Comparison::new(&b, &a, draws).unwrap();
        assert_eq!(verdict(&worse, Figure::Accuracy), Some(Verdict::Worse));
        assert_eq!(verdict(&worse, Figure::Brier), Some(Verdict::Worse));
        assert_eq!(
            verdict(&Comparison::new(&b, &a, None).unwrap(), Figure::Brier),
            None
        );
    }

    #[test]
    fn nothing_to_compare_on_is_an_error() {
        let error = Comparison::new(&[], &[], None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Empty);
    }
}
