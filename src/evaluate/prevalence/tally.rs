//! What the paragraphs of an article add up to: all that methods need, so that drawing articles again
//! costs a sum over articles.

use crate::label::{LABELS, Label, Scores, Side};
use crate::outcome::Outcome;

/// Steps of confidence a label is cut into.
const STEPS: usize = 3;
/// Cells: a label, and how sure the model is of it.
pub(super) const CELLS: usize = LABELS * STEPS;

/// Where confidence is cut, so that each cell holds a third of the validation paragraphs given its label.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cuts([[f64; STEPS - 1]; LABELS]);

impl Cuts {
    pub(super) fn new(validation: &[Outcome]) -> Cuts {
        Cuts(Label::ALL.map(|label| {
            let given = validation
                .iter()
                .filter(|outcome| outcome.scores.best() == label);
            let mut confidences: Vec<f64> =
                given.map(|outcome| outcome.scores.get(label)).collect();
            confidences.sort_unstable_by(f64::total_cmp);
            std::array::from_fn(|step| {
                let at = confidences.len() * (step + 1) / STEPS;
                confidences.get(at).copied().unwrap_or(1.0)
            })
        }))
    }

    /// The cell of a paragraph.
    pub(super) fn cell(&self, scores: &Scores) -> usize {
        let best = scores.best();
        let cuts = &self.0[best.index()];
        let step = cuts.iter().filter(|&&cut| scores.get(best) >= cut).count();
        best.index() * STEPS + step
    }
}

/// Sums of weights over paragraphs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Of all.
    pub(super) weight: f64,
    /// By the label given.
    pub(super) hard: [f64; LABELS],
    /// By the probability of each label.
    pub(super) soft: [f64; LABELS],
    /// By cell.
    pub(super) cells: [f64; CELLS],
}

impl Tally {
    /// Adds one paragraph.
    pub(super) fn add(&mut self, weight: f64, scores: &Scores, cuts: &Cuts) {
        self.weight += weight;
        self.hard[scores.best().index()] += weight;
        for (sum, p) in self.soft.iter_mut().zip(scores.as_array()) {
            *sum += weight * p;
        }
        self.cells[cuts.cell(scores)] += weight;
    }

    /// Adds another tally so many times.
    pub(super) fn add_times(&mut self, other: &Tally, times: f64) {
        self.weight += times * other.weight;
        add(&mut self.hard, &other.hard, times);
        add(&mut self.soft, &other.soft, times);
        add(&mut self.cells, &other.cells, times);
    }

    /// Share of opinion by probability.
    pub(super) fn soft_opinion(&self) -> f64 {
        opinion(&self.soft) / self.weight
    }
}

fn add<const N: usize>(sums: &mut [f64; N], others: &[f64; N], times: f64) {
    for (sum, other) in sums.iter_mut().zip(others) {
        *sum += times * other;
    }
}

/// The part of opinion.
pub(super) fn opinion(of: &[f64; LABELS]) -> f64 {
    let labels = Label::ALL
        .into_iter()
        .filter(|label| label.side() == Side::Opinion);
    labels.map(|label| of[label.index()]).sum()
}

/// Tallies of validation paragraphs by the label that they were given by hand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ByGold(pub(super) [Tally; LABELS]);

impl ByGold {
    /// Adds another so many times.
    pub(super) fn add_times(&mut self, other: &ByGold, times: f64) {
        for (sum, other) in self.0.iter_mut().zip(&other.0) {
            // Most articles hold few labels.
            if other.weight > 0.0 {
                sum.add_times(other, times);
            }
        }
    }

    /// Weights by label.
    pub(super) fn gold(&self) -> [f64; LABELS] {
        std::array::from_fn(|y| self.0[y].weight)
    }

    /// Of each label's weight, what part goes where.
    pub(super) fn rates<const N: usize>(
        &self,
        of: impl Fn(&Tally) -> [f64; N],
    ) -> [[f64; N]; LABELS] {
        std::array::from_fn(|y| {
            let tally = &self.0[y];
            // A label that does not occur goes nowhere.
            of(tally).map(|weight| {
                if tally.weight > 0.0 {
                    weight / tally.weight
                } else {
                    0.0
                }
            })
        })
    }
}
