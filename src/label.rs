//! The four labels, the two sides they roll up to, and a paragraph's scores over them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Number of labels; the width of every score array.
pub const LABELS: usize = 4;

/// What a paragraph of an article does. The definitions stand in `data/CODEBOOK.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// States what happened, what is, or who said what, without the author's judgement.
    Reporting,
    /// Passes on a source's own words.
    Quotation,
    /// The author judges, interprets, argues or predicts.
    Commentary,
    /// Asks its reader to do a nameable deed.
    CallToAction,
}

impl Label {
    /// All labels in their fixed order, which is the order of every score array.
    pub const ALL: [Label; LABELS] = [
        Label::Reporting,
        Label::Quotation,
        Label::Commentary,
        Label::CallToAction,
    ];

    /// Position in [`Label::ALL`], `0..4`.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The label at a position of [`Label::ALL`].
    pub fn from_index(index: usize) -> Option<Label> {
        Label::ALL.get(index).copied()
    }

    /// The name written in data files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Label::Reporting => "reporting",
            Label::Quotation => "quotation",
            Label::Commentary => "commentary",
            Label::CallToAction => "call_to_action",
        }
    }

    /// The side of the news/opinion divide that the label belongs to.
    pub fn side(self) -> Side {
        match self {
            Label::Reporting | Label::Quotation => Side::News,
            Label::Commentary | Label::CallToAction => Side::Opinion,
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A label name that is none of the four.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLabel(String);

impl fmt::Display for UnknownLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.0.chars().take(40).collect();
        write!(
            f,
            "unknown label {shown:?}; it must be reporting, quotation, commentary or call_to_action"
        )
    }
}

impl std::error::Error for UnknownLabel {}

impl FromStr for Label {
    type Err = UnknownLabel;

    fn from_str(name: &str) -> Result<Label, UnknownLabel> {
        Label::ALL
            .into_iter()
            .find(|label| label.name() == name)
            .ok_or_else(|| UnknownLabel(name.to_owned()))
    }
}

/// The two sides: `news` = reporting + quotation, `opinion` = commentary + call to action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Reporting and quotation.
    News,
    /// Commentary and call to action.
    Opinion,
}

impl Side {
    /// Both sides in their fixed order.
    pub const ALL: [Side; 2] = [Side::News, Side::Opinion];

    /// The name written in reports.
    pub fn name(self) -> &'static str {
        match self {
            Side::News => "news",
            Side::Opinion => "opinion",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Probabilities of the four labels for one paragraph: each in `[0, 1]`, together 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores([f64; LABELS]);

impl Scores {
    /// The softmax of four log-odds, in the order of [`Label::ALL`].
    ///
    /// The largest is subtracted first, so that finite input of any size gives finite output.
    pub fn softmax(log_odds: [f64; LABELS]) -> Scores {
        let max = log_odds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let exps = log_odds.map(|z| libm::exp(z - max));
        let sum: f64 = exps.iter().sum();
        Scores(exps.map(|e| e / sum))
    }

    /// The probability of one label.
    pub fn get(&self, label: Label) -> f64 {
        self.0[label.index()]
    }

    /// All four probabilities in the order of [`Label::ALL`].
    pub fn as_array(&self) -> &[f64; LABELS] {
        &self.0
    }

    /// The most probable label; of equal ones the first in [`Label::ALL`].
    pub fn best(&self) -> Label {
        let mut best = Label::Reporting;
        for label in Label::ALL {
            if self.get(label).total_cmp(&self.get(best)).is_gt() {
                best = label;
            }
        }
        best
    }

    /// Distance between the best and the second-best probability, in `[0, 1]`.
    pub fn margin(&self) -> f64 {
        let best = self.best();
        let second = Label::ALL
            .into_iter()
            .filter(|&label| label != best)
            .map(|label| self.get(label))
            .fold(0.0, f64::max);
        self.get(best) - second
    }

    /// The probability of one side: the sum over its labels.
    pub fn side(&self, side: Side) -> f64 {
        Label::ALL
            .into_iter()
            .filter(|label| label.side() == side)
            .map(|label| self.get(label))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_others_are_refused() {
        for label in Label::ALL {
            assert_eq!(label.name().parse(), Ok(label));
            assert_eq!(Label::from_index(label.index()), Some(label));
        }
        let error = "Reporting".parse::<Label>().unwrap_err();
        assert!(error.to_string().contains("\"Reporting\""), "{error}");
    }

    #[test]
    fn softmax_of_known_values() {
        // ln 1, ln 2, ln 3, ln 4: the probabilities are the tenths.
        let scores = Scores::softmax([1.0f64, 2.0, 3.0, 4.0].map(f64::ln));
        for (got, want) in scores.as_array().iter().zip([0.1, 0.2, 0.3, 0.4]) {
            assert!((got - want).abs() < 1e-15);
        }
        assert_eq!(scores.best(), Label::CallToAction);
        assert!((scores.margin() - 0.1).abs() < 1e-15);
        assert!((scores.side(Side::News) - 0.3).abs() < 1e-15);
    }

    #[test]
    fn softmax_survives_huge_values_and_ties_go_to_the_first() {
        let scores = Scores::softmax([1e300, -1e300, 0.0, 1e300]);
        assert_eq!(scores.as_array(), &[0.5, 0.0, 0.0, 0.5]);
        assert_eq!(scores.best(), Label::Reporting);
    }
}
