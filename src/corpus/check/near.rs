//! Texts that are nearly the same, by MinHash with banding, each candidate verified.
//!
//! A text is the set of its runs of three words. The least value of a random hash over a set is the same
//! for two sets as often as their Jaccard similarity says (Broder 1997, "On the resemblance and
//! containment of documents"). Of 128 such values bands are made, and only texts that agree in a whole
//! band are compared (Leskovec, Rajaraman & Ullman, "Mining of massive datasets", chapter 3).

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Words of a shingle. Longer ones would miss short texts: one other word changes three shingles.
const SHINGLE: usize = 3;
/// Hash functions.
const HASHES: usize = 128;
/// How many pairs of just the asked-for similarity must become candidates.
const RECALL: f64 = 0.999;
/// In a band, a text is compared with at most this many before it. Thousands that agree in a band are
/// either alike, and then joined by the first comparison, or share a stock phrase.
const COMPARED: usize = 64;

/// Groups texts whose sets of shingles have a Jaccard similarity of at least `threshold`, directly or by
/// way of others. Groups have two members or more, ascending, and come in the order of their first. The
/// same texts give the same groups at any number of threads.
pub fn clusters(texts: &[&str], threshold: f64) -> Vec<Vec<usize>> {
    let (bands, rows) = bands(threshold);
    let hashes = hashes();
    let shingles: Vec<Vec<u64>> = texts.par_iter().map(|text| shingles(text)).collect();
    let shared = Shared::new(&shingles);
    let keys: Vec<Vec<u64>> = shingles
        .par_iter()
        .map(|set| match shared.enough(set, threshold) {
            true => band_keys(set, &hashes, bands, rows),
            false => Vec::new(),
        })
        .collect();
    let mut groups = Groups((0..texts.len()).collect());
    for band in 0..bands {
        let with_words = keys.iter().enumerate().filter(|(_, keys)| !keys.is_empty());
        let mut ordered: Vec<(u64, usize)> =
            with_words.map(|(text, keys)| (keys[band], text)).collect();
        ordered.sort_unstable();
        for bucket in ordered.chunk_by(|a, b| a.0 == b.0) {
            for (place, &(_, text)) in bucket.iter().enumerate() {
                let near = bucket[place.saturating_sub(COMPARED)..place].iter();
                for &(_, other) in bucket.first().into_iter().chain(near) {
                    if groups.root(text) != groups.root(other)
                        && alike(&shingles[text], &shingles[other], threshold)
                    {
                        groups.join(text, other);
                    }
                }
            }
        }
    }
    groups.of_several()
}

/// Which shingles may stand in two texts or more: where too few of a text do, nothing is like it, and it
/// needs no minimum hashes. Most texts are so.
struct Shared {
    /// How often the shingles of a hash's place were seen, up to twice.
    seen: Vec<u8>,
}

impl Shared {
    fn new(sets: &[Vec<u64>]) -> Shared {
        let all: usize = sets.iter().map(Vec::len).sum();
        let places = (4 * all).next_power_of_two().clamp(1 << 10, 1 << 24);
        let mut seen = vec![0u8; places];
        for shingle in sets.iter().flatten() {
            let seen = &mut seen[*shingle as usize & (places - 1)];
            *seen = (*seen + 1).min(2);
        }
        Shared { seen }
    }

    /// Whether a text with this set of shingles may be like another: the likeness is at most the share of its
    /// shingles that the other has.
    fn enough(&self, set: &[u64], threshold: f64) -> bool {
        let again = |shingle: &&u64| self.seen[**shingle as usize & (self.seen.len() - 1)] > 1;
        set.iter().filter(again).count() as f64 >= threshold * set.len() as f64
    }
}

/// How many bands of how many values: the longest bands that miss few pairs at the threshold.
fn bands(threshold: f64) -> (usize, usize) {
    let finds = |rows: usize| {
        let agree = threshold.powi(rows as i32);
        1.0 - (1.0 - agree).powi((HASHES / rows) as i32)
    };
    let rows = (1..=16).rev().find(|&rows| finds(rows) >= RECALL);
    let rows = rows.unwrap_or(1);
    (HASHES / rows, rows)
}

/// Multipliers and summands of the hash functions: the upper half of `a x + b` (Dietzfelbinger, Hagerup,
/// Katajainen & Penttonen 1997).
fn hashes() -> Vec<(u64, u64)> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let pairs = (0..HASHES).map(|_| (random.next_u64() | 1, random.next_u64()));
    pairs.collect()
}

/// Hashes of all runs of [`SHINGLE`] words, ascending; of a shorter text one hash of all its words.
fn shingles(text: &str) -> Vec<u64> {
    let state = FixedState::default();
    let lower = text.to_lowercase();
    let words: Vec<u64> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| state.hash_one(word))
        .collect();
    if words.is_empty() {
        return Vec::new();
    }
    let runs = words.windows(SHINGLE.min(words.len()));
    let mut shingles: Vec<u64> = runs.map(|run| state.hash_one(run)).collect();
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// One value a band; none for a text without words.
fn band_keys(set: &[u64], hashes: &[(u64, u64)], bands: usize, rows: usize) -> Vec<u64> {
    if set.is_empty() {
        return Vec::new();
    }
    let state = FixedState::default();
    let least = |&(a, b): &(u64, u64)| {
        let values = set.iter().map(|x| a.wrapping_mul(*x).wrapping_add(b) >> 32);
        values.fold(u64::MAX, u64::min)
    };
    let signature: Vec<u64> = hashes[..bands * rows].iter().map(least).collect();
    signature
        .chunks(rows)
        .map(|band| state.hash_one(band))
        .collect()
}

/// Whether two ascending sets have at least this Jaccard similarity.
fn alike(a: &[u64], b: &[u64], threshold: f64) -> bool {
    let (few, many) = (a.len().min(b.len()), a.len().max(b.len()));
    if (few as f64) < threshold * many as f64 {
        return false;
    }
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        common += usize::from(a[i] == b[j]);
        let (step_a, step_b) = (a[i] <= b[j], b[j] <= a[i]);
        i += usize::from(step_a);
        j += usize::from(step_b);
    }
    common as f64 >= threshold * (a.len() + b.len() - common) as f64
}

/// Groups that grow together: each text points to an earlier one of its group, or to itself.
struct Groups(Vec<usize>);

impl Groups {
    fn root(&mut self, mut text: usize) -> usize {
        while self.0[text] != text {
            self.0[text] = self.0[self.0[text]];
            text = self.0[text];
        }
        text
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    fn of_several(mut self) -> Vec<Vec<usize>> {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.0.len()];
        for text in 0..self.0.len() {
            let root = self.root(text);
            members[root].push(text);
        }
        members.retain(|members| members.len() > 1);
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_and_long_texts() {
        let long = "the council met on the first floor of the old hall and voted on nine items";
        let texts = [
            "Sign here!",
            long,
            "sign here",
            &format!("{long} again"),
            "Something else that was said on the first floor of the old hall",
            "***",
            "—",
        ];
        assert_eq!(clusters(&texts, 0.8), [vec![0, 2], vec![1, 3]]);
    }

    #[test]
    fn bands_miss_few() {
        for (threshold, wanted) in [(0.5, (64, 2)), (0.8, (25, 5)), (1.0, (8, 16))] {
            assert_eq!(bands(threshold), wanted, "{threshold}");
        }
    }

    proptest! {
        /// Every pair of at least the asked-for similarity is in one group, and each member of a group is
        /// that like another one.
        #[test]
        fn groups_are_those_of_all_pairs(
            texts in prop::collection::vec(prop::collection::vec(0..3u8, 1..14), 2..30),
        ) {
            let texts: Vec<String> = texts
                .iter()
                .map(|words| words.iter().map(|word| format!("w{word} ")).collect())
                .collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let sets: Vec<Vec<u64>> = texts.iter().map(|text| shingles(text)).collect();
            let mut wanted = Groups((0..texts.len()).collect());
            for a in 0..texts.len() {
                for b in 0..a {
                    if alike(&sets[a], &sets[b], 0.8) {
                        wanted.join(a, b);
                    }
                }
            }
            prop_assert_eq!(clusters(&texts, 0.8), wanted.of_several());
        }
    }
}
