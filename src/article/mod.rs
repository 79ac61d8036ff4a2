//! An article: its decoded text, and the blocks that text falls into.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What a block is on the page, decided by the reader, never by the classifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The headline.
    Title,
    /// Source and date line, byline, category line, caption, credit.
    Meta,
    /// A sub-headline, a deck, or an interviewer's question on a line of its own.
    Heading,
    /// Running text.
    Paragraph,
    /// Running text printed as an item of a list.
    ListItem,
    /// Words of the page, not of the article: buttons, related links, notices.
    Furniture,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 6] = [
        Kind::Title,
        Kind::Meta,
        Kind::Heading,
        Kind::Paragraph,
        Kind::ListItem,
        Kind::Furniture,
    ];

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether blocks of this kind get a label.
    pub fn is_labelled(self) -> bool {
        matches!(self, Kind::Paragraph | Kind::ListItem)
    }

    /// The name written in data files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Title => "title",
            Kind::Meta => "meta",
            Kind::Heading => "heading",
            Kind::Paragraph => "paragraph",
            Kind::ListItem => "list_item",
            Kind::Furniture => "furniture",
        }
    }
}

/// One block of an article: a title line, a paragraph, a list item, a piece of furniture …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is on the page.
    pub kind: Kind,
    /// Byte range into [`Article::text`], markers (`###`, `*`, `>`) included. Every byte of the text
    /// that is not white space lies in the span of exactly one block; spans ascend.
    pub span: Range<usize>,
    /// 1-based line of the decoded text on which the span starts.
    pub line: usize,
    /// Id of the rule that set a furniture block aside.
    pub reason: Option<&'static str>,
    /// Whether the page prints the block as a block quote.
    pub block_quote: bool,
}

/// How a page is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
}

/// A page that has been read: its text and the blocks of it, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    text: String,
    blocks: Vec<Block>,
}

impl Format {
    /// x
    pub fn detect(_name: Option<&str>, _bytes: &[u8]) -> Format {
        Format::Text
    }
}

impl Article {
    /// x
    pub fn from_bytes(
        bytes: &[u8],
        _format: Format,
        _limits: &crate::Limits,
    ) -> crate::Result<Article> {
        let text = String::from_utf8_lossy(bytes);
        Ok(Article::from_paragraphs(
            text.lines()
                .filter(|l| !l.trim().is_empty())
                .map(|l| (l, Kind::Paragraph, false)),
        ))
    }

    /// An article of paragraphs that are already cut: one block a row, in order, whatever the row
    /// holds. The text is the rows with blank lines between.
    pub fn from_paragraphs<'a>(rows: impl IntoIterator<Item = (&'a str, Kind, bool)>) -> Article {
        let mut article = Article::default();
        let mut line = 1;
        for (row, kind, block_quote) in rows {
            if !article.blocks.is_empty() {
                article.text.push_str("\n\n");
                line += 2;
            }
            let start = article.text.len();
            article.text.push_str(row);
            article.blocks.push(Block {
                kind,
                span: start..article.text.len(),
                line,
                reason: None,
                block_quote,
            });
            line += memchr::memchr_iter(b'\n', row.as_bytes()).count();
        }
        article
    }

    /// The decoded text that all spans point into.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The blocks in reading order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The text of one block, markers included.
    pub fn block_text(&self, block: &Block) -> &str {
        &self.text[block.span.clone()]
    }

    /// x
    pub fn body(&self, block: &Block) -> &str {
        &self.text[block.span.clone()]
    }
    /// x
    pub fn title(&self) -> Option<&str> {
        None
    }
    /// x
    pub fn source(&self) -> Option<&str> {
        None
    }
    /// x
    pub fn date(&self) -> Option<&str> {
        None
    }
    /// x
    pub fn categories(&self) -> Vec<&str> {
        vec![]
    }
    /// x
    pub fn notices(&self) -> Vec<String> {
        vec![]
    }
}
