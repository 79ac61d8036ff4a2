//! An article: its decoded text, and the blocks that text falls into.

mod decode;
pub mod furniture;
mod header;
mod html;
mod lines;
mod list;
mod reader;
mod text;

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::limits::Limits;

pub use decode::{Encoding, Notice};
pub use reader::Reader;

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
    pub reason: Option<furniture::RuleId>,
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

impl Format {
    /// Guesses by the extension of the name, else by the first bytes.
    pub fn detect(name: Option<&str>, start: &[u8]) -> Format {
        let extension = name
            .and_then(|name| name.rsplit_once('.'))
            .map(|(_, extension)| extension);
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("html" | "htm" | "xhtml") => return Format::Html,
            Some("md" | "markdown") => return Format::Markdown,
            Some("txt" | "text") => return Format::Text,
            _ => {}
        }
        let start = &start[..start.len().min(1024)];
        let start = String::from_utf8_lossy(start).to_ascii_lowercase();
        let tags = [
            "<!doctype html",
            "<html",
            "<head",
            "<body",
            "<article",
            "<div",
            "<p>",
        ];
        if start
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('<')
            && tags.iter().any(|tag| start.contains(tag))
        {
            Format::Html
        } else {
            Format::Text
        }
    }
}

/// A page that has been read: its text and the blocks of it, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    text: String,
    blocks: Vec<Block>,
    title: Option<Range<usize>>,
    source: Option<Range<usize>>,
    date: Option<Range<usize>>,
    categories: Vec<Range<usize>>,
    encoding: Option<Encoding>,
    notices: Vec<Notice>,
}

impl Article {
    /// Reads a page whose encoding is to be found out: the short form of [`Reader::read`].
    ///
    /// # Errors
    /// Those of [`Reader::read`].
    pub fn from_bytes(bytes: &[u8], format: Format, limits: &Limits) -> Result<Article> {
        let reader = Reader {
            limits: limits.clone(),
            ..Reader::default()
        };
        reader.read(bytes, format)
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

    /// The article under a headline that was given apart from its text. A headline that the text
    /// repeats as its own stays as it is; another becomes a sub-headline.
    #[must_use]
    pub fn under_title(mut self, title: &str) -> Article {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() || self.title() == Some(title.as_str()) {
            return self;
        }
        let by = title.len() + 2;
        let shift = |range: &mut Range<usize>| *range = range.start + by..range.end + by;
        for block in &mut self.blocks {
            shift(&mut block.span);
            block.line += 2;
            if block.kind == Kind::Title {
                block.kind = Kind::Heading;
            }
        }
        let fields = self.source.iter_mut().chain(&mut self.date);
        fields.chain(&mut self.categories).for_each(shift);
        let own = Block {
            kind: Kind::Title,
            span: 0..title.len(),
            line: 1,
            reason: None,
            block_quote: false,
        };
        self.title = Some(own.span.clone());
        self.blocks.insert(0, own);
        self.text.insert_str(0, &format!("{title}\n\n"));
        self
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

    /// The text of one block without the markers at its start (and, in a block quote, at the start
    /// of its lines).
    pub fn body(&self, block: &Block) -> Cow<'_, str> {
        let text = self.block_text(block);
        if block.block_quote {
            let bare = |line: &'_ str| list::quote(line).unwrap_or(0);
            if !text.contains('\n') {
                return Cow::Borrowed(&text[bare(text)..]);
            }
            let lines = text.lines().map(str::trim).map(|line| &line[bare(line)..]);
            return Cow::Owned(lines.collect::<Vec<_>>().join("\n"));
        }
        let marks = match block.kind {
            Kind::ListItem | Kind::Paragraph => list::marker(text),
            Kind::Heading | Kind::Title => list::heading(text),
            Kind::Meta | Kind::Furniture => None,
        };
        Cow::Borrowed(&text[marks.unwrap_or(0)..])
    }

    fn field(&self, range: Option<&Range<usize>>) -> Option<&str> {
        range.map(|range| &self.text[range.clone()])
    }

    /// The headline.
    pub fn title(&self) -> Option<&str> {
        self.field(self.title.as_ref())
    }

    /// Where the page says it comes from.
    pub fn source(&self) -> Option<&str> {
        self.field(self.source.as_ref())
    }

    /// The date as the page has it.
    pub fn date(&self) -> Option<&str> {
        self.field(self.date.as_ref())
    }

    /// The categories that the page names.
    pub fn categories(&self) -> Vec<&str> {
        let ranges = self.categories.iter();
        ranges.map(|range| &self.text[range.clone()]).collect()
    }

    /// The encoding that the page was read in; `None` for an article made of paragraphs.
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// What was repaired, or guessed, and should be said.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }
}
