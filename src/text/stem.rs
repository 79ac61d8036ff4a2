//! Stems: the only file that names rust-stemmers.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use rust_stemmers::{Algorithm, Stemmer as Snowball};
use serde::{Deserialize, Serialize};

macro_rules! languages {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// A language that words can be stemmed in; chosen at training and stored in the model.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Language {
            $(#[doc = $name] $variant),+
        }

        impl Language {
            /// All languages by name.
            pub const ALL: &[Language] = &[$(Language::$variant),+];

            /// The name written on the command line and in model files.
            pub fn name(self) -> &'static str {
                match self { $(Language::$variant => $name),+ }
            }

            fn algorithm(self) -> Algorithm {
                match self { $(Language::$variant => Algorithm::$variant),+ }
            }
        }
    };
}

languages! {
    Arabic "arabic", Danish "danish", Dutch "dutch", English "english", Finnish "finnish",
    French "french", German "german", Greek "greek", Hungarian "hungarian", Italian "italian",
    Norwegian "norwegian", Portuguese "portuguese", Romanian "romanian", Russian "russian",
    Spanish "spanish", Swedish "swedish", Tamil "tamil", Turkish "turkish",
}

/// What stands before an apostrophe without being part of the word: `l'eau`, `qu'elle`, `dell'acqua`.
const FRENCH_ELISIONS: [&str; 13] = [
    "l", "d", "j", "n", "s", "m", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
];
const ITALIAN_ELISIONS: [&str; 9] = ["l", "d", "c", "un", "dell", "all", "nell", "sull", "dall"];

impl Language {
    /// A lower-case word without an article or pronoun that is elided before it: `eau` of `l'eau`.
    pub fn without_elision(self, word: &str) -> &str {
        let elisions: &[&str] = match self {
            Language::French => &FRENCH_ELISIONS,
            Language::Italian => &ITALIAN_ELISIONS,
            _ => return word,
        };
        match word.split_once('\'') {
            Some((elided, rest)) if !rest.is_empty() && elisions.contains(&elided) => rest,
            _ => word,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Language, String> {
        Language::ALL
            .iter()
            .copied()
            .find(|language| language.name() == name)
            .ok_or_else(|| {
                let names: Vec<_> = Language::ALL.iter().map(|l| l.name()).collect();
                format!(
                    "unknown language {name:?}; it must be one of {}",
                    names.join(", ")
                )
            })
    }
}

/// Cuts words down to their stems (`petitions`, `petitioned` -> `petit`).
pub struct Stemmer {
    language: Language,
    snowball: Snowball,
}

impl Stemmer {
    /// The Snowball stemmer of a language.
    pub fn new(language: Language) -> Stemmer {
        Stemmer {
            language,
            snowball: Snowball::create(language.algorithm()),
        }
    }

    /// The language it was made for.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The stem of a lower-case word.
    pub fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        self.snowball.stem(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_stems_and_round_trips() {
        assert_eq!(Language::ALL.len(), 18);
        for &language in Language::ALL {
            assert_eq!(language.name().parse(), Ok(language));
            assert!(!Stemmer::new(language).stem("parlamento").is_empty());
        }
        assert!(
            "klingon"
                .parse::<Language>()
                .unwrap_err()
                .contains("danish")
        );
    }

    #[test]
    fn elisions() {
        for (word, rest) in [
            ("l'eau", "eau"),
            ("qu'elle", "elle"),
            ("aujourd'hui", "aujourd'hui"),
            ("l'", "l'"),
        ] {
            assert_eq!(Language::French.without_elision(word), rest);
        }
        assert_eq!(Language::Italian.without_elision("dell'acqua"), "acqua");
        assert_eq!(Language::English.without_elision("d'oh"), "d'oh");
    }

    /// From the Snowball project's published sample vocabularies.
    #[test]
    fn published_stems() {
        let english = Stemmer::new(Language::English);
        for (word, stem) in [
            ("consistency", "consist"),
            ("knightly", "knight"),
            ("generate", "generat"),
        ] {
            assert_eq!(english.stem(word), stem);
        }
        let german = Stemmer::new(Language::German);
        assert_eq!(german.stem("aufeinanderfolgenden"), "aufeinanderfolg");
        let french = Stemmer::new(Language::French);
        assert_eq!(french.stem("continuellement"), "continuel");
    }
}
