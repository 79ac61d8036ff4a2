//! Markup made small and harmless before it is parsed: one linear pass that leaves out scripts, styles,
//! comments, inline emphasis and attributes that nobody reads, and flattens what is nested without end.
//!
//! Most of a page's bytes go here. It also takes away what makes parsers slow: their time grows with the
//! square of a tag's attributes, of the depth of nesting, and of open formatting elements.

use memchr::{memchr, memmem};

/// Elements may be nested this deep; deeper tags are left out, their text stays. Counted without
/// elements that need no closing tag, which can at most treble it.
const MAX_DEPTH: usize = 64;

/// Attributes of one tag that are kept.
const MAX_ATTRIBUTES: usize = 12;
/// A longer value is a machine's.
const MAX_VALUE: usize = 4096;
/// A longer block of JSON-LD describes more than an article.
const MAX_JSON_LD: usize = 1 << 18;

/// Attributes that say what an element is or what the page says of itself.
const ATTRIBUTES: [&str; 17] = [
    "class",
    "id",
    "href",
    "rel",
    "role",
    "itemprop",
    "itemtype",
    "content",
    "name",
    "property",
    "datetime",
    "lang",
    "type",
    "hidden",
    "aria-hidden",
    "src",
    "alt",
];

/// Elements whose content is no text of the page.
const OPAQUE: [&str; 11] = [
    "script", "style", "iframe", "noembed", "noframes", "noscript", "template", "svg", "math",
    "textarea", "select",
];

/// Emphasis: it parts no text from other text, and parsers copy it into each new paragraph.
const EMPHASIS: [&str; 16] = [
    "b", "i", "u", "s", "em", "strong", "font", "small", "big", "tt", "nobr", "strike", "code",
    "sub", "sup", "mark",
];

/// Elements that have no content, or that end without a closing tag.
const UNCLOSED: [&str; 28] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "colgroup",
    "option", "optgroup", "rp",
];

/// Longest name in the tables above.
const LONGEST_NAME: usize = 16;

/// A name in lower case; empty when it is longer than any name that matters.
struct Name {
    bytes: [u8; LONGEST_NAME],
    length: usize,
}

impl Name {
    fn of(name: &[u8]) -> Name {
        let mut bytes = [0; LONGEST_NAME];
        let length = if name.len() <= LONGEST_NAME {
            name.len()
        } else {
            0
        };
        for (to, from) in bytes.iter_mut().zip(&name[..length]) {
            *to = from.to_ascii_lowercase();
        }
        Name { bytes, length }
    }

    fn is_in(&self, table: &[&str]) -> bool {
        table
            .iter()
            .any(|name| name.as_bytes() == &self.bytes[..self.length])
    }

    fn is(&self, name: &str) -> bool {
        name.as_bytes() == &self.bytes[..self.length]
    }
}

struct Pruner<'a> {
    html: &'a str,
    at: usize,
    out: String,
    depth: usize,
    /// Open elements beyond the depth, whose tags were left out.
    beyond: usize,
}

/// The page's markup without what cannot be article.
pub(super) fn prune(html: &str) -> String {
    let mut pruner = Pruner {
        html,
        at: 0,
        out: String::with_capacity(html.len() / 3),
        depth: 0,
        beyond: 0,
    };
    while let Some(open) = memchr(b'<', &html.as_bytes()[pruner.at..]) {
        let open = pruner.at + open;
        pruner.out.push_str(&html[pruner.at..open]);
        pruner.at = open;
        pruner.markup();
    }
    pruner.out.push_str(&html[pruner.at..]);
    pruner.out
}

impl<'a> Pruner<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.html.as_bytes()[self.at..]
    }

    /// Passes over so many bytes, or to the end.
    fn skip(&mut self, bytes: Option<usize>) {
        self.at = bytes.map_or(self.html.len(), |bytes| self.at + bytes);
    }

    /// What begins with the `<` that is next.
    fn markup(&mut self) {
        let rest = self.rest();
        match rest.get(1) {
            Some(b'!') if rest.starts_with(b"<!--") => {
                // `<!-->` and `<!--->` are whole comments.
                let end = match &rest[4..] {
                    [b'>', ..] => Some(5),
                    [b'-', b'>', ..] => Some(6),
                    more => memmem::find(more, b"-->").map(|end| 4 + end + 3),
                };
                self.skip(end);
            }
            Some(b'!' | b'?') => {
                let end = memchr(b'>', rest).map(|end| end + 1);
                let doctype = rest.len() > 9 && rest[2..9].eq_ignore_ascii_case(b"doctype");
                if doctype && end.is_some_and(|end| end < 200) {
                    self.out.push_str("<!DOCTYPE html>");
                }
                self.skip(end);
            }
            Some(b'/') => match rest.get(2) {
                Some(letter) if letter.is_ascii_alphabetic() => self.closing_tag(),
                _ => {
                    let end = memchr(b'>', rest).map(|end| end + 1);
                    self.skip(end);
                }
            },
            Some(letter) if letter.is_ascii_alphabetic() => self.opening_tag(),
            _ => {
                self.out.push_str("&lt;");
                self.at += 1;
            }
        }
    }

    /// The name that starts at this offset of the rest.
    fn name(&self, from: usize) -> Name {
        let name = &self.rest()[from..];
        let length = name.iter().take_while(|byte| !is_name_end(**byte)).count();
        Name::of(&name[..length])
    }

    fn closing_tag(&mut self) {
        let name = self.name(2);
        let Some(end) = self.tag_end(2, |_, _| {}) else {
            self.skip(None);
            return;
        };
        self.at += end;
        if name.is_in(&EMPHASIS) || name.is_in(&OPAQUE) {
            return;
        }
        if !name.is_in(&UNCLOSED) {
            if self.beyond > 0 {
                self.beyond -= 1;
                return;
            }
            self.depth = self.depth.saturating_sub(1);
        }
        let tag = &self.html[self.at - end..self.at];
        let length = tag[2..]
            .bytes()
            .take_while(|byte| !is_name_end(*byte))
            .count();
        self.out.push_str(&tag[..2 + length]);
        self.out.push('>');
    }

    fn opening_tag(&mut self) {
        let name = self.name(1);
        let mut kept = [(0usize, 0usize); MAX_ATTRIBUTES];
        let mut count = 0;
        let mut json_ld = false;
        let mut hidden = false;
        let html = self.html;
        let start = self.at;
        let end = self.tag_end(1, |attribute, value| {
            let attribute_name =
                Name::of(&html.as_bytes()[start + attribute.0..start + attribute.1]);
            let value_text = &html[start + value.0..start + value.1];
            json_ld |= attribute_name.is("type") && value_text.contains("ld+json");
            hidden |= attribute_name.is("style") && hides(value_text);
            if count < MAX_ATTRIBUTES
                && value_text.len() <= MAX_VALUE
                && attribute_name.is_in(&ATTRIBUTES)
            {
                kept[count] = (attribute.0, value.1);
                count += 1;
            }
        });
        let Some(end) = end else {
            // The page breaks off inside a tag.
            self.skip(None);
            return;
        };
        self.at += end;
        if name.is_in(&EMPHASIS) {
            return;
        }
        if name.is_in(&OPAQUE) {
            let content = self.opaque(&name);
            if name.is("script") && json_ld && content.len() <= MAX_JSON_LD {
                self.out.push_str("<script type=\"application/ld+json\">");
                self.out.push_str(content);
                self.out.push_str("</script>");
            } else if !name.is("script") && !name.is("style") {
                // Text on both sides does not run together.
                self.out.push(' ');
            }
            return;
        }
        if !name.is_in(&UNCLOSED) {
            if self.depth >= MAX_DEPTH {
                self.beyond += 1;
                self.out.push(' ');
                return;
            }
            self.depth += 1;
        }
        let tag = &html[start..start + end];
        let length = tag[1..]
            .bytes()
            .take_while(|byte| !is_name_end(*byte))
            .count();
        self.out.push_str(&tag[..1 + length]);
        for &(from, to) in &kept[..count] {
            self.out.push(' ');
            self.out.push_str(&tag[from..to]);
            if let Some(quote) = tag[to..].chars().next().filter(|c| matches!(c, '"' | '\''))
                && tag[from..to].contains(quote)
            {
                self.out.push(quote);
            }
        }
        if hidden {
            self.out.push_str(" hidden");
        }
        self.out.push('>');
        if name.is("title") {
            // Its content is text, whatever it looks like.
            let from = self.at;
            let close = find_closing(self.rest(), b"title").unwrap_or(self.rest().len());
            self.out.push_str(&html[from..from + close]);
            self.at += close;
        }
    }

    /// Passes over the content of an opaque element and its closing tag; returns the content.
    fn opaque(&mut self, name: &Name) -> &'a str {
        let from = self.at;
        let rest = self.rest();
        let close = find_closing(rest, &name.bytes[..name.length]);
        let until = close.unwrap_or(rest.len());
        let after = close.and_then(|close| memchr(b'>', &rest[close..]).map(|end| close + end + 1));
        self.skip(after);
        &self.html[from..from + until]
    }

    /// Offset after the `>` that ends the tag whose name starts at `from`; `None` where the page ends
    /// before. Each attribute is given as the range from its name to the end of the name, and that of
    /// its value without quotation marks.
    fn tag_end(
        &self,
        from: usize,
        mut attribute: impl FnMut((usize, usize), (usize, usize)),
    ) -> Option<usize> {
        let rest = self.rest();
        let mut at = from + rest[from..].iter().position(|byte| is_name_end(*byte))?;
        loop {
            at += rest[at..]
                .iter()
                .position(|byte| !byte.is_ascii_whitespace() && *byte != b'/')?;
            if rest[at] == b'>' {
                return Some(at + 1);
            }
            // An `=` where a name should begin is its first letter.
            let name = at;
            at += 1 + rest[at + 1..]
                .iter()
                .position(|byte| is_name_end(*byte) || *byte == b'=')?;
            let name_end = at;
            let next = at
                + rest[at..]
                    .iter()
                    .position(|byte| !byte.is_ascii_whitespace())?;
            if rest[next] != b'=' {
                attribute((name, name_end), (name_end, name_end));
                continue;
            }
            at = next + 1;
            at += rest[at..]
                .iter()
                .position(|byte| !byte.is_ascii_whitespace())?;
            let value;
            match rest[at] {
                b'>' => value = (at, at),
                quote @ (b'"' | b'\'') => {
                    let end = at + 1 + memchr(quote, &rest[at + 1..])?;
                    value = (at + 1, end);
                    at = end + 1;
                }
                _ => {
                    let end = at
                        + rest[at..]
                            .iter()
                            .position(|byte| byte.is_ascii_whitespace() || *byte == b'>')?;
                    value = (at, end);
                    at = end;
                }
            }
            attribute((name, name_end), value);
        }
    }
}

fn is_name_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/')
}

/// Whether an inline style takes the element off the page.
fn hides(style: &str) -> bool {
    let bare: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    let bare = bare.to_ascii_lowercase();
    bare.contains("display:none") || bare.contains("visibility:hidden")
}

/// Where the closing tag of this name begins.
fn find_closing(rest: &[u8], name: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = memchr(b'<', &rest[from..]) {
        let at = from + at;
        let tag = &rest[at..];
        if tag.get(1) == Some(&b'/')
            && tag.len() >= 2 + name.len()
            && tag[2..2 + name.len()].eq_ignore_ascii_case(name)
            && tag
                .get(2 + name.len())
                .is_none_or(|byte| is_name_end(*byte))
        {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
