//! Quotation marks: which bytes of a paragraph stand inside them, followed across the article.
//!
//! A mark opens where a word follows and no word stands before it, and closes where it is the other
//! way round; marks that do both or neither are judged by what is open. An apostrophe is a mark that
//! looks the same: a single one counts as a quotation mark only when it opens before a word after
//! space, and is closed later in the same paragraph.
//!
//! A quotation of several paragraphs opens with a mark in each and closes in the last; statutes and
//! letters are also printed with one mark at the start and one at the end. So when a paragraph ends
//! open, the next ones show whether the quotation runs on: it does up to one whose first mark closes
//! what nothing in it opened, or into one that opens with a mark again. Otherwise the closing mark was
//! forgotten, which then spoils one paragraph, not the rest of the article.

use std::ops::Range;

use memchr::memchr3_iter;

/// What marks a quotation, by what closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// `"`, `“ ”`, `„ “`, `''`, and the like: they stand for each other in careless text.
    Double,
    /// `'` and `‘ ’`.
    Single,
    /// `« »`.
    Angle,
    /// `「 」`.
    Corner,
}

/// Which way a mark can be read by its form alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Opening,
    Closing,
    Either,
}

/// One mark in a paragraph.
#[derive(Clone, Copy, Debug)]
struct Mark {
    family: Family,
    form: Form,
    start: usize,
    end: usize,
    /// A letter or digit stands directly before; directly after.
    after_word: bool,
    before_word: bool,
    /// White space, the paragraph's edge, or an opening bracket or dash stands before.
    after_space: bool,
    before_space: bool,
    /// A comma, full stop or dash stands directly before.
    after_stop: bool,
}

/// What the first double mark of a paragraph says of a quotation that was open before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// The paragraph opens with a mark: the quotation is opened anew.
    Opens,
    /// The first mark closes what nothing in the paragraph opened.
    Closes,
    /// There is no mark.
    Silent,
    /// The first mark opens a quotation inside the paragraph: none was open.
    Other,
}

/// Finds quotations; keeps its buffer between paragraphs.
#[derive(Clone, Debug, Default)]
pub struct QuoteScanner {
    marks: Vec<Mark>,
}

impl QuoteScanner {
    /// Reads the sign that a paragraph gives.
    pub fn lead(&mut self, text: &str) -> Lead {
        self.marks.clear();
        find_marks(text, &mut self.marks);
        let first = text.len() - text.trim_start().len();
        let opens = |mark: &&Mark| mark.start == first && mark.form == Form::Opening;
        if self
            .marks
            .first()
            .filter(opens)
            .is_some_and(|mark| mark.begins_speech(text))
        {
            return Lead::Opens;
        }
        match self.marks.iter().find(|mark| mark.family != Family::Single) {
            None => Lead::Silent,
            Some(mark) if mark.start == first => Lead::Opens,
            Some(mark) if mark.closes() && !mark.opens() => Lead::Closes,
            Some(_) => Lead::Other,
        }
    }

    /// Appends the byte ranges of `text` that stand inside marks, ascending, without the marks, and
    /// returns whether the quotation is open at the end. `carried_in` says that one is open at the
    /// start.
    pub fn scan(&mut self, text: &str, carried_in: bool, quoted: &mut Vec<Range<u32>>) -> bool {
        self.marks.clear();
        find_marks(text, &mut self.marks);
        let mut push = |start: usize, end: usize| {
            if start < end {
                quoted.push(start as u32..end as u32);
            }
        };
        let first = text.len() - text.trim_start().len();
        let opens_anew = self.marks.first().is_some_and(|mark| mark.start == first);
        let mut open = (carried_in && !opens_anew).then_some((Family::Double, first));
        let mut next = 0;
        while let Some(&mark) = self.marks.get(next) {
            next += 1;
            match open {
                // An opening form inside is a nested quotation; only a mark that can close does.
                Some((family, start)) if family == mark.family && mark.ends(family) => {
                    push(start, mark.start);
                    open = None;
                }
                Some(_) => {}
                None if mark.family == Family::Single => {
                    if !mark.opens() {
                        continue;
                    }
                    match closing_single(&mark, &self.marks[next..]) {
                        Some(offset) => {
                            let end = self.marks[next + offset].start;
                            next += offset + 1;
                            // A lone letter is none (rock 'n' roll).
                            if end > mark.end + 1 {
                                push(mark.end, end);
                            }
                        }
                        None if mark.begins_speech(text) => open = Some((mark.family, mark.end)),
                        None => {}
                    }
                }
                None if mark.opens() => open = Some((mark.family, mark.end)),
                None => {}
            }
        }
        if let Some((_, start)) = open {
            push(start, text.len());
        }
        open.is_some()
    }
}

/// Marks that are looked at for the end of a single quotation: without a bound, a text of opening
/// marks alone would be searched to its end from each of them.
const SINGLE_REACH: usize = 64;

/// A single quotation that is closed by a mark without a stop before it is a short one.
const SINGLE_BYTES: usize = 80;

/// Place of the mark that closes a single quotation: the first that follows a stop, since a plural
/// possessive (`the players' fault`) looks like a closing mark too; else, close by, any.
fn closing_single(opening: &Mark, marks: &[Mark]) -> Option<usize> {
    let closes = |mark: &Mark| mark.family == Family::Single && mark.closes();
    let marks = &marks[..marks.len().min(SINGLE_REACH)];
    let near = |mark: &Mark| mark.start - opening.end <= SINGLE_BYTES;
    marks
        .iter()
        .position(|mark| closes(mark) && mark.after_stop)
        .or_else(|| marks.iter().position(|mark| closes(mark) && near(mark)))
}

impl Mark {
    /// Whether a single mark begins a quotation that the paragraph does not close: it has the opening
    /// form, stands first or after a comma or colon, and no shortened word follows.
    fn begins_speech(&self, text: &str) -> bool {
        let before = text[..self.start].trim_end();
        let after = &text[self.end..];
        self.form == Form::Opening
            && (before.is_empty() || before.ends_with([',', ':']))
            && after.starts_with(char::is_uppercase)
            && !["Tis", "Twas", "Til", "Em ", "Cause"]
                .iter()
                .any(|word| after.starts_with(word))
    }

    /// Whether it can open a quotation here.
    fn opens(&self) -> bool {
        match (self.family, self.form) {
            (Family::Single, Form::Closing) => false,
            (Family::Single, _) => self.after_space && self.before_word,
            (_, Form::Opening) => self.after_space || !self.before_space,
            (_, Form::Closing) => self.after_space && self.before_word,
            (_, Form::Either) => !self.after_word && !self.before_space,
        }
    }

    /// Whether it closes a quotation of this family that stands open: a single one only after a stop.
    fn ends(&self, family: Family) -> bool {
        self.closes() && (family != Family::Single || self.after_stop)
    }

    /// Whether it can close one here.
    fn closes(&self) -> bool {
        match (self.family, self.form) {
            (Family::Single, Form::Opening) => false,
            (Family::Single, _) => !self.after_space && !self.before_word,
            (_, Form::Closing) => !(self.after_space && self.before_word),
            (_, Form::Opening) => !self.after_space && self.before_space,
            (_, Form::Either) => !self.after_space || self.before_space,
        }
    }
}

/// Finds all marks of a paragraph. What is not a candidate byte is skipped at memchr's speed.
fn find_marks(text: &str, marks: &mut Vec<Mark>) {
    let bytes = text.as_bytes();
    let mut ascii = memchr3_iter(b'"', b'\'', b'`', bytes).peekable();
    // “ ” ‘ ’ „ ‚ begin with E2, 「 」 with E3, « » with C2.
    let mut wide = memchr3_iter(0xe2, 0xe3, 0xc2, bytes).peekable();
    let mut at = 0;
    loop {
        let found = match (ascii.peek(), wide.peek()) {
            (Some(&a), Some(&w)) if w < a => wide.next(),
            (None, _) => wide.next(),
            _ => ascii.next(),
        };
        let Some(found) = found else { return };
        if found < at {
            continue;
        }
        let Some((family, form, length)) = mark_at(&text[found..]) else {
            continue;
        };
        let end = found + length;
        at = end;
        let before = text[..found].chars().next_back();
        let after = text[end..].chars().next();
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        marks.push(Mark {
            family,
            form,
            start: found,
            end,
            after_word: is_word(before),
            before_word: is_word(after) || matches!(after, Some('$' | '£' | '€' | '#' | '@' | '[')),
            after_space: is_space(before)
                || matches!(
                    before,
                    Some('(' | '[' | '—' | '–' | '-' | '/' | '"' | '“' | '*')
                ),
            before_space: is_space(after),
            after_stop: matches!(before, Some(',' | '.' | '?' | '!' | '…' | '—' | '–' | '-')),
        });
    }
}

/// The mark that begins a text: its family, its form, and its length.
fn mark_at(text: &str) -> Option<(Family, Form, usize)> {
    use Family::{Angle, Corner, Double, Single};
    use Form::{Closing, Either, Opening};
    let mut chars = text.chars();
    let first = chars.next()?;
    let second = chars.next();
    let (family, form) = match first {
        '"' => (Double, Either),
        '“' | '‟' => (Double, Opening),
        '„' => (Double, Opening),
        '”' => (Double, Closing),
        '«' => (Angle, Opening),
        '»' => (Angle, Closing),
        '「' | '『' => (Corner, Opening),
        '」' | '』' => (Corner, Closing),
        // Two single marks stand for a double one.
        '\'' if second == Some('\'') => return Some((Double, Either, 2)),
        '`' if second == Some('`') => return Some((Double, Opening, 2)),
        '‘' if second == Some('‘') => return Some((Double, Opening, 6)),
        '’' if second == Some('’') => return Some((Double, Closing, 6)),
        '\'' => (Single, Either),
        '‘' | '`' => (Single, Opening),
        '’' => (Single, Closing),
        _ => return None,
    };
    Some((family, form, first.len_utf8()))
}

/// Share of the words of a text, runs between white space that hold a letter or digit, that begin
/// inside the quoted ranges; 0 of a text without words.
pub fn quoted_share(text: &str, quoted: &[Range<u32>]) -> f64 {
    let (mut words, mut inside) = (0usize, 0usize);
    let base = text.as_ptr() as usize;
    let mut ranges = quoted;
    for word in text.split_whitespace() {
        let Some(letter) = word.find(char::is_alphanumeric) else {
            continue;
        };
        words += 1;
        let at = (word.as_ptr() as usize - base + letter) as u32;
        while ranges.first().is_some_and(|range| range.end <= at) {
            ranges = &ranges[1..];
        }
        inside += usize::from(ranges.first().is_some_and(|range| range.start <= at));
    }
    inside as f64 / words.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quoted(text: &str) -> Vec<&str> {
        let mut ranges = Vec::new();
        QuoteScanner::default().scan(text, false, &mut ranges);
        ranges
            .iter()
            .map(|r| &text[r.start as usize..r.end as usize])
            .collect()
    }

    #[test]
    fn every_convention() {
        for text in [
            "He said, \"It is late.\" Then he left.",
            "He said, “It is late.” Then he left.",
            "He said, ‘It is late.’ Then he left.",
            "He said, 'It is late.' Then he left.",
            "He said, ''It is late.'' Then he left.",
            "He said, ``It is late.'' Then he left.",
            "He said, «It is late.» Then he left.",
            "He said, „It is late.“ Then he left.",
            "He said, „It is late.” Then he left.",
            "He said, ”It is late.” Then he left.",
            "He said, 「It is late.」 Then he left.",
        ] {
            assert_eq!(quoted(text), ["It is late."], "{text}");
        }
    }

    #[test]
    fn apostrophes_are_not_marks() {
        for text in [
            "It's the players' fault that they don't win.",
            "It’s the players’ fault, and O’Brien’s, in the ’90s.",
            "Rock 'n' roll, '90s style, for 'em all.",
            "He is 5'10\" and it's 6\" too short.",
        ] {
            assert!(quoted(text).is_empty(), "{text}: {:?}", quoted(text));
        }
        assert_eq!(
            quoted("'It's the players' fault,' he said."),
            ["It's the players' fault,"]
        );
        assert_eq!(quoted("‘It’s late,’ she said."), ["It’s late,"]);
    }

    #[test]
    fn nested_marks_do_not_end_the_outer_quotation() {
        assert_eq!(
            quoted("“They shouted ‘go home’ at us,” he said."),
            ["They shouted ‘go home’ at us,"]
        );
        assert_eq!(
            quoted("\"They shouted 'go home' at us,\" he said."),
            ["They shouted 'go home' at us,"]
        );
    }

    #[test]
    fn paragraphs_of_a_running_quotation() {
        let scan = |text: &str, carried_in: bool| {
            let mut ranges = Vec::new();
            let open = QuoteScanner::default().scan(text, carried_in, &mut ranges);
            let bytes: u32 = ranges.iter().map(|range| range.end - range.start).sum();
            (open, bytes)
        };
        assert_eq!(scan("“One.", false), (true, 4));
        assert_eq!(scan("“Two.", true), (true, 4));
        assert_eq!(scan("Two.", true), (true, 4));
        assert_eq!(scan("Three,” he said.", true), (false, 6));
        assert_eq!(scan("He left.", false), (false, 0));
        assert_eq!(scan("She said: ‘One.", false), (true, 4));
        let long = "‘By the time that the folder was found on the second floor of the west wing the nurses’ list had gone.";
        assert!(scan(long, true).0);
        assert_eq!(scan("’Twas so. ‘Tis so.", false), (false, 0));
    }

    #[test]
    fn signs_of_the_next_paragraph() {
        let lead = |text: &str| QuoteScanner::default().lead(text);
        assert_eq!(lead("“Two."), Lead::Opens);
        assert_eq!(lead("(b) by order.”"), Lead::Closes);
        assert_eq!(lead("(a) by law;"), Lead::Silent);
        assert_eq!(lead("He said “no” again."), Lead::Other);
        assert_eq!(lead("It's the players' fault."), Lead::Silent);
        assert_eq!(lead("‘By then we knew."), Lead::Opens);
    }

    #[test]
    fn share_of_words() {
        let text = "“We did,” he said.";
        let mut ranges = Vec::new();
        QuoteScanner::default().scan(text, false, &mut ranges);
        assert_eq!(quoted_share(text, &ranges), 0.5);
        assert_eq!(quoted_share("—", &[]), 0.0);
    }

    proptest! {
        #[test]
        fn ranges_are_sound(text in "[a-z “”‘’\"'`«»„「」.é\u{00a0}]{0,60}", carried_in: bool) {
            let mut ranges = Vec::new();
            QuoteScanner::default().scan(&text, carried_in, &mut ranges);
            let mut at = 0;
            for range in ranges {
                prop_assert!(range.start as usize >= at && range.start < range.end);
                prop_assert!(text.get(range.start as usize..range.end as usize).is_some());
                at = range.end as usize;
            }
        }
    }
}
