//! Population shift: whether the paragraphs to be measured are unlike the validation paragraphs in more
//! than their shares.

use serde::Serialize;

use super::Prevalence;
use super::matching;
use super::tally::{ByGold, CELLS, Tally};
use crate::evaluate::bootstrap::Bootstrap;

/// What is known of how validation and corpus differ.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// How likely so large a misfit is by chance alone, in `[0, 1]`: small where the corpus holds what the
    /// validation set does not explain.
    pub p_value: f64,
    /// The share of the corpus whose scores are too many or too few: half the summed distance.
    pub misfit: f64,
    /// Effective number of validation articles once they are matched to the corpus.
    pub matched_articles: f64,
}

impl Prevalence {
    /// Tests whether the scores of the corpus are a mixture of the scores that the validation set's labels
    /// have, with the validation articles matched. The distance of the corpus's cells from the best
    /// mixture, each in its own standard errors, is held against the same distance of draws from their
    /// own centre. `None` where there are fewer than two articles on either side.
    pub fn shift(&self, bootstrap: &Bootstrap) -> Option<Shift> {
        let (target, validation) = (self.target.len(), self.validation.len());
        if target < 2 || validation < 2 {
            return None;
        }
        let misfit = self.misfit(&vec![1; target], &vec![1; validation]);
        let draws = bootstrap.run_pairs(target, validation, |t, v| self.misfit(t, v));
        let count = draws.len() as f64;
        let mut variance = [0.0; CELLS];
        for draw in &draws {
            for (cell, variance) in variance.iter_mut().enumerate() {
                *variance += (draw[cell] - misfit[cell]).powi(2) / count;
            }
        }
        let distance = |from: &dyn Fn(usize) -> f64| -> f64 {
            (0..CELLS)
                .filter(|&cell| variance[cell] > 0.0)
                .map(|cell| from(cell).powi(2) / variance[cell])
                .sum()
        };
        let seen = distance(&|cell| misfit[cell]);
        let larger = draws
            .iter()
            .filter(|draw| distance(&|cell| draw[cell] - misfit[cell]) >= seen)
            .count();
        Some(Shift {
            p_value: (larger as f64 + 1.0) / (count + 1.0),
            misfit: misfit.iter().map(|part| part.abs()).sum::<f64>() / 2.0,
            matched_articles: self.matched_articles(),
        })
    }

    /// The shares of the corpus's cells less those of the best mixture.
    fn misfit(&self, target: &[u32], validation: &[u32]) -> [f64; CELLS] {
        let counted: Tally = super::sum(&self.target, target);
        let said = counted.soft_opinion();
        let tilt = matching::tilt(&self.profiles, validation, said, self.tilt);
        let known: ByGold = self.known(validation, tilt);
        let shares = super::by_cells(&counted, &known);
        let rates = known.rates(|tally| tally.cells);
        std::array::from_fn(|cell| {
            let fitted: f64 = shares
                .iter()
                .zip(&rates)
                .map(|(share, rates)| share * rates[cell])
                .sum();
            counted.cells[cell] / counted.weight - fitted
        })
    }
}
