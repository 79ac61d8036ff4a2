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

use super::vocabulary::{FeatureId, Vocabulary};

/// Inverse document frequencies of a vocabulary.
pub struct TfIdf {
    idf: Vec<f32>,
}

/// The count of a feature beside its idf: they are asked for together.
#[derive(Clone, Copy)]
struct Cell {
    count: u32,
    idf: f32,
}

/// `1 + ln n` for the counts that occur in practice.
const LOG_COUNTS: usize = 64;

/// Counts of one paragraph at a time, in memory that is kept.
pub struct Counts {
    cells: Vec<Cell>,
    seen: Vec<FeatureId>,
    sublinear: Vec<f32>,
}

impl Counts {
    /// Empty counts for the features of a vocabulary.
    pub fn new(tfidf: &TfIdf) -> Counts {
        let cells = tfidf.idf.iter().map(|&idf| Cell { count: 0, idf });
        Counts {
            cells: cells.collect(),
            seen: Vec::new(),
            sublinear: (0..LOG_COUNTS).map(|n| sublinear(n as u32)).collect(),
        }
    }

    /// Counts one occurrence.
    #[inline]
    pub fn add(&mut self, id: FeatureId) {
        let count = &mut self.cells[id as usize].count;
        if *count == 0 {
            self.seen.push(id);
        }
        *count += 1;
    }

    /// Appends the weighted row of what was counted, of length 1 (or 0 when nothing was), in order of
    /// first occurrence, and empties the counts.
    pub fn append_row(&mut self, row: &mut Vec<(FeatureId, f32)>) {
        let first = row.len();
        let mut squares = 0.0f32;
        for &id in &self.seen {
            let cell = &mut self.cells[id as usize];
            let count = std::mem::take(&mut cell.count);
            let tf = match self.sublinear.get(count as usize) {
                Some(&tf) => tf,
                None => sublinear(count),
            };
            let value = tf * cell.idf;
            squares += value * value;
            row.push((id, value));
        }
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

impl TfIdf {
    /// The inverse document frequencies of a vocabulary's counts.
    pub fn new(vocabulary: &Vocabulary) -> TfIdf {
        let articles = f64::from(vocabulary.articles());
        let idf = vocabulary
            .features()
            .iter()
            .map(|f| {
                let df = f64::from(f.document_frequency);
                (libm::log((1.0 + articles) / (1.0 + df)) + 1.0) as f32
            })
            .collect();
        TfIdf { idf }
    }

    /// The inverse document frequency of a feature.
    pub fn idf(&self, id: FeatureId) -> f32 {
        self.idf[id as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::family::{Family, Key};
    use crate::features::paragraph::UNKNOWN;
    use crate::features::vocabulary::Feature;

    fn vocabulary(frequencies: &[u32], articles: u32) -> Vocabulary {
        let terms = (0..frequencies.len())
            .map(|i| format!("t{i}").into())
            .collect();
        let features = frequencies
            .iter()
            .enumerate()
            .map(|(i, &document_frequency)| Feature {
                key: Key {
                    family: Family::Word,
                    first: i as u32,
                    second: UNKNOWN,
                },
                document_frequency,
            })
            .collect();
        Vocabulary::new(terms, features, articles).unwrap()
    }

    /// Nine articles; the first feature is in all nine, the second in four. Counted three times and
    /// once: (1 + ln 3) * 1 and 1 * (1 + ln 2), divided by their length.
    #[test]
    fn worked_example() {
        let vocabulary = vocabulary(&[9, 4], 9);
        let tfidf = TfIdf::new(&vocabulary);
        assert_eq!(tfidf.idf(0), 1.0);
        let mut counts = Counts::new(&tfidf);
        for id in [0, 1, 0, 0] {
            counts.add(id);
        }
        let mut row = Vec::new();
        counts.append_row(&mut row);
        let (a, b) = (1.0 + 3.0f64.ln(), 1.0 + 2.0f64.ln());
        let length = a.hypot(b);
        assert_eq!([row[0].0, row[1].0], [0, 1]);
        assert!((f64::from(row[0].1) - a / length).abs() < 1e-6);
        assert!((f64::from(row[1].1) - b / length).abs() < 1e-6);
    }

    #[test]
    fn counts_do_not_leak_into_the_next_paragraph() {
        let vocabulary = vocabulary(&[5, 5], 9);
        let tfidf = TfIdf::new(&vocabulary);
        let mut counts = Counts::new(&tfidf);
        let mut row = Vec::new();
        counts.add(0);
        counts.append_row(&mut row);
        row.clear();
        counts.append_row(&mut row);
        assert!(row.is_empty());
        counts.add(1);
        counts.append_row(&mut row);
        assert_eq!(row, [(1, 1.0)]);
    }
}
