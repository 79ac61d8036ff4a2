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

/// A word or two words that follow each other, with all that they are features of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Occurrence {
    Single(TermId, Place),
    Pair(TermId, TermId, Initial),
}

/// Whether a pair opens its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Initial {
    Yes,
    No,
}

/// Calls `each` with every known word of a paragraph and every pair of them, in text order. Unknown
/// terms are left out: no feature holds one.
#[inline]
pub(super) fn for_each_occurrence(items: &[Item], mut each: impl FnMut(Occurrence)) {
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

/// The families of one term, each with the place that a word must have to be in it. The position in
/// this list is the family's slot in a [`TermRow`].
pub(super) const SINGLES: [(Family, Place); 4] = [
    (Family::Word, Place::ANY),
    (Family::InitialWord, Place::INITIAL),
    (Family::FirstSentence, Place::FIRST),
    (Family::LastSentence, Place::LAST),
];

/// The families of two terms; the second holds the pairs that open a sentence, which are in both.
pub(super) const PAIRS: [Family; 2] = [Family::Pair, Family::InitialPair];

/// How many of [`PAIRS`] a pair is in.
pub(super) fn pair_families(initial: Initial) -> usize {
    match initial {
        Initial::No => 1,
        Initial::Yes => 2,
    }
}

/// Calls `each` with the key of every occurrence of every feature in a paragraph.
pub(super) fn for_each_key(items: &[Item], mut each: impl FnMut(Key)) {
    for_each_occurrence(items, |occurrence| match occurrence {
        Occurrence::Single(term, place) => {
            for (family, needed) in SINGLES {
                if place.has(needed) {
                    each(Key {
                        family,
                        first: term,
                        second: UNKNOWN,
                    });
                }
            }
        }
        Occurrence::Pair(first, second, initial) => {
            for &family in &PAIRS[..pair_families(initial)] {
                each(Key {
                    family,
                    first,
                    second,
                });
            }
        }
    });
}
