//! The vocabulary: which features there are, how often each was seen, and their numbers.
//!
//! A feature is a family and one or two terms: the word `petit`, the pair `sign our`, `sign` as the
//! first word of a sentence. Numbers go by descending document frequency (then by name), so that
//! the weights that are asked for most lie beside each other, and so that the order never depends
//! on a hash table.

use std::collections::HashMap;

use super::family::{
    Block, Key, Occurrence, PAIRS, SHAPE_PAIR_SLOT, SINGLES, for_each_occurrence, pair_slots,
};
use super::paragraph::{Item, TermId, TermIds, UNKNOWN};

/// Number of a feature: its row in the weights.
pub type FeatureId = u32;

/// One feature of a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// What it says, with terms numbered by this vocabulary.
    pub key: Key,
    /// In how many training articles it occurs.
    pub document_frequency: u32,
}

const NO_FEATURE: FeatureId = FeatureId::MAX;

/// The one-term features of a term, by slot: [`SINGLES`], then the term as a shape.
type TermRow = [FeatureId; SINGLES.len() + 1];

const SHAPE_SLOT: usize = SINGLES.len();

/// Bits that tell most pairs that no feature has from the others in one step: a pair whose bit is 0
/// need not be looked up.
struct PairFilter(Box<[u64]>);

impl PairFilter {
    /// A quarter of a million bits: the built-in model sets one in ten, and they stay in the nearest
    /// cache.
    const WORDS: usize = 1 << 12;

    fn place(key: u64) -> (usize, u64) {
        // Multiplication by an odd number of mixed bits; the topmost bits depend on all others.
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let word = (mixed >> (64 - PairFilter::WORDS.ilog2())) as usize;
        (word, 1 << (mixed >> 40 & 63))
    }

    fn add(&mut self, key: u64) {
        let (word, bit) = PairFilter::place(key);
        self.0[word] |= bit;
    }

    fn may_hold(&self, key: u64) -> bool {
        let (word, bit) = PairFilter::place(key);
        self.0[word] & bit != 0
    }
}

type FastMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Terms and features with their numbers and document frequencies.
pub struct Vocabulary {
    terms: Vec<Box<str>>,
    features: Vec<Feature>,
    articles: u32,
    term_ids: FastMap<Box<str>, TermId>,
    rows: Vec<TermRow>,
    pairs: FastMap<u64, [FeatureId; PAIRS.len()]>,
    filter: PairFilter,
}

impl Vocabulary {
    /// A vocabulary from its terms and features, as counted or as read from a model file.
    ///
    /// # Errors
    /// A message when terms repeat, or a feature is repeated, out of order, names a term that is
    /// not there, or has an impossible document frequency.
    pub fn new(
        terms: Vec<Box<str>>,
        features: Vec<Feature>,
        articles: u32,
    ) -> Result<Vocabulary, String> {
        let mut term_ids = FastMap::with_capacity_and_hasher(terms.len(), Default::default());
        for (id, term) in terms.iter().enumerate() {
            if term_ids.insert(term.clone(), id as TermId).is_some() {
                return Err(format!("term {term:?} stands twice in the vocabulary"));
            }
        }
        let mut rows: Vec<TermRow> = vec![[NO_FEATURE; SHAPE_SLOT + 1]; terms.len()];
        let mut filter = PairFilter(vec![0; PairFilter::WORDS].into());
        let mut pairs: FastMap<u64, [FeatureId; PAIRS.len()]> = FastMap::default();
        let mut before = u32::MAX;
        for (id, feature) in features.iter().enumerate() {
            let Key {
                family,
                first,
                second,
            } = feature.key;
            let known = |term: TermId| (term as usize) < terms.len();
            if !known(first) || (family.is_pair() != known(second)) {
                return Err(format!("feature {id} names a term that is not there"));
            }
            let df = feature.document_frequency;
            if df == 0 || df > articles || df > before {
                return Err(format!(
                    "feature {id} has document frequency {df} of {articles} articles, out of order or range"
                ));
            }
            before = df;
            let slot = match PAIRS.iter().position(|&pair| pair == family) {
                Some(slot) => {
                    let key = pair_key(first, second);
                    filter.add(key);
                    &mut pairs.entry(key).or_insert([NO_FEATURE; PAIRS.len()])[slot]
                }
                None => {
                    let slot = SINGLES.iter().position(|&(single, _)| single == family);
                    &mut rows[first as usize][slot.unwrap_or(SHAPE_SLOT)]
                }
            };
            if *slot != NO_FEATURE {
                return Err(format!("feature {id} stands twice in the vocabulary"));
            }
            *slot = id as FeatureId;
        }
        Ok(Vocabulary {
            terms,
            features,
            articles,
            term_ids,
            rows,
            pairs,
            filter,
        })
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether there is no feature at all.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Terms by number.
    pub fn terms(&self) -> &[Box<str>] {
        &self.terms
    }

    /// Features by number.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// How many articles the document frequencies were counted over.
    pub fn articles(&self) -> u32 {
        self.articles
    }

    /// Calls `each` with the number of every occurrence of every known feature of one block.
    #[inline]
    pub(super) fn for_each_feature(
        &self,
        block: Block,
        items: &[Item],
        mut each: impl FnMut(FeatureId),
    ) {
        let mut known = |feature: FeatureId| {
            if feature != NO_FEATURE {
                each(feature);
            }
        };
        for_each_occurrence(block, items, |occurrence| match occurrence {
            Occurrence::Single(term, place) => {
                let row = &self.rows[term as usize];
                for (slot, (_, needed)) in SINGLES.iter().enumerate() {
                    if place.has(*needed) {
                        known(row[slot]);
                    }
                }
            }
            Occurrence::Pair(first, second, initial) => {
                if let Some(pair) = self.pair(first, second) {
                    pair[pair_slots(initial)].iter().for_each(|&id| known(id));
                }
            }
            Occurrence::Shape(shape) => known(self.rows[shape as usize][SHAPE_SLOT]),
            Occurrence::ShapePair(first, second) => {
                if let Some(pair) = self.pair(first, second) {
                    known(pair[SHAPE_PAIR_SLOT]);
                }
            }
        });
    }

    /// The features of a pair of terms, by slot of [`PAIRS`].
    #[inline]
    fn pair(&self, first: TermId, second: TermId) -> Option<&[FeatureId; PAIRS.len()]> {
        let key = pair_key(first, second);
        self.filter.may_hold(key).then(|| self.pairs.get(&key))?
    }

    /// A feature as a reader may see it: `opens: sign our`.
    pub fn name(&self, id: FeatureId) -> String {
        let key = self.features[id as usize].key;
        let first = &self.terms[key.first as usize];
        let prefix = key.family.prefix();
        match key.family.is_pair() {
            true => format!("{prefix}{first} {}", self.terms[key.second as usize]),
            false => format!("{prefix}{first}"),
        }
    }
}

impl TermIds for &Vocabulary {
    fn term_id(&mut self, term: &str) -> TermId {
        self.term_ids.get(term).copied().unwrap_or(UNKNOWN)
    }
}

fn pair_key(first: TermId, second: TermId) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::family::{Family, for_each_key};
    use crate::features::lexicon::Lexicon;
    use crate::features::paragraph::{Paragraph, ParagraphReader};
    use crate::features::{FeatureSet, VocabularyBuilder};
    use crate::text::Language;
    use proptest::prelude::*;

    fn read<'a>(
        reader: &'a mut ParagraphReader<'_>,
        text: &str,
        ids: &mut impl TermIds,
    ) -> &'a [Item] {
        let paragraph = Paragraph {
            text,
            ..Paragraph::default()
        };
        reader.read(&paragraph, ids);
        &reader.items
    }

    /// Counts articles of paragraphs.
    fn build(articles: &[&[&str]], min_articles: u32, max_features: usize) -> Vocabulary {
        let lexicon = Lexicon::new(Language::English);
        let mut reader = ParagraphReader::new(Language::English, FeatureSet::Style, &lexicon);
        let mut builder = VocabularyBuilder::default();
        for article in articles {
            builder.next_article();
            for text in *article {
                read(&mut reader, text, &mut builder);
                builder.count(&reader.items);
            }
        }
        builder.finish(min_articles, max_features).unwrap()
    }

    fn listed(vocabulary: &Vocabulary) -> Vec<(String, u32)> {
        let features = vocabulary.features().iter().enumerate();
        features
            .map(|(id, f)| (vocabulary.name(id as u32), f.document_frequency))
            .collect()
    }

    /// "go" is in three paragraphs of two articles, "on" in one of each.
    #[test]
    fn document_frequency_counts_articles() {
        let vocabulary = build(&[&["go", "go"], &["go on"]], 1, 100);
        let pairs = |names: &[(&str, u32)]| -> Vec<(String, u32)> {
            names
                .iter()
                .map(|&(name, df)| (name.to_owned(), df))
                .collect()
        };
        let all = [
            ("go", 2),
            ("opens: go", 2),
            ("first sentence: go", 2),
            ("last sentence: go", 2),
            ("shape: go", 2),
            ("on", 1),
            ("go on", 1),
            ("opens: go on", 1),
            ("first sentence: on", 1),
            ("last sentence: on", 1),
            ("shape: on", 1),
            ("shape: go on", 1),
        ];
        assert_eq!(listed(&vocabulary), pairs(&all));
        assert_eq!(
            listed(&build(&[&["go", "go"], &["go on"]], 2, 100)),
            pairs(&all[..5])
        );
        assert_eq!(
            listed(&build(&[&["go", "go"], &["go on"]], 1, 2)),
            pairs(&all[..2])
        );
        assert_eq!(vocabulary.articles(), 2);
    }

    #[test]
    fn inconsistent_vocabularies_are_refused() {
        let feature = |family, first, second, document_frequency| Feature {
            key: Key {
                family,
                first,
                second,
            },
            document_frequency,
        };
        let word = |term, df| feature(Family::Word, term, UNKNOWN, df);
        let refused = |terms: &[&str], features: &[Feature]| {
            let terms = terms.iter().map(|&term| term.into()).collect();
            Vocabulary::new(terms, features.to_vec(), 5).is_err()
        };
        assert!(!refused(
            &["a", "b"],
            &[word(0, 5), word(1, 2), feature(Family::Pair, 0, 1, 2)]
        ));
        assert!(refused(&["a", "a"], &[]));
        assert!(refused(&["a"], &[word(1, 1)]));
        assert!(refused(&["a"], &[word(0, 0)]));
        assert!(refused(&["a"], &[word(0, 6)]));
        assert!(refused(&["a", "b"], &[word(0, 1), word(1, 2)]));
        assert!(refused(&["a"], &[word(0, 2), word(0, 1)]));
        assert!(refused(&["a"], &[feature(Family::Pair, 0, UNKNOWN, 1)]));
        assert!(refused(&["a", "b"], &[feature(Family::Word, 0, 1, 1)]));
    }

    proptest! {
        /// Counting and looking up are one definition: with every feature kept, a paragraph gets
        /// back as many as it was counted with, and the same ones.
        #[test]
        fn what_was_counted_is_found(texts in prop::collection::vec("([a-e]{1,2}[ .,]{1,2}){0,12}", 1..6)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let vocabulary = build(&[&texts], 1, usize::MAX);
            let lexicon = Lexicon::new(Language::English);
            let mut reader = ParagraphReader::new(Language::English, FeatureSet::Style, &lexicon);
            for text in texts {
                let items = read(&mut reader, text, &mut { &vocabulary });
                let mut keys = Vec::new();
                for_each_key(items, |key| keys.push(key));
                let mut found = Vec::new();
                for block in Block::ALL {
                    vocabulary.for_each_feature(block, items, |id| {
                        found.push(vocabulary.features()[id as usize].key);
                    });
                }
                keys.sort();
                found.sort();
                prop_assert_eq!(keys, found);
            }
        }
    }
}
