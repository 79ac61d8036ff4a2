//! What is known of the words of a language, read from one data file each: classes that the surface
//! cues count, function words, and endings.
//!
//! A language without a file has no classes, and shapes by length and last letters.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::text::Language;

macro_rules! classes {
    ($($variant:ident $name:literal $doc:literal),+ $(,)?) => {
        /// A class of words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum WordClass { $(#[doc = $doc] $variant),+ }

        impl WordClass {
            /// All classes.
            pub const ALL: &[WordClass] = &[$(WordClass::$variant),+];

            /// The name in the data file.
            pub fn name(self) -> &'static str {
                match self { $(WordClass::$variant => $name),+ }
            }
        }
    };
}

classes! {
    Attribution "attribution" "Verbs and nouns that name a source.",
    FirstSingular "first_singular" "I and its forms.",
    FirstPlural "first_plural" "We and its forms.",
    Second "second" "You and its forms.",
    Third "third" "He, she, they and their forms.",
    Duty "duty" "Must, should and their kin.",
    Modal "modal" "Could, might, will …",
    Be "be" "To be in the present.",
    Past "past" "Frequent past tenses.",
    Hedge "hedge" "Perhaps, seems …",
    Intensifier "intensifier" "Very, truly, merely …",
    Evaluative "evaluative" "Words that judge.",
    Contrast "contrast" "However, moreover …",
    Abstract "abstract" "Nouns that arguments turn on.",
    Negation "negation" "Not and its kin.",
    Weekday "weekday" "Days of the week.",
    Month "month" "Names of months.",
    Clock "clock" "Yesterday, morning …",
    Quantity "quantity" "Percent, million …",
    Action "action" "Verbs that ask for a deed when they open a sentence.",
    Deed "deed" "Nouns of campaigning.",
    Please "please" "Polite asking.",
    QuestionWord "question_word" "Who, why, how …",
}

/// A set of word classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordClasses(u32);

impl WordClasses {
    /// No class.
    pub const NONE: WordClasses = WordClasses(0);

    /// Whether a class is in the set.
    pub fn has(self, class: WordClass) -> bool {
        self.0 & (1 << class as u8) != 0
    }

    /// The positions in [`WordClass::ALL`] of the classes in the set.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut bits = self.0;
        std::iter::from_fn(move || {
            (bits != 0).then(|| {
                let lowest = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                lowest
            })
        })
    }
}

/// What is known of the words of one language.
pub struct Lexicon {
    classes: HashMap<&'static str, WordClasses>,
    function_words: HashSet<&'static str>,
    /// Endings with the shape they give, the longest first.
    endings: Vec<(&'static str, &'static str)>,
}

/// What stands in a shape for a word, or for the part of it before its ending.
const ANY: &str = "-";
/// A shorter rest before an ending is no stem: `red`, `wing`.
const STEM_BYTES: usize = 3;
/// In a language without a file, words of at most this many letters stand for themselves.
const SHORT_WORD: usize = 4;
/// … and longer ones for this many last letters.
const LAST_LETTERS: usize = 3;

impl Lexicon {
    /// The lexicon of a language.
    pub fn new(language: Language) -> Lexicon {
        let source = source(language);
        let mut classes: HashMap<&'static str, WordClasses> = HashMap::new();
        let mut function_words = HashSet::new();
        let mut endings = Vec::new();
        for (name, word) in entries(source) {
            match name {
                "function" => {
                    function_words.insert(word);
                }
                "ending" => endings.push(ending(word)),
                _ => {
                    if let Some(class) = class(name) {
                        classes.entry(word).or_default().0 |= 1 << class as u8;
                    }
                }
            }
        }
        endings.sort_by_key(|(ending, _)| std::cmp::Reverse(ending.len()));
        Lexicon {
            classes,
            function_words,
            endings,
        }
    }

    /// The classes of a lower-case word whose apostrophes are straight.
    pub fn classes(&self, word: &str) -> WordClasses {
        self.classes.get(word).copied().unwrap_or_default()
    }

    /// The shape of such a word: a function word itself, the ending of another, or a dash. Runs of
    /// shapes are alike wherever something is said in the same way, whatever the subject.
    pub fn shape<'w>(&self, word: &'w str) -> Cow<'w, str> {
        if self.endings.is_empty() {
            return last_letters(word);
        }
        if self.function_words.contains(word) {
            return Cow::Borrowed(word);
        }
        let ends = |ending: &str| {
            word.strip_suffix(ending)
                .is_some_and(|stem| stem.len() >= STEM_BYTES)
        };
        let ending = self.endings.iter().find(|(ending, _)| ends(ending));
        Cow::Borrowed(ending.map_or(ANY, |(_, shape)| shape))
    }
}

fn last_letters(word: &str) -> Cow<'_, str> {
    let letters = word.chars().count();
    if letters <= SHORT_WORD {
        return Cow::Borrowed(word);
    }
    let rest = word.char_indices().nth(letters - LAST_LETTERS);
    Cow::Owned(format!("{ANY}{}", rest.map_or("", |(at, _)| &word[at..])))
}

fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("lexicon/english.txt"),
        Language::French => include_str!("lexicon/french.txt"),
        Language::German => include_str!("lexicon/german.txt"),
        Language::Spanish => include_str!("lexicon/spanish.txt"),
        _ => "",
    }
}

fn class(name: &str) -> Option<WordClass> {
    WordClass::ALL.iter().copied().find(|c| c.name() == name)
}

/// `ments=-ment` is the ending `ments` with the shape `-ment`; `-ing` is both.
fn ending(word: &'static str) -> (&'static str, &'static str) {
    match word.split_once('=') {
        Some((ending, shape)) => (ending, shape),
        None => (word.trim_start_matches(ANY), word),
    }
}

/// The (name, word) pairs of a data file.
fn entries(source: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    source
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(name, words)| words.split_whitespace().map(move |word| (name, word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    #[test]
    fn every_line_of_the_files_counts_and_every_class_has_words() {
        for &language in Language::ALL {
            let source = source(language);
            if source.is_empty() {
                continue;
            }
            let lines = source
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'));
            for line in lines {
                let name = line.split_once(':').map(|(name, _)| name);
                let known =
                    |name: &str| class(name).is_some() || ["function", "ending"].contains(&name);
                assert!(name.is_some_and(known), "{language}: {line}");
            }
            let names = WordClass::ALL.iter().map(|class| class.name());
            for name in names.chain(["function", "ending"]) {
                assert!(
                    entries(source).any(|(n, _)| n == name),
                    "{language}: {name}"
                );
            }
            for (name, word) in entries(source) {
                assert_eq!(word, word.to_lowercase());
                assert!(
                    name == "ending" || is_a_token(word, language),
                    "{language}: the tokenizer does not make {word:?}"
                );
                assert!(
                    name != "ending" || ending(word).1.starts_with(ANY),
                    "{language}: {word}"
                );
            }
        }
        assert!(WordClass::ALL.len() <= 32);
    }

    /// Whether the lexicon is ever asked about the word.
    fn is_a_token(word: &str, language: Language) -> bool {
        let mut tokens = Vec::new();
        tokenize(word, &mut tokens);
        tokens.len() == 1 && language.without_elision(word) == word
    }

    #[test]
    fn shapes() {
        let english = Lexicon::new(Language::English);
        for (word, shape) in [
            ("the", "the"),
            ("petitioned", "-ed"),
            ("red", "-"),
            ("movements", "-tion"),
            ("seemingly", "-ly"),
        ] {
            assert_eq!(english.shape(word), shape, "{word}");
        }
        let turkish = Lexicon::new(Language::Turkish);
        assert_eq!(turkish.shape("bir"), "bir");
        assert_eq!(turkish.shape("gördüler"), "-ler");
    }

    #[test]
    fn words_of_several_classes() {
        let lexicon = Lexicon::new(Language::English);
        let classes = lexicon.classes("can't");
        assert!(classes.has(WordClass::Modal) && classes.has(WordClass::Negation));
        assert_eq!(classes.iter().count(), 2);
        assert_eq!(lexicon.classes("zebra"), WordClasses::default());
    }
}
