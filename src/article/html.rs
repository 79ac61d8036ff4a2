//! HTML to text: the main content of a page, as Markdown, by dom_smoothie.

use dom_smoothie::{CandidateSelectMode, Config, Readability, TextMode};

use crate::error::{Error, ErrorKind, Result};

/// A page of more elements than this is a machine's, or an attack.
const MAX_ELEMENTS: usize = 200_000;

/// The library walks the tree from each of its nodes, and by recursion: a page that is nested deeper
/// than this would take minutes, or the whole stack. Real pages stay below a tenth of it.
const MAX_DEPTH: usize = 1000;

/// Elements that need no closing tag, and so say nothing of depth.
const UNCLOSED: [&[u8]; 28] = [
    b"area",
    b"base",
    b"br",
    b"col",
    b"embed",
    b"hr",
    b"img",
    b"input",
    b"link",
    b"meta",
    b"param",
    b"source",
    b"track",
    b"wbr",
    b"p",
    b"li",
    b"dt",
    b"dd",
    b"td",
    b"th",
    b"tr",
    b"thead",
    b"tbody",
    b"tfoot",
    b"colgroup",
    b"option",
    b"optgroup",
    b"rp",
];

/// How deep the elements of a page are nested, at most, by its tags alone.
fn depth(html: &str) -> usize {
    let bytes = html.as_bytes();
    let (mut depth, mut deepest) = (0usize, 0);
    for at in memchr::memchr_iter(b'<', bytes) {
        let closing = bytes.get(at + 1) == Some(&b'/');
        let name = &bytes[at + 1 + usize::from(closing)..];
        let length = name
            .iter()
            .take(16)
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        let name = &name[..length];
        if length == 0
            || UNCLOSED
                .iter()
                .any(|other| name.eq_ignore_ascii_case(other))
        {
            continue;
        }
        if closing {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// The headline, the byline and date where the page states them, and the body of an HTML page.
/// Headings, lists and block quotes keep their Markdown marks.
pub(super) fn main_content(html: &str) -> Result<String> {
    let depth = depth(html);
    if depth > MAX_DEPTH {
        return Err(Error::new(
            ErrorKind::TooLarge,
            format!("HTML is nested {depth} elements deep; at most {MAX_DEPTH} are read"),
        )
        .hint("save the page's text and label that"));
    }
    let config = Config {
        max_elements_to_parse: MAX_ELEMENTS,
        candidate_select_mode: CandidateSelectMode::DomSmoothie,
        text_mode: TextMode::Markdown,
        ..Config::default()
    };
    let article = Readability::new(html, None, Some(config))
        .and_then(|mut readability| readability.parse())
        .map_err(|error| {
            Error::new(
                ErrorKind::Empty,
                format!("no article found in this HTML page: {error}"),
            )
            .hint("save its text and label that")
        })?;
    let mut text = String::new();
    if !article.title.trim().is_empty() {
        text.push_str("# ");
        text.push_str(&one_line(&article.title));
        text.push_str("\n\n");
    }
    let source = article
        .site_name
        .as_deref()
        .map(one_line)
        .unwrap_or_default();
    let date = article
        .published_time
        .as_deref()
        .map(one_line)
        .unwrap_or_default();
    for (name, value) in [("Source: ", source), ("Published: ", date)] {
        if !value.is_empty() {
            text.push_str(name);
            text.push_str(&value);
            text.push('\n');
        }
    }
    if let Some(byline) = article
        .byline
        .as_deref()
        .map(one_line)
        .filter(|b| !b.is_empty())
    {
        text.push_str("Author: ");
        text.push_str(&byline);
        text.push('\n');
    }
    text.push('\n');
    push_plain(&article.text_content, &mut text);
    Ok(text)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes the inline marks off Markdown: images whole, addresses of links, emphasis, and the
/// backslashes before marks that are text. Marks at the start of lines stay.
fn push_plain(markdown: &str, text: &mut String) {
    let mut rest = markdown;
    while let Some(at) = rest.find(['\\', '!', '[', ']', '*', '`']) {
        text.push_str(&rest[..at]);
        let mark = &rest[at..];
        let at_line_start = text.is_empty() || text.ends_with('\n');
        let image = if mark.starts_with("![") {
            link_end(&mark[1..])
        } else {
            None
        };
        let taken = match mark.as_bytes() {
            [b'\\', next, ..] if next.is_ascii_punctuation() => {
                text.push(char::from(*next));
                2
            }
            [b'!', ..] if image.is_some() => 1 + image.unwrap_or(0),
            [b'[', ..] if link_end(mark).is_some() => 1,
            [b']', b'(', ..] => mark.find(')').map_or(1, |end| end + 1),
            [b'*', b'*', ..] => 2,
            [b'*', ..] if !at_line_start => 1,
            [b'`', ..] => 1,
            [byte, ..] => {
                text.push(char::from(*byte));
                1
            }
            [] => 0,
        };
        rest = &mark[taken..];
    }
    text.push_str(rest);
}

/// Length of the link `[…](…)` that a text begins with. Looks no further than a link is long.
fn link_end(text: &str) -> Option<usize> {
    const LONGEST: usize = 4096;
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let middle = text[..end].find("](")?;
    let close = text[middle..end].find(')')?;
    Some(middle + close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structure_comes_out_as_markdown() {
        let prose = "The harbour board voted on Tuesday to close the inner basin for dredging, said its chair, and the work is to begin in March.";
        let html = format!(
            "<html><head><title>Basin to close</title></head><body><nav><a href='/'>Home</a></nav><article><h1>Basin to close</h1>\
             <p>{prose}</p><h2>What it costs</h2><p>{prose}</p><ul><li>One pier</li><li>Two cranes</li></ul>\
             <blockquote><p>{prose}</p></blockquote><p>{prose}</p></article></body></html>"
        );
        let text = main_content(&html).unwrap();
        assert!(text.starts_with("# Basin to close\n"), "{text}");
        assert!(text.contains("## What it costs"), "{text}");
        assert!(text.contains("- One pier"), "{text}");
        assert!(text.contains("> The harbour"), "{text}");
        assert!(!text.contains("Home"), "{text}");
    }

    #[test]
    fn pages_nested_without_end_are_refused() {
        for open in ["<div>", "<ul><li>x ", "<b>x "] {
            let error = main_content(&open.repeat(20_000)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TooLarge, "{open}");
        }
        let prose =
            "<p>The port closed on Friday, the board said, and ships waited outside for two days.";
        let html = format!("{}{}", "<div>".repeat(400), prose.repeat(2000));
        assert!(main_content(&html).unwrap().contains("The port closed"));
    }

    #[test]
    fn inline_marks_come_off() {
        let plain = |markdown: &str| {
            let mut text = String::new();
            push_plain(markdown, &mut text);
            text
        };
        assert_eq!(
            plain("A [**bold** link](http://x.example/a_b) ![pic](y.png)and \\*more\\*."),
            "A bold link and *more*."
        );
        assert_eq!(
            plain("* item *with* [brackets] (and more)"),
            "* item with [brackets] (and more)"
        );
        assert_eq!(plain("no \\ end \\"), "no \\ end \\");
    }

    #[test]
    fn a_page_without_article_is_named() {
        let error = main_content("<html><body></body></html>").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Empty);
    }
}
