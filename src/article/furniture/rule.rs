//! One rule: as it is written in a file, and checked.

use regex::Regex;
use serde::Deserialize;

/// A file of rules as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Built-in rules that are not wanted.
    #[serde(default)]
    pub(super) disable: Vec<String>,
    #[serde(default)]
    pub(super) rule: Vec<toml::Spanned<Rule>>,
}

/// A rule that knows furniture.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name in reports.
    pub id: String,
    /// Why such a line is not of the article.
    pub reason: String,
    /// Language of the words it knows (ISO 639-1), or `*` for all.
    pub language: String,
    /// A line that it sets aside.
    pub example: String,
    /// A line, alike, that it must not set aside.
    pub counter_example: String,
    #[serde(default)]
    pub(super) whole: Vec<String>,
    #[serde(default)]
    pub(super) button: Vec<String>,
    #[serde(default)]
    pub(super) link: Vec<String>,
    #[serde(default)]
    pub(super) starts: Vec<String>,
    #[serde(default)]
    pub(super) all: Vec<String>,
    #[serde(default)]
    pub(super) any: Vec<String>,
    pub(super) shape: Option<Shape>,
    #[serde(default)]
    pub(super) words: Vec<String>,
    #[serde(default, deserialize_with = "pattern")]
    pub(super) pattern: Option<Regex>,
}

/// Shapes of lines, filled with the rule's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shape {
    Count,
    ReadingTime,
    Greeting,
    Closing,
    NamedLink,
    BareLink,
    Marks,
}

/// A regular expression that must fit a whole line; its size is bounded.
fn pattern<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Regex>, D::Error> {
    const LARGEST: usize = 1 << 20;
    let pattern = String::deserialize(value)?;
    regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(LARGEST)
        .build()
        .map(Some)
        .map_err(serde::de::Error::custom)
}

impl Rule {
    /// What is wrong with it, if anything is.
    pub(super) fn fault(&self) -> Option<String> {
        let lists = [
            &self.whole,
            &self.button,
            &self.link,
            &self.starts,
            &self.all,
            &self.any,
            &self.words,
        ];
        let mut phrases = lists.into_iter().flatten();
        if let Some(phrase) = phrases.find(|phrase| {
            phrase.trim().is_empty() || **phrase != phrase.to_lowercase().replace('’', "'")
        }) {
            return Some(format!(
                "phrase {phrase:?} must be in lower case, with straight apostrophes, and not empty"
            ));
        }
        let knows = self.shape.is_some()
            || self.pattern.is_some()
            || lists[..5].iter().any(|list| !list.is_empty());
        if !knows {
            return Some(
                "knows no line: give whole, button, link, starts, all, shape or pattern".to_owned(),
            );
        }
        if !self.any.is_empty() && self.all.is_empty() {
            return Some("`any` needs `all`".to_owned());
        }
        if let Some(phrase) = self
            .button
            .iter()
            .find(|phrase| !phrase.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            return Some(format!(
                "button {phrase:?} must begin with a letter from a to z"
            ));
        }
        None
    }

    /// Whether a line fits in any way but `whole` and `button`, which are looked up for all rules at once.
    /// `lower` is the line in lower case with straight apostrophes.
    pub(super) fn fits(&self, line: &str, lower: &str) -> bool {
        self.link.iter().any(|phrase| is_link(lower, phrase))
            || self
                .starts
                .iter()
                .any(|phrase| lower.starts_with(phrase.as_str()))
            || !self.all.is_empty()
                && self.all.iter().all(|part| lower.contains(part.as_str()))
                && (self.any.is_empty()
                    || self.any.iter().any(|part| lower.contains(part.as_str())))
            || self
                .shape
                .is_some_and(|shape| shape.fits(&self.words, line, lower))
            || self
                .pattern
                .as_ref()
                .is_some_and(|pattern| pattern.is_match(lower))
    }
}

/// `also read: | …`: the phrase, then a colon or bar, then anything.
fn is_link(lower: &str, phrase: &str) -> bool {
    lower.strip_prefix(phrase).is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with([':', '|', '»', '›', '→'])
            || rest.starts_with("- ")
            || rest.starts_with("– ")
    })
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "www."]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Whether the last word of a line is a web address.
pub(super) fn ends_with_address(line: &str) -> bool {
    let last = memchr::memrchr(b' ', line.as_bytes()).map_or(0, |space| space + 1);
    let word = &line.as_bytes()[last..];
    ["http", "www."].iter().any(|start| {
        let head = word.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
    })
}

impl Shape {
    fn fits(self, words: &[String], line: &str, lower: &str) -> bool {
        let first_of = |ends: &[char]| {
            words.iter().any(|word| {
                lower
                    .strip_prefix(word.as_str())
                    .is_some_and(|rest| rest.starts_with(ends))
            })
        };
        match self {
            Shape::Count => {
                let mut parts = lower.split_whitespace();
                let number = parts.next().is_some_and(|part| {
                    part.starts_with(|c: char| c.is_ascii_digit())
                        && part
                            .chars()
                            .all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | 'k' | 'm'))
                });
                let counted = parts
                    .next()
                    .is_some_and(|part| words.iter().any(|word| word == part));
                number && counted && parts.next().is_none()
            }
            Shape::ReadingTime => {
                const LONGEST: usize = 20;
                lower.len() < LONGEST
                    && lower.starts_with(|c: char| c.is_ascii_digit())
                    && words.iter().any(|word| {
                        lower
                            .strip_suffix(word.as_str())
                            .is_some_and(|rest| rest.ends_with(' '))
                    })
            }
            Shape::Greeting => {
                line.ends_with([',', ':'])
                    && lower.split_whitespace().count() <= 8
                    && first_of(&[' ', ','])
            }
            Shape::Closing => {
                line.ends_with(',')
                    && lower.split_whitespace().count() <= 6
                    && first_of(&[' ', ','])
            }
            Shape::NamedLink => {
                let Some((name, address)) = line.rsplit_once(' ') else {
                    return false;
                };
                let name_only = name.ends_with(':')
                    && name.split_whitespace().count() <= 6
                    && name.split_whitespace().all(|word| {
                        !word.starts_with(char::is_lowercase)
                            || matches!(word, "of" | "for" | "the" | "and" | "on" | "in")
                    });
                is_address(address) && (name_only || first_of(&[' ']))
            }
            Shape::BareLink => is_address(lower) && !line.contains(char::is_whitespace),
            Shape::Marks => !line.contains(char::is_alphanumeric),
        }
    }
}
