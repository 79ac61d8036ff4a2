//! Sentences: which tokens of a paragraph begin one.
//!
//! A sentence begins after `.` `?` `!` `…` and any closing marks, before white space and a word that
//! is not lower case (or a number), unless the full stop belongs to an abbreviation or an initial.
//! The inline parts of flattened lists (`… - **Action:** Start …`) begin sentences too, because what
//! they open with is where a call to action shows.

use super::token::{Case, Token, TokenKind};

/// Words that a full stop follows inside a sentence, in lower case, sorted.
const ABBREVIATIONS: &[&str] = &[
    "adm", "apr", "art", "assn", "aug", "ave", "blvd", "bros", "capt", "cf", "cmdr", "col", "corp",
    "cpl", "dec", "dept", "dr", "ed", "est", "etc", "feb", "fig", "fr", "ft", "gen", "gov", "hon",
    "inc", "jan", "jr", "jul", "jun", "lt", "ltd", "maj", "messrs", "mr", "mrs", "ms", "mt", "nov",
    "oct", "op", "pp", "pres", "prof", "rep", "reps", "rev", "sen", "sens", "sept", "sgt", "sr",
    "st", "supt", "univ", "viz", "vol", "vs",
];

/// Appends the index of the first token of each sentence, ascending; the first is 0.
pub fn sentence_starts(text: &str, tokens: &[Token], starts: &mut Vec<u32>) {
    if tokens.is_empty() {
        return;
    }
    starts.push(0);
    let mut at = 0;
    while at < tokens.len() {
        let TokenKind::Mark(mark) = tokens[at].kind else {
            at += 1;
            continue;
        };
        let next = match mark {
            '.' | '?' | '!' | '…' if !(mark == '.' && is_abbreviation(text, tokens, at)) => {
                after_terminator(text, tokens, at)
            }
            ':' => after_bold_label(tokens, at),
            '-' | '–' | '•' => inline_item(tokens, at),
            _ => None,
        };
        match next {
            Some(next) => {
                starts.push(next as u32);
                at = next.max(at + 1);
            }
            None => at += 1,
        }
    }
    starts.dedup();
}

/// The token that opens a sentence after the terminator at `at`, if one does.
fn after_terminator(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let mut next = at + 1;
    // `?!`, `...` and closing marks stand directly after the terminator.
    while tokens
        .get(next)
        .is_some_and(|t| t.start == tokens[next - 1].end && matches!(t.kind, TokenKind::Mark(_)))
    {
        next += 1;
    }
    let start = tokens.get(next)?;
    if start.start == tokens[next - 1].end {
        return None;
    }
    let mut opener = next;
    while let Some(token) = tokens.get(opener) {
        match token.kind {
            TokenKind::Mark(_) => opener += 1,
            TokenKind::Word(Case::Lower) => {
                // A lower-case word opens a sentence only in scripts without case.
                let c = token.text(text).chars().next()?;
                return (!c.is_lowercase()).then_some(next);
            }
            _ => return Some(next),
        }
    }
    None
}

/// `**Action:** Start …`: what follows a bold label.
fn after_bold_label(tokens: &[Token], at: usize) -> Option<usize> {
    let star = |i: usize| {
        tokens
            .get(i)
            .is_some_and(|t| t.kind == TokenKind::Mark('*'))
    };
    (star(at + 1) && star(at + 2) && at + 3 < tokens.len()).then_some(at + 3)
}

/// `… - Keep …` directly after a label or a sentence, or before a bold part: an inline list item.
fn inline_item(tokens: &[Token], at: usize) -> Option<usize> {
    let (token, next) = (tokens[at], tokens.get(at + 1)?);
    let spaced = next.start > token.end && at > 0 && tokens[at - 1].end < token.start;
    if !spaced {
        return None;
    }
    let after_mark = matches!(
        tokens[at - 1].kind,
        TokenKind::Mark('*' | ':' | '.' | '!' | '?' | ')' | ']')
    );
    let opens = match next.kind {
        TokenKind::Mark('*' | '[') => true,
        TokenKind::Word(case) => case != Case::Lower && after_mark,
        _ => false,
    };
    opens.then_some(at)
}

/// Whether the full stop at `at` ends an abbreviation or an initial (`J.`), stands inside `U.S.`, or
/// belongs to the number of a list item.
fn is_abbreviation(text: &str, tokens: &[Token], at: usize) -> bool {
    let Some(word) = at.checked_sub(1).map(|i| tokens[i]) else {
        return false;
    };
    if at == 1 && word.kind == TokenKind::Number {
        return true;
    }
    if word.end != tokens[at].start || !matches!(word.kind, TokenKind::Word(_)) {
        return false;
    }
    let word = word.text(text);
    let mut chars = word.chars();
    if let (Some(letter), None) = (chars.next(), chars.next()) {
        return letter.is_uppercase() && letter != 'I';
    }
    if word.len() > 6 {
        return false;
    }
    let mut lower = [0u8; 6];
    lower[..word.len()].copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    let Ok(word) = std::str::from_utf8(&lower[..word.len()]) else {
        return false;
    };
    // `no.` is a number's abbreviation only where the number follows.
    let before_number = tokens
        .get(at + 1)
        .is_some_and(|t| t.kind == TokenKind::Number);
    ABBREVIATIONS.binary_search(&word).is_ok() || matches!(word, "no" | "nos") && before_number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    fn sentences(text: &str) -> Vec<&str> {
        let (mut tokens, mut starts) = (Vec::new(), Vec::new());
        tokenize(text, &mut tokens);
        sentence_starts(text, &tokens, &mut starts);
        let mut cuts: Vec<usize> = starts
            .iter()
            .map(|&i| tokens[i as usize].start as usize)
            .collect();
        cuts.push(text.len());
        cuts.windows(2).map(|w| text[w[0]..w[1]].trim()).collect()
    }

    #[test]
    fn plain_sentences() {
        assert_eq!(
            sentences("It rained. Nobody came! Why? 40 did."),
            ["It rained.", "Nobody came!", "Why?", "40 did."]
        );
        assert_eq!(sentences("no end"), ["no end"]);
        assert!(sentences("").is_empty());
    }

    #[test]
    fn abbreviations_and_initials_do_not_end_one() {
        assert_eq!(
            sentences("Sen. J. R. Doe of St. Paul met Mr. Roe. They left."),
            ["Sen. J. R. Doe of St. Paul met Mr. Roe.", "They left."]
        );
        assert_eq!(
            sentences("The U.S. Senate met. So did I. We left."),
            ["The U.S. Senate met.", "So did I.", "We left."]
        );
        assert!(ABBREVIATIONS.is_sorted());
    }

    #[test]
    fn quoted_speech_goes_on_after_its_question_mark() {
        assert_eq!(
            sentences("“Why now?” she asked. “No idea.” He left."),
            ["“Why now?” she asked.", "“No idea.”", "He left."]
        );
        assert_eq!(
            sentences("Wait ... no. (He did.) Yes."),
            ["Wait ... no.", "(He did.)", "Yes."]
        );
    }

    #[test]
    fn inline_list_parts() {
        assert_eq!(
            sentences("1. **Petition:** - **Action:** Start one - **Example:** Use a form"),
            [
                "1. **Petition:**",
                "- **Action:**",
                "Start one",
                "- **Example:**",
                "Use a form"
            ]
        );
        assert_eq!(sentences("a well - known case"), ["a well - known case"]);
    }
}
