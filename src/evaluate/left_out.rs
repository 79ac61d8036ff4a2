//! The bins of the calibration error with each article left out in turn, without going through all
//! paragraphs for each: one pass adds them up, and then each article costs its own paragraphs and a search
//! for every edge.

use super::calibration::{BINS, BinSums};

/// A paragraph's article, its confidence, and whether it was right.
type Row = (u32, f64, bool);

/// Paragraphs in ascending order of confidence, added up.
pub(super) struct LeftOutBins<'a> {
    rows: &'a [Row],
    /// Sums over the rows before each: confidences, and how many were right.
    before: Vec<(f64, u64)>,
    /// End of each article's part of `places`.
    ends: Vec<usize>,
    /// Places of each article's rows, ascending.
    places: Vec<usize>,
}

impl LeftOutBins<'_> {
    /// Adds up rows, which must be in ascending order of confidence.
    pub(super) fn new(rows: &[Row], articles: usize) -> LeftOutBins<'_> {
        let mut before = Vec::with_capacity(rows.len() + 1);
        let mut sums = (0.0, 0);
        before.push(sums);
        let mut starts = vec![0; articles + 1];
        for &(article, confidence, right) in rows {
            sums = (sums.0 + confidence, sums.1 + u64::from(right));
            before.push(sums);
            starts[article as usize + 1] += 1;
        }
        for article in 0..articles {
            starts[article + 1] += starts[article];
        }
        let mut places = vec![0; rows.len()];
        for (place, &(article, ..)) in rows.iter().enumerate() {
            let next = &mut starts[article as usize];
            places[*next] = place;
            *next += 1;
        }
        // Each start has moved on to its article's end.
        starts.truncate(articles);
        LeftOutBins {
            rows,
            before,
            ends: starts,
            places,
        }
    }

    /// The bins of the paragraphs without those of an article.
    pub(super) fn without(&self, article: usize) -> [BinSums; BINS] {
        let start = article.checked_sub(1).map_or(0, |before| self.ends[before]);
        let left_out = &self.places[start..self.ends[article]];
        let edges = self.edges(left_out);
        let mut sums = [(0, 0.0, 0); BINS];
        let mut from = 0;
        for (bin, sums) in sums.iter_mut().enumerate() {
            let to = edges.get(bin).map_or(self.rows.len(), |&edge| {
                self.rows.partition_point(|row| row.1 <= edge)
            });
            let (low, high) = (self.before[from], self.before[to]);
            *sums = ((to - from) as u64, high.0 - low.0, high.1 - low.1);
            from = to;
        }
        for &place in left_out {
            let (_, confidence, right) = self.rows[place];
            let bin = edges.partition_point(|&edge| edge < confidence);
            sums[bin].0 -= 1;
            sums[bin].1 -= confidence;
            sums[bin].2 -= u64::from(right);
        }
        sums
    }

    /// The inner edges of the bins, as [`super::calibration::edges`] has them.
    fn edges(&self, left_out: &[usize]) -> [f64; BINS - 1] {
        let Some(last) = (self.rows.len() - left_out.len()).checked_sub(1) else {
            return [f64::INFINITY; BINS - 1];
        };
        // The confidence at a place among those that stay.
        let confidence = |mut place: usize| {
            for &gone in left_out {
                if gone > place {
                    break;
                }
                place += 1;
            }
            self.rows[place].1
        };
        std::array::from_fn(|edge| {
            let at = (edge + 1) as f64 / BINS as f64 * last as f64;
            let below = at as usize;
            let low = confidence(below);
            low + (at - below as f64) * (confidence((below + 1).min(last)) - low)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::calibration::{Trial, bin_sums, edges};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn leaving_out_is_counting_without(
            mut rows in prop::collection::vec((0..6u32, 0..8u8, any::<bool>()), 1..60),
        ) {
            rows.sort_by_key(|row| row.1);
            let rows: Vec<Row> = rows
                .into_iter()
                .map(|(article, step, right)| (article, f64::from(step) / 8.0 + 0.1, right))
                .collect();
            let bins = LeftOutBins::new(&rows, 6);
            for article in 0..6 {
                let stay = rows.iter().filter(|row| row.0 != article);
                let stay = stay.map(|&(_, confidence, right)| Trial { confidence, right, weight: 1 });
                let want = bin_sums(stay.clone(), &edges(stay));
                for (got, want) in bins.without(article as usize).iter().zip(want) {
                    prop_assert_eq!((got.0, got.2), (want.0, want.2));
                    prop_assert!((got.1 - want.1).abs() < 1e-9);
                }
            }
        }
    }
}
