//! An evaluation: every figure of a model on labelled paragraphs, and how far each can be trusted.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bootstrap::{Bootstrap, Interval};
use super::calibration::{Bin, Step, histogram};
use super::confusion::{Confusion, Prf};
use super::coverage::{Point, coverage};
use super::figure::{Class, Figure};
use super::outcome::outcomes;
use super::sample::Sample;
use crate::corpus::Corpus;
use crate::error::{Error, ErrorKind, Result};
use crate::label::{LABELS, Label, Side};
use crate::model::Model;
use crate::outcome::Outcome;

/// What is asked of an evaluation besides its figures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// How intervals are drawn, where they are wanted.
    pub bootstrap: Option<Bootstrap>,
    /// Below this confidence the model is to abstain, where it may.
    pub min_confidence: Option<f64>,
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
    /// Matthews correlation of gold and given labels, in `[-1, 1]`.
    pub matthews_correlation: f64,
    /// Mean of `-ln p` of the gold label; a p of 0 counts as 1e-15.
    pub log_loss: f64,
    /// Mean squared distance of the probabilities from the truth, in `[0, 2]` (Brier 1950).
    pub brier_score: f64,
    /// Expected calibration error of the label given.
    pub calibration_error: f64,
    /// How intervals were drawn; absent where they were not, as from a single article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<Bootstrap>,
    /// The interval of each figure, by its name on the command line.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub intervals: BTreeMap<String, Interval>,
    /// Figures of each label.
    pub labels: Vec<LabelFigures>,
    /// Figures of each side.
    pub sides: Vec<SideFigures>,
    /// Counts, a row a gold label, in the order of `labels`.
    pub confusion: [[u64; LABELS]; LABELS],
    /// The reliability curve.
    pub reliability: Vec<Bin>,
    /// How many paragraphs were labelled with what confidence.
    pub confidences: Vec<Step>,
    /// Coverage against accuracy.
    pub coverage: Vec<Point>,
    /// The model when it may abstain, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abstaining: Option<Abstaining>,
    /// What always giving the most frequent label would reach.
    pub majority: Majority,
    /// What the rule "a third in quotation marks is quotation, the rest is reporting" would reach.
    pub quote_rule: Baseline,
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
    /// What always giving it reaches.
    #[serde(flatten)]
    pub figures: Baseline,
}

/// What a rule without any training reaches.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Baseline {
    /// Its accuracy.
    pub accuracy: f64,
    /// Its macro-F1.
    pub macro_f1: f64,
    /// Its news/opinion macro-F1.
    pub news_opinion_macro_f1: f64,
}

/// The figures of the paragraphs of which the model is sure; the others are `uncertain`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Abstaining {
    /// Confidence from which a paragraph is labelled.
    pub min_confidence: f64,
    /// Paragraphs left unlabelled.
    pub uncertain: usize,
    /// Share labelled.
    pub coverage: f64,
    /// Share of those labelled right.
    pub accuracy: f64,
    /// Their macro-F1.
    pub macro_f1: f64,
    /// Their news/opinion macro-F1.
    pub news_opinion_macro_f1: f64,
    /// The interval of each of these figures, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub intervals: BTreeMap<String, Interval>,
}

impl Evaluation {
    /// Every figure of these outcomes.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when there are none.
    pub fn new(outcomes: &[Outcome], options: &Options) -> Result<Evaluation> {
        if outcomes.is_empty() {
            return Err(
                Error::new(ErrorKind::Empty, "no labelled paragraph to measure on")
                    .hint("rows need a `label`; see data/README.md"),
            );
        }
        let sample = Sample::new(outcomes);
        let confusion = sample.confusion();
        let figures = sample.figures();
        // One article says nothing of how articles differ.
        let bootstrap = options.bootstrap.filter(|_| sample.articles() > 1);
        let bootstrap = bootstrap.as_ref();
        let support = |label: Label| confusion.label(label).support;
        // `max_by_key` takes the last of equal ones.
        let majority = Label::ALL
            .into_iter()
            .rev()
            .max_by_key(|&label| support(label));
        let majority = majority.unwrap_or(Label::Reporting);
        Ok(Evaluation {
            paragraphs: outcomes.len(),
            articles: sample.articles(),
            accuracy: figures.get(Figure::Accuracy),
            macro_f1: figures.get(Figure::MacroF1),
            news_opinion_macro_f1: figures.get(Figure::NewsOpinionMacroF1),
            matthews_correlation: figures.get(Figure::Matthews),
            log_loss: figures.get(Figure::LogLoss),
            brier_score: figures.get(Figure::Brier),
            calibration_error: figures.get(Figure::CalibrationError),
            bootstrap: bootstrap.copied(),
            intervals: bootstrap.map_or(BTreeMap::new(), |b| named(Figure::all(), &sample, b)),
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
            reliability: sample.reliability(bootstrap),
            confidences: histogram(
                outcomes
                    .iter()
                    .map(|outcome| outcome.scores.get(outcome.scores.best())),
            ),
            coverage: coverage(outcomes),
            abstaining: options
                .min_confidence
                .map(|least| Abstaining::new(outcomes, least, bootstrap)),
            majority: Majority {
                label: majority,
                figures: Baseline::new(outcomes, |_| majority),
            },
            quote_rule: Baseline::new(outcomes, |outcome| outcome.rule),
        })
    }

    /// Every figure of a model on labelled articles.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] when no paragraph is labelled.
    pub fn of_model(model: &Model, corpus: &Corpus, options: &Options) -> Result<Evaluation> {
        Evaluation::new(&outcomes(model, corpus), options)
    }

    /// The interval of a figure, where intervals were drawn.
    pub fn interval(&self, figure: Figure) -> Option<Interval> {
        self.intervals.get(&figure.to_string()).copied()
    }

    /// The value of a figure.
    pub fn get(&self, figure: Figure) -> f64 {
        let of = |class| match class {
            Class::Label(label) => self.labels[label.index()].figures,
            Class::Side(side) => self.sides[side as usize].figures,
        };
        match figure {
            Figure::Accuracy => self.accuracy,
            Figure::MacroF1 => self.macro_f1,
            Figure::NewsOpinionMacroF1 => self.news_opinion_macro_f1,
            Figure::Matthews => self.matthews_correlation,
            Figure::LogLoss => self.log_loss,
            Figure::Brier => self.brier_score,
            Figure::CalibrationError => self.calibration_error,
            Figure::Precision(class) => of(class).precision,
            Figure::Recall(class) => of(class).recall,
            Figure::F1(class) => of(class).f1,
        }
    }
}

impl Baseline {
    fn new(outcomes: &[Outcome], label: impl Fn(&Outcome) -> Label) -> Baseline {
        let mut confusion = Confusion::default();
        for outcome in outcomes {
            confusion.add(outcome.gold, label(outcome));
        }
        Baseline {
            accuracy: confusion.accuracy(),
            macro_f1: confusion.macro_f1(),
            news_opinion_macro_f1: confusion.side_macro_f1(),
        }
    }
}

impl Abstaining {
    fn new(outcomes: &[Outcome], least: f64, bootstrap: Option<&Bootstrap>) -> Abstaining {
        let is_sure = |outcome: &&Outcome| outcome.scores.get(outcome.scores.best()) >= least;
        let sure: Vec<Outcome> = outcomes.iter().filter(is_sure).copied().collect();
        let sample = Sample::new(&sure);
        let figures = sample.figures();
        const SHOWN: [Figure; 3] = [
            Figure::Accuracy,
            Figure::MacroF1,
            Figure::NewsOpinionMacroF1,
        ];
        Abstaining {
            min_confidence: least,
            uncertain: outcomes.len() - sure.len(),
            coverage: sure.len() as f64 / outcomes.len() as f64,
            accuracy: figures.get(Figure::Accuracy),
            macro_f1: figures.get(Figure::MacroF1),
            news_opinion_macro_f1: figures.get(Figure::NewsOpinionMacroF1),
            intervals: bootstrap
                .filter(|_| sample.articles() > 1)
                .map_or(BTreeMap::new(), |b| named(SHOWN.into_iter(), &sample, b)),
        }
    }
}

/// The intervals of some figures, by name.
fn named(
    wanted: impl Iterator<Item = Figure>,
    sample: &Sample,
    bootstrap: &Bootstrap,
) -> BTreeMap<String, Interval> {
    let intervals = sample.intervals(bootstrap);
    wanted
        .map(|figure| (figure.to_string(), intervals[figure.index()]))
        .filter(|(_, interval)| !interval.low.is_nan())
        .collect()
}

/// How a figure spreads over the parts of a cross-validation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Mean over the parts, each counting once.
    pub mean: f64,
    /// Standard deviation over the parts (n - 1); 0 of one part.
    pub standard_deviation: f64,
    /// The least value.
    pub least: f64,
    /// The greatest value.
    pub greatest: f64,
}

impl Spread {
    /// The spread of values, of which there is at least one.
    pub fn of(values: &[f64]) -> Spread {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Spread {
            mean,
            standard_deviation: (squares / (values.len().max(2) - 1) as f64).sqrt(),
            least: values.iter().copied().fold(f64::INFINITY, f64::min),
            greatest: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Scores;

    fn outcome(article: usize, gold: Label, odds: [f64; LABELS]) -> Outcome {
        Outcome {
            article,
            words: 10,
            gold,
            scores: Scores::softmax(odds),
            rule: Label::Reporting,
        }
    }

    fn sure(article: usize, gold: Label, of: Label, odds: f64) -> Outcome {
        let mut all = [0.0; LABELS];
        all[of.index()] = odds;
        outcome(article, gold, all)
    }

    fn evaluation(outcomes: &[Outcome]) -> Evaluation {
        Evaluation::new(outcomes, &Options::default()).unwrap()
    }

    #[test]
    fn uniform_scores_lose_the_log_of_four() {
        let outcomes = Label::ALL.map(|label| outcome(0, label, [0.0; LABELS]));
        let figures = evaluation(&outcomes);
        assert!((figures.log_loss - 4f64.ln()).abs() < 1e-12);
        assert!((figures.brier_score - 0.75).abs() < 1e-12);
        assert_eq!(
            (figures.accuracy, figures.matthews_correlation),
            (0.25, 0.0)
        );
        assert_eq!(figures.calibration_error, 0.0);
        assert_eq!(figures.majority.label, Label::Reporting);
        assert_eq!(figures.quote_rule.accuracy, 0.25);
    }

    #[test]
    fn perfect_scores() {
        let outcomes = Label::ALL.map(|label| sure(0, label, label, 100.0));
        let figures = evaluation(&outcomes);
        assert_eq!((figures.accuracy, figures.macro_f1), (1.0, 1.0));
        assert_eq!(figures.news_opinion_macro_f1, 1.0);
        assert_eq!(figures.matthews_correlation, 1.0);
        assert!(figures.log_loss < 1e-12 && figures.calibration_error < 1e-12);
        for figure in Figure::all() {
            let best = if figure.is_loss() { 0.0 } else { 1.0 };
            assert!((figures.get(figure) - best).abs() < 1e-12, "{figure}");
        }
    }

    /// Six articles, three right and three wrong: the interval of accuracy is wide, and all intervals
    /// hold their figures.
    #[test]
    fn intervals_hold_their_figures() {
        let outcomes: Vec<Outcome> = (0..60)
            .map(|n| {
                let gold = Label::ALL[n % 4];
                let given = if n / 10 % 2 == 0 {
                    gold
                } else {
                    Label::ALL[(n + 1) % 4]
                };
                sure(n / 10, gold, given, 1.0 + n as f64 / 30.0)
            })
            .collect();
        let options = Options {
            bootstrap: Some(Bootstrap::default()),
            min_confidence: Some(0.6),
        };
        let figures = Evaluation::new(&outcomes, &options).unwrap();
        for figure in Figure::all() {
            let interval = figures.interval(figure).unwrap();
            assert!(interval.low <= interval.high, "{figure} {interval:?}");
            if figure != Figure::CalibrationError {
                assert!(interval.holds(figures.get(figure)), "{figure} {interval:?}");
            }
        }
        let accuracy = figures.interval(Figure::Accuracy).unwrap();
        assert!(accuracy.low < 0.2 && accuracy.high > 0.8, "{accuracy:?}");
        assert_eq!(figures, Evaluation::new(&outcomes, &options).unwrap());
        let abstaining = figures.abstaining.unwrap();
        assert!(abstaining.uncertain > 0 && abstaining.coverage < 1.0);
        assert_eq!(abstaining.intervals.len(), 3);
    }

    #[test]
    fn nothing_to_measure_is_an_error() {
        let error = Evaluation::new(&[], &Options::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Empty);
    }

    #[test]
    fn spread_by_hand() {
        let spread = Spread::of(&[1.0, 2.0, 3.0]);
        assert_eq!((spread.mean, spread.standard_deviation), (2.0, 1.0));
        assert_eq!((spread.least, spread.greatest), (1.0, 3.0));
        assert_eq!(Spread::of(&[4.0]).standard_deviation, 0.0);
    }
}
