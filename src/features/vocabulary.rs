//! The vocabulary: which features there are, how often each was seen, and their numbers.
//!
//! A feature is a family and one or two terms: the word `petit`, the pair `sign our`, `sign` as the
//! first word of a sentence. Numbers go by descending document frequency (then by name), so that
//! the weights that are asked for most lie beside each other, and so that the order never depends
//! on a hash table.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::paragraph::{Item, Place, TermId, TermIds, UNKNOWN};

/// Number of a feature: its row in the weights.
pub type FeatureId = u32;

/// What a feature says of its term or terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Family {
    /// It occurs.
    Word,
    /// Two of them follow each other.
    Pair,
    /// It opens a sentence.
    InitialWord,
    /// They open a sentence.
    InitialPair,
    /// It stands in the first sentence.
    FirstSentence,
    /// It stands in the last sentence.
    LastSentence,
}

impl Family {
    /// All families, in the order of their numbers.
    pub const ALL: [Family; 6] = [
        Family::Word,
        Family::Pair,
        Family::InitialWord,
        Family::InitialPair,
        Family::FirstSentence,
        Family::LastSentence,
    ];

    /// Whether its features have two terms.
    pub fn is_pair(self) -> bool {
        matches!(self, Family::Pair | Family::InitialPair)
    }

    /// How a feature of the family is shown, before its terms.
    pub fn prefix(self) -> &'static str {
        match self {
            Family::Word | Family::Pair => "",
            Family::InitialWord | Family::InitialPair => "opens: ",
            Family::FirstSentence => "first sentence: ",
            Family::LastSentence => "last sentence: ",
        }
    }
}

/// A feature before it has a number. `second` is [`UNKNOWN`] where the family has one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What is said.
    pub family: Family,
    /// Of which term.
    pub first: TermId,
    /// And of which second term.
    pub second: TermId,
}

/// Calls `emit` with the key of every occurrence of every feature in a paragraph, in text order.
/// Occurrences with an unknown term are left out: no feature holds one.
#[inline]
pub fn for_each_key(items: &[Item], mut emit: impl FnMut(Key)) {
    let mut previous = UNKNOWN;
    let mut previous_initial = false;
    for item in items {
        let term = item.term;
        let initial = item.place.has(Place::INITIAL);
        if term != UNKNOWN {
            let mut single = |family| {
                emit(Key {
                    family,
                    first: term,
                    second: UNKNOWN,
                });
            };
            single(Family::Word);
            if initial {
                single(Family::InitialWord);
            }
            if item.place.has(Place::FIRST) {
                single(Family::FirstSentence);
            }
            if item.place.has(Place::LAST) {
                single(Family::LastSentence);
            }
            if item.place.has(Place::JOINED) && previous != UNKNOWN {
                let mut pair = |family| {
                    emit(Key {
                        family,
                        first: previous,
                        second: term,
                    });
                };
                pair(Family::Pair);
                if previous_initial {
                    pair(Family::InitialPair);
                }
            }
        }
        previous = term;
        previous_initial = initial;
    }
}

/// One feature of a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// What it says, with terms numbered by this vocabulary.
    pub key: Key,
    /// In how many training articles it occurs.
    pub document_frequency: u32,
}

/// Row of a term: the features of the one-term families, by family.
const NO_FEATURE: FeatureId = FeatureId::MAX;
const SINGLES: usize = 4;

fn single_slot(family: Family) -> Option<usize> {
    match family {
        Family::Word => Some(0),
        Family::InitialWord => Some(1),
        Family::FirstSentence => Some(2),
        Family::LastSentence => Some(3),
        Family::Pair | Family::InitialPair => None,
    }
}

type FastMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Terms and features with their numbers and document frequencies.
pub struct Vocabulary {
    terms: Vec<Box<str>>,
    features: Vec<Feature>,
    articles: u32,
    term_ids: FastMap<Box<str>, TermId>,
    singles: Vec<[FeatureId; SINGLES]>,
    pairs: FastMap<u64, [FeatureId; 2]>,
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
        let mut singles = vec![[NO_FEATURE; SINGLES]; terms.len()];
        let mut pairs: FastMap<u64, [FeatureId; 2]> = FastMap::default();
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
            let slot = match single_slot(family) {
                Some(slot) => &mut singles[first as usize][slot],
                None => {
                    let pair = pairs
                        .entry(pair_key(first, second))
                        .or_insert([NO_FEATURE; 2]);
                    &mut pair[usize::from(family == Family::InitialPair)]
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

    /// The number of a feature, if it is in the vocabulary.
    #[inline]
    pub fn feature_id(&self, key: Key) -> Option<FeatureId> {
        let id = match single_slot(key.family) {
            Some(slot) => self.singles.get(key.first as usize)?[slot],
            None => {
                let pair = self.pairs.get(&pair_key(key.first, key.second))?;
                pair[usize::from(key.family == Family::InitialPair)]
            }
        };
        (id != NO_FEATURE).then_some(id)
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

/// Counts, over training articles, in how many of them each feature occurs.
#[derive(Default)]
pub struct VocabularyBuilder {
    terms: Vec<Box<str>>,
    term_ids: FastMap<Box<str>, TermId>,
    /// Number of articles with the feature, and the last of them.
    counts: FastMap<Key, (u32, u32)>,
    articles: u32,
}

impl VocabularyBuilder {
    /// Starts the next article.
    pub fn next_article(&mut self) {
        self.articles += 1;
    }

    /// Counts the features of one paragraph of the current article.
    pub fn count(&mut self, items: &[Item]) {
        let article = self.articles;
        for_each_key(items, |key| {
            let (frequency, last) = self.counts.entry(key).or_insert((0, 0));
            if *last != article {
                *last = article;
                *frequency += 1;
            }
        });
    }

    /// Keeps the features that occur in at least `min_articles` articles, and of these at most the
    /// `max_features` most frequent.
    ///
    /// # Errors
    /// Does not fail on what it counted itself; the check is that of [`Vocabulary::new`].
    pub fn finish(self, min_articles: u32, max_features: usize) -> Result<Vocabulary, String> {
        let terms = &self.terms;
        let name = |term: TermId| terms.get(term as usize).map_or("", |term| &**term);
        let mut kept: Vec<Feature> = self
            .counts
            .into_iter()
            .filter(|(_, (frequency, _))| *frequency >= min_articles)
            .map(|(key, (document_frequency, _))| Feature {
                key,
                document_frequency,
            })
            .collect();
        kept.sort_unstable_by(|a, b| {
            b.document_frequency
                .cmp(&a.document_frequency)
                .then_with(|| a.key.family.cmp(&b.key.family))
                .then_with(|| name(a.key.first).cmp(name(b.key.first)))
                .then_with(|| name(a.key.second).cmp(name(b.key.second)))
        });
        kept.truncate(max_features);
        // Terms are numbered anew in the order in which the kept features name them.
        let mut numbers: FastMap<TermId, TermId> = FastMap::default();
        let mut kept_terms: Vec<Box<str>> = Vec::new();
        let mut renumber = |term: TermId| {
            *numbers.entry(term).or_insert_with(|| {
                kept_terms.push(terms[term as usize].clone());
                kept_terms.len() as TermId - 1
            })
        };
        for feature in &mut kept {
            feature.key.first = renumber(feature.key.first);
            if feature.key.family.is_pair() {
                feature.key.second = renumber(feature.key.second);
            }
        }
        Vocabulary::new(kept_terms, kept, self.articles)
    }
}

impl TermIds for VocabularyBuilder {
    fn term_id(&mut self, term: &str) -> TermId {
        if let Some(&id) = self.term_ids.get(term) {
            return id;
        }
        let id = self.terms.len() as TermId;
        self.terms.push(term.into());
        self.term_ids.insert(term.into(), id);
        id
    }
}
