//! The figures of an evaluation, each with the name it has in reports and on the command line.

use std::fmt;
use std::str::FromStr;

use crate::label::{LABELS, Label, Side};

/// One figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Share of paragraphs labelled right.
    Accuracy,
    /// Mean F1 over the four labels.
    MacroF1,
    /// Mean F1 over news and opinion.
    NewsOpinionMacroF1,
    /// Matthews correlation of gold and given labels.
    Matthews,
    /// Mean of `-ln p` of the gold label.
    LogLoss,
    /// Mean squared distance of the probabilities from the truth, 0 to 2.
    Brier,
    /// Expected calibration error of the label given.
    CalibrationError,
    /// Of the paragraphs given the label or side, the share that is of it.
    Precision(Class),
    /// Of the paragraphs of the label or side, the share that is given it.
    Recall(Class),
    /// Harmonic mean of the two.
    F1(Class),
}

/// A label or a side: what precision and recall are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// One of the four labels.
    Label(Label),
    /// News or opinion.
    Side(Side),
}

/// Number of labels and sides.
pub const CLASSES: usize = LABELS + 2;
/// Number of figures.
pub const FIGURES: usize = 7 + 3 * CLASSES;

impl Class {
    /// The labels, then the sides.
    pub const ALL: [Class; CLASSES] = [
        Class::Label(Label::Reporting),
        Class::Label(Label::Quotation),
        Class::Label(Label::Commentary),
        Class::Label(Label::CallToAction),
        Class::Side(Side::News),
        Class::Side(Side::Opinion),
    ];

    /// Whether a label is of it.
    pub fn holds(self, label: Label) -> bool {
        match self {
            Class::Label(own) => own == label,
            Class::Side(side) => label.side() == side,
        }
    }

    /// The name written in reports.
    pub fn name(self) -> &'static str {
        match self {
            Class::Label(label) => label.name(),
            Class::Side(side) => side.name(),
        }
    }

    fn index(self) -> usize {
        match self {
            Class::Label(label) => label.index(),
            Class::Side(side) => LABELS + side as usize,
        }
    }
}

impl Figure {
    /// All figures in their fixed order.
    pub fn all() -> impl Iterator<Item = Figure> {
        use Figure::{
            Accuracy, Brier, CalibrationError, LogLoss, MacroF1, Matthews, NewsOpinionMacroF1,
        };
        let whole = [
            Accuracy,
            MacroF1,
            NewsOpinionMacroF1,
            Matthews,
            LogLoss,
            Brier,
            CalibrationError,
        ];
        let of_class = |class| {
            [
                Figure::Precision(class),
                Figure::Recall(class),
                Figure::F1(class),
            ]
        };
        whole
            .into_iter()
            .chain(Class::ALL.into_iter().flat_map(of_class))
    }

    /// Position in [`Figure::all`].
    pub(super) fn index(self) -> usize {
        match self {
            Figure::Accuracy => 0,
            Figure::MacroF1 => 1,
            Figure::NewsOpinionMacroF1 => 2,
            Figure::Matthews => 3,
            Figure::LogLoss => 4,
            Figure::Brier => 5,
            Figure::CalibrationError => 6,
            Figure::Precision(class) => 7 + 3 * class.index(),
            Figure::Recall(class) => 8 + 3 * class.index(),
            Figure::F1(class) => 9 + 3 * class.index(),
        }
    }

    /// Whether a smaller value is the better one.
    pub fn is_loss(self) -> bool {
        matches!(
            self,
            Figure::LogLoss | Figure::Brier | Figure::CalibrationError
        )
    }
}

/// The name in JSON and on the command line: `macro_f1`, `commentary_recall`.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Figure::Accuracy => f.pad("accuracy"),
            Figure::MacroF1 => f.pad("macro_f1"),
            Figure::NewsOpinionMacroF1 => f.pad("news_opinion_macro_f1"),
            Figure::Matthews => f.pad("matthews_correlation"),
            Figure::LogLoss => f.pad("log_loss"),
            Figure::Brier => f.pad("brier_score"),
            Figure::CalibrationError => f.pad("calibration_error"),
            Figure::Precision(class) => f.pad(&format!("{}_precision", class.name())),
            Figure::Recall(class) => f.pad(&format!("{}_recall", class.name())),
            Figure::F1(class) => f.pad(&format!("{}_f1", class.name())),
        }
    }
}

impl FromStr for Figure {
    type Err = String;

    fn from_str(name: &str) -> Result<Figure, String> {
        Figure::all()
            .find(|figure| figure.to_string() == name)
            .ok_or_else(|| {
                let names: Vec<String> = Figure::all().map(|figure| figure.to_string()).collect();
                format!("no figure {name:?}; there are {}", names.join(", "))
            })
    }
}

/// A value of every figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures(pub(super) [f64; FIGURES]);

impl Figures {
    /// The value of one.
    pub fn get(&self, figure: Figure) -> f64 {
        self.0[figure.index()]
    }

    /// Every figure of these less the same of others.
    #[must_use]
    pub fn minus(&self, others: &Figures) -> Figures {
        Figures(std::array::from_fn(|at| self.0[at] - others.0[at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_names_are_one_to_one() {
        let places: Vec<usize> = Figure::all().map(Figure::index).collect();
        assert_eq!(places, (0..FIGURES).collect::<Vec<_>>());
        for figure in Figure::all() {
            assert_eq!(figure.to_string().parse(), Ok(figure));
        }
        let error = "f1".parse::<Figure>().unwrap_err();
        assert!(error.contains("macro_f1"), "{error}");
    }
}
