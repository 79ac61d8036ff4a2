//! Prevalence: how much of a corpus each label makes up, when labels come from a classifier that errs.
//!
//! Counted labels give a biased share, and an interval that knows nothing of the errors
//! (TeBlunthuis, Hase & Chan 2023, "Misclassification in automated content analysis"). The methods here
//! correct by what the classifier did on validation paragraphs, whose labels are known, and their
//! intervals carry both the choice of articles and the errors' own uncertainty: the articles to be
//! measured and the validation articles are drawn again, each by themselves.

mod adjust;
mod em;
mod matching;
mod shift;
mod tally;

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::bootstrap::{Bootstrap, Interval};
use crate::error::{Error, ErrorKind, Result};
use crate::label::{LABELS, Label, Scores, Side};
use crate::outcome::Outcome;
use matching::Profile;
use tally::{ByGold, CELLS, Cuts, Tally};

pub use adjust::adjusted;
pub use em::expectation_maximisation;
pub use shift::Shift;

/// Ways to estimate shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Classify and count: the shares of the labels given. Corrects nothing.
    Count,
    /// The mean probabilities. Right only where the corpus has the validation set's shares.
    ProbabilisticCount,
    /// Adjusted count: the counts sent back through the confusion matrix.
    AdjustedCount,
    /// Adjusted probabilistic count: the same with mean probabilities.
    AdjustedProbabilisticCount,
    /// Expectation maximisation over probabilities that are calibrated on the validation set.
    ExpectationMaximisation,
    /// The same, with validation articles weighted to be like those that are measured.
    Matched,
}

impl Method {
    /// All methods in their fixed order.
    pub const ALL: [Method; 6] = [
        Method::Count,
        Method::ProbabilisticCount,
        Method::AdjustedCount,
        Method::AdjustedProbabilisticCount,
        Method::ExpectationMaximisation,
        Method::Matched,
    ];

    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Method::Count => "count",
            Method::ProbabilisticCount => "probabilistic",
            Method::AdjustedCount => "adjusted",
            Method::AdjustedProbabilisticCount => "adjusted-probabilistic",
            Method::ExpectationMaximisation => "em",
            Method::Matched => "matched",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Method {
    type Err = String;

    fn from_str(name: &str) -> Result<Method, String> {
        let mut all = Method::ALL.into_iter();
        all.find(|method| method.name() == name).ok_or_else(|| {
            let names = Method::ALL.map(Method::name).join(", ");
            format!("no method {name:?}; there are {names}")
        })
    }
}

/// What shares are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Of all words.
    Words,
    /// Of all paragraphs.
    Paragraphs,
}

impl Measure {
    /// Both measures.
    pub const ALL: [Measure; 2] = [Measure::Words, Measure::Paragraphs];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Words => "words",
            Measure::Paragraphs => "paragraphs",
        }
    }

    fn weight(self, words: usize) -> f64 {
        match self {
            Measure::Words => words as f64,
            Measure::Paragraphs => 1.0,
        }
    }
}

/// A paragraph whose label is not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unlabelled {
    /// The number of its article.
    pub article: usize,
    /// Its words.
    pub words: usize,
    /// What the model says of it.
    pub scores: Scores,
}

/// An estimate of all shares.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// How it was made.
    pub method: Method,
    /// The share of each label, in the order of [`Label::ALL`].
    #[serde(serialize_with = "by_name")]
    pub labels: [Share; LABELS],
    /// Reporting and quotation.
    pub news: Share,
    /// Commentary and calls to action.
    pub opinion: Share,
}

fn by_name<S: Serializer>(shares: &[Share; LABELS], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(Label::ALL.iter().zip(shares))
}

/// A share and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// In `[0, 1]`.
    pub value: f64,
    /// Absent where there are too few articles to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// Articles to be measured beside validation articles, ready for every method.
pub struct Prevalence {
    target: Vec<Tally>,
    validation: Vec<ByGold>,
    profiles: Vec<Profile>,
    /// The tilt that matches validation to them.
    tilt: f64,
}

impl Prevalence {
    /// Adds up paragraphs by article. Articles without a paragraph, or without a word where words are
    /// measured, do not count.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] where nothing is left on one of the sides.
    pub fn new(
        target: &[Unlabelled],
        validation: &[Outcome],
        measure: Measure,
    ) -> Result<Prevalence> {
        let cuts = Cuts::new(validation);
        let target = by_article(
            target.iter().map(|row| row.article),
            |tally: &mut Tally, at| {
                let row = &target[at];
                tally.add(measure.weight(row.words), &row.scores, &cuts);
            },
        );
        let target: Vec<Tally> = target.into_iter().filter(|t| t.weight > 0.0).collect();
        let validation = by_article(
            validation.iter().map(|row| row.article),
            |article: &mut ByGold, at| {
                let row = &validation[at];
                let tally = &mut article.0[row.gold.index()];
                tally.add(measure.weight(row.words), &row.scores, &cuts);
            },
        );
        let weighs = |article: &ByGold| article.gold().iter().sum::<f64>() > 0.0;
        let validation: Vec<ByGold> = validation.into_iter().filter(weighs).collect();
        let profiles: Vec<Profile> = validation.iter().map(Profile::new).collect();
        if target.is_empty() {
            return Err(Error::new(ErrorKind::Empty, "no paragraph to measure"));
        }
        if validation.is_empty() {
            return Err(Error::new(ErrorKind::Empty, "no validation paragraph")
                .hint("train with cross-validation (--folds), or give --validation FILE"));
        }
        let whole = sum(&target, &vec![1; target.len()]);
        let once = vec![1; profiles.len()];
        let tilt = matching::tilt(&profiles, &once, whole.soft_opinion(), 0.0);
        Ok(Prevalence {
            target,
            validation,
            profiles,
            tilt,
        })
    }

    /// Number of articles to be measured.
    pub fn articles(&self) -> usize {
        self.target.len()
    }

    /// The shares by some methods, with intervals where draws are asked for and there are at least two
    /// articles on both sides.
    pub fn estimates(&self, methods: &[Method], bootstrap: Option<&Bootstrap>) -> Vec<Estimate> {
        let (target, validation) = (self.target.len(), self.validation.len());
        let whole = self.shares(methods, &vec![1; target], &vec![1; validation]);
        let enough = target > 1 && validation > 1;
        let drawn = bootstrap.filter(|_| enough).map(|bootstrap| {
            let draws = bootstrap.run_pairs(target, validation, |target, validation| {
                self.shares(methods, target, validation)
            });
            (bootstrap, draws)
        });
        let share = |method: usize, of: &dyn Fn(&[f64; LABELS]) -> f64| {
            let value = of(&whole[method]);
            let interval = drawn.as_ref().map(|(bootstrap, draws)| {
                let draws: Vec<f64> = draws.iter().map(|draw| of(&draw[method])).collect();
                let interval = bootstrap.percentile_interval(&draws);
                self.stretched(methods[method], bootstrap.level, value, interval)
            });
            Share { value, interval }
        };
        let side = |side: Side, shares: &[f64; LABELS]| -> f64 {
            let labels = Label::ALL.into_iter().filter(|label| label.side() == side);
            labels.map(|label| shares[label.index()]).sum()
        };
        (0..methods.len())
            .map(|method| Estimate {
                method: methods[method],
                labels: std::array::from_fn(|k| share(method, &|shares| shares[k])),
                news: share(method, &|shares| side(Side::News, shares)),
                opinion: share(method, &|shares| side(Side::Opinion, shares)),
            })
            .collect()
    }

    /// The shares by some methods, when each article counts so many times.
    fn shares(&self, methods: &[Method], target: &[u32], validation: &[u32]) -> Vec<[f64; LABELS]> {
        let counted = sum(&self.target, target);
        let plain = methods.iter().any(|&method| method != Method::Matched);
        let known = plain.then(|| self.known(validation, 0.0));
        methods
            .iter()
            .map(|&method| match (&known, method) {
                (_, Method::Matched) | (None, _) => {
                    let said = counted.soft_opinion();
                    let tilt = matching::tilt(&self.profiles, validation, said, self.tilt);
                    by_cells(&counted, &self.known(validation, tilt))
                }
                (Some(known), method) => shares(method, &counted, known),
            })
            .collect()
    }

    /// What the validation articles add up to, each counted so many times and tilted.
    fn known(&self, times: &[u32], tilt: f64) -> ByGold {
        let mut known = ByGold::default();
        let articles = self.validation.iter().zip(&self.profiles).zip(times);
        for ((article, profile), &times) in articles.filter(|(_, times)| **times > 0) {
            let weight = f64::from(times) * matching::weight(tilt, profile);
            known.add_times(article, weight);
        }
        known
    }

    /// Effective number of the validation articles once they are matched: how many that count alike would
    /// tell as much (Kish 1965).
    pub fn matched_articles(&self) -> f64 {
        let weights = self.validation.iter().zip(&self.profiles);
        effective(weights.map(|(article, profile)| {
            article.gold().iter().sum::<f64>() * matching::weight(self.tilt, profile)
        }))
    }

    /// A percentile interval as wide as few articles make it: the bootstrap's variance lacks a factor
    /// n / (n - 1), and the tails are Student's. Where every draw gave a share of nothing or of all, the
    /// other end is that of Clopper & Pearson (1934) for so many articles.
    fn stretched(&self, method: Method, level: f64, value: f64, interval: Interval) -> Interval {
        let target = effective(self.target.iter().map(|tally| tally.weight));
        let validation = match method {
            Method::Count | Method::ProbabilisticCount => f64::INFINITY,
            Method::Matched => self.matched_articles(),
            _ => effective(self.validation.iter().map(|a| a.gold().iter().sum())),
        };
        let articles = target.min(validation).max(2.0);
        let tail = (1.0 + level) / 2.0;
        let normal = Normal::standard().inverse_cdf(tail);
        let student = StudentsT::new(0.0, 1.0, articles - 1.0);
        let student = student.map_or(normal, |student| student.inverse_cdf(tail));
        let factor = student / normal * (articles / (articles - 1.0)).sqrt();
        let unseen = 1.0 - libm::pow(1.0 - tail, 1.0 / articles);
        // Expectation maximisation comes near to nothing, and never there.
        const NOTHING: f64 = 1e-4;
        let none = interval.high <= NOTHING;
        let all = interval.low >= 1.0 - NOTHING;
        Interval {
            low: match all {
                true => 1.0 - unseen,
                false => (value - (value - interval.low) * factor).clamp(0.0, 1.0),
            },
            high: match none {
                true => unseen,
                false => (value + (interval.high - value) * factor).clamp(0.0, 1.0),
            },
        }
    }
}

/// The shares by a method that takes the validation articles as they are.
fn shares(method: Method, counted: &Tally, known: &ByGold) -> [f64; LABELS] {
    let hard = counted.hard.map(|weight| weight / counted.weight);
    let soft = counted.soft.map(|weight| weight / counted.weight);
    match method {
        Method::Count => hard,
        Method::ProbabilisticCount => soft,
        Method::AdjustedCount => adjusted(&known.rates(|tally| tally.hard), &hard),
        Method::AdjustedProbabilisticCount => adjusted(&known.rates(|tally| tally.soft), &soft),
        Method::ExpectationMaximisation | Method::Matched => by_cells(counted, known),
    }
}

/// Expectation maximisation over cells. The probabilities of a cell are the shares of the labels among its
/// validation paragraphs: calibration by histogram binning (Zadrozny & Elkan 2001).
fn by_cells(counted: &Tally, known: &ByGold) -> [f64; LABELS] {
    const TOLERANCE: f64 = 1e-7;
    let gold = known.gold();
    let total: f64 = gold.iter().sum();
    let prior = gold.map(|weight| weight / total);
    let rows: [(f64, [f64; LABELS]); CELLS] = std::array::from_fn(|cell| {
        let of_cell: [f64; LABELS] = std::array::from_fn(|y| known.0[y].cells[cell]);
        let sum: f64 = of_cell.iter().sum();
        match sum > 0.0 {
            true => (counted.cells[cell], of_cell.map(|weight| weight / sum)),
            // No validation paragraph says what such a cell means.
            false => (0.0, [0.0; LABELS]),
        }
    });
    expectation_maximisation(&rows, &prior, TOLERANCE)
}

fn sum(articles: &[Tally], times: &[u32]) -> Tally {
    let mut whole = Tally::default();
    for (article, &times) in articles.iter().zip(times).filter(|(_, times)| **times > 0) {
        whole.add_times(article, f64::from(times));
    }
    whole
}

/// Effective number of weights.
fn effective(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), weight| {
        (sum + weight, squares + weight * weight)
    });
    if squares > 0.0 {
        sum * sum / squares
    } else {
        0.0
    }
}

/// Adds rows up by their article's number; articles come in the order of their numbers.
fn by_article<T: Default>(
    articles: impl Iterator<Item = usize> + Clone,
    mut add: impl FnMut(&mut T, usize),
) -> Vec<T> {
    let mut numbers: Vec<usize> = articles.clone().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut sums: Vec<T> = numbers.iter().map(|_| T::default()).collect();
    for (row, article) in articles.enumerate() {
        let place = numbers.partition_point(|&number| number < article);
        add(&mut sums[place], row);
    }
    sums
}
