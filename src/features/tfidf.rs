//! TF-IDF: how much each feature of a paragraph weighs.
//!
//! A feature that occurs `n` times in the paragraph, and in `df` of the `N` training articles, gets
//!
//! ```text
//! (1 + ln n) * (ln((1 + N) / (1 + df)) + 1)
//! ```
//!
//! (sublinear term frequency, smoothed inverse document frequency: Manning, Raghavan & Schütze 2008,
//! sections 6.2 and 6.4), and the row is then divided by its Euclidean length. The document
//! frequencies are those of the training articles, so that a paragraph's features never depend on
//! what else is being classified; they count articles, not paragraphs, so that the subject of one
//! long article does not look common.

use super::vocabulary::{FeatureId, Record};

/// The inverse document frequency of a feature in `df` of `articles` articles.
pub(super) fn idf(articles: u32, df: u32) -> f32 {
    let (articles, df) = (f64::from(articles), f64::from(df));
    (libm::log((1.0 + articles) / (1.0 + df)) + 1.0) as f32
}

/// `1 + ln n` for the counts that occur in practice.
const LOG_COUNTS: usize = 64;

/// Counts of one paragraph at a time, in memory that is kept.
pub struct Counts {
    counts: Vec<u16>,
    seen: Vec<FeatureId>,
    sublinear: [f32; LOG_COUNTS],
}

impl Counts {
    /// Empty counts for this many features.
    pub fn new(features: usize) -> Counts {
        Counts {
            // Zeroed memory costs nothing before it is used: a short text touches little of it.
            counts: vec![0; features],
            seen: Vec::new(),
            sublinear: std::array::from_fn(|n| sublinear(n as u32)),
        }
    }

    /// Counts one occurrence of each, up to 65,535 of a feature in a paragraph.
    #[inline]
    pub fn add(&mut self, ids: &[FeatureId]) {
        self.seen.reserve(ids.len());
        for &id in ids {
            let count = &mut self.counts[id as usize];
            if *count == 0 {
                self.seen.push(id);
            }
            *count = count.saturating_add(1);
        }
    }

    /// Appends the weighted row of what was counted, of length 1 (or 0 when nothing was), in order of
    /// first occurrence, and empties the counts. `features` are those that were counted.
    #[inline]
    pub(crate) fn append_row(&mut self, features: &[Record], row: &mut Vec<(FeatureId, f32)>) {
        let first = row.len();
        let mut squares = 0.0f32;
        let (counts, sublinear_of) = (&mut self.counts, &self.sublinear);
        row.extend(self.seen.iter().map(|&id| {
            let count = std::mem::take(&mut counts[id as usize]);
            let tf = match sublinear_of.get(usize::from(count)) {
                Some(&tf) => tf,
                None => sublinear(u32::from(count)),
            };
            let value = tf * features[id as usize].idf();
            squares += value * value;
            (id, value)
        }));
        self.seen.clear();
        if squares > 0.0 {
            let scale = 1.0 / squares.sqrt();
            for (_, value) in &mut row[first..] {
                *value *= scale;
            }
        }
    }
}

fn sublinear(count: u32) -> f32 {
    1.0 + libm::logf(count as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    /// Nine articles; the first feature is in all nine, the second in four. Counted three times and
    /// once: (1 + ln 3) * 1 and 1 * (1 + ln 2), divided by their length.
    #[test]
    fn worked_example() {
        let features = [Record::with_idf(idf(9, 9)), Record::with_idf(idf(9, 4))];
        assert_eq!(features[0].idf(), 1.0);
        let mut counts = Counts::new(2);
        counts.add(&[0, 1, 0, 0]);
        let mut row = Vec::new();
        counts.append_row(&features, &mut row);
        let (a, b) = (1.0 + 3.0f64.ln(), 1.0 + 2.0f64.ln());
        let length = a.hypot(b);
        assert_eq!([row[0].0, row[1].0], [0, 1]);
        assert!((f64::from(row[0].1) - a / length).abs() < 1e-6);
        assert!((f64::from(row[1].1) - b / length).abs() < 1e-6);
    }

    #[test]
    fn counts_do_not_leak_into_the_next_paragraph() {
        let features = [Record::with_idf(idf(9, 5)); 2];
        let mut counts = Counts::new(2);
        let mut row = Vec::new();
        counts.add(&[0]);
        counts.append_row(&features, &mut row);
        row.clear();
        counts.append_row(&features, &mut row);
        assert!(row.is_empty());
        counts.add(&[1]);
        counts.append_row(&features, &mut row);
        assert_eq!(row, [(1, 1.0)]);
    }
}
