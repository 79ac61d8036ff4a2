//! Building a vocabulary from training texts: terms get numbers as they are read, texts are kept as those
//! numbers, and features are counted at the end.
//!
//! Words are counted in an array. Pairs would be too many for one, and a hash table of them is slow, since
//! most are rare and each asks for another place in memory. So their occurrences are first put in order by
//! the first word, which is one pass over the texts; those of one first word are then counted by the
//! second in an array again. As each occurrence knows its place in the texts, it is told there which
//! feature it is, and rows are made without looking up a pair.

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::family::{Family, Key, SINGLES, for_each_pair, for_each_single};
use super::paragraph::{TermId, TermIds, UNKNOWN, Word};
use super::set::FeatureSet;
use super::texts::{Items, Texts};
use super::tfidf::Counts;
use super::vocabulary::{Feature, FeatureId, Vocabulary};
use super::{FeatureSpace, SparseMatrix};

type FastMap<K, V> = std::collections::HashMap<K, V, FixedState>;

const NONE: u32 = u32::MAX;

/// The families of two terms; those of plain texts come first.
const PAIRS: [Family; 3] = [Family::Pair, Family::InitialPair, Family::ShapePair];

#[inline]
fn pair_slot(family: Family) -> usize {
    match family {
        Family::InitialPair => 1,
        Family::ShapePair => 2,
        _ => 0,
    }
}

/// Reads training texts, and counts in how many articles each feature occurs.
#[derive(Default)]
pub struct VocabularyBuilder {
    terms: Vec<Box<str>>,
    term_ids: FastMap<Box<str>, TermId>,
    texts: Texts,
    articles: u32,
}

impl VocabularyBuilder {
    /// Starts the next article.
    pub fn next_article(&mut self) {
        self.articles += 1;
    }

    /// Keeps the items of one paragraph of the current article.
    pub(super) fn count<W: Word>(&mut self, items: &[W]) {
        self.texts.push(self.articles, items);
    }

    /// Number of paragraphs so far.
    pub fn paragraphs(&self) -> usize {
        self.texts.len()
    }

    /// Appends what another builder has read; its articles come after those of this one.
    pub fn append(&mut self, other: VocabularyBuilder) {
        let numbers: Vec<TermId> = other.terms.iter().map(|term| self.term_id(term)).collect();
        self.texts.append(other.texts, &numbers, self.articles);
        self.articles += other.articles;
    }

    /// Keeps the features that occur in at least `min_articles` articles, and of these at most the
    /// `max_features` most frequent.
    ///
    /// # Errors
    /// Does not fail on what it counted itself; the check is that of [`Vocabulary::new`].
    pub fn finish(self, min_articles: u32, max_features: usize) -> Result<Vocabulary, String> {
        Ok(self.finish_texts(min_articles, max_features)?.0)
    }

    /// The same, and the texts as occurrences of these features.
    ///
    /// # Errors
    /// A message when there are more than four thousand million pairs; else those of
    /// [`VocabularyBuilder::finish`].
    pub fn finish_texts(
        self,
        min_articles: u32,
        max_features: usize,
    ) -> Result<(Vocabulary, FeatureTexts), String> {
        let VocabularyBuilder {
            terms,
            texts,
            articles,
            ..
        } = self;
        let mut found = match &texts.items {
            Items::Plain(items) => {
                Found::new(FeatureSet::Words, items, &texts, terms.len(), min_articles)?
            }
            Items::Spelled(items) => {
                Found::new(FeatureSet::Style, items, &texts, terms.len(), min_articles)?
            }
        };
        let (mut kept, numbers) = most_frequent(&found.features, &terms, max_features);
        let mut named = Renumbered::new(terms.len());
        kept.iter_mut().for_each(|feature| named.renumber(feature));
        let kept_terms = named.in_order(|term| terms[term as usize].clone());
        let number = |id: &mut u32| {
            if *id != NONE {
                *id = numbers[*id as usize];
            }
        };
        found.singles.iter_mut().flatten().for_each(number);
        found.pairs.iter_mut().for_each(number);
        let vocabulary = Vocabulary::new(&kept_terms, &kept, articles)?;
        let texts = FeatureTexts {
            texts,
            singles: found.singles,
            pairs: found.pairs,
            pair_starts: found.pair_starts,
        };
        Ok((vocabulary, texts))
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

/// All features of the texts that are frequent enough, and where they occur: by their place in
/// `features`, or [`NONE`].
struct Found {
    features: Vec<Feature>,
    /// By slot and term.
    singles: [Vec<u32>; SINGLES.len()],
    /// By occurrence, in the order of rows.
    pairs: Vec<u32>,
    /// The first pair of each paragraph.
    pair_starts: Vec<u32>,
}

/// In how many articles something occurs, and the last of them.
#[derive(Clone, Copy)]
struct Count {
    articles: u32,
    last: u32,
}

impl Count {
    const NOTHING: Count = Count {
        articles: 0,
        last: NONE,
    };

    #[inline]
    fn add(&mut self, article: u32) {
        if self.last != article {
            self.last = article;
            self.articles += 1;
        }
    }
}

/// A pair, in the order of first words.
#[derive(Clone, Copy, Default)]
struct PairAt {
    second: TermId,
    article: u32,
    /// Which pair of the texts it is.
    place: u32,
}

impl Found {
    fn new<W: Word>(
        set: FeatureSet,
        items: &[W],
        texts: &Texts,
        terms: usize,
        min_articles: u32,
    ) -> Result<Found, String> {
        let (single_slots, pair_slots) = match set {
            FeatureSet::Words => (1, 1),
            FeatureSet::Style => (SINGLES.len(), PAIRS.len()),
        };
        let mut counts: [Vec<Count>; SINGLES.len()] = std::array::from_fn(|slot| match slot {
            slot if slot < single_slots => vec![Count::NOTHING; terms],
            _ => Vec::new(),
        });
        // Pairs by slot and first word: how many, then where the next one goes.
        let mut next = vec![0u32; pair_slots * terms];
        let mut pair_starts = Vec::with_capacity(texts.len());
        let mut all = 0u64;
        for paragraph in 0..texts.len() {
            let article = texts.article(paragraph);
            pair_starts.push(all as u32);
            let items = texts.of(items, paragraph);
            for &block in set.blocks() {
                for_each_single(block, items, |slot, term| {
                    counts[slot][term as usize].add(article);
                });
                for_each_pair(block, items, |family, first, _| {
                    next[pair_slot(family) * terms + first as usize] += 1;
                    all += 1;
                });
            }
        }
        if all >= u64::from(NONE) {
            return Err(format!("{all} pairs of words are too many to number"));
        }
        let mut features = Vec::new();
        let singles = add_singles(&counts, min_articles, &mut features);
        let mut sum = 0;
        for next in &mut next {
            sum += std::mem::replace(next, sum);
        }
        let mut ordered = vec![PairAt::default(); all as usize];
        let mut place = 0;
        for paragraph in 0..texts.len() {
            let article = texts.article(paragraph);
            let items = texts.of(items, paragraph);
            for &block in set.blocks() {
                for_each_pair(block, items, |family, first, second| {
                    let next = &mut next[pair_slot(family) * terms + first as usize];
                    ordered[*next as usize] = PairAt {
                        second,
                        article,
                        place,
                    };
                    *next += 1;
                    place += 1;
                });
            }
        }
        // Now `next` holds the end of each first word's pairs.
        let mut pairs = vec![NONE; all as usize];
        let mut seconds = vec![(Count::NOTHING, NONE); terms];
        let mut met = Vec::new();
        let mut start = 0;
        for (bucket, &end) in next.iter().enumerate() {
            let of_first = &ordered[start as usize..end as usize];
            start = end;
            // A pair is no more frequent than what it has fewest of.
            if of_first.len() < min_articles as usize {
                continue;
            }
            let (slot, first) = (bucket / terms, (bucket % terms) as TermId);
            for pair in of_first {
                let (count, _) = &mut seconds[pair.second as usize];
                if count.articles == 0 {
                    met.push(pair.second);
                }
                count.add(pair.article);
            }
            for &second in &met {
                let (count, number) = &mut seconds[second as usize];
                if count.articles >= min_articles {
                    *number = features.len() as u32;
                    features.push(Feature {
                        key: Key {
                            family: PAIRS[slot],
                            first,
                            second,
                        },
                        document_frequency: count.articles,
                    });
                }
            }
            for pair in of_first {
                pairs[pair.place as usize] = seconds[pair.second as usize].1;
            }
            for second in met.drain(..) {
                seconds[second as usize] = (Count::NOTHING, NONE);
            }
        }
        Ok(Found {
            features,
            singles,
            pairs,
            pair_starts,
        })
    }
}

/// Adds the frequent features of one term, and says where they stand.
fn add_singles(
    counts: &[Vec<Count>; SINGLES.len()],
    min_articles: u32,
    features: &mut Vec<Feature>,
) -> [Vec<u32>; SINGLES.len()] {
    std::array::from_fn(|slot| {
        let family = SINGLES[slot];
        let counts = counts[slot].iter().enumerate();
        counts
            .map(|(term, count)| {
                if count.articles < min_articles.max(1) {
                    return NONE;
                }
                features.push(Feature {
                    key: Key {
                        family,
                        first: term as TermId,
                        second: UNKNOWN,
                    },
                    document_frequency: count.articles,
                });
                features.len() as u32 - 1
            })
            .collect()
    })
}

/// The features in their final order, at most so many, and the new number of each old one.
fn most_frequent(
    features: &[Feature],
    terms: &[Box<str>],
    most: usize,
) -> (Vec<Feature>, Vec<FeatureId>) {
    // Names are compared once, to give each term its rank.
    let mut by_name: Vec<TermId> = (0..terms.len() as TermId).collect();
    let mut named = vec![false; terms.len()];
    for Feature { key, .. } in features {
        named[key.first as usize] = true;
        if key.family.is_pair() {
            named[key.second as usize] = true;
        }
    }
    by_name.retain(|&term| named[term as usize]);
    by_name.sort_unstable_by(|&a, &b| terms[a as usize].cmp(&terms[b as usize]));
    let mut ranks = vec![0u32; terms.len()];
    for (rank, &term) in by_name.iter().enumerate() {
        ranks[term as usize] = rank as u32;
    }
    let place = |feature: &Feature| -> u128 {
        let Key {
            family,
            first,
            second,
        } = feature.key;
        let second = match family.is_pair() {
            true => ranks[second as usize],
            false => 0,
        };
        u128::from(!feature.document_frequency) << 72
            | u128::from(family as u8) << 64
            | u128::from(ranks[first as usize]) << 32
            | u128::from(second)
    };
    let numbered = (0u32..).zip(features);
    let mut order: Vec<(u128, u32)> = numbered.map(|(n, feature)| (place(feature), n)).collect();
    order.sort_unstable();
    order.truncate(most);
    let mut numbers = vec![NONE; features.len()];
    for (new, &(_, old)) in order.iter().enumerate() {
        numbers[old as usize] = new as FeatureId;
    }
    let kept = order.iter().map(|&(_, old)| features[old as usize]);
    (kept.collect(), numbers)
}

impl Vocabulary {
    /// A vocabulary of some of the features, and the new number of each old one.
    fn some(&self, keep: &[bool]) -> Result<(Vocabulary, Vec<FeatureId>), String> {
        let names: Vec<&str> = self.terms().collect();
        let mut terms = Renumbered::new(names.len());
        let mut numbers = vec![NONE; keep.len()];
        let mut kept = Vec::new();
        for (old, mut feature) in self.features().enumerate().filter(|(old, _)| keep[*old]) {
            numbers[old] = kept.len() as FeatureId;
            terms.renumber(&mut feature);
            kept.push(feature);
        }
        let names: Vec<Box<str>> = terms.in_order(|term| names[term as usize].into());
        let vocabulary = Vocabulary::new(&names, &kept, self.articles())?;
        Ok((vocabulary, numbers))
    }
}

/// Terms that are numbered anew in the order in which features name them.
struct Renumbered {
    new_ids: Vec<TermId>,
    order: Vec<TermId>,
}

impl Renumbered {
    fn new(terms: usize) -> Renumbered {
        Renumbered {
            new_ids: vec![UNKNOWN; terms],
            order: Vec::new(),
        }
    }

    fn renumber(&mut self, feature: &mut Feature) {
        feature.key.first = self.number(feature.key.first);
        if feature.key.family.is_pair() {
            feature.key.second = self.number(feature.key.second);
        }
    }

    fn number(&mut self, term: TermId) -> TermId {
        let id = &mut self.new_ids[term as usize];
        if *id == UNKNOWN {
            *id = self.order.len() as TermId;
            self.order.push(term);
        }
        *id
    }

    /// The names of the terms by their new numbers.
    fn in_order(&self, name: impl Fn(TermId) -> Box<str>) -> Vec<Box<str>> {
        self.order.iter().map(|&term| name(term)).collect()
    }
}

/// Texts in which each occurrence knows which feature of the vocabulary it is.
pub struct FeatureTexts {
    texts: Texts,
    singles: [Vec<FeatureId>; SINGLES.len()],
    pairs: Vec<FeatureId>,
    pair_starts: Vec<u32>,
}

impl FeatureTexts {
    /// Leaves some features of a space out of it and of the texts: those of the vocabulary whose place in `keep`
    /// is false.
    ///
    /// # Errors
    /// Does not fail on a space that is sound; the check is that of [`Vocabulary::new`].
    pub fn keep(&mut self, space: &FeatureSpace, keep: &[bool]) -> Result<FeatureSpace, String> {
        let (vocabulary, numbers) = space.vocabulary.some(keep)?;
        let singles = self.singles.iter_mut().flatten();
        for id in singles.chain(&mut self.pairs).filter(|id| **id != NONE) {
            *id = numbers[*id as usize];
        }
        Ok(FeatureSpace::new(space.language, space.set, vocabulary))
    }

    /// The rows of these paragraphs, as a [`Featurizer`](super::Featurizer) would make them: `cues` has
    /// those of all paragraphs. The matrix is the same at any number of threads.
    pub fn rows(
        &self,
        space: &FeatureSpace,
        cues: &SparseMatrix,
        paragraphs: &[usize],
    ) -> SparseMatrix {
        let make = |chunk: &[usize]| {
            let mut rows = SparseMatrix::new(space.columns());
            let mut maker = RowMaker {
                texts: self,
                space,
                counts: Counts::new(space.vocabulary.len()),
                ids: Vec::new(),
                row: Vec::new(),
            };
            for &paragraph in chunk {
                match &self.texts.items {
                    Items::Plain(items) => maker.make(items, paragraph),
                    Items::Spelled(items) => maker.make(items, paragraph),
                }
                let first_cue = space.vocabulary.len() as u32;
                let cues = cues.row(paragraph).iter();
                let cues = cues.map(|&(cue, value)| (first_cue + cue, value));
                maker.row.extend(cues);
                rows.push(&maker.row);
            }
            rows
        };
        // Few parts, since each asks for counts of all features.
        let part = paragraphs
            .len()
            .div_ceil(rayon::current_num_threads())
            .max(1);
        let parts: Vec<SparseMatrix> = paragraphs.par_chunks(part).map(make).collect();
        let mut parts = parts.into_iter();
        let mut rows = parts.next().unwrap_or_else(|| make(&[]));
        for part in parts {
            rows.append(&part);
        }
        rows
    }
}

struct RowMaker<'a> {
    texts: &'a FeatureTexts,
    space: &'a FeatureSpace,
    counts: Counts,
    ids: Vec<FeatureId>,
    row: Vec<(u32, f32)>,
}

impl RowMaker<'_> {
    /// Puts the weighted features of a paragraph into `row`.
    fn make<W: Word>(&mut self, items: &[W], paragraph: usize) {
        let FeatureTexts {
            texts,
            singles,
            pairs,
            pair_starts,
        } = self.texts;
        let items = texts.of(items, paragraph);
        let mut next_pair = pair_starts[paragraph] as usize;
        self.row.clear();
        for &block in self.space.set.blocks() {
            self.ids.clear();
            for_each_single(block, items, |slot, term| {
                let id = singles[slot].get(term as usize);
                self.ids.extend(id.filter(|&&id| id != NONE));
            });
            for_each_pair(block, items, |_, _, _| {
                let id = pairs[next_pair];
                self.ids.extend((id != NONE).then_some(id));
                next_pair += 1;
            });
            self.counts.add(&self.ids);
            let features = &self.space.vocabulary.features;
            self.counts.append_row(features, &mut self.row);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::family::for_each_key;
    use super::super::{FeatureSet, Lexicon, Paragraph, ParagraphReader, cues};
    use super::*;
    use crate::text::Language;
    use proptest::prelude::*;

    type Name = (Family, String, String);

    struct Read {
        builder: VocabularyBuilder,
        cues: SparseMatrix,
        /// In how many articles each feature is, counted the plain way.
        counted: BTreeMap<Name, BTreeSet<usize>>,
    }

    /// Reads articles of paragraphs, the first ones by one builder and the others by another.
    fn read(set: FeatureSet, articles: &[Vec<String>], first: usize) -> Read {
        let lexicon = Lexicon::new(Language::English);
        let mut cues = SparseMatrix::new(set.cues().len());
        let mut counted: BTreeMap<Name, BTreeSet<usize>> = BTreeMap::new();
        let mut builders = Vec::new();
        let (some, others) = articles.split_at(first.min(articles.len()));
        for articles in [some, others] {
            let mut reader = ParagraphReader::new(Language::English, set, &lexicon);
            let mut builder = VocabularyBuilder::default();
            for article in articles {
                builder.next_article();
                for text in article {
                    let paragraph = paragraph(text);
                    reader.read_count(&paragraph, &mut builder);
                    let mut row = Vec::new();
                    if set == FeatureSet::Style {
                        cues::append(&paragraph, &reader, 0, &mut row);
                    }
                    cues.push(&row);
                    let number = builder.articles as usize + builders.len() * some.len();
                    let mut keep = |key: Key| {
                        let name = |term: TermId| match term {
                            UNKNOWN => String::new(),
                            term => builder.terms[term as usize].to_string(),
                        };
                        let name = (key.family, name(key.first), name(key.second));
                        counted.entry(name).or_default().insert(number);
                    };
                    match set {
                        FeatureSet::Style => for_each_key(&reader.items, &mut keep),
                        FeatureSet::Words => for_each_key(&reader.terms, &mut keep),
                    }
                }
            }
            builders.push(builder);
        }
        let second = builders.pop().unwrap();
        let mut builder = builders.pop().unwrap();
        builder.append(second);
        Read {
            builder,
            cues,
            counted,
        }
    }

    fn paragraph(text: &str) -> Paragraph<'_> {
        Paragraph {
            text,
            ..Paragraph::default()
        }
    }

    proptest! {
        /// Every feature that occurs in enough articles is there with its frequency, in order; rows are
        /// those that the finished space makes of the texts.
        #[test]
        fn features_and_rows(
            articles in prop::collection::vec(
                prop::collection::vec("([a-d]{1,2}[ .,]|Ab |“|” |7 ){0,12}", 0..4),
                0..6,
            ),
            first in 0..6usize,
            least in 1..4u32,
            most in prop::sample::select(vec![5, 1000]),
            words in any::<bool>(),
        ) {
            let set = if words { FeatureSet::Words } else { FeatureSet::Style };
            let Read { builder, cues, counted } = read(set, &articles, first);
            let paragraphs = builder.paragraphs();
            let (vocabulary, mut texts) = builder.finish_texts(least, most).unwrap();
            let mut wanted: Vec<(u32, Name)> = counted
                .into_iter()
                .map(|(name, articles)| (articles.len() as u32, name))
                .filter(|(frequency, _)| *frequency >= least)
                .collect();
            wanted.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
            wanted.truncate(most);
            let terms: Vec<&str> = vocabulary.terms().collect();
            let got: Vec<(u32, Name)> = vocabulary.features().map(|feature| {
                let second = terms.get(feature.key.second as usize);
                let second = second.map(ToString::to_string).unwrap_or_default();
                let first = terms[feature.key.first as usize].to_string();
                (feature.document_frequency, (feature.key.family, first, second))
            }).collect();
            prop_assert_eq!(got, wanted);
            let space = FeatureSpace::new(Language::English, set, vocabulary);
            let order: Vec<usize> = (0..paragraphs).rev().collect();
            let rows = texts.rows(&space, &cues, &order);
            let mut featurizer = space.featurizer();
            let all: Vec<&String> = articles.iter().flatten().rev().collect();
            for (row, text) in all.iter().enumerate() {
                prop_assert_eq!(rows.row(row), featurizer.row(&paragraph(text)));
            }
            // The same once every third feature has gone.
            let keep: Vec<bool> = (0..space.vocabulary.len()).map(|id| id % 3 > 0).collect();
            let fewer = texts.keep(&space, &keep).unwrap();
            let kept = (0..space.vocabulary.len() as u32).filter(|id| id % 3 > 0);
            let names: Vec<String> = kept.map(|id| space.vocabulary.name(id)).collect();
            let left = (0..fewer.vocabulary.len() as u32).map(|id| fewer.vocabulary.name(id));
            prop_assert_eq!(left.collect::<Vec<String>>(), names);
            let rows = texts.rows(&fewer, &cues, &order);
            let mut featurizer = fewer.featurizer();
            for (row, text) in all.iter().enumerate() {
                prop_assert_eq!(rows.row(row), featurizer.row(&paragraph(text)));
            }
        }
    }
}
