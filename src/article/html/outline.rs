//! The text of a parsed page as pieces in reading order, each with what the markup says of it.

use dom_query::{Document, NodeRef};

/// Attribute that gives each element with text of its own a number, so that it is known again in
/// what the library finds to be the main content.
pub(super) const MARK: &str = "data-piece";

/// What the markup makes of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Paragraph,
    Heading,
    /// The first piece of a list item; its number in an ordered list.
    Item(Option<u32>),
    /// Caption or credit of a figure, byline, date line.
    Meta,
    /// A row of a table of data.
    Row,
    Button,
}

/// What a part of the page is for, where it is not the article itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    Navigation,
    Related,
    Share,
    Newsletter,
    Comments,
    Advertisement,
    Form,
}

impl Region {
    /// The reason given for setting its text aside.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Region::Navigation => "navigation",
            Region::Related => "related_links",
            Region::Share => "share_bar",
            Region::Newsletter => "newsletter_box",
            Region::Comments => "comments",
            Region::Advertisement => "advertisement",
            Region::Form => "form",
        }
    }
}

/// A piece of text between two block boundaries.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) role: Role,
    pub(super) quote: bool,
    /// The region it stands in, and the number of that region's element.
    pub(super) region: Option<(Region, usize)>,
    /// Number of the element that holds it.
    pub(super) element: usize,
    /// Characters of the text, and how many of them are links.
    pub(super) chars: usize,
    pub(super) linked: usize,
}

impl Piece {
    /// Whether it reads like text of an article: long, or a sentence, and not made of links.
    pub(super) fn is_prose(&self) -> bool {
        let ends = self
            .text
            .trim_end_matches(['"', '”', '’', '\'', ')', '»', '“']);
        let sentence = ends.ends_with(['.', '!', '?', '…', ':', '。', '।']);
        self.linked * 2 < self.chars && (self.chars >= 140 || sentence && self.chars >= 25)
    }

    /// Whether it is nothing but links.
    pub(super) fn is_linked(&self) -> bool {
        self.chars > 0 && self.linked * 10 >= self.chars * 9
    }
}

const BLOCKS: [&str; 40] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tr",
    "ul",
    "td",
];

/// What an element makes of the text in it.
#[derive(Clone, Copy)]
struct Frame {
    /// Number of the nearest element that parts blocks.
    element: usize,
    role: Role,
    quote: bool,
    region: Option<(Region, usize)>,
    link: bool,
    /// Whether the next list item gets this number.
    ordered: Option<u32>,
    data_table: bool,
}

/// The pieces of a page and the tree of the elements that hold them.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) pieces: Vec<Piece>,
    /// For each element, by number, the one around it; the body is 0, and its own parent.
    pub(super) parents: Vec<usize>,
}

struct Outliner {
    outline: Outline,
    text: String,
    chars: usize,
    linked: usize,
    /// Line breaks since the last letter.
    breaks: usize,
}

/// The pieces of a page. Gives elements their marks.
pub(super) fn outline(document: &Document) -> Outline {
    let Some(body) = document.body() else {
        return Outline::default();
    };
    let mut outliner = Outliner {
        outline: Outline {
            pieces: Vec::new(),
            parents: vec![0],
        },
        text: String::new(),
        chars: 0,
        linked: 0,
        breaks: 0,
    };
    let mut frames = vec![Frame {
        element: 0,
        role: Role::Paragraph,
        quote: false,
        region: None,
        link: false,
        ordered: None,
        data_table: false,
    }];
    // A walk without recursion: the depth of a page is not ours to choose.
    let mut node = body.first_child();
    while let Some(at) = node {
        let frame = frames[frames.len() - 1];
        let mut enter = false;
        if at.is_text() {
            outliner.push(&at.text(), &frame);
        } else if at.is_element() {
            enter = outliner.open(&at, frame, &mut frames);
        }
        if enter && let Some(child) = at.first_child() {
            node = Some(child);
            continue;
        }
        if enter {
            outliner.close(&at, &mut frames);
        }
        // Up to the next element that has something after it.
        let mut up = at;
        node = loop {
            if let Some(next) = up.next_sibling() {
                break Some(next);
            }
            match up.parent() {
                Some(parent) if parent.id != body.id => {
                    outliner.close(&parent, &mut frames);
                    up = parent;
                }
                _ => break None,
            }
        };
    }
    let last = frames[0];
    outliner.flush(&last);
    outliner.outline
}

impl Outliner {
    fn push(&mut self, text: &str, frame: &Frame) {
        for c in text.chars() {
            if c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}' {
                if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
                continue;
            }
            if self.breaks >= 2 {
                self.flush(frame);
            } else if self.breaks == 1 && !self.text.is_empty() {
                self.text.truncate(self.text.trim_end().len());
                self.text.push('\n');
            }
            self.breaks = 0;
            self.text.push(c);
            self.chars += 1;
            self.linked += usize::from(frame.link);
        }
    }

    /// Ends a piece.
    fn flush(&mut self, frame: &Frame) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim_end();
        if !text.is_empty() {
            self.outline.pieces.push(Piece {
                text: text.to_owned(),
                role: frame.role,
                quote: frame.quote,
                region: frame.region,
                element: frame.element,
                chars: self.chars,
                linked: self.linked,
            });
        }
        self.chars = 0;
        self.linked = 0;
        self.breaks = 0;
    }

    /// Begins an element; `false` when nothing in it is text of the page.
    fn open(&mut self, node: &NodeRef<'_>, frame: Frame, frames: &mut Vec<Frame>) -> bool {
        let Some(name) = node.node_name() else {
            return false;
        };
        let name: &str = &name;
        match name {
            "br" => {
                self.breaks += 1;
                return false;
            }
            "script" | "style" | "title" | "object" | "audio" | "video" | "canvas" | "map" => {
                return false;
            }
            _ => {}
        }
        if node.has_attr("hidden")
            || node
                .attr("aria-hidden")
                .is_some_and(|value| &*value == "true")
        {
            return false;
        }
        let mut inner = frame;
        inner.link |= name == "a" && node.has_attr("href");
        let is_block = BLOCKS.contains(&name) || name == "th";
        if !is_block {
            if frame.region.is_none() && name != "a" {
                inner.region = region(name, node).map(|region| (region, frame.element));
            }
            if inner.role == Role::Paragraph && is_meta(node) {
                inner.role = Role::Meta;
            }
            // A span inside a paragraph says nothing of the paragraph.
            if !self.text.is_empty() {
                inner.role = frame.role;
                inner.region = frame.region;
            }
            frames.push(inner);
            return true;
        }
        if frame.data_table && matches!(name, "td" | "th") {
            if !self.text.is_empty() {
                self.text.push_str(" | ");
            }
            frames.push(inner);
            return true;
        }
        let pieces = self.outline.pieces.len();
        self.flush(&frame);
        if self.outline.pieces.len() > pieces {
            inner.role = marked_once(inner.role);
            if let Some(outer) = frames.last_mut() {
                outer.role = marked_once(outer.role);
            }
        }
        inner.element = self.outline.parents.len();
        self.outline.parents.push(frame.element);
        node.set_attr(MARK, &inner.element.to_string());
        if let Some(region) = region(name, node) {
            inner.region = inner.region.or(Some((region, inner.element)));
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => inner.role = Role::Heading,
            "figcaption" | "caption" | "address" => inner.role = Role::Meta,
            "button" | "summary" => inner.role = Role::Button,
            "blockquote" => inner.quote = true,
            "ol" => inner.ordered = Some(0),
            "ul" => inner.ordered = None,
            "li" => {
                let number = frames.last_mut().and_then(|list| {
                    let number = list.ordered.as_mut()?;
                    *number += 1;
                    Some(*number)
                });
                inner.role = Role::Item(number);
                inner.ordered = None;
            }
            "table" => inner.data_table = is_data(node),
            "tr" if inner.data_table => inner.role = Role::Row,
            _ => {}
        }
        if inner.role == Role::Paragraph && is_meta(node) {
            inner.role = Role::Meta;
        }
        frames.push(inner);
        true
    }

    /// Ends an element that was begun.
    fn close(&mut self, node: &NodeRef<'_>, frames: &mut Vec<Frame>) {
        let Some(frame) = frames.pop() else { return };
        let outer = frames.last().copied().unwrap_or(frame);
        let cell = outer.data_table
            && node
                .node_name()
                .is_some_and(|name| matches!(&*name, "td" | "th"));
        if frame.element == outer.element || cell {
            return;
        }
        let pieces = self.outline.pieces.len();
        self.flush(&frame);
        if self.outline.pieces.len() > pieces
            && let Some(outer) = frames.last_mut()
        {
            outer.role = marked_once(outer.role);
        }
    }
}

/// Only the first paragraph of a list item carries its marker.
fn marked_once(role: Role) -> Role {
    match role {
        Role::Item(_) => Role::Paragraph,
        role => role,
    }
}

/// Whether a table holds data, not the layout of the page: no cell of it holds paragraphs, other tables
/// or long text.
fn is_data(table: &NodeRef<'_>) -> bool {
    const LONG_CELL: usize = 200;
    let mut cells = 0;
    for node in table.descendants_it() {
        let Some(name) = node.node_name() else {
            continue;
        };
        match &*name {
            "p" | "table" | "blockquote" | "h1" | "h2" | "h3" | "article" => return false,
            "td" | "th" => {
                cells += 1;
                if node.text().len() > LONG_CELL {
                    return false;
                }
            }
            _ => {}
        }
    }
    cells > 1
}

/// The words of an element's class and id.
fn class_words(node: &NodeRef<'_>, mut each: impl FnMut(&str)) {
    for attribute in ["class", "id", "itemprop", "rel", "role"] {
        let Some(value) = node.attr(attribute) else {
            continue;
        };
        let mut word = String::new();
        let mut lower_before = false;
        for c in value.chars().chain([' ']) {
            let ends = !c.is_alphanumeric() || c.is_uppercase() && lower_before;
            if ends && !word.is_empty() {
                each(&word);
                word.clear();
            }
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
            lower_before = c.is_lowercase();
        }
    }
}

fn region(name: &str, node: &NodeRef<'_>) -> Option<Region> {
    match name {
        "nav" => return Some(Region::Navigation),
        "form" | "fieldset" => return Some(Region::Form),
        "a" | "li" | "body" | "p" => return None,
        _ => {}
    }
    let mut found = None;
    let mut embedded = false;
    class_words(node, |word| {
        // A post shown in the text is no bar of buttons.
        embedded |= matches!(word, "embed" | "embedded" | "tweet");
        let this = match word {
            "nav" | "navbar" | "navigation" | "menu" | "breadcrumb" | "breadcrumbs"
            | "pagination" | "toc" => Region::Navigation,
            "related" | "recirc" | "recirculation" | "recommended" | "recommendations"
            | "readmore" | "outbrain" | "taboola" | "trending" | "mostread" | "tags" | "tag"
            | "topics" => Region::Related,
            "share" | "sharing" | "social" | "sharebar" | "addthis" | "sharedaddy" | "follow" => {
                Region::Share
            }
            "newsletter" | "newsletters" | "subscribe" | "subscription" | "signup" | "promo"
            | "paywall" => Region::Newsletter,
            "comments" | "disqus" | "respond" | "commentlist" => Region::Comments,
            "ad" | "ads" | "advert" | "advertisement" | "sponsored" | "dfp" => {
                Region::Advertisement
            }
            _ => return,
        };
        found = found.or(Some(this));
    });
    found.filter(|_| !embedded)
}

/// Whether an element is named a caption, a byline or the like, and is as short as one.
fn is_meta(node: &NodeRef<'_>) -> bool {
    const LONGEST: usize = 600;
    let mut meta = false;
    class_words(node, |word| {
        meta |= matches!(
            word,
            "caption"
                | "figcaption"
                | "captions"
                | "credit"
                | "credits"
                | "byline"
                | "dateline"
                | "timestamp"
                | "datepublished"
                | "datemodified"
                | "author"
                | "authors"
                | "bio"
                | "pubdate"
                | "published"
        );
    });
    meta && node.text().len() <= LONGEST
}
