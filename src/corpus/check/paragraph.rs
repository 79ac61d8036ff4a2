//! What is wrong with single paragraphs: damaged text, length, furniture, language, quotation marks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::damage::damage;
use super::{Finding, FindingKind};
use crate::article::furniture::Rules;
use crate::corpus::{Corpus, LabelledArticle, LabelledParagraph};
use crate::text::tongue::tongue;

/// Above this many words a paragraph is unusually long in any data.
const LONG: usize = 1000;
/// In so many rows, three times what one in a thousand exceeds is unusually long too.
const ROWS: usize = 1000;
/// Below this many words a language is not told reliably.
const LANGUAGE_WORDS: usize = 20;
/// Rows that tell the language of most.
const SAMPLE: usize = 500;
/// A row of whose words more than this share are words of the data's language is in it, and its language
/// is not asked for: that is slow, and errs on names.
const KNOWN: f64 = 0.35;

/// Looks at each row; all but damage is looked for in labelled rows alone.
pub(super) fn check(corpus: &Corpus, findings: &mut Vec<Finding>) {
    let rows: Vec<&LabelledParagraph> = corpus.rows().collect();
    let rules = Rules::default();
    let most = Tongue::new(&rows);
    let facts: Vec<Facts> = rows
        .par_iter()
        .map(|row| Facts::new(row, &rules, most.as_ref()))
        .collect();
    let long = long(&facts);
    for (row, facts) in rows.into_iter().zip(facts) {
        findings.extend(damaged(row, &facts.damage));
        let glued = glued(row);
        let is_glued = glued.is_some();
        findings.extend(glued);
        let mut add = |kind, what: String| findings.push(Finding::new(kind, what).with_text(row));
        if row.label.is_none() {
            continue;
        }
        if let Some(rule) = facts.furniture {
            add(
                FindingKind::Furniture,
                format!("labelled, but furniture by the rule {rule}"),
            );
        } else if !row.text.contains(char::is_alphabetic) {
            add(
                FindingKind::NoLetters,
                "labelled, but without a letter".to_owned(),
            );
        }
        if !is_glued && facts.words > long {
            add(FindingKind::TooLong, format!("{} words", facts.words));
        }
        if let (Some(language), Some(most)) = (&facts.other_language, &most) {
            let what = format!("seems to be {language}; most of the data are {}", most.name);
            add(FindingKind::Language, what);
        }
    }
    for article in &corpus.articles {
        quotes(article, findings);
    }
}

/// Looks for damage, and for several paragraphs in a row: all that is more than a note.
pub(super) fn check_briefly(corpus: &Corpus, findings: &mut Vec<Finding>) {
    let rows: Vec<&LabelledParagraph> = corpus.rows().collect();
    let damages: Vec<Vec<&'static str>> = rows.par_iter().map(|row| damage(&row.text)).collect();
    for (row, damage) in rows.into_iter().zip(damages) {
        findings.extend(damaged(row, &damage));
        findings.extend(glued(row));
    }
}

fn damaged(row: &LabelledParagraph, damage: &[&'static str]) -> Option<Finding> {
    let what = || format!("text holds {}", damage.join(", "));
    (!damage.is_empty()).then(|| Finding::new(FindingKind::Damaged, what()).with_text(row))
}

fn glued(row: &LabelledParagraph) -> Option<Finding> {
    let is_glued = row.label.is_some() && row.text.trim().contains("\n\n");
    let what = "a blank line in the text";
    is_glued.then(|| Finding::new(FindingKind::Glued, what).with_text(row))
}

/// What is known of a row without looking at others.
struct Facts {
    damage: Vec<&'static str>,
    furniture: Option<String>,
    words: usize,
    other_language: Option<String>,
}

impl Facts {
    fn new(row: &LabelledParagraph, rules: &Rules, most: Option<&Tongue>) -> Facts {
        let labelled = row.label.is_some();
        let words = row.text.split_whitespace().count();
        let furniture = labelled.then(|| rules.rule_for(row.text.trim())).flatten();
        let other = most.filter(|_| labelled && words >= LANGUAGE_WORDS);
        Facts {
            damage: damage(&row.text),
            furniture: furniture.map(|rule| rule.to_string()),
            words,
            other_language: other.and_then(|most| most.other(&row.text)),
        }
    }
}

/// Words above which a paragraph is unusually long.
fn long(facts: &[Facts]) -> usize {
    if facts.len() < ROWS {
        return LONG;
    }
    let mut words: Vec<usize> = facts.iter().map(|facts| facts.words).collect();
    let place = words.len() - 1 - words.len() / 1000;
    let (_, &mut usual, _) = words.select_nth_unstable(place);
    LONG.min(3 * usual)
}

/// The language of most rows, and its words.
struct Tongue {
    name: String,
    /// Hashes of words that stand in two or more of the rows.
    words: HashSet<u64, FixedState>,
}

impl Tongue {
    /// Asks for the language of some rows; of equally frequent ones the first by name is that of most.
    fn new(rows: &[&LabelledParagraph]) -> Option<Tongue> {
        let long = |row: &&&LabelledParagraph| {
            row.label.is_some()
                && row
                    .text
                    .split_whitespace()
                    .nth(LANGUAGE_WORDS - 1)
                    .is_some()
        };
        let long: Vec<&str> = rows
            .iter()
            .filter(long)
            .map(|row| row.text.as_str())
            .collect();
        let sample = long.iter().step_by(long.len().div_ceil(SAMPLE).max(1));
        let mut told: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for text in sample {
            if let Some(name) = tongue(text) {
                told.entry(name.into_owned()).or_default().push(text);
            }
        }
        let most = told.into_iter().rev().max_by_key(|(_, texts)| texts.len());
        let (name, texts) = most?;
        let mut holders: HashMap<u64, usize> = HashMap::new();
        for text in texts {
            for word in hashes(text).collect::<HashSet<u64>>() {
                *holders.entry(word).or_default() += 1;
            }
        }
        let words = holders.into_iter().filter(|(_, holders)| *holders > 1);
        let words = words.map(|(word, _)| word).collect();
        Some(Tongue { name, words })
    }

    /// The language of a text, where it is another one.
    fn other(&self, text: &str) -> Option<String> {
        let (mut known, mut all) = (0, 0);
        for word in hashes(text) {
            all += 1;
            known += usize::from(self.words.contains(&word));
        }
        if known as f64 > KNOWN * f64::from(all) {
            return None;
        }
        let name = tongue(text)?;
        (name != self.name).then(|| name.into_owned())
    }
}

/// Hashes of a text's words.
fn hashes(text: &str) -> impl Iterator<Item = u64> {
    let state = FixedState::default();
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(move |word| state.hash_one(word.to_lowercase()))
}

/// Quotations in curly marks that do not match. A quotation may run over paragraphs, opened anew in each
/// or not; what is opened inside a paragraph while one is open, or closed while none is, does not match.
fn quotes(article: &LabelledArticle, findings: &mut Vec<Finding>) {
    let mut open: Option<&LabelledParagraph> = None;
    let mut add = |row: &LabelledParagraph, what: &str| {
        findings.push(Finding::new(FindingKind::Quotes, what).with_text(row));
    };
    for row in &article.paragraphs {
        if row.text.contains('„') {
            // The closing mark of German is the opening one of English.
            return;
        }
        let text = row.text.trim_start();
        for (at, mark) in text.match_indices(['“', '”']) {
            match (mark, open) {
                ("“", Some(opened)) if at > 0 => {
                    add(
                        opened,
                        "a quotation is opened and not closed before the next one",
                    );
                    open = Some(row);
                }
                ("“", _) => open = Some(row),
                (_, None) => add(row, "a quotation is closed and was not opened"),
                (_, Some(_)) => open = None,
            }
        }
    }
    if let Some(opened) = open {
        add(
            opened,
            "a quotation is opened and not closed to the article's end",
        );
    }
}
