//! A paragraph as the features see it: its words in order, masked, stemmed, and marked with where
//! they stand.

use std::borrow::Cow;
use std::ops::Range;

use super::Coverage;
use super::builder::VocabularyBuilder;
use super::forms::{Form, Forms, Key, key};
use super::lexicon::{Lexicon, WordClasses};
use super::set::FeatureSet;
use crate::text::sentence::sentence_starts;
use crate::text::{Case, Language, Stemmer, Token, TokenKind, for_each_token_and_head};

/// Number of a term: a stem or a mask.
pub type TermId = u32;

/// A word that the vocabulary does not hold.
pub const UNKNOWN: TermId = TermId::MAX;

/// What stands for a run of names inside a sentence.
pub const NAME: &str = "<name>";
/// What stands for a number.
pub const NUMBER: &str = "<number>";
/// What stands for a web or mail address.
pub const ADDRESS: &str = "<address>";

/// What the featurizer is given of one paragraph.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paragraph<'a> {
    /// The text without list or quote markers.
    pub text: &'a str,
    /// Byte ranges of the text that stand inside quotation marks, ascending.
    pub quoted: &'a [Range<u32>],
    /// The quotation was open when the paragraph began.
    pub carried_in: bool,
    /// The quotation is open where the paragraph ends.
    pub unclosed: bool,
    /// The page prints it as an item of a list.
    pub list_item: bool,
}

/// Where a word stands, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(u16);

impl Place {
    /// Anywhere.
    pub const ANY: Place = Place(0);
    /// First word of its sentence.
    pub const INITIAL: Place = Place(1);
    /// In the first sentence of the paragraph.
    pub const FIRST: Place = Place(2);
    /// In the last sentence of the paragraph.
    pub const LAST: Place = Place(4);
    /// Inside quotation marks.
    pub const QUOTED: Place = Place(8);
    /// The word before it stands in the same sentence and on the same side of the marks.
    pub const JOINED: Place = Place(16);
    /// A masked run of names.
    pub const NAME: Place = Place(32);
    /// A masked number.
    pub const NUMBER: Place = Place(64);
    /// A masked address.
    pub const ADDRESS: Place = Place(128);
    /// Four letters or more, all upper case.
    pub const SHOUTED: Place = Place(256);

    /// Any of the places within sentences and paragraph.
    pub const SENTENCE: Place = Place(1 | 2 | 4);

    /// Whether a bit of `other` is set.
    #[inline]
    pub fn has_any(self, other: Place) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all bits of `other` are set.
    #[inline]
    pub fn has(self, other: Place) -> bool {
        self.0 & other.0 == other.0
    }

    fn set(&mut self, other: Place, when: bool) {
        if when {
            self.0 |= other.0;
        }
    }
}

/// One word of a paragraph after masking.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Its term, or [`UNKNOWN`].
    pub term: TermId,
    /// Its shape: how it is said, whatever is said; see [`Lexicon::shape`].
    pub shape: TermId,
    /// The classes of the word as written.
    pub classes: WordClasses,
    /// Where it stands.
    pub place: Place,
}

/// What features are made of: a term, a shape and a place.
pub(super) trait Word {
    fn term(&self) -> TermId;
    fn shape(&self) -> TermId;
    fn place(&self) -> Place;
}

impl Word for Item {
    #[inline]
    fn term(&self) -> TermId {
        self.term
    }

    #[inline]
    fn shape(&self) -> TermId {
        self.shape
    }

    #[inline]
    fn place(&self) -> Place {
        self.place
    }
}

/// A word in the set of words: it stands anywhere.
impl Word for TermId {
    #[inline]
    fn term(&self) -> TermId {
        *self
    }

    #[inline]
    fn shape(&self) -> TermId {
        UNKNOWN
    }

    #[inline]
    fn place(&self) -> Place {
        Place::JOINED
    }
}

/// Gives terms their numbers: the trainer by counting on, the model by looking up.
pub trait TermIds {
    /// The number of a stem or mask, or [`UNKNOWN`].
    fn term_id(&mut self, term: &str) -> TermId;
}

/// Reads paragraphs into [`Item`]s. Holds buffers and a cache from surface form to term, so that
/// the stemmer meets each form once; what it answers never depends on what it read before.
pub struct ParagraphReader<'m> {
    lexicon: &'m Lexicon,
    set: FeatureSet,
    stemmer: Stemmer,
    known: Forms,
    masks: Option<[TermId; 3]>,
    /// Tokens of the last paragraph; in the set of words, without marks.
    pub(super) tokens: Vec<Token>,
    /// The form of each that is a word.
    forms: Vec<Form>,
    /// First token of each of its sentences.
    pub(super) sentences: Vec<u32>,
    /// Its words.
    pub(super) items: Vec<Item>,
    /// Its terms, in the set of words.
    pub(super) terms: Vec<TermId>,
}

impl<'m> ParagraphReader<'m> {
    /// A reader with an empty cache.
    pub fn new(language: Language, set: FeatureSet, lexicon: &'m Lexicon) -> ParagraphReader<'m> {
        ParagraphReader {
            lexicon,
            set,
            stemmer: Stemmer::new(language),
            known: Forms::new(),
            masks: None,
            tokens: Vec::new(),
            forms: Vec::new(),
            sentences: Vec::new(),
            items: Vec::new(),
            terms: Vec::new(),
        }
    }

    /// Cuts a paragraph into items; the result stands in the reader until the next call.
    pub fn read(&mut self, paragraph: &Paragraph<'_>, ids: &mut impl TermIds) {
        self.sentences.clear();
        self.items.clear();
        match self.set {
            FeatureSet::Style => self.read_style(paragraph, ids),
            FeatureSet::Words => self.read_words(paragraph.text, ids),
        }
    }

    /// The terms of a text: every token but marks, as it is written. They stand in the reader until the
    /// next call.
    pub(super) fn read_words(&mut self, text: &str, ids: &mut impl TermIds) {
        let (terms, mut forms) = (
            &mut self.terms,
            Maker {
                known: &mut self.known,
                stemmer: &self.stemmer,
                lexicon: self.lexicon,
                set: self.set,
                ids,
            },
        );
        terms.clear();
        for_each_token_and_head(text, |token, head| {
            if !matches!(token.kind, TokenKind::Mark(_)) {
                let key = key(head, (token.end - token.start) as usize);
                terms.push(forms.form(key, token, text).term);
            }
        });
    }

    fn read_style(&mut self, paragraph: &Paragraph<'_>, ids: &mut impl TermIds) {
        let text = paragraph.text;
        let (tokens, known, mut forms) = (
            &mut self.tokens,
            &mut self.forms,
            Maker {
                known: &mut self.known,
                stemmer: &self.stemmer,
                lexicon: self.lexicon,
                set: self.set,
                ids,
            },
        );
        tokens.clear();
        known.clear();
        for_each_token_and_head(text, |token, head| {
            tokens.push(token);
            known.push(match token.kind {
                TokenKind::Word(_) => {
                    let key = key(head, (token.end - token.start) as usize);
                    forms.form(key, token, text)
                }
                _ => Form::default(),
            });
        });
        sentence_starts(text, &self.tokens, &mut self.sentences);
        let masks = *self
            .masks
            .get_or_insert_with(|| [NAME, NUMBER, ADDRESS].map(|mask| ids.term_id(mask)));

        let all_capitals = self.is_all_capitals();
        let last_sentence = self.sentences.len().saturating_sub(1);
        let mut quotes = QuoteCursor::new(paragraph.quoted);
        for sentence in 0..self.sentences.len() {
            let from = self.sentences[sentence] as usize;
            let to = self
                .sentences
                .get(sentence + 1)
                .map_or(self.tokens.len(), |&next| next as usize);
            let mut initial = true;
            let mut was_quoted = false;
            let mut name_end = None;
            for at in from..to {
                let token = self.tokens[at];
                if matches!(token.kind, TokenKind::Mark(_)) {
                    continue;
                }
                let quoted = quotes.holds(token.start);
                let mut place = Place::default();
                place.set(Place::INITIAL, initial);
                place.set(Place::FIRST, sentence == 0);
                place.set(Place::LAST, sentence == last_sentence);
                place.set(Place::QUOTED, quoted);
                place.set(Place::JOINED, !initial && quoted == was_quoted);
                was_quoted = quoted;
                let item = match token.kind {
                    TokenKind::Number => {
                        place.set(Place::NUMBER, true);
                        masked(masks[1], place)
                    }
                    TokenKind::Address => {
                        place.set(Place::ADDRESS, true);
                        masked(masks[2], place)
                    }
                    TokenKind::Word(case) => {
                        let word = token.text(text);
                        place.set(Place::SHOUTED, case == Case::Upper && word.len() >= 4);
                        let form = self.forms[at];
                        let no_name = case == Case::Lower || initial || all_capitals;
                        if no_name || form.classes != WordClasses::default() {
                            Item {
                                term: form.term,
                                shape: form.shape,
                                classes: form.classes,
                                place,
                            }
                        } else {
                            place.set(Place::NAME, true);
                            let goes_on = name_end == Some(at);
                            name_end = Some(at + 1);
                            if goes_on {
                                continue;
                            }
                            masked(masks[0], place)
                        }
                    }
                    TokenKind::Mark(_) => continue,
                };
                initial = false;
                self.items.push(item);
            }
        }
    }

    /// Whether most words are in capitals: then a capital makes no name.
    fn is_all_capitals(&self) -> bool {
        let (mut words, mut capitals) = (0, 0);
        for token in &self.tokens {
            if let TokenKind::Word(case) = token.kind {
                words += 1;
                capitals += usize::from(case == Case::Upper);
            }
        }
        capitals * 2 > words
    }

    /// Adds the words of the last paragraph; names and numbers tell nothing.
    pub(super) fn add_coverage(&self, coverage: &mut Coverage) {
        match self.set {
            FeatureSet::Style => {
                let masks = self.masks.unwrap_or_default();
                let items = self
                    .items
                    .iter()
                    .filter(|item| !masks.contains(&item.shape));
                items.for_each(|item| coverage.add(item.term));
            }
            FeatureSet::Words => self.terms.iter().for_each(|&term| coverage.add(term)),
        }
    }

    /// Reads a paragraph of the current training article and counts its features.
    pub fn read_count(&mut self, paragraph: &Paragraph<'_>, vocabulary: &mut VocabularyBuilder) {
        self.read(paragraph, vocabulary);
        match self.set {
            FeatureSet::Style => vocabulary.count(&self.items),
            FeatureSet::Words => vocabulary.count(&self.terms),
        }
    }
}

/// Finds the forms of words, or makes them.
struct Maker<'r, I> {
    known: &'r mut Forms,
    stemmer: &'r Stemmer,
    lexicon: &'r Lexicon,
    set: FeatureSet,
    ids: &'r mut I,
}

impl<I: TermIds> Maker<'_, I> {
    #[inline]
    fn form(&mut self, key: Key, token: Token, text: &str) -> Form {
        match self.known.first_look(key) {
            Some(form) => form,
            None => self.look_further(key, token.text(text)),
        }
    }

    #[inline(never)]
    fn look_further(&mut self, key: Key, word: &str) -> Form {
        self.known.get(key, word, || {
            make_form(word, self.stemmer, self.lexicon, self.set, self.ids)
        })
    }
}

fn make_form(
    word: &str,
    stemmer: &Stemmer,
    lexicon: &Lexicon,
    set: FeatureSet,
    ids: &mut impl TermIds,
) -> Form {
    let lower = normalise(word);
    let lower = stemmer.language().without_elision(&lower);
    let term = ids.term_id(&stemmer.stem(lower));
    match set {
        FeatureSet::Style => Form {
            term,
            shape: ids.term_id(&lexicon.shape(lower)),
            classes: lexicon.classes(lower),
        },
        FeatureSet::Words => Form {
            term,
            shape: UNKNOWN,
            classes: WordClasses::NONE,
        },
    }
}

fn masked(term: TermId, place: Place) -> Item {
    Item {
        term,
        shape: term,
        classes: WordClasses::default(),
        place,
    }
}

/// Lower case, with straight apostrophes: the form that stemmer and lexicon know.
fn normalise(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.to_lowercase().replace('\u{2019}', "'"))
}

/// Answers, for ascending positions, whether they stand in one of ascending ranges.
struct QuoteCursor<'a> {
    ranges: &'a [Range<u32>],
}

impl<'a> QuoteCursor<'a> {
    fn new(ranges: &'a [Range<u32>]) -> QuoteCursor<'a> {
        QuoteCursor { ranges }
    }

    fn holds(&mut self, at: u32) -> bool {
        while let Some((first, rest)) = self.ranges.split_first() {
            if at < first.end {
                return at >= first.start;
            }
            self.ranges = rest;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::lexicon::WordClass;
    use proptest::prelude::*;

    /// Numbers terms as they come, and remembers their names.
    #[derive(Default)]
    struct Names(Vec<String>);

    impl TermIds for Names {
        fn term_id(&mut self, term: &str) -> TermId {
            let known = self.0.iter().position(|name| name == term);
            known.unwrap_or_else(|| {
                self.0.push(term.to_owned());
                self.0.len() - 1
            }) as TermId
        }
    }

    /// The terms of a paragraph by name, with their places.
    fn items(text: &str, quoted: &[Range<u32>]) -> Vec<(String, Place)> {
        let lexicon = Lexicon::new(Language::English);
        let mut reader = ParagraphReader::new(Language::English, FeatureSet::Style, &lexicon);
        let mut names = Names::default();
        let paragraph = Paragraph {
            text,
            quoted,
            ..Paragraph::default()
        };
        reader.read(&paragraph, &mut names);
        let items = reader.items.iter();
        items
            .map(|item| (names.0[item.term as usize].clone(), item.place))
            .collect()
    }

    fn terms(text: &str) -> Vec<String> {
        items(text, &[]).into_iter().map(|(term, _)| term).collect()
    }

    #[test]
    fn names_numbers_and_addresses_are_masked_and_words_stemmed() {
        assert_eq!(
            terms(
                "Yesterday Jane van Roe petitioned Harbour Board members 12 times at www.example.org."
            ),
            [
                "yesterday",
                "<name>",
                "van",
                "<name>",
                "petit",
                "<name>",
                "member",
                "<number>",
                "time",
                "at",
                "<address>"
            ]
        );
        // A capital that a word class knows is no name, and one that opens a sentence is kept.
        assert_eq!(
            terms("Boards met on Monday. We left."),
            ["board", "met", "on", "monday", "we", "left"]
        );
        assert_eq!(terms("It’s on."), terms("It's on."));
        assert_eq!(terms("COUNCIL BACKS BRIDGE"), terms("council backs bridge"));
    }

    #[test]
    fn places() {
        // “No,” he said. We left.
        let text = "“No,” he said. We left NATO.";
        let quoted = 3..6;
        let got = items(text, std::slice::from_ref(&quoted));
        let has = |word: &str, place: Place| {
            let item = got.iter().find(|(term, _)| term == word);
            item.is_some_and(|(_, at)| at.has(place))
        };
        assert!(has("no", Place::INITIAL) && has("no", Place::QUOTED) && has("no", Place::FIRST));
        assert!(
            !has("he", Place::JOINED),
            "the marks part it from the word before"
        );
        assert!(has("said", Place::JOINED) && !has("said", Place::LAST));
        assert!(has("we", Place::INITIAL) && has("we", Place::LAST) && !has("we", Place::JOINED));
        assert!(has("<name>", Place::SHOUTED) && has("<name>", Place::NAME));
    }

    #[test]
    fn classes_come_with_the_words() {
        let lexicon = Lexicon::new(Language::English);
        let mut reader = ParagraphReader::new(Language::English, FeatureSet::Style, &lexicon);
        let paragraph = Paragraph {
            text: "They should.",
            ..Paragraph::default()
        };
        reader.read(&paragraph, &mut Names::default());
        assert!(reader.items[0].classes.has(WordClass::Third));
        assert!(reader.items[1].classes.has(WordClass::Duty));
    }

    proptest! {
        #[test]
        fn what_was_read_before_changes_nothing(texts in prop::collection::vec("([A-Za-z’]{1,20}[ .,!]){0,12}", 1..6)) {
            let lexicon = Lexicon::new(Language::English);
            let mut reader = ParagraphReader::new(Language::English, FeatureSet::Style, &lexicon);
            let mut names = Names::default();
            for text in &texts {
                let paragraph = Paragraph { text, ..Paragraph::default() };
                reader.read(&paragraph, &mut names);
                let got: Vec<(String, Place)> = reader
                    .items
                    .iter()
                    .map(|item| (names.0[item.term as usize].clone(), item.place))
                    .collect();
                prop_assert_eq!(got, items(text, &[]));
            }
        }
    }
}
