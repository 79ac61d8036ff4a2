//! Evaluation: figures from gold labels and scores.

pub mod bootstrap;
pub mod calibration;
pub mod confusion;

use serde::Serialize;

use crate::corpus::Corpus;
use crate::error::{Error, ErrorKind, Result};
use crate::label::{LABELS, Label, Scores, Side};
use crate::model::Model;

pub use bootstrap::{Bootstrap, Interval, jackknife};
pub use calibration::{Bin, expected_calibration_error, reliability};
pub use confusion::{Confusion, Prf};

/// One paragraph: what it is, and what the model says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The label it was given by hand.
    pub gold: Label,
    /// The model's probabilities.
    pub scores: Scores,
}

/// All figures of one evaluation. Fields are only ever added.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Labelled paragraphs.
    pub paragraphs: usize,
    /// Articles they are from.
    pub articles: usize,
    /// Share labelled right.
    pub accuracy: f64,
    /// Mean F1 over the four labels.
    pub macro_f1: f64,
    /// Mean F1 over news and opinion.
    pub news_opinion_macro_f1: f64,
    /// Mean of `-ln p` of the gold label; a p of 0 counts as 1e-15.
    pub log_loss: f64,
    /// Expected calibration error of the label given.
    pub calibration_error: f64,
    /// Figures of each label.
    pub labels: Vec<LabelFigures>,
    /// Figures of each side.
    pub sides: Vec<SideFigures>,
    /// Counts, a row a gold label, in the order of `labels`.
    pub confusion: [[u64; LABELS]; LABELS],
    /// The reliability curve.
    pub reliability: Vec<Bin>,
    /// What always giving the most frequent label would reach.
    pub majority: Majority,
}

/// Figures of one label.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LabelFigures {
    /// The label.
    pub label: Label,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Prf,
}

/// Figures of one side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SideFigures {
    /// The side.
    pub side: Side,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Prf,
}

/// The majority baseline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Majority {
    /// The most frequent gold label; of equal ones the first.
    pub label: Label,
    /// Accuracy of always giving it.
    pub accuracy: f64,
    /// Macro-F1 of always giving it.
    pub macro_f1: f64,
    /// News/opinion macro-F1 of always giving it.
    pub news_opinion_macro_f1: f64,
}

impl Evaluation {
    /// Figures from paragraphs of a number of articles.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when there are none.
    pub fn from_outcomes(outcomes: &[Outcome], articles: usize) -> Result<Evaluation> {
        if outcomes.is_empty() {
            return Err(
                Error::new(ErrorKind::Empty, "no labelled paragraph to measure on")
                    .hint("rows need a `label`; see data/README.md"),
            );
        }
        let mut confusion = Confusion::default();
        let mut gold_counts = [0u64; LABELS];
        for outcome in outcomes {
            confusion.add(outcome.gold, outcome.scores.best());
            gold_counts[outcome.gold.index()] += 1;
        }
        let mut majority = Label::Reporting;
        for label in Label::ALL {
            if gold_counts[label.index()] > gold_counts[majority.index()] {
                majority = label;
            }
        }
        let mut always = Confusion::default();
        outcomes
            .iter()
            .for_each(|outcome| always.add(outcome.gold, majority));
        let confidences: Vec<(f64, bool)> = outcomes
            .iter()
            .map(|outcome| {
                let best = outcome.scores.best();
                (outcome.scores.get(best), best == outcome.gold)
            })
            .collect();
        let reliability = reliability(&confidences);
        Ok(Evaluation {
            paragraphs: outcomes.len(),
            articles,
            accuracy: confusion.accuracy(),
            macro_f1: confusion.macro_f1(),
            news_opinion_macro_f1: confusion.side_macro_f1(),
            log_loss: log_loss(outcomes),
            calibration_error: expected_calibration_error(&reliability),
            labels: Label::ALL
                .into_iter()
                .map(|label| LabelFigures {
                    label,
                    figures: confusion.label(label),
                })
                .collect(),
            sides: Side::ALL
                .into_iter()
                .map(|side| SideFigures {
                    side,
                    figures: confusion.side(side),
                })
                .collect(),
            confusion: *confusion.rows(),
            reliability,
            majority: Majority {
                label: majority,
                accuracy: always.accuracy(),
                macro_f1: always.macro_f1(),
                news_opinion_macro_f1: always.side_macro_f1(),
            },
        })
    }

    /// Figures of a model on labelled articles.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when no paragraph is labelled.
    pub fn of_model(model: &Model, corpus: &Corpus) -> Result<Evaluation> {
        let articles = corpus
            .articles
            .iter()
            .filter(|article| article.is_labelled());
        Evaluation::from_outcomes(&outcomes(model, corpus), articles.count())
    }
}

/// What a model says of every labelled paragraph, in corpus order.
pub fn outcomes(model: &Model, corpus: &Corpus) -> Vec<Outcome> {
    let mut session = model.session();
    let mut outcomes = Vec::new();
    for article in &corpus.articles {
        let scores = session.classify(&article.to_article());
        for (paragraph, scores) in article.paragraphs.iter().zip(scores) {
            if let (Some(gold), Some(scores)) = (paragraph.label, scores) {
                outcomes.push(Outcome { gold, scores });
            }
        }
    }
    outcomes
}

/// Mean of `-ln p` of the gold label.
fn log_loss(outcomes: &[Outcome]) -> f64 {
    const FLOOR: f64 = 1e-15;
    let loss = |outcome: &Outcome| -outcome.scores.get(outcome.gold).max(FLOOR).ln();
    outcomes.iter().map(loss).sum::<f64>() / outcomes.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(gold: Label, odds: [f64; LABELS]) -> Outcome {
        Outcome {
            gold,
            scores: Scores::softmax(odds),
        }
    }

    #[test]
    fn uniform_scores_lose_the_log_of_four() {
        let outcomes = Label::ALL.map(|label| outcome(label, [0.0; LABELS]));
        let figures = Evaluation::from_outcomes(&outcomes, 1).unwrap();
        assert!((figures.log_loss - 4f64.ln()).abs() < 1e-12);
        assert_eq!(figures.accuracy, 0.25);
        assert_eq!(figures.calibration_error, 0.0);
        assert_eq!(figures.majority.label, Label::Reporting);
    }

    #[test]
    fn perfect_scores() {
        let outcomes = Label::ALL.map(|label| {
            let mut odds = [0.0; LABELS];
            odds[label.index()] = 100.0;
            outcome(label, odds)
        });
        let figures = Evaluation::from_outcomes(&outcomes, 1).unwrap();
        assert_eq!((figures.accuracy, figures.macro_f1), (1.0, 1.0));
        assert_eq!(figures.news_opinion_macro_f1, 1.0);
        assert!(figures.log_loss < 1e-12 && figures.calibration_error < 1e-12);
    }

    #[test]
    fn nothing_to_measure_is_an_error() {
        let error = Evaluation::from_outcomes(&[], 0).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Empty);
    }
}
