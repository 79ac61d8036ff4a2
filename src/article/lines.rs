//! Lines of a page, and how they make up paragraphs.

use std::ops::Range;

/// A line that is not blank, without the white space around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Byte range in the text.
    pub(super) span: Range<usize>,
    /// 1-based number.
    pub(super) number: usize,
    /// Whether a blank line, or the start of the page, stands before it.
    pub(super) after_blank: bool,
}

/// The lines of a text that are not blank.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut number = 0;
    let mut after_blank = true;
    while start < text.len() {
        let end =
            memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |n| start + n);
        number += 1;
        let raw = &text[start..end];
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            after_blank = true;
        } else {
            let first = start + (raw.len() - raw.trim_start().len());
            lines.push(Line {
                span: first..first + trimmed.len(),
                number,
                after_blank,
            });
            after_blank = false;
        }
        start = end + 1;
    }
    lines
}

/// How a page breaks its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Every line is a paragraph, with or without blank lines between.
    OneALine,
    /// Lines break inside sentences; blank lines part the paragraphs.
    Wrapped,
}

/// Pairs of lines that are looked at.
const PAIRS: usize = 2000;

/// Decides by what follows a line break without blank line: where at least a quarter of such lines
/// begin in lower case, sentences run over the line ends.
pub(super) fn layout(text: &str, lines: &[Line]) -> Layout {
    let (mut pairs, mut runs_on) = (0usize, 0usize);
    for line in lines.iter().skip(1).filter(|line| !line.after_blank) {
        let start = text[line.span.clone()].trim_start_matches(['>', ' ']);
        if super::list::marker(start).is_some() {
            continue;
        }
        pairs += 1;
        runs_on += usize::from(start.starts_with(char::is_lowercase));
        if pairs == PAIRS {
            break;
        }
    }
    if runs_on > 0 && runs_on * 4 >= pairs {
        Layout::Wrapped
    } else {
        Layout::OneALine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_numbers_and_blanks() {
        let text = "  One \n\n\u{a0}\nTwo\nThree";
        let got: Vec<(&str, usize, bool)> = lines(text)
            .iter()
            .map(|line| (&text[line.span.clone()], line.number, line.after_blank))
            .collect();
        assert_eq!(
            got,
            [("One", 1, true), ("Two", 4, true), ("Three", 5, false)]
        );
    }

    #[test]
    fn the_page_decides() {
        let layout = |text: &str| super::layout(text, &lines(text));
        assert_eq!(
            layout("The port was\nclosed on Friday\nby order.\n\nIt opened."),
            Layout::Wrapped
        );
        assert_eq!(
            layout("The port was closed.\nIt opened on Monday.\nShips came."),
            Layout::OneALine
        );
        assert_eq!(layout("One."), Layout::OneALine);
        assert_eq!(layout("- one\n- two\n- three"), Layout::OneALine);
    }
}
