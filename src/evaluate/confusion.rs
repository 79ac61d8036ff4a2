//! The confusion matrix, and precision, recall and F1 from it.

use serde::Serialize;

use super::figure::Class;
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

    /// Counts all paragraphs of another matrix so many times.
    pub(super) fn add_all(&mut self, other: &Confusion, times: u32) {
        for (row, others) in self.0.iter_mut().zip(&other.0) {
            for (count, others) in row.iter_mut().zip(others) {
                *count += others * u64::from(times);
            }
        }
    }

    /// Takes off all paragraphs of another matrix, which must be among those counted.
    pub(super) fn take_off(&mut self, part: &Confusion) {
        for (row, others) in self.0.iter_mut().zip(&part.0) {
            for (count, others) in row.iter_mut().zip(others) {
                *count -= others;
            }
        }
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

    /// Figures of one label or side.
    pub fn class(&self, class: Class) -> Prf {
        self.prf(|label| class.holds(label))
    }

    /// Figures of one label.
    pub fn label(&self, label: Label) -> Prf {
        self.class(Class::Label(label))
    }

    /// Figures of one side, when every label is taken for its side.
    pub fn side(&self, side: Side) -> Prf {
        self.class(Class::Side(side))
    }

    /// Share of paragraphs labelled right; 0 of none.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = Label::ALL
            .into_iter()
            .map(|l| self.0[l.index()][l.index()])
            .sum();
        right as f64 / self.total().max(1) as f64
    }

    /// Correlation of gold and given labels, in `[-1, 1]` (Gorodkin 2004, "Comparing two K-category
    /// assignments by a K-category correlation coefficient"); 0 where either never varies.
    pub fn matthews(&self) -> f64 {
        let total = self.total() as f64;
        let right: u64 = (0..LABELS).map(|k| self.0[k][k]).sum();
        let (mut both, mut of_gold, mut of_given) = (0.0, 0.0, 0.0);
        for k in 0..LABELS {
            let gold = self.0[k].iter().sum::<u64>() as f64;
            let given = self.0.iter().map(|row| row[k]).sum::<u64>() as f64;
            both += gold * given;
            of_gold += gold * gold;
            of_given += given * given;
        }
        let varies = (total * total - of_gold) * (total * total - of_given);
        if varies == 0.0 {
            return 0.0;
        }
        (right as f64 * total - both) / varies.sqrt()
    }

    /// Mean F1 over the labels that occur, be it as gold or as given label: a label that is nowhere
    /// neither helps nor harms. That is what scikit-learn's `f1_score(average="macro")` does by default.
    pub fn macro_f1(&self) -> f64 {
        self.mean_f1(Label::ALL.map(Class::Label))
    }

    /// Mean F1 over news and opinion, where they occur.
    pub fn side_macro_f1(&self) -> f64 {
        self.mean_f1(Side::ALL.map(Class::Side))
    }

    fn mean_f1<const N: usize>(&self, classes: [Class; N]) -> f64 {
        let (mut sum, mut occur) = (0.0, 0usize);
        for class in classes {
            if self.given(class) + self.class(class).support > 0 {
                sum += self.class(class).f1;
                occur += 1;
            }
        }
        sum / occur.max(1) as f64
    }

    /// How many were given a label or side.
    pub(super) fn given(&self, class: Class) -> u64 {
        self.sum(|_| true, |label| class.holds(label))
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
        let matthews = (7.0 * 10.0 - (5.0 * 4.0 + 2.0 * 1.0 + 3.0 * 5.0))
            / f64::sqrt((100.0 - 38.0) * (100.0 - 42.0));
        assert!((confusion.matthews() - matthews).abs() < 1e-15);
        let (r, q, c) = (6.0 / 9.0, 2.0 / 3.0, 6.0 / 8.0);
        assert!((confusion.macro_f1() - (r + q + c) / 3.0).abs() < 1e-15);
        confusion.add(CallToAction, Commentary);
        assert!(confusion.macro_f1() < (r + q + c) / 4.0);
        // News: 5 of 7 found, all 5 right; opinion: 4 of 4 found among 6.
        let (news, opinion) = (10.0 / 12.0, 8.0 / 10.0);
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
