//! Families of features: what a word, or a pair of words, is a feature of by where it stands. Counting
//! in training and looking up in a model both go through `for_each_occurrence`.

use serde::{Deserialize, Serialize};

use super::paragraph::{Place, TermId, UNKNOWN, Word};

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

/// The families of one term, in the order of their columns in a vocabulary.
pub(crate) const SINGLES: [Family; 5] = [
    Family::Word,
    Family::InitialWord,
    Family::FirstSentence,
    Family::LastSentence,
    Family::Shape,
];

/// Calls `each` with the position in [`SINGLES`] and the term of every occurrence of one term in a
/// block, in text order. Unknown terms are left out: no feature holds one.
#[inline]
pub(super) fn for_each_single<W: Word>(
    block: Block,
    items: &[W],
    mut each: impl FnMut(usize, TermId),
) {
    const PLACES: [(usize, Place); 3] = [(1, Place::INITIAL), (2, Place::FIRST), (3, Place::LAST)];
    match block {
        Block::Words => {
            for item in items.iter().filter(|item| item.term() != UNKNOWN) {
                each(0, item.term());
                if item.place().has_any(Place::SENTENCE) {
                    let places = PLACES.iter().filter(|(_, place)| item.place().has(*place));
                    places.for_each(|&(column, _)| each(column, item.term()));
                }
            }
        }
        Block::Shapes => {
            let shapes = items.iter().map(shape);
            shapes
                .filter(|&shape| shape != UNKNOWN)
                .for_each(|shape| each(4, shape));
        }
    }
}

/// Calls `each` with the family and the terms of every two known terms that follow each other in a
/// sentence, in text order.
#[inline]
pub(super) fn for_each_pair<W: Word>(
    block: Block,
    items: &[W],
    mut each: impl FnMut(Family, TermId, TermId),
) {
    match block {
        Block::Words => for_each_two(items, Word::term, |before, first, second| {
            each(Family::Pair, first, second);
            if before.place().has(Place::INITIAL) {
                each(Family::InitialPair, first, second);
            }
        }),
        Block::Shapes => for_each_two(items, shape, |_, first, second| {
            each(Family::ShapePair, first, second);
        }),
    }
}

#[inline]
fn for_each_two<W: Word>(
    items: &[W],
    term: impl Fn(&W) -> TermId,
    mut each: impl FnMut(&W, TermId, TermId),
) {
    for (one, other) in items.iter().zip(items.iter().skip(1)) {
        let (first, second) = (term(one), term(other));
        if first != UNKNOWN && second != UNKNOWN && other.place().has(Place::JOINED) {
            each(one, first, second);
        }
    }
}

/// Quoted words are left out: how a source speaks does not show how the author does.
#[inline]
fn shape<W: Word>(item: &W) -> TermId {
    match item.place().has(Place::QUOTED) {
        true => UNKNOWN,
        false => item.shape(),
    }
}

/// Calls `each` with the key of every occurrence of every feature in a paragraph: what counting and
/// looking up are tested by.
#[cfg(test)]
pub(super) fn for_each_key<W: Word>(items: &[W], mut each: impl FnMut(Key)) {
    for block in Block::ALL {
        for_each_single(block, items, |column, first| {
            each(Key {
                family: SINGLES[column],
                first,
                second: UNKNOWN,
            });
        });
        for_each_pair(block, items, |family, first, second| {
            each(Key {
                family,
                first,
                second,
            });
        });
    }
}
