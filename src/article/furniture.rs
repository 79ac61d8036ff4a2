//! Furniture: words of the page that are not of the article, set aside by named rules.
//!
//! Precision before recall: a rule must never set prose aside. Most rules therefore know whole lines
//! only. Buttons that stand directly against the next paragraph ("Sign Our PetitionThe recent …"),
//! without a space, are cut off it.

mod rules;

use std::collections::HashMap;
use std::sync::LazyLock;

use rules::{MAILING_NOTES, Test};
pub use rules::{RULES, Rule};

/// Longer lines are prose to every rule.
const LINE_BYTES: usize = 240;

/// Longer lines are looked at only when something in them speaks for a rule: most are prose.
const SHORT_BYTES: usize = 100;

/// Whether a longer line shows a sign of the rules that know longer lines: the mark after the phrase
/// of a link, a cookie, a mailing note.
fn may_be_furniture(line: &str) -> bool {
    let head = &line.as_bytes()[..line.len().min(48)];
    memchr::memchr2(b':', b'|', head).is_some()
        || memchr::memmem::find(line.as_bytes(), b"ookie").is_some()
        || MAILING_NOTES.iter().any(|phrase| {
            let start = line.as_bytes().get(..phrase.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(phrase.as_bytes()))
        })
        || line.starts_with(['©', 'Ⓒ', '»', '›', '→'])
        || line.starts_with("Copyright")
}

/// The id of the rule that sets a line aside. The line must be trimmed.
pub fn rule_for(line: &str) -> Option<&'static str> {
    if line.len() > LINE_BYTES || line.len() > SHORT_BYTES && !may_be_furniture(line) {
        return None;
    }
    let lower = line.to_lowercase().replace('’', "'");
    let bare = lower
        .trim_start_matches(['>', '»', '›', '→', '•', '▶', '[', '(', '*', '–', '-', ' '])
        .trim_end_matches([
            '>', '»', '›', '→', ']', ')', '*', ':', '!', '.', '…', '|', '-', '–', ' ',
        ]);
    // A full stop makes a sentence of a phrase: only single words and names of buttons end with one.
    let is_sentence = lower.ends_with('.') && !lower.ends_with("...") && bare.contains(' ');
    if !is_sentence && let Some(&id) = PHRASES.get(bare) {
        return Some(id);
    }
    RULES
        .iter()
        .find(|rule| match rule.test {
            Test::Link(phrases) => phrases.iter().any(|phrase| is_link(&lower, phrase)),
            Test::Line(test) => test(line, &lower),
            Test::Whole(_) | Test::Button(_) => false,
        })
        .map(|rule| rule.id)
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

static PHRASES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut phrases = HashMap::new();
    for rule in RULES {
        if let Test::Whole(words) | Test::Button(words) = rule.test {
            for phrase in words {
                phrases.entry(*phrase).or_insert(rule.id);
            }
        }
    }
    phrases
});

/// Phrases that are cut off paragraphs, by their first letter, longest first.
static GLUED: LazyLock<[Vec<(&'static str, &'static str)>; 26]> = LazyLock::new(|| {
    let mut by_letter: [Vec<(&str, &str)>; 26] = Default::default();
    for rule in RULES {
        if let Test::Button(phrases) = rule.test {
            for phrase in phrases {
                let letter = phrase.as_bytes()[0].to_ascii_lowercase();
                by_letter[usize::from(letter.wrapping_sub(b'a')).min(25)].push((*phrase, rule.id));
            }
        }
    }
    for phrases in &mut by_letter {
        phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    }
    by_letter
});

/// A button at the start of a paragraph, without a space before the paragraph's own first letter:
/// the button's length in bytes and its rule.
pub fn glued_start(text: &str) -> Option<(usize, &'static str)> {
    let first = text.as_bytes().first()?;
    if !first.is_ascii_uppercase() {
        return None;
    }
    GLUED[usize::from(first - b'A')]
        .iter()
        .find_map(|&(phrase, id)| {
            let head = text.as_bytes().get(..phrase.len())?;
            let next = text.get(phrase.len()..)?.chars().next()?;
            let glued = next.is_uppercase() || matches!(next, '"' | '“' | '‘');
            // In a run of capitals the next capital may be of the same word.
            let shouted = head[1..].iter().all(|byte| !byte.is_ascii_lowercase());
            (glued && !shouted && head.eq_ignore_ascii_case(phrase.as_bytes()))
                .then_some((phrase.len(), id))
        })
}

/// A button at the end of a paragraph, directly after its final mark: where the button starts, and
/// its rule.
pub fn glued_end(text: &str) -> Option<(usize, &'static str)> {
    const LONGEST: usize = 48;
    if !text.ends_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let from = text.len().saturating_sub(LONGEST);
    let from = (from..text.len()).find(|&at| text.is_char_boundary(at))?;
    let tail = &text[from..];
    let mark = tail.rfind(['.', '!', '?', '”', '"', '’'])?;
    let start = mark + tail[mark..].chars().next()?.len_utf8();
    let button = &tail[start..];
    let letter = button
        .as_bytes()
        .first()
        .filter(|byte| byte.is_ascii_uppercase())?;
    let phrases = &GLUED[usize::from(letter - b'A')];
    let (_, id) = phrases
        .iter()
        .find(|(phrase, _)| button.eq_ignore_ascii_case(phrase))?;
    Some((from + start, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_knows_its_example_and_no_rule_the_counter_example() {
        for rule in RULES {
            assert_eq!(rule_for(rule.example), Some(rule.id), "{}", rule.example);
            assert_eq!(
                rule_for(rule.counter_example),
                None,
                "{}",
                rule.counter_example
            );
            assert!(!rule.reason.is_empty() && !rule.language.is_empty());
        }
    }

    #[test]
    fn ids_are_unique_and_phrases_lower_case() {
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            if let Test::Whole(words) | Test::Button(words) | Test::Link(words) = rule.test {
                for word in words {
                    assert_eq!(*word, word.to_lowercase());
                }
            }
        }
    }

    #[test]
    fn buttons_glued_to_paragraphs() {
        let glued = glued_start("Sign Our PetitionThe recent vote");
        assert_eq!(glued, Some(("Sign Our Petition".len(), "sign_up_button")));
        let long = glued_start("Story continues below this adThe port");
        assert_eq!(
            long.map(|(length, _)| length),
            Some("Story continues below this ad".len())
        );
        for prose in [
            "Sign our petition today",
            "Sign Our Petitioners",
            "Take actions",
            "ADVERTISEMENTS RUN",
            "The vote",
        ] {
            assert_eq!(glued_start(prose), None, "{prose}");
        }
        assert_eq!(
            glued_end("It closed.Advertisement"),
            Some((10, "advertisement"))
        );
        assert_eq!(glued_end("He likes an Advertisement"), None);
        assert_eq!(glued_end("Advertisement"), None);
    }
}
