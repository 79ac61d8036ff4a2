//! Families of features: what a word, or a pair of words, is a feature of by where it stands. Counting
//! in training and looking up in a model both go through `for_each_occurrence`.

use serde::{Deserialize, Serialize};

use super::paragraph::{Item, Place, TermId, UNKNOWN};

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
    /// The shape of a word outside quotation marks.
    Shape,
    /// The shapes of two such words that follow each other.
    ShapePair,
}

impl Family {
    /// All families, in the order of their numbers.
    pub const ALL: [Family; 8] = [
        Family::Word,
        Family::Pair,
        Family::InitialWord,
        Family::InitialPair,
        Family::FirstSentence,
        Family::LastSentence,
        Family::Shape,
        Family::ShapePair,
    ];

    /// Whether its features have two terms.
    pub fn is_pair(self) -> bool {
        matches!(self, Family::Pair | Family::InitialPair | Family::ShapePair)
    }

    /// How a feature of the family is shown, before its terms.
    pub fn prefix(self) -> &'static str {
        match self {
            Family::Word | Family::Pair => "",
            Family::InitialWord | Family::InitialPair => "opens: ",
            Family::FirstSentence => "first sentence: ",
            Family::LastSentence => "last sentence: ",
            Family::Shape | Family::ShapePair => "shape: ",
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

/// A word or two words that follow each other, with all that they are features of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Occurrence {
    Single(TermId, Place),
    Pair(TermId, TermId, Initial),
    Shape(TermId),
    ShapePair(TermId, TermId),
}

/// The features of a row come in blocks, each weighted to length 1 by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// What is said: words and pairs of words.
    Words,
    /// How it is said: the shapes of words, whatever the subject.
    Shapes,
}

impl Block {
    pub(super) const ALL: [Block; 2] = [Block::Words, Block::Shapes];
}

/// Whether a pair opens its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Initial {
    Yes,
    No,
}

/// Calls `each` with all that a paragraph's items are in one block, in text order. Unknown terms are
/// left out: no feature holds one.
#[inline]
pub(super) fn for_each_occurrence(block: Block, items: &[Item], each: impl FnMut(Occurrence)) {
    match block {
        Block::Words => for_each_word(items, each),
        Block::Shapes => for_each_shape(items, each),
    }
}

#[inline]
fn for_each_word(items: &[Item], mut each: impl FnMut(Occurrence)) {
    let mut previous = UNKNOWN;
    let mut initial = Initial::No;
    for item in items {
        let term = item.term;
        if term != UNKNOWN {
            each(Occurrence::Single(term, item.place));
            if previous != UNKNOWN && item.place.has(Place::JOINED) {
                each(Occurrence::Pair(previous, term, initial));
            }
        }
        previous = term;
        initial = if item.place.has(Place::INITIAL) {
            Initial::Yes
        } else {
            Initial::No
        };
    }
}

/// Quoted words are left out: how a source speaks does not show how the author does.
#[inline]
fn for_each_shape(items: &[Item], mut each: impl FnMut(Occurrence)) {
    let mut previous = UNKNOWN;
    for item in items {
        let shape = match item.place.has(Place::QUOTED) {
            true => UNKNOWN,
            false => item.shape,
        };
        if shape != UNKNOWN {
            each(Occurrence::Shape(shape));
            if previous != UNKNOWN && item.place.has(Place::JOINED) {
                each(Occurrence::ShapePair(previous, shape));
            }
        }
        previous = shape;
    }
}

/// The families that a word is in, each with the place that it must have. The position in this list
/// is the family's slot in a [`TermRow`](super::vocabulary).
pub(super) const SINGLES: [(Family, Place); 4] = [
    (Family::Word, Place::ANY),
    (Family::InitialWord, Place::INITIAL),
    (Family::FirstSentence, Place::FIRST),
    (Family::LastSentence, Place::LAST),
];

/// The families of two terms, by slot; the second holds the pairs that open a sentence, which are in
/// the first as well.
pub(super) const PAIRS: [Family; 3] = [Family::Pair, Family::InitialPair, Family::ShapePair];

/// The slots of [`PAIRS`] that a pair of words is in.
pub(super) fn pair_slots(initial: Initial) -> std::ops::Range<usize> {
    match initial {
        Initial::No => 0..1,
        Initial::Yes => 0..2,
    }
}

/// The slot of [`Family::ShapePair`].
pub(super) const SHAPE_PAIR_SLOT: usize = 2;

/// Calls `each` with the key of every occurrence of every feature in a paragraph: what counting and looking
/// up are tested by.
#[cfg(test)]
pub(super) fn for_each_key(items: &[Item], mut each: impl FnMut(Key)) {
    let key = |family, first, second| Key {
        family,
        first,
        second,
    };
    for block in Block::ALL {
        for_each_occurrence(block, items, |occurrence| match occurrence {
            Occurrence::Single(term, place) => SINGLES
                .iter()
                .filter(|(_, needed)| place.has(*needed))
                .for_each(|&(family, _)| each(key(family, term, UNKNOWN))),
            Occurrence::Pair(first, second, initial) => PAIRS[pair_slots(initial)]
                .iter()
                .for_each(|&family| each(key(family, first, second))),
            Occurrence::Shape(shape) => each(key(Family::Shape, shape, UNKNOWN)),
            Occurrence::ShapePair(first, second) => each(key(Family::ShapePair, first, second)),
        });
    }
}
