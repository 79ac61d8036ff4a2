//! The plain way to a row, for the tests: maps of strings, no cache, no table, double precision. What the
//! fast way must agree with.

use std::collections::{BTreeMap, HashMap};

use super::family::{Family, Key, for_each_key};
use super::paragraph::{Paragraph, ParagraphReader, TermId, TermIds, UNKNOWN};
use super::{FeatureId, FeatureSet, FeatureSpace, Lexicon, cues};
use crate::text::{Stemmer, TokenKind, tokenize};

/// A vocabulary as maps.
pub(crate) struct Plain<'m> {
    space: &'m FeatureSpace,
    lexicon: Lexicon,
    terms: HashMap<String, TermId>,
    /// Number and document frequency of each feature.
    features: HashMap<Key, (FeatureId, u32)>,
}

impl<'m> Plain<'m> {
    pub(crate) fn new(space: &'m FeatureSpace) -> Plain<'m> {
        let terms = space.vocabulary.terms().map(str::to_owned).zip(0..);
        let features = space.vocabulary.features().zip(0..);
        Plain {
            space,
            lexicon: Lexicon::new(space.language),
            terms: terms.collect(),
            features: features
                .map(|(feature, id)| (feature.key, (id, feature.document_frequency)))
                .collect(),
        }
    }

    /// The values of a paragraph by column.
    pub(crate) fn row(&self, paragraph: &Paragraph<'_>) -> BTreeMap<u32, f64> {
        let mut row = BTreeMap::new();
        let mut keys = Vec::new();
        match self.space.set {
            FeatureSet::Style => {
                let mut reader =
                    ParagraphReader::new(self.space.language, FeatureSet::Style, &self.lexicon);
                reader.read(paragraph, &mut { self });
                for_each_key(&reader.items, |key| keys.push(key));
                let mut cues = Vec::new();
                let first = self.space.vocabulary.len() as u32;
                cues::append(paragraph, &reader, first, &mut cues);
                row.extend(
                    cues.into_iter()
                        .map(|(column, value)| (column, f64::from(value))),
                );
            }
            FeatureSet::Words => {
                let terms = self.words(paragraph.text);
                let single = |&first| Key {
                    family: Family::Word,
                    first,
                    second: UNKNOWN,
                };
                let pair = |two: &[TermId]| Key {
                    family: Family::Pair,
                    first: two[0],
                    second: two[1],
                };
                keys.extend(terms.iter().map(single));
                keys.extend(terms.windows(2).map(pair));
            }
        }
        let (shapes, words): (Vec<Key>, Vec<Key>) = keys
            .into_iter()
            .partition(|key| matches!(key.family, Family::Shape | Family::ShapePair));
        row.extend(self.block(&words));
        row.extend(self.block(&shapes));
        row
    }

    fn words(&self, text: &str) -> Vec<TermId> {
        let mut tokens = Vec::new();
        tokenize(text, &mut tokens);
        let stemmer = Stemmer::new(self.space.language);
        let words = tokens
            .iter()
            .filter(|token| !matches!(token.kind, TokenKind::Mark(_)));
        words
            .map(|token| {
                let lower = token.text(text).to_lowercase().replace('’', "'");
                let lower = self.space.language.without_elision(&lower);
                { self }.term_id(&stemmer.stem(lower))
            })
            .collect()
    }

    /// TF-IDF of the known features among some, of length 1.
    fn block(&self, keys: &[Key]) -> BTreeMap<u32, f64> {
        let mut counts: BTreeMap<FeatureId, (u32, u32)> = BTreeMap::new();
        for key in keys {
            if let Some(&(id, frequency)) = self.features.get(key) {
                counts.entry(id).or_insert((0, frequency)).0 += 1;
            }
        }
        let articles = f64::from(self.space.vocabulary.articles());
        let value = |(count, frequency): (u32, u32)| {
            let idf = ((1.0 + articles) / (1.0 + f64::from(frequency))).ln() + 1.0;
            (1.0 + f64::from(count).ln()) * idf
        };
        let values = counts.into_iter().map(|(id, count)| (id, value(count)));
        let values: BTreeMap<u32, f64> = values.collect();
        let length = values.values().map(|v| v * v).sum::<f64>().sqrt();
        values.into_iter().map(|(id, v)| (id, v / length)).collect()
    }
}

impl TermIds for &Plain<'_> {
    fn term_id(&mut self, term: &str) -> TermId {
        self.terms.get(term).copied().unwrap_or(UNKNOWN)
    }
}
