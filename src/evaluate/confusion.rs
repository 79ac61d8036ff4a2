//! The confusion matrix, and precision, recall and F1 from it.

use serde::Serialize;

use crate::label::{LABELS, Label, Side};

/// How often each gold label (row) was given each label (column).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion([[u64; LABELS]; LABELS]);

/// Precision, recall and F1 of one label or side, each in `[0, 1]`.
///
/// Where nothing was predicted precision is 0, where nothing is there to be found recall is 0, and F1
/// is 0 where both are: the convention of scikit-learn's `zero_division=0`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Prf {
    /// Right ones among those predicted.
    pub precision: f64,
    /// Right ones among those there are.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// How many there are.
    pub support: u64,
}

impl Prf {
    fn new(right: u64, predicted: u64, support: u64) -> Prf {
        let share = |part: u64, of: u64| part as f64 / of.max(1) as f64;
        Prf {
            precision: share(right, predicted),
            recall: share(right, support),
            f1: share(2 * right, predicted + support),
            support,
        }
    }
}

impl Confusion {
    /// Counts one paragraph.
    pub fn add(&mut self, gold: Label, predicted: Label) {
        self.0[gold.index()][predicted.index()] += 1;
    }

    /// Counts, a row a gold label.
    pub fn rows(&self) -> &[[u64; LABELS]; LABELS] {
        &self.0
    }

    /// Number of paragraphs.
    pub fn total(&self) -> u64 {
        self.0.iter().flatten().sum()
    }

    /// Sum over the cells whose gold and predicted labels pass the tests.
    fn sum(&self, gold: impl Fn(Label) -> bool, predicted: impl Fn(Label) -> bool) -> u64 {
        let mut sum = 0;
        for g in Label::ALL.into_iter().filter(|&label| gold(label)) {
            for p in Label::ALL.into_iter().filter(|&label| predicted(label)) {
                sum += self.0[g.index()][p.index()];
            }
        }
        sum
    }

    fn prf(&self, holds: impl Fn(Label) -> bool) -> Prf {
        Prf::new(
            self.sum(&holds, &holds),
            self.sum(|_| true, &holds),
            self.sum(&holds, |_| true),
        )
    }

    /// Figures of one label.
    pub fn label(&self, label: Label) -> Prf {
        self.prf(|other| other == label)
    }

    /// Figures of one side, when every label is taken for its side.
    pub fn side(&self, side: Side) -> Prf {
        self.prf(|label| label.side() == side)
    }

    /// Share of paragraphs labelled right; 0 of none.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = Label::ALL
            .into_iter()
            .map(|l| self.0[l.index()][l.index()])
            .sum();
        right as f64 / self.total().max(1) as f64
    }

    /// Mean F1 over all four labels, whether they occur or not.
    pub fn macro_f1(&self) -> f64 {
        Label::ALL
            .into_iter()
            .map(|l| self.label(l).f1)
            .sum::<f64>()
            / LABELS as f64
    }

    /// Mean F1 over news and opinion.
    pub fn side_macro_f1(&self) -> f64 {
        Side::ALL.into_iter().map(|s| self.side(s).f1).sum::<f64>() / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Label::{CallToAction, Commentary, Quotation, Reporting};

    /// By hand: 5 reporting (3 right, 2 taken for commentary), 2 quotations (1 right, 1 taken for
    /// reporting), 3 commentary (all right), no call.
    #[test]
    fn small_matrix_by_hand() {
        let mut confusion = Confusion::default();
        for (gold, predicted, times) in [
            (Reporting, Reporting, 3),
            (Reporting, Commentary, 2),
            (Quotation, Quotation, 1),
            (Quotation, Reporting, 1),
            (Commentary, Commentary, 3),
        ] {
            (0..times).for_each(|_| confusion.add(gold, predicted));
        }
        assert_eq!(confusion.total(), 10);
        assert_eq!(confusion.accuracy(), 0.7);
        let reporting = confusion.label(Reporting);
        assert_eq!((reporting.precision, reporting.recall), (0.75, 0.6));
        assert_eq!(confusion.label(CallToAction).f1, 0.0);
        let (r, q, c) = (6.0 / 9.0, 2.0 / 3.0, 6.0 / 8.0);
        assert!((confusion.macro_f1() - (r + q + c) / 4.0).abs() < 1e-15);
        // News: 5 of 7 found, all 5 right; opinion: 3 of 3 found among 5.
        let (news, opinion) = (10.0 / 12.0, 6.0 / 8.0);
        assert!((confusion.side_macro_f1() - (news + opinion) / 2.0).abs() < 1e-15);
    }

    #[test]
    fn linfa_agrees_on_accuracy() {
        use linfa::prelude::ToConfusionMatrix;
        use ndarray::Array1;
        let gold = Array1::from(vec![0usize, 1, 2, 3, 0, 1, 2, 2, 2, 0]);
        let predicted = Array1::from(vec![0usize, 1, 2, 2, 1, 1, 2, 0, 2, 0]);
        let mut ours = Confusion::default();
        for (&gold, &predicted) in gold.iter().zip(&predicted) {
            ours.add(Label::ALL[gold], Label::ALL[predicted]);
        }
        let theirs = predicted.confusion_matrix(&gold).unwrap();
        assert!((ours.accuracy() - f64::from(theirs.accuracy())).abs() < 1e-6);
    }
}
