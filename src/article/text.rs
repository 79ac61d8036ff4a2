//! Plain text and Markdown to blocks.
//!
//! Lines are put together to units (a paragraph's lines, a list item's, a block quote's), then each
//! unit gets its kind, from the top of the page down: the title, the lines of the page's head, and
//! after them the body. What decides is said at each step.

use std::ops::Range;

use super::furniture::{RuleId, Rules};
use super::header::{Fields, head_line, is_meta_line};
use super::lines::{Layout, Line, layout, lines};
use super::list;
use super::{Block, Format, Kind};

/// A longer first line is prose, not a title.
const TITLE_CHARS: usize = 200;
/// Sub-headlines are at most this long.
const HEADING_CHARS: usize = 80;
const HEADING_WORDS: usize = 12;
/// A deck is one sentence of at most this length.
const DECK_CHARS: usize = 240;
const SHORT_DECK_CHARS: usize = 160;
/// So many questions on lines of their own make a page an interview.
const INTERVIEW_QUESTIONS: usize = 3;

/// The blocks of a page and what its head tells of it.
#[derive(Default)]
pub(super) struct Page {
    pub(super) blocks: Vec<Block>,
    pub(super) title: Option<Range<usize>>,
    pub(super) source: Option<Range<usize>>,
    pub(super) date: Option<Range<usize>>,
    pub(super) categories: Vec<Range<usize>>,
}

/// Lines that belong together.
pub(super) struct Unit {
    pub(super) span: Range<usize>,
    /// 1-based number of the first line.
    pub(super) line: usize,
    /// Whether it is a block quote.
    pub(super) quote: bool,
    /// What the markup says it is, and the rule that set it aside.
    pub(super) hint: Option<(Kind, Option<&'static str>)>,
}

/// Cuts a page into blocks.
pub(super) fn read(text: &str, format: Format, rules: &Rules) -> Page {
    let lines = lines(text);
    let layout = layout(text, &lines);
    let units = units(text, &lines, layout, rules);
    read_units(text, format, units, rules)
}

/// The blocks that units make up.
pub(super) fn read_units(text: &str, format: Format, units: Vec<Unit>, rules: &Rules) -> Page {
    let interview = units
        .iter()
        .filter(|unit| is_question(&text[unit.span.clone()]))
        .count()
        >= INTERVIEW_QUESTIONS;
    let mut reader = Reader {
        text,
        rules,
        format,
        units,
        interview,
        page: Page::default(),
    };
    let body = reader.head();
    reader.body(body);
    reader.page
}

/// Puts lines together.
fn units(text: &str, lines: &[Line], layout: Layout, rules: &Rules) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(lines.len());
    let mut fenced = false;
    for line in lines {
        let content = &text[line.span.clone()];
        let fence = content.starts_with("```");
        let quote = list::quote(content);
        let joins = units.last().is_some_and(|before| {
            if fenced {
                return true;
            }
            if line.after_blank || fence {
                return false;
            }
            let first = &text[before.span.clone()];
            if quote.is_some() || before.quote {
                // A bare `>` parts two paragraphs of one quotation.
                return quote.is_some() && before.quote && quote != Some(content.len());
            }
            layout == Layout::Wrapped
                && list::marker(content).is_none()
                && list::heading(content).is_none()
                && list::heading(first).is_none()
                && !is_rule_line(content, rules)
                && !is_rule_line(first, rules)
        });
        if fence {
            fenced = !fenced;
        }
        match units.last_mut() {
            Some(before) if joins => before.span.end = line.span.end,
            _ => units.push(Unit {
                span: line.span.clone(),
                line: line.number,
                quote: quote.is_some_and(|marks| marks < content.len()),
                hint: None,
            }),
        }
    }
    units
}

/// Whether a line is furniture or a meta line whatever stands beside it.
fn is_rule_line(line: &str, rules: &Rules) -> bool {
    rules.rule_for(line).is_some() || head_line(line).is_some()
}

fn is_question(text: &str) -> bool {
    text.ends_with('?') && text.len() <= TITLE_CHARS && !text.contains(". ")
}

/// Whether a text ends like a sentence.
fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', '\'', ')', ']', '*', '_'])
        .ends_with(['.', '!', '?', '…', ':', ';', ','])
}

/// Whether at least two thirds of the longer words of one text stand in the other.
fn says_again(deck: &str, lead: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() >= 4)
            .map(str::to_lowercase)
            .collect()
    };
    let (deck, lead) = (words(deck), words(lead));
    let again = deck.iter().filter(|word| lead.contains(word)).count();
    deck.len() >= 3 && again * 3 >= deck.len() * 2
}

/// Whether a line gives the reader an address: that is a call or a note, no headline.
fn names_address(line: &str) -> bool {
    ["http://", "https://", "www.", "@", ".com", ".org"]
        .iter()
        .any(|sign| line.contains(sign))
}

struct Reader<'a> {
    text: &'a str,
    rules: &'a Rules,
    format: Format,
    units: Vec<Unit>,
    interview: bool,
    page: Page,
}

impl<'a> Reader<'a> {
    fn unit(&self, number: usize) -> &'a str {
        &self.text[self.units[number].span.clone()]
    }

    fn push(&mut self, unit: usize, kind: Kind, reason: Option<RuleId>) {
        let unit = &self.units[unit];
        self.page.blocks.push(Block {
            kind,
            span: unit.span.clone(),
            line: unit.line,
            reason,
            block_quote: unit.quote,
        });
    }

    /// Title, meta lines and deck; returns the first unit of the body.
    fn head(&mut self) -> usize {
        let mut next = 0;
        let mut has_head = false;
        while next < self.units.len() {
            let unit = self.unit(next);
            let hint = self.units[next].hint;
            if let Some((Kind::Furniture, reason)) = hint {
                self.push(next, Kind::Furniture, reason.map(RuleId::from));
            } else if let Some(reason) = self.rules.rule_for(unit) {
                self.push(next, Kind::Furniture, Some(reason));
            } else if let Some(fields) = head_line(unit) {
                self.note(next, fields);
                self.push(next, Kind::Meta, None);
                has_head = true;
            } else if self.page.title.is_none() && self.is_title(next) {
                let start = self.units[next].span.start + list::heading(unit).unwrap_or(0);
                self.page.title = Some(start..self.units[next].span.end);
                self.push(next, Kind::Title, None);
            } else if let Some((Kind::Meta, _)) = hint {
                self.push(next, Kind::Meta, None);
            } else {
                break;
            }
            next += 1;
        }
        if self.page.title.is_some() && has_head && self.is_deck(next) {
            self.push(next, Kind::Heading, None);
            next += 1;
        }
        next
    }

    fn note(&mut self, unit: usize, fields: Fields) {
        let start = self.units[unit].span.start;
        let text = self.text;
        let place = |range: Range<usize>| {
            let field = &text[start + range.start..start + range.end];
            let from = start + range.start + (field.len() - field.trim_start().len());
            from..from + field.trim().len()
        };
        let page = &mut self.page;
        page.source = page.source.take().or(fields.source.map(place));
        page.date = page.date.take().or(fields.date.map(place));
        if let (Some(list), true) = (fields.categories, page.categories.is_empty()) {
            let list = place(list);
            let mut from = list.start;
            for part in text[list].split([',', ';']) {
                let first = from + (part.len() - part.trim_start().len());
                if !part.trim().is_empty() {
                    page.categories.push(first..first + part.trim().len());
                }
                from += part.len() + 1;
            }
        }
    }

    /// A short first line that is no sentence, with more after it; or a first Markdown heading.
    fn is_title(&self, number: usize) -> bool {
        let unit = self.unit(number);
        let more = number + 1 < self.units.len();
        if list::heading(unit).is_some() {
            return more;
        }
        let period = unit.trim_end_matches(['"', '”', '’', '\'']).ends_with('.');
        more && !self.units[number].quote
            && unit.chars().count() <= TITLE_CHARS
            && !period
            && !unit.ends_with([',', ';', ':'])
            && !unit.contains(". ")
            && !unit.contains('\n')
            && !unit.starts_with(char::is_lowercase)
            && list::marker(unit).is_none()
    }

    /// A line between the head and the body that sums the article up: shorter than the paragraph after
    /// it, and either no sentence, or one that the paragraph says again, or, under a full head (source,
    /// date and categories, as feeds print it), a short one.
    fn is_deck(&self, number: usize) -> bool {
        let mut after = self
            .units
            .iter()
            .skip(number + 1)
            .map(|unit| &self.text[unit.span.clone()]);
        let (Some(unit), Some(lead)) = (
            self.units.get(number),
            after.find(|unit| !is_rule_line(unit, self.rules)),
        ) else {
            return false;
        };
        let deck = self.unit(number);
        let sentences = deck.matches(". ").count() + 1;
        if unit.quote
            || unit.hint.is_some_and(|(kind, _)| kind != Kind::Heading)
            || deck.chars().count() > DECK_CHARS
            || deck.len() >= lead.len()
            || sentences > 1
            || list::marker(deck).is_some()
            || list::heading(deck).is_some()
        {
            return false;
        }
        let page = &self.page;
        let full_head = page.source.is_some() && page.date.is_some() && !page.categories.is_empty();
        !ends_sentence(deck)
            || full_head && deck.chars().count() <= SHORT_DECK_CHARS
            || says_again(deck, lead)
    }

    fn body(&mut self, first: usize) {
        let mut signing_off = false;
        for number in first..self.units.len() {
            let unit = self.unit(number);
            let hint = self.units[number].hint;
            if let Some((Kind::Furniture, reason)) = hint {
                self.push(number, Kind::Furniture, reason.map(RuleId::from));
                continue;
            }
            if let Some(reason) = self.rules.rule_for(unit) {
                signing_off |= &*reason == "sign_off";
                self.push(number, Kind::Furniture, Some(reason));
                continue;
            }
            let is_postscript = unit.starts_with("P.S") || unit.starts_with("PS");
            signing_off &= unit.len() <= HEADING_CHARS && !unit.ends_with('.') && !is_postscript;
            if signing_off {
                self.push(number, Kind::Furniture, Some("signature".into()));
                continue;
            }
            let kind = hint.map_or_else(|| self.kind(number), |(kind, _)| kind);
            if kind.is_labelled() {
                self.push_unglued(number, kind);
            } else {
                self.push(number, kind, None);
            }
        }
    }

    fn kind(&self, number: usize) -> Kind {
        let unit = self.unit(number);
        if self.units[number].quote {
            Kind::Paragraph
        } else if list::heading(unit).is_some() || self.is_underlined(number) {
            Kind::Heading
        } else if list::marker(unit).is_some() {
            Kind::ListItem
        } else if is_meta_line(unit) {
            Kind::Meta
        } else if self.is_sub_headline(number) {
            Kind::Heading
        } else {
            Kind::Paragraph
        }
    }

    /// A heading of Markdown's older form, with a line of `=` or `-` below it.
    fn is_underlined(&self, number: usize) -> bool {
        let below = self
            .units
            .get(number + 1)
            .map(|unit| &self.text[unit.span.clone()]);
        self.format == Format::Markdown
            && self.unit(number).len() <= TITLE_CHARS
            && below.is_some_and(|below| {
                below.len() >= 3
                    && (below.bytes().all(|b| b == b'=') || below.bytes().all(|b| b == b'-'))
            })
    }

    /// A short line that is no sentence, between paragraphs of prose; in an interview also a
    /// question.
    fn is_sub_headline(&self, number: usize) -> bool {
        let unit = self.unit(number);
        let Some(next) = self.units.get(number + 1) else {
            return false;
        };
        let next = &self.text[next.span.clone()];
        // What it heads: prose, or a list.
        let prose = next.len() > unit.len()
            && (ends_sentence(next) || next.len() > 2 * HEADING_CHARS)
            || list::marker(next).is_some();
        if self.interview && is_question(unit) {
            return prose;
        }
        prose
            && unit.chars().count() <= HEADING_CHARS
            && unit.split_whitespace().count() <= HEADING_WORDS
            && !ends_sentence(unit)
            && !unit.ends_with(['-', '–', '—'])
            && !unit.contains(". ")
            && !names_address(unit)
            && unit.starts_with(|c: char| {
                c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '‘' | '\'')
            })
    }

    /// Pushes a paragraph without the buttons that are glued to it.
    fn push_unglued(&mut self, number: usize, kind: Kind) {
        let text = self.text;
        let span = self.units[number].span.clone();
        let marks = list::marker(&text[span.clone()]).filter(|_| kind == Kind::ListItem);
        let mut start = span.start;
        if marks.is_none()
            && let Some((button, reason)) = self.rules.glued_start(&text[span.clone()])
        {
            self.push(number, Kind::Furniture, Some(reason));
            start += button;
            if let Some(block) = self.page.blocks.last_mut() {
                block.span.end = start;
            }
        }
        let button = self.rules.glued_end(&text[start..span.end]);
        self.push(number, kind, None);
        let end = button.as_ref().map_or(span.end, |(at, _)| start + at);
        if let Some(block) = self.page.blocks.last_mut() {
            block.span = start..end;
        }
        if let Some((_, reason)) = button {
            let lines = text[span.start..end].matches('\n').count();
            self.page.blocks.push(Block {
                kind: Kind::Furniture,
                span: end..span.end,
                line: self.units[number].line + lines,
                reason: Some(reason),
                block_quote: false,
            });
        }
    }
}
