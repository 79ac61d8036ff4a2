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

/// A page that has been read: its text and the blocks of it, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    text: String,
    blocks: Vec<Block>,
}

impl Article {
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
}
