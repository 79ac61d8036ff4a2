//! Interviews that are printed as questions and answers: the answers are quoted words, though they
//! carry no marks (see the codebook).
//!
//! A question is a heading that ends with a question mark, or a paragraph that opens with one in its
//! first sentence. A page is an interview when it has at least three questions, at least half of them
//! speak to a "you", and at least half of the paragraphs that answer them speak as "I" or "we". That
//! leaves out lists of frequent questions, where it is the other way round, and rhetorical ones.

use std::collections::HashSet;

use memchr::memchr3;

use crate::article::{Article, Kind};

/// Fewer questions make no interview.
const QUESTIONS: usize = 3;
/// A longer question is none.
const QUESTION_BYTES: usize = 240;

const YOU: [&str; 8] = [
    "you", "your", "you're", "you've", "you'd", "yours", "yourself", "you'll",
];
const I: [&str; 14] = [
    "i", "i'm", "i've", "i'd", "i'll", "my", "me", "we", "we're", "we've", "we'd", "we'll", "our",
    "us",
];

/// The numbers of the blocks that are answers.
pub(super) fn answers(article: &Article) -> HashSet<usize> {
    let mut answers = HashSet::new();
    let (mut questions, mut to_you, mut as_i) = (0, 0, 0);
    let mut asked = false;
    for (number, block) in article.blocks().iter().enumerate() {
        match block.kind {
            Kind::Heading | Kind::Title => {
                let text = article.block_text(block);
                asked = block.kind == Kind::Heading
                    && question(text).is_some_and(|(_, rest)| rest.is_empty());
                questions += usize::from(asked);
                to_you += usize::from(asked && has_word(text, &YOU));
            }
            Kind::Paragraph => {
                let text = article.block_text(block);
                let opened = question(text).filter(|(_, rest)| !rest.is_empty());
                if let Some((question, _)) = opened {
                    questions += 1;
                    to_you += usize::from(has_word(question, &YOU));
                }
                if asked || opened.is_some() {
                    answers.insert(number);
                    let answer = opened.map_or(text, |(_, rest)| rest);
                    as_i += usize::from(has_word(answer, &I));
                }
                asked = false;
            }
            Kind::ListItem => asked = false,
            Kind::Meta | Kind::Furniture => {}
        }
    }
    let is_interview =
        questions >= QUESTIONS && to_you * 2 >= questions && as_i * 2 >= answers.len();
    if !is_interview {
        answers.clear();
    }
    answers
}

/// The question that a text opens with, and what follows it.
fn question(text: &str) -> Option<(&str, &str)> {
    let window = text.len().min(QUESTION_BYTES);
    let end = memchr3(b'?', b'.', b'!', &text.as_bytes()[..window])?;
    let asked = text[end..].starts_with('?') && !text[..end].contains(['"', '“', '”']);
    asked.then(|| (&text[..end], text[end + 1..].trim()))
}

fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')))
        .any(|word| {
            word.len() <= 12 && words.contains(&word.to_lowercase().replace('’', "'").as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(rows: &[(&str, Kind)]) -> Vec<usize> {
        let article =
            Article::from_paragraphs(rows.iter().map(|&(text, kind)| (text, kind, false)));
        let mut numbers: Vec<usize> = answers(&article).into_iter().collect();
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn questions_as_headings() {
        use Kind::{Heading, Paragraph};
        let interview = [
            ("Mara Lind keeps the lighthouse.", Paragraph),
            ("What do you do all day?", Heading),
            ("I paint, mostly.", Paragraph),
            ("Did you ever want to leave?", Heading),
            ("We thought about it.", Paragraph),
            ("And your plans?", Heading),
            ("None.", Paragraph),
            ("She locked the door.", Paragraph),
        ];
        assert_eq!(numbers(&interview), [2, 4, 6]);
        assert_eq!(numbers(&interview[..5]), [0; 0]);
    }

    #[test]
    fn questions_inside_the_paragraphs() {
        let row = (
            "What did you do next? I went home and slept.",
            Kind::Paragraph,
        );
        assert_eq!(numbers(&[row; 4]), [0, 1, 2, 3]);
    }

    #[test]
    fn frequent_questions_are_no_interview() {
        use Kind::{Heading, Paragraph};
        let page = [
            ("What is the levy?", Heading),
            ("A charge on sand.", Paragraph),
            ("Who pays it?", Heading),
            ("Every quarry does.", Paragraph),
            ("How can I object?", Heading),
            ("You can write to the board.", Paragraph),
        ];
        assert_eq!(numbers(&page), [0; 0]);
    }
}
