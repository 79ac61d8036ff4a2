//! Word classes that the surface cues count, read from one data file per language.
//!
//! A language without a file has no classes: its models rest on words and marks alone.

use std::collections::HashMap;

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

/// The word classes of one language.
pub struct Lexicon(HashMap<&'static str, WordClasses>);

impl Lexicon {
    /// The lexicon of a language; empty where the project has none yet.
    pub fn new(language: Language) -> Lexicon {
        let source = match language {
            Language::English => include_str!("lexicon/english.txt"),
            _ => "",
        };
        let mut words: HashMap<&'static str, WordClasses> = HashMap::new();
        for (class, word) in entries(source) {
            words.entry(word).or_default().0 |= 1 << class as u8;
        }
        Lexicon(words)
    }

    /// The classes of a lower-case word whose apostrophes are straight.
    pub fn classes(&self, word: &str) -> WordClasses {
        self.0.get(word).copied().unwrap_or_default()
    }
}

/// The (class, word) pairs of a data file; lines that name no class are passed over, which the test
/// below forbids.
fn entries(source: &'static str) -> impl Iterator<Item = (WordClass, &'static str)> {
    source
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .filter_map(|(name, words)| {
            let class = WordClass::ALL.iter().copied().find(|c| c.name() == name)?;
            Some((class, words))
        })
        .flat_map(|(class, words)| words.split_whitespace().map(move |word| (class, word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_file_counts_and_every_class_has_words() {
        let source = include_str!("lexicon/english.txt");
        let lines = source
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            let name = line.split_once(':').map(|(name, _)| name);
            assert!(
                WordClass::ALL.iter().any(|c| Some(c.name()) == name),
                "{line}"
            );
        }
        for &class in WordClass::ALL {
            assert!(entries(source).any(|(c, _)| c == class), "{class:?}");
        }
        for (_, word) in entries(source) {
            assert_eq!(word, word.to_lowercase());
        }
        assert!(WordClass::ALL.len() <= 32);
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
