//! What is wrong with single paragraphs: damaged text, length, furniture, language, quotation marks.

use std::collections::BTreeMap;

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

/// Looks at each row; all but damage is looked for in labelled rows alone.
pub(super) fn check(corpus: &Corpus, findings: &mut Vec<Finding>) {
    let rows: Vec<&LabelledParagraph> = corpus.rows().collect();
    let rules = Rules::default();
    let facts: Vec<Facts> = rows.par_iter().map(|row| Facts::new(row, &rules)).collect();
    let long = long(&facts);
    let most = most_frequent(&facts);
    for (row, facts) in rows.into_iter().zip(facts) {
        let mut add = |kind, what: String| findings.push(Finding::new(kind, what).with_text(row));
        if !facts.damage.is_empty() {
            add(
                FindingKind::Damaged,
                format!("text holds {}", facts.damage.join(", ")),
            );
        }
        if row.label.is_none() {
            continue;
        }
        if let Some(rule) = facts.furniture {
            add(
                FindingKind::Furniture,
                format!("labelled, but furniture by the rule {rule}"),
            );
        }
        if !row.text.contains(char::is_alphabetic) {
            add(
                FindingKind::NoLetters,
                "labelled, but without a letter".to_owned(),
            );
        }
        if row.text.trim().contains("\n\n") {
            add(FindingKind::Glued, "a blank line in the text".to_owned());
        } else if facts.words > long {
            add(FindingKind::TooLong, format!("{} words", facts.words));
        }
        if let (Some(language), Some(most)) = (&facts.language, &most)
            && language != most
        {
            let what = format!("seems to be {language}; most of the data are {most}");
            add(FindingKind::Language, what);
        }
    }
    for article in &corpus.articles {
        quotes(article, findings);
    }
}

/// What is known of a row without looking at others.
struct Facts {
    damage: Vec<&'static str>,
    furniture: Option<String>,
    words: usize,
    language: Option<String>,
}

impl Facts {
    fn new(row: &LabelledParagraph, rules: &Rules) -> Facts {
        let labelled = row.label.is_some();
        let words = row.text.split_whitespace().count();
        let furniture = labelled.then(|| rules.rule_for(row.text.trim())).flatten();
        let language = (labelled && words >= LANGUAGE_WORDS).then(|| tongue(&row.text));
        Facts {
            damage: damage(&row.text),
            furniture: furniture.map(|rule| rule.to_string()),
            words,
            language: language.flatten().map(|name| name.into_owned()),
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

/// The language of most rows; of equal ones the first by name.
fn most_frequent(facts: &[Facts]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for language in facts.iter().filter_map(|facts| facts.language.as_deref()) {
        *counts.entry(language).or_default() += 1;
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
    Some(most.0.to_owned())
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
