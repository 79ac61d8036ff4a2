//! Surface cues: what shows without knowing the words — quotation marks, person, tense and mood by
//! word class, punctuation, figures, length.
//!
//! Every cue is a number in `[0, 1]`; most are 0 or 1, and quantities are given in steps (`length >=
//! 20` …), so that a linear classifier can bend. Word classes are counted outside quotation marks
//! only: what a source says does not show what the author does.

use std::sync::LazyLock;

use super::lexicon::WordClass;
use super::paragraph::{Item, Paragraph, ParagraphReader, Place};
use crate::text::TokenKind;

/// Steps of the share of words that stand in quotation marks.
const QUOTED_STEPS: [f32; 8] = [0.02, 0.1, 0.2, 0.33, 0.45, 0.6, 0.75, 0.9];
/// Finer steps around a third of the letters, where the codebook draws the line of a quotation: there a
/// run of names must count as what it is, and not as one masked word.
const QUOTED_LETTER_STEPS: [f32; 5] = [0.25, 0.3, 1.0 / 3.0, 0.37, 0.42];
/// Steps of the number of words.
const LENGTH_STEPS: [usize; 7] = [4, 8, 15, 25, 40, 70, 120];
/// Steps of the share of words that are masked names, and numbers.
const NAME_STEPS: [f32; 3] = [0.04, 0.1, 0.2];
const NUMBER_STEPS: [f32; 3] = [0.02, 0.06, 0.15];
/// Steps of the mean number of words in a sentence.
const SENTENCE_STEPS: [usize; 3] = [8, 16, 28];
/// A class whose words make up this share of the paragraph counts as full.
const FULL_RATE: f32 = 0.12;

/// The single cues, in order, before the stepped ones and those by word class.
#[derive(Clone, Copy)]
enum Single {
    OpensWithMark,
    OddMarks,
    CarriedIn,
    Unclosed,
    ListItem,
    Question,
    QuestionInQuotes,
    Exclamation,
    Dash,
    Semicolon,
    Brackets,
    Ellipsis,
    Money,
    Address,
    Shouted,
    Dateline,
    OneSentence,
    EndsWithoutStop,
    EndsWithAddress,
    NoQuotes,
}

const SINGLES: [(Single, &str); 20] = [
    (Single::OpensWithMark, "opens with a quotation mark"),
    (Single::OddMarks, "odd number of quotation marks"),
    (Single::CarriedIn, "quotation runs on from before"),
    (Single::Unclosed, "quotation left open"),
    (Single::ListItem, "list item"),
    (Single::Question, "question outside quotes"),
    (Single::QuestionInQuotes, "question in quotes"),
    (Single::Exclamation, "exclamation outside quotes"),
    (Single::Dash, "dash"),
    (Single::Semicolon, "semicolon"),
    (Single::Brackets, "brackets"),
    (Single::Ellipsis, "ellipsis"),
    (Single::Money, "money"),
    (Single::Address, "web or mail address"),
    (Single::Shouted, "word in capitals"),
    (Single::Dateline, "dateline"),
    (Single::OneSentence, "one sentence"),
    (Single::EndsWithoutStop, "ends without full stop"),
    (Single::EndsWithAddress, "ends with an address"),
    (Single::NoQuotes, "nothing quoted"),
];

/// What a full cue weighs in the row, whose words together have length 1. Measured: more makes no
/// better labels, and the solver slower, since its pace goes by the squared length of rows.
const WEIGHT: f32 = 0.4;

/// Three cues a word class: it occurs; its share of the words; it opens a sentence.
const BY_CLASS: usize = 3;

static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<String> = SINGLES.iter().map(|(_, name)| (*name).to_owned()).collect();
    let percent = |share: f32| (share * 100.0).round();
    names.extend(QUOTED_STEPS.map(|s| format!("quoted words >= {}%", percent(s))));
    names.extend(QUOTED_LETTER_STEPS.map(|s| format!("quoted letters >= {}%", percent(s))));
    names.extend(LENGTH_STEPS.map(|n| format!("words >= {n}")));
    names.extend(NAME_STEPS.map(|s| format!("names >= {}%", percent(s))));
    names.extend(NUMBER_STEPS.map(|s| format!("numbers >= {}%", percent(s))));
    names.extend(SENTENCE_STEPS.map(|n| format!("words a sentence >= {n}")));
    for class in WordClass::ALL {
        let class = class.name();
        names.push(format!("has {class}"));
        names.push(format!("share of {class}"));
        names.push(format!("sentence opens with {class}"));
    }
    names
});

/// What each cue is, in the order of their columns.
pub fn names() -> &'static [String] {
    &NAMES
}

/// Appends the cues of the paragraph that the reader has read last, as (column, value) for those
/// that are not 0; the first cue has column `first`.
pub fn append(
    paragraph: &Paragraph<'_>,
    reader: &ParagraphReader<'_>,
    first: u32,
    row: &mut Vec<(u32, f32)>,
) {
    let items = &reader.items;
    let marks = Marks::count(paragraph, reader);
    let words = items.len();
    let share = |count: usize| count as f32 / words.max(1) as f32;
    let places = Places::count(items);
    let quoted = share(places.quoted);
    let last_place = items.last().map(|item| item.place).unwrap_or_default();

    let mut column = first;
    let mut put = |value: f32| {
        if value != 0.0 {
            row.push((column, value * WEIGHT));
        }
        column += 1;
    };
    for (single, _) in SINGLES {
        put(f32::from(u8::from(match single {
            Single::OpensWithMark => marks.opens_with_quote,
            Single::OddMarks => marks.quotes % 2 == 1,
            Single::CarriedIn => paragraph.carried_in,
            Single::Unclosed => paragraph.unclosed,
            Single::ListItem => paragraph.list_item,
            Single::Question => marks.question,
            Single::QuestionInQuotes => marks.question_in_quotes,
            Single::Exclamation => marks.exclamation,
            Single::Dash => marks.dash,
            Single::Semicolon => marks.semicolon,
            Single::Brackets => marks.brackets,
            Single::Ellipsis => marks.ellipsis,
            Single::Money => marks.money,
            Single::Address => places.addresses > 0,
            Single::Shouted => places.shouted > 0,
            Single::Dateline => is_dateline(paragraph.text),
            Single::OneSentence => reader.sentences.len() == 1,
            Single::EndsWithoutStop => !marks.ends_with_stop,
            Single::EndsWithAddress => last_place.has(Place::ADDRESS),
            Single::NoQuotes => quoted == 0.0 && marks.quotes == 0,
        })));
    }
    let mut step = |reached: bool| put(f32::from(u8::from(reached)));
    QUOTED_STEPS.into_iter().for_each(|s| step(quoted >= s));
    let letters = quoted_letters(paragraph);
    QUOTED_LETTER_STEPS
        .into_iter()
        .for_each(|s| step(letters >= s));
    LENGTH_STEPS.into_iter().for_each(|n| step(words >= n));
    let names = share(places.names);
    NAME_STEPS.into_iter().for_each(|s| step(names >= s));
    let numbers = share(places.numbers);
    NUMBER_STEPS.into_iter().for_each(|s| step(numbers >= s));
    let per_sentence = words / reader.sentences.len().max(1);
    SENTENCE_STEPS
        .into_iter()
        .for_each(|n| step(per_sentence >= n));

    append_classes(items, column, row);
}

/// Share of the paragraph's bytes that stand in quotation marks.
fn quoted_letters(paragraph: &Paragraph<'_>) -> f32 {
    let quoted: u32 = paragraph.quoted.iter().map(|r| r.end - r.start).sum();
    quoted as f32 / paragraph.text.len().max(1) as f32
}

/// How many words stand where.
#[derive(Default)]
struct Places {
    quoted: usize,
    names: usize,
    numbers: usize,
    addresses: usize,
    shouted: usize,
}

impl Places {
    fn count(items: &[Item]) -> Places {
        let mut places = Places::default();
        for Item { place, .. } in items {
            places.quoted += usize::from(place.has(Place::QUOTED));
            places.names += usize::from(place.has(Place::NAME));
            places.numbers += usize::from(place.has(Place::NUMBER));
            places.addresses += usize::from(place.has(Place::ADDRESS));
            places.shouted += usize::from(place.has(Place::SHOUTED));
        }
        places
    }
}

fn append_classes(items: &[Item], first: u32, row: &mut Vec<(u32, f32)>) {
    let mut counts = [0u32; WordClass::ALL.len()];
    let mut opens = [false; WordClass::ALL.len()];
    let mut outside = 0;
    for item in items.iter().filter(|item| !item.place.has(Place::QUOTED)) {
        outside += 1;
        for class in item.classes.iter() {
            counts[class] += 1;
            opens[class] |= item.place.has(Place::INITIAL);
        }
    }
    for (class, &count) in counts.iter().enumerate() {
        if count > 0 {
            let column = first + (class * BY_CLASS) as u32;
            let rate = count as f32 / outside as f32;
            row.push((column, WEIGHT));
            row.push((column + 1, (rate / FULL_RATE).min(1.0) * WEIGHT));
            if opens[class] {
                row.push((column + 2, WEIGHT));
            }
        }
    }
}

/// What the marks of a paragraph show.
#[derive(Default)]
struct Marks {
    opens_with_quote: bool,
    quotes: u32,
    question: bool,
    question_in_quotes: bool,
    exclamation: bool,
    dash: bool,
    semicolon: bool,
    brackets: bool,
    ellipsis: bool,
    money: bool,
    ends_with_stop: bool,
}

impl Marks {
    fn count(paragraph: &Paragraph<'_>, reader: &ParagraphReader<'_>) -> Marks {
        let mut marks = Marks::default();
        let mut ranges = paragraph.quoted;
        for (at, token) in reader.tokens.iter().enumerate() {
            let TokenKind::Mark(mark) = token.kind else {
                marks.ends_with_stop = false;
                continue;
            };
            while ranges.first().is_some_and(|range| range.end <= token.start) {
                ranges = &ranges[1..];
            }
            let quoted = ranges
                .first()
                .is_some_and(|range| range.start <= token.start);
            match mark {
                '"' | '“' | '”' | '„' | '«' | '»' => {
                    marks.quotes += 1;
                    marks.opens_with_quote |= at == 0;
                }
                '\'' | '‘' | '`' => marks.opens_with_quote |= at == 0,
                '?' if quoted => marks.question_in_quotes = true,
                '?' => marks.question = true,
                '!' => marks.exclamation |= !quoted,
                '–' | '—' => marks.dash |= !quoted,
                ';' => marks.semicolon |= !quoted,
                '(' => marks.brackets |= !quoted,
                '…' => marks.ellipsis |= !quoted,
                '$' | '£' | '€' | '₹' => marks.money = true,
                _ => {}
            }
            let stop = matches!(mark, '.' | '?' | '!' | '…');
            let closer = matches!(mark, '"' | '”' | '’' | '\'' | ')' | ']' | '*' | '»');
            marks.ends_with_stop = stop || closer && marks.ends_with_stop;
        }
        marks
    }
}

/// `WASHINGTON (AP) — …`, `LAHORE: …`: a place in capitals, then a dash or a colon.
fn is_dateline(text: &str) -> bool {
    let head_end = text.char_indices().nth(60).map_or(text.len(), |(at, _)| at);
    let head = &text[..head_end];
    let Some(end) = head
        .find(['—', '–', ':'])
        .or_else(|| head.find(" - "))
        .or_else(|| head.find("--"))
    else {
        return false;
    };
    let place = &head[..end];
    let first = place.split([' ', ',', '(']).next().unwrap_or("");
    first.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && first
            .chars()
            .all(|c| c.is_uppercase() || !c.is_alphabetic())
        && !place.contains(". ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::FeatureSet;
    use crate::features::lexicon::Lexicon;
    use crate::features::paragraph::{TermId, TermIds};
    use crate::text::Language;
    use crate::text::quote::QuoteScanner;
    use proptest::prelude::*;

    struct NoTerms;

    impl TermIds for NoTerms {
        fn term_id(&mut self, _: &str) -> TermId {
            crate::features::paragraph::UNKNOWN
        }
    }

    /// The cues that are on, with their values as a share of a full one.
    fn cues(text: &str) -> Vec<(String, f32)> {
        let lexicon = Lexicon::new(Language::English);
        let mut reader = ParagraphReader::new(Language::English, FeatureSet::Style, &lexicon);
        let mut quoted = Vec::new();
        let unclosed = QuoteScanner::default().scan(text, false, &mut quoted);
        let paragraph = Paragraph {
            text,
            quoted: &quoted,
            unclosed,
            ..Paragraph::default()
        };
        reader.read(&paragraph, &mut NoTerms);
        let mut row = Vec::new();
        append(&paragraph, &reader, 0, &mut row);
        let name = |column: u32| names()[column as usize].clone();
        row.into_iter()
            .map(|(column, value)| (name(column), value / WEIGHT))
            .collect()
    }

    fn on(text: &str) -> Vec<String> {
        cues(text).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn names_are_unique() {
        let mut sorted = names().to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), names().len());
    }

    /// Three of five words are quoted, 60 %; `said` is one of the two outside.
    #[test]
    fn a_quotation() {
        let got = cues("“We never knew,” he said.");
        let names: Vec<&str> = got.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "opens with a quotation mark",
                "one sentence",
                "quoted words >= 2%",
                "quoted words >= 10%",
                "quoted words >= 20%",
                "quoted words >= 33%",
                "quoted words >= 45%",
                "quoted words >= 60%",
                "quoted letters >= 25%",
                "quoted letters >= 30%",
                "quoted letters >= 33%",
                "quoted letters >= 37%",
                "quoted letters >= 42%",
                "words >= 4",
                "has attribution",
                "share of attribution",
                "has third",
                "share of third",
            ]
        );
        assert!(got.iter().all(|(_, value)| *value == 1.0));
    }

    #[test]
    fn a_call_and_a_dateline() {
        let call = on("Sign it now! Write to www.example.org");
        for cue in [
            "exclamation outside quotes",
            "web or mail address",
            "ends with an address",
            "sentence opens with action",
        ] {
            assert!(call.iter().any(|name| name == cue), "{cue} in {call:?}");
        }
        for (text, dateline) in [
            ("WASHINGTON (AP) — The House voted.", true),
            ("LAHORE: Four men were held.", true),
            ("NEW YORK -- It rained.", true),
            ("The House voted — again.", false),
            ("US: no answer.", false),
        ] {
            assert_eq!(
                on(text).iter().any(|name| name == "dateline"),
                dateline,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn values_and_columns_are_in_range(text in "(\\PC{0,60}|[A-Za-z“”!?. ]{0,200})") {
            let lexicon = Lexicon::new(Language::English);
            let mut reader = ParagraphReader::new(Language::English, FeatureSet::Style, &lexicon);
            let paragraph = Paragraph { text: &text, ..Paragraph::default() };
            reader.read(&paragraph, &mut NoTerms);
            let mut row = Vec::new();
            append(&paragraph, &reader, 7, &mut row);
            let columns: Vec<u32> = row.iter().map(|&(column, _)| column).collect();
            prop_assert!(columns.is_sorted_by(|a, b| a < b));
            prop_assert!(columns.iter().all(|&c| c >= 7 && ((c - 7) as usize) < names().len()));
            prop_assert!(row.iter().all(|&(_, value)| value > 0.0 && value <= WEIGHT));
        }
    }
}
