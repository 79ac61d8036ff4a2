//! Interviews that are printed as questions and answers: the answers are quoted words, though they
//! carry no marks (see the codebook).
//!
//! A question is a heading that ends with a question mark, or a paragraph that opens with one in its
//! first sentence. A page is an interview when it has at least three questions, at least half of them
//! speak to a "you", and at least half of the paragraphs that answer them speak as "I" or "we". That
//! leaves out lists of frequent questions, where it is the other way round, and rhetorical ones. An
//! answer runs on to the next question or heading; after the last question only as long as it speaks
//! as "I".
//!
//! Or the turns carry the speakers' names: `LIND: …`. Then what all speak but the one who asks is
//! quoted.

use std::collections::{BTreeMap, HashSet};

use memchr::memchr3;

use crate::article::{Article, Kind};

/// Fewer questions make no interview.
const QUESTIONS: usize = 3;
/// A longer question is none.
const QUESTION_BYTES: usize = 240;
/// A longer name is none.
const NAME_BYTES: usize = 40;
/// Fewer turns make no conversation.
const TURNS: usize = 4;

/// Pronouns that speak to somebody, in English, German, French and Spanish.
const YOU: [&str; 26] = [
    "you", "your", "you're", "you've", "you'd", "yours", "yourself", "you'll", "sie", "ihnen",
    "ihr", "ihre", "ihren", "du", "dich", "dein", "vous", "votre", "vos", "tu", "usted", "ustedes",
    "su", "sus", "te", "tus",
];
/// Pronouns of the one who speaks.
const I: [&str; 34] = [
    "i", "i'm", "i've", "i'd", "i'll", "my", "me", "we", "we're", "we've", "we'd", "we'll", "our",
    "us", "ich", "mich", "mir", "mein", "meine", "wir", "uns", "je", "j'ai", "j'étais", "moi",
    "mon", "ma", "nous", "on", "yo", "mi", "nos", "nosotros", "nuestro",
];

/// The numbers of the blocks that are answers.
pub(super) fn answers(article: &Article) -> HashSet<usize> {
    let mut answers: HashSet<usize> = questioned(article).into_iter().collect();
    answers.extend(turns(article));
    answers
}

/// Answers to questions that are told by their marks.
fn questioned(article: &Article) -> Vec<usize> {
    let (mut questions, mut to_you, mut answered, mut as_i) = (0, 0, 0, 0);
    // What follows each heading or question: the paragraphs, and whether it was a question.
    let mut groups: Vec<(bool, Vec<usize>)> = Vec::new();
    for (number, block) in article.blocks().iter().enumerate() {
        let text = article.block_text(block);
        match block.kind {
            Kind::Heading | Kind::Title => {
                let asked = block.kind == Kind::Heading
                    && question(text).is_some_and(|(_, rest)| rest.is_empty());
                questions += usize::from(asked);
                to_you += usize::from(asked && has_word(text, &YOU));
                groups.push((asked, Vec::new()));
            }
            Kind::Paragraph => {
                let opened = question(text).filter(|(_, rest)| !rest.is_empty());
                if let Some((question, _)) = opened {
                    questions += 1;
                    to_you += usize::from(has_word(question, &YOU));
                    groups.push((true, Vec::new()));
                }
                if let Some((asked, group)) = groups.last_mut() {
                    if *asked && group.is_empty() {
                        answered += 1;
                        let answer = opened.map_or(text, |(_, rest)| rest);
                        as_i += usize::from(has_word(answer, &I));
                    }
                    group.push(number);
                }
            }
            Kind::ListItem | Kind::Meta | Kind::Furniture => {}
        }
    }
    if questions < QUESTIONS || to_you * 2 < questions || as_i * 2 < answered {
        return Vec::new();
    }
    // Between the first question and the last, headings without a question mark are the interviewer's.
    let first = groups.iter().position(|(asked, _)| *asked).unwrap_or(0);
    let last = groups.iter().rposition(|(asked, _)| *asked).unwrap_or(0);
    let mut answers: Vec<usize> = groups[first..last]
        .iter()
        .flat_map(|(_, group)| group.iter().copied())
        .collect();
    let speaks_as_i = |&number: &usize| {
        let block = &article.blocks()[number];
        has_word(article.block_text(block), &I)
    };
    let ending = &groups[last].1;
    answers.extend(ending.first());
    answers.extend(
        ending
            .iter()
            .skip(1)
            .take_while(|number| speaks_as_i(number)),
    );
    answers
}

/// Turns under the speakers' names, without those of a speaker who asks. Half of a page's paragraphs
/// must be turns, and half of those must speak as "I" or to a "you": lists carry names as well.
fn turns(article: &Article) -> Vec<usize> {
    let (mut paragraphs, mut spoken, mut personal) = (0, 0, 0);
    // By speaker: the turns, and how many of them end with a question.
    let mut speakers: BTreeMap<&str, (Vec<usize>, usize)> = BTreeMap::new();
    for (number, block) in article.blocks().iter().enumerate() {
        if block.kind == Kind::Paragraph {
            paragraphs += 1;
            let text = article.block_text(block);
            if let Some(name) = speaker(text) {
                let (turns, asking) = speakers.entry(name).or_default();
                turns.push(number);
                *asking += usize::from(text.trim_end().ends_with('?'));
                spoken += 1;
                personal += usize::from(has_word(text, &I) || has_word(text, &YOU));
            }
        }
    }
    if spoken < TURNS || spoken * 2 < paragraphs || personal * 2 < spoken {
        return Vec::new();
    }
    speakers
        .into_values()
        .filter(|(turns, asking)| turns.len() < 2 || asking * 2 < turns.len())
        .flat_map(|(turns, _)| turns)
        .collect()
}

/// The name that a turn opens with: up to four words in capitals or with a capital, then a colon.
fn speaker(text: &str) -> Option<&str> {
    let window = text.len().min(NAME_BYTES);
    let colon = memchr::memchr(b':', &text.as_bytes()[..window])?;
    let name = &text[..colon];
    let named = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let words = name.split_whitespace().count();
    let is_name = (1..=4).contains(&words) && name.split_whitespace().all(named);
    (is_name && text[colon + 1..].starts_with(char::is_whitespace)).then_some(name)
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
        let long = [
            &interview[..3],
            &[
                ("Winters are longer.", Paragraph),
                ("You left once.", Heading),
            ],
            &[("For a year.", Paragraph)],
            &interview[3..],
        ]
        .concat();
        assert_eq!(numbers(&long), [2, 3, 5, 7, 9]);
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

    #[test]
    fn turns_under_names() {
        let p = |text| (text, Kind::Paragraph);
        let talk = [
            p("The two met in May."),
            p("Q: Where were you then?"),
            p("LIND: I was in the tower."),
            p("Q: Were you alone?"),
            p("LIND: Until six."),
            p("Q: And then?"),
            p("LIND: We went home."),
        ];
        assert_eq!(numbers(&talk), [2, 4, 6]);
        assert_eq!(numbers(&talk[..4]), [0; 0]);
        let list = [p("When: at nine."), p("Where: the hall."), p("Price: ten.")];
        assert_eq!(numbers(&[list, list].concat()), [0; 0]);
    }
}
