//! Attributes in the form of the Dolma toolkit: one JSON line a document, in the order of the documents,
//! with spans `[start, end, score]` in characters of the document's `text`.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::page::{Page, verdict};
use crate::article::Kind;
use crate::error::{Error, ErrorKind, Result};
use crate::label::Label;

/// What attributes are called: tagger and experiment.
const PREFIX: &str = "copydesk__copydesk__";

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    attributes: Map<String, Value>,
}

/// The line of a document that could not be read, so that lines still fit the documents.
pub fn empty(id: &str, out: &mut Vec<u8>) {
    let attributes = Map::new();
    super::json::line(&Line { id, attributes }, out);
}

/// The line of a document; `text` is its text as it was given.
///
/// # Errors
/// [`ErrorKind::Data`] where the text that was read is not the given one but for line ends.
pub fn document(page: &Page<'_>, text: &str, out: &mut Vec<u8>) -> Result<()> {
    let read = page.article.text();
    let mut places = Places::new(text, read);
    let mut spans: [Vec<Value>; 4] = Default::default();
    let mut furniture = Vec::new();
    for (block, scores) in page.article.blocks().iter().zip(page.scores) {
        let start = places.of(block.span.start)?;
        let end = places.of(block.span.end)?;
        if let (Some(label), Some(confidence), _) = verdict(scores.as_ref()) {
            spans[label.index()].push(json!([start, end, confidence]));
        } else if block.kind == Kind::Furniture {
            furniture.push(json!([start, end, 1.0]));
        }
    }
    let length = text.chars().count();
    let shares = page.shares().words;
    let share = |share: f64| json!([[0, length, (share * 1e6).round() / 1e6]]);
    let mut attributes = Map::new();
    for (label, spans) in Label::ALL.iter().zip(spans) {
        attributes.insert(format!("{PREFIX}{}", label.name()), spans.into());
    }
    for (name, value) in [
        ("furniture", furniture.into()),
        ("news_share", share(shares.news)),
        ("opinion_share", share(shares.opinion)),
    ] {
        attributes.insert(format!("{PREFIX}{name}"), value);
    }
    let id = page.doc;
    super::json::line(&Line { id, attributes }, out);
    Ok(())
}

/// Finds characters of the given text by bytes of the text that was read from it.
struct Places<'a> {
    given: std::iter::Peekable<std::str::Chars<'a>>,
    read: std::str::CharIndices<'a>,
    /// Characters of the given text that lie before `byte`.
    character: usize,
    /// Bytes of the read text that were passed.
    byte: usize,
}

impl<'a> Places<'a> {
    fn new(given: &'a str, read: &'a str) -> Places<'a> {
        let marked = given.starts_with('\u{feff}') && !read.starts_with('\u{feff}');
        let mut given = given.chars().peekable();
        if marked {
            given.next();
        }
        Places {
            given,
            read: read.char_indices(),
            character: usize::from(marked),
            byte: 0,
        }
    }

    /// The character at a byte; bytes ascend from call to call.
    fn of(&mut self, byte: usize) -> Result<usize> {
        while self.byte < byte {
            let (given, read) = (self.given.next(), self.read.next());
            match (given, read) {
                (Some('\r'), Some((_, '\n'))) => {
                    if self.given.next_if_eq(&'\n').is_some() {
                        self.character += 1;
                    }
                }
                (Some('\0'), Some((_, char::REPLACEMENT_CHARACTER))) => {}
                (Some(given), Some((_, read))) if given == read => {}
                _ => {
                    return Err(Error::new(
                        ErrorKind::Data,
                        "spans cannot be found in the text as it is given",
                    )
                    .hint("use --format jsonl, whose spans point into the decoded text"));
                }
            }
            self.character += 1;
            self.byte = self.read.offset();
        }
        Ok(self.character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_given_text() {
        let (given, read) = ("\u{feff}é\r\nb\rc\0d", "é\nb\nc\u{fffd}d");
        let mut places = Places::new(given, read);
        let got: Vec<usize> = read
            .char_indices()
            .map(|(byte, _)| places.of(byte).unwrap())
            .collect();
        assert_eq!(got, [1, 2, 4, 5, 6, 7, 8]);
        assert!(Places::new("ab", "xb").of(1).is_err());
    }
}
