//! HTML to blocks: dom_smoothie finds the main content, the markup says what each piece of it is.
//!
//! `prune` makes the page small and harmless, `outline` cuts it into pieces, `select` decides which of
//! them are the article. What comes out is Markdown, and for each piece its kind.

mod date;
mod outline;
mod prune;
mod select;

use std::collections::HashSet;
use std::ops::Range;

use dom_query::Document;
use dom_smoothie::{CandidateSelectMode, Config, Readability};
use memchr::memmem;

use super::Kind;
use super::text::Unit;
use crate::error::{Error, ErrorKind, Result};
use outline::{MARK, Piece, Role};
use select::Verdict;

/// A page of more elements than this is a machine's, or an attack.
const MAX_ELEMENTS: usize = 200_000;

/// The text of an HTML page, headed by what it says of itself, and its units.
pub(super) fn read(html: &str) -> Result<(String, Vec<Unit>)> {
    let document = Document::from(prune::prune(html));
    let outline = outline::outline(&document);
    let stated = date::date(&document);
    let mut page = Page::default();
    let config = Config {
        max_elements_to_parse: MAX_ELEMENTS,
        candidate_select_mode: CandidateSelectMode::DomSmoothie,
        ..Config::default()
    };
    let article = Readability::with_document(document, None, Some(config))
        .and_then(|mut readability| readability.parse())
        .map_err(|error| {
            Error::new(
                ErrorKind::Empty,
                format!("no article found in this HTML page: {error}"),
            )
            .hint("save its text and label that")
        })?;
    let title = one_line(&article.title);
    if !title.is_empty() {
        page.push("# ", &title, Some((Kind::Title, None)), false);
    }
    let published = article
        .published_time
        .as_deref()
        .and_then(date::dated)
        .or(stated);
    let fields = [
        ("Source: ", &article.site_name),
        ("Published: ", &published),
        ("Author: ", &article.byline),
    ];
    for (name, value) in fields {
        let value = one_line(value.as_deref().unwrap_or_default());
        if !value.is_empty() {
            page.push(name, &value, Some((Kind::Meta, None)), false);
        }
    }
    let verdicts = select::select(
        &outline,
        &Found::new(&article.content, outline.parents.len()),
    );
    for (piece, verdict) in outline.pieces.iter().zip(verdicts) {
        let repeats_title = piece.role == Role::Heading && one_line(&piece.text) == title;
        match verdict {
            Verdict::Inside if !repeats_title => page.piece(piece),
            Verdict::Aside(reason) => page.push(
                "",
                &piece.text,
                Some((Kind::Furniture, Some(reason))),
                false,
            ),
            _ => {}
        }
    }
    Ok((page.text, page.units))
}

/// What the library found to be the main content.
pub(super) struct Found {
    /// For each marked element, by number, whether it is there.
    elements: Vec<bool>,
    /// Letters and digits of the paragraphs that have no mark: the library makes them anew out of other
    /// elements.
    paragraphs: HashSet<String>,
}

impl Found {
    fn new(content: &str, elements: usize) -> Found {
        let mut found = Found {
            elements: vec![false; elements],
            paragraphs: HashSet::new(),
        };
        let sign = format!("{MARK}=\"");
        for at in memmem::find_iter(content.as_bytes(), sign.as_bytes()) {
            let number = content[at + sign.len()..].split('"').next();
            let number = number.and_then(|number| number.parse::<usize>().ok());
            if let Some(found) = number.and_then(|number| found.elements.get_mut(number)) {
                *found = true;
            }
        }
        for paragraph in content.split("<p>").skip(1) {
            let paragraph = paragraph.split("</p>").next().unwrap_or_default();
            found.paragraphs.insert(letters(paragraph));
        }
        found
    }

    fn has(&self, piece: &Piece) -> bool {
        self.elements.get(piece.element) == Some(&true)
            || self.paragraphs.contains(&letters(&piece.text))
    }
}

/// Letters and digits of text or markup, without tags and entities, so that both compare.
fn letters(markup: &str) -> String {
    let mut letters = String::with_capacity(markup.len());
    let mut until = None;
    for (at, c) in markup.char_indices() {
        match until {
            Some(end) if c == end => until = None,
            Some(_) => {}
            None if c == '<' => until = Some('>'),
            None if c == '&' && is_entity(&markup[at + 1..]) => until = Some(';'),
            None if c.is_alphanumeric() => letters.push(c),
            None => {}
        }
    }
    letters
}

fn is_entity(rest: &str) -> bool {
    const LONGEST: usize = 8;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';');
    end.is_some_and(|end| {
        rest.as_bytes()[..end]
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
    })
}

/// The page as text, in the making.
#[derive(Default)]
struct Page {
    text: String,
    units: Vec<Unit>,
    line: usize,
}

impl Page {
    fn piece(&mut self, piece: &Piece) {
        let number;
        let (marks, kind) = match piece.role {
            _ if piece.quote => ("> ", None),
            Role::Heading => ("## ", Some(Kind::Heading)),
            Role::Item(None) => ("- ", Some(Kind::ListItem)),
            Role::Item(Some(place)) => {
                number = format!("{place}. ");
                (number.as_str(), Some(Kind::ListItem))
            }
            Role::Meta => ("", Some(Kind::Meta)),
            Role::Row => ("", Some(Kind::Paragraph)),
            Role::Paragraph | Role::Button => ("", None),
        };
        self.push(
            marks,
            &piece.text,
            kind.map(|kind| (kind, None)),
            piece.quote,
        );
    }

    fn push(
        &mut self,
        marks: &str,
        text: &str,
        hint: Option<(Kind, Option<&'static str>)>,
        quote: bool,
    ) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
            self.line += 2;
        }
        let start = self.text.len();
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.text.push('\n');
            }
            if number == 0 || quote {
                self.text.push_str(marks);
            }
            self.text.push_str(line);
        }
        let span: Range<usize> = start..self.text.len();
        let line = self.line + 1;
        self.line += text.matches('\n').count();
        self.units.push(Unit {
            span,
            line,
            quote,
            hint,
        });
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
