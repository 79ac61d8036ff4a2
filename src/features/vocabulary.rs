//! The vocabulary: which features there are, how often each was seen, and their numbers.
//!
//! A feature is a family and one or two terms: the word `petit`, the pair `sign our`, `sign` as the
//! first word of a sentence. Numbers go by descending document frequency (then by name), so that
//! the weights that are asked for most lie beside each other, and so that the order never depends
//! on a hash table.

use std::borrow::Cow;

use super::family::{Block, Family, Key, SINGLES, for_each_pair, for_each_single};
use super::pairs::{Candidates, Pairs};
use super::paragraph::{TermId, TermIds, UNKNOWN, Word};
use super::terms::{NONE, Section, Terms};
use super::tfidf::idf;

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

/// A feature as it lies in a model file: the family above the first term, the second term, the
/// document frequency, the bits of its idf. What a paragraph asks of a feature lies together.
#[derive(Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub(crate) struct Record([u32; 4]);

/// Bits of a term's number beside its family.
const TERM_BITS: u32 = 28;

impl Record {
    #[inline]
    pub(crate) fn of(family: Family, first: TermId, second: TermId) -> Record {
        Record([(family as u32) << TERM_BITS | first, second, 0, 0])
    }

    pub(crate) fn family(self) -> Family {
        let number = (self.0[0] >> TERM_BITS) as usize;
        // Numbers are checked where a record is read.
        Family::ALL.get(number).copied().unwrap_or(Family::Word)
    }

    pub(crate) fn first(self) -> TermId {
        self.0[0] & ((1 << TERM_BITS) - 1)
    }

    pub(crate) fn second(self) -> TermId {
        self.0[1]
    }

    #[inline]
    pub(crate) fn same_key(self, other: Record) -> bool {
        self.0[..2] == other.0[..2]
    }

    #[inline]
    pub(super) fn idf(self) -> f32 {
        f32::from_bits(self.0[3])
    }

    #[cfg(test)]
    pub(super) fn with_idf(idf: f32) -> Record {
        Record([0, 0, 0, idf.to_bits()])
    }

    /// Whether records of a file can be the features of a vocabulary.
    fn are_in_order(records: &[Record], articles: u32, terms: usize) -> bool {
        let (mut before, mut before_idf) = (articles, 0.0f32);
        records.iter().all(|record| {
            let [first, second, df, idf_bits] = record.0;
            let family = Family::ALL.get((first >> TERM_BITS) as usize);
            let second_fits = match family.is_some_and(|family| family.is_pair()) {
                true => (second as usize) < terms,
                false => second == UNKNOWN,
            };
            // Most have the document frequency of the one before, and so its idf.
            let idf_fits = match df == before && idf_bits == before_idf.to_bits() {
                true => true,
                false => (record.idf() - idf(articles, df)).abs() < 1e-5,
            };
            let fits = (record.first() as usize) < terms
                && family.is_some()
                && second_fits
                && idf_fits
                && df > 0
                && df <= before;
            (before, before_idf) = (df, record.idf());
            fits
        })
    }

    fn feature(self) -> Feature {
        Feature {
            key: Key {
                family: self.family(),
                first: self.first(),
                second: self.second(),
            },
            document_frequency: self.0[2],
        }
    }
}

/// Terms and features with their numbers and document frequencies.
pub struct Vocabulary {
    pub(crate) articles: u32,
    pub(crate) terms: Terms,
    pub(crate) features: Section<Record>,
    /// The feature of each term in each family of one term, or [`NONE`]; empty where the family has no
    /// feature at all.
    pub(crate) singles: [Section<FeatureId>; SINGLES.len()],
    pub(crate) pairs: Pairs,
}

impl Vocabulary {
    /// A vocabulary from its terms and features, as counted or as read from a model file.
    ///
    /// # Errors
    /// A message when terms repeat, or a feature is repeated, out of order, names a term that is
    /// not there, or has an impossible document frequency.
    pub fn new(
        terms: &[Box<str>],
        features: &[Feature],
        articles: u32,
    ) -> Result<Vocabulary, String> {
        if terms.len() >= 1 << TERM_BITS {
            return Err("too many terms".into());
        }
        let mut before = u32::MAX;
        let mut records = Vec::with_capacity(features.len());
        let mut last_idf = 0.0;
        let mut singles: [Section<FeatureId>; SINGLES.len()] = Default::default();
        for (id, feature) in features.iter().enumerate() {
            let Key {
                family,
                first,
                second,
            } = feature.key;
            let known = |term: TermId| (term as usize) < terms.len();
            let fits = match family.is_pair() {
                true => known(second),
                false => second == UNKNOWN,
            };
            if !known(first) || !fits {
                return Err(format!("feature {id} names a term that is not there"));
            }
            let df = feature.document_frequency;
            if df == 0 || df > articles || df > before {
                return Err(format!(
                    "feature {id} has document frequency {df} of {articles} articles, out of order or range"
                ));
            }
            // Features go by document frequency: most have that of the one before.
            if df != before {
                last_idf = idf(articles, df);
            }
            before = df;
            let mut record = Record::of(family, first, second);
            record.0[2] = df;
            record.0[3] = f32::to_bits(last_idf);
            records.push(record);
            if let Some(column) = SINGLES.iter().position(|&single| single == family) {
                let column = singles[column].to_mut();
                if column.is_empty() {
                    column.resize(terms.len(), NONE);
                }
                if column[first as usize] != NONE {
                    return Err(twice(id));
                }
                column[first as usize] = id as FeatureId;
            }
        }
        let pairs = Pairs::new(&records).map_err(|id| twice(id as usize))?;
        Ok(Vocabulary {
            articles,
            terms: Terms::new(terms)?,
            features: Cow::Owned(records),
            singles,
            pairs,
        })
    }

    /// A vocabulary from its tables as they lie in a file.
    ///
    /// # Errors
    /// A message when they cannot belong together.
    pub(crate) fn from_tables(
        articles: u32,
        terms: Terms,
        features: Section<Record>,
        singles: [Section<FeatureId>; SINGLES.len()],
        (slots, filter): (Section<u32>, Section<u32>),
    ) -> Result<Vocabulary, String> {
        if !Record::are_in_order(&features, articles, terms.len()) {
            return Err("a feature is out of order, or names what is not there".into());
        }
        let mut of_one_term = 0;
        for (column, &family) in singles.iter().zip(&SINGLES) {
            let mut fits = column.is_empty() || column.len() == terms.len();
            for (term, &id) in column.iter().enumerate().filter(|(_, id)| **id != NONE) {
                let record = features.get(id as usize);
                let wanted = Record::of(family, term as TermId, UNKNOWN);
                fits &= record.is_some_and(|record| record.same_key(wanted));
                of_one_term += 1;
            }
            if !fits {
                return Err("its table of single terms does not fit its features".into());
            }
        }
        let pairs = Pairs::from_tables(&features, features.len() - of_one_term, slots, filter)
            .ok_or("its table of pairs does not fit its features")?;
        Ok(Vocabulary {
            articles,
            terms,
            features,
            singles,
            pairs,
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
    pub fn terms(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.terms.len()).map(|id| self.terms.get(id as TermId))
    }

    /// Features by number.
    pub fn features(&self) -> impl ExactSizeIterator<Item = Feature> {
        self.features.iter().map(|record| record.feature())
    }

    /// How many articles the document frequencies were counted over.
    pub fn articles(&self) -> u32 {
        self.articles
    }

    /// Finds the number of every occurrence of every known feature of one block.
    #[inline]
    pub(super) fn find<W: Word>(&self, block: Block, items: &[W], found: &mut Found) {
        let Found { ids, candidates } = found;
        ids.clear();
        let singles = self.singles.each_ref().map(|column| &**column);
        for_each_single(block, items, |column, term| {
            let id = singles[column].get(term as usize);
            ids.extend(id.filter(|&&id| id != NONE));
        });
        candidates.restart(2 * items.len());
        for_each_pair(block, items, |family, first, second| {
            self.pairs.add_candidate(family, first, second, candidates);
        });
        self.pairs
            .for_each_known(&self.features, candidates, |id| ids.push(id));
    }

    /// A feature as a reader may see it: `opens: sign our`.
    ///
    /// # Panics
    /// If there is no such feature.
    pub fn name(&self, id: FeatureId) -> String {
        let key = self.features[id as usize].feature().key;
        let first = self.terms.get(key.first);
        let prefix = key.family.prefix();
        match key.family.is_pair() {
            true => format!("{prefix}{first} {}", self.terms.get(key.second)),
            false => format!("{prefix}{first}"),
        }
    }
}

/// The features of a block of a paragraph, in memory that is kept: each loop that looks something up
/// is short, for the loads of each run side by side.
#[derive(Default)]
pub(super) struct Found {
    /// One number an occurrence.
    pub(super) ids: Vec<FeatureId>,
    candidates: Candidates,
}

fn twice(feature: usize) -> String {
    format!("feature {feature} stands twice in the vocabulary")
}

impl TermIds for &Vocabulary {
    fn term_id(&mut self, term: &str) -> TermId {
        self.terms.id(term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::family::{Family, for_each_key};
    use crate::features::lexicon::Lexicon;
    use crate::features::paragraph::{Item, Paragraph, ParagraphReader};
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
        let features = vocabulary.features().enumerate();
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
            let terms: Vec<Box<str>> = terms.iter().map(|&term| term.into()).collect();
            Vocabulary::new(&terms, features, 5).is_err()
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
                    let mut of_block = Found::default();
                    vocabulary.find(block, items, &mut of_block);
                    found.extend(of_block.ids.iter().map(|&id| vocabulary.features[id as usize].feature().key));
                }
                keys.sort();
                found.sort();
                prop_assert_eq!(keys, found);
            }
        }
    }
}
