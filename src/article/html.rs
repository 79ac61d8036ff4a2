//! HTML to text: the main content of a page, as Markdown, by dom_smoothie.

use dom_smoothie::{CandidateSelectMode, Config, Readability, TextMode};

use crate::error::{Error, ErrorKind, Result};

/// A page of more elements than this is a machine's, or an attack.
const MAX_ELEMENTS: usize = 200_000;

/// The headline, the byline and date where the page states them, and the body of an HTML page.
/// Headings, lists and block quotes keep their Markdown marks.
pub(super) fn main_content(html: &str) -> Result<String> {
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
    push_unescaped(&article.text_content, &mut text);
    Ok(text)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes off the backslashes that Markdown puts before marks of the text.
fn push_unescaped(markdown: &str, text: &mut String) {
    let mut chars = markdown.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' || !chars.peek().is_some_and(char::is_ascii_punctuation) {
            text.push(c);
        }
    }
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
    fn a_page_without_article_is_named() {
        let error = main_content("<html><body></body></html>").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Empty);
    }
}
