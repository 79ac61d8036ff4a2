//! Markers at the start of a line: bullets, numbers, headings, block quotes.

/// Bytes of a list marker with the space after it: `* `, `- `, `1. `, `(2) `, `a) `, `**3.** `.
pub(super) fn marker(line: &str) -> Option<usize> {
    let bullet = line.chars().next()?;
    if matches!(
        bullet,
        '*' | '-' | '+' | '•' | '‣' | '▪' | '◦' | '·' | '–' | '●' | '○'
    ) {
        let rest = &line[bullet.len_utf8()..];
        let space = rest.len() - rest.trim_start().len();
        if !line.starts_with("**") {
            return (space > 0 && space < rest.len()).then_some(line.len() - rest.len() + space);
        }
    }
    let bold = if line.starts_with("**") { 2 } else { 0 };
    let open = usize::from(line[bold..].starts_with('('));
    let body = &line[bold + open..];
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let length = match digits {
        1..=3 => digits,
        // A single letter with a closing bracket, or a bold one with a full stop.
        0 if body.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            let dotted = bold == 2 && body[1..].starts_with('.');
            if body[1..].starts_with(')') || dotted {
                1
            } else {
                return None;
            }
        }
        _ => return None,
    };
    let after = &body[length..];
    let closed = match (after.chars().next()?, open) {
        (')', _) | ('.', 0) => 1,
        _ => return None,
    };
    let rest = &after[closed..];
    if bold == 2 {
        // `**1. Pray by name.** …`: the bold part is text; only the number is marker.
        return Some(0).filter(|_| rest.starts_with(' '));
    }
    let space = rest.len() - rest.trim_start().len();
    (space > 0 && space < rest.len()).then_some(line.len() - rest.len() + space)
}

/// Bytes of a Markdown heading's marks with the space after them: `### `.
pub(super) fn heading(line: &str) -> Option<usize> {
    let marks = line.bytes().take_while(|&byte| byte == b'#').count();
    let rest = &line[marks..];
    let space = rest.len() - rest.trim_start().len();
    ((1..=6).contains(&marks) && space > 0 && space < rest.len()).then_some(marks + space)
}

/// Bytes of block quote marks with the spaces between and after them: `> `, `> > `.
pub(super) fn quote(line: &str) -> Option<usize> {
    if !line.starts_with('>') {
        return None;
    }
    Some(line.len() - line.trim_start_matches(['>', ' ', '\t']).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_markers() {
        for (line, text) in [
            ("* one", "one"),
            ("-  one", "one"),
            ("• one", "one"),
            ("12. one", "one"),
            ("3) one", "one"),
            ("(4) one", "one"),
            ("a) one", "one"),
            ("**1. One.** Then", "**1. One.** Then"),
            (
                "1. **One:** - **Action:** Start",
                "**One:** - **Action:** Start",
            ),
        ] {
            assert_eq!(marker(line).map(|n| &line[n..]), Some(text), "{line}");
        }
        for line in [
            "*one*",
            "- ",
            "2024 was",
            "1.5 million",
            "-5 degrees",
            "A. one",
            "one",
            "–",
            "**bold** text",
            "I) ",
        ] {
            assert_eq!(marker(line), None, "{line}");
        }
    }

    #[test]
    fn headings_and_quotes() {
        assert_eq!(heading("### What now"), Some(4));
        assert_eq!(heading("#hashtag"), None);
        assert_eq!(heading("###"), None);
        assert_eq!(quote("> > We said"), Some(4));
        assert_eq!(quote(">"), Some(1));
        assert_eq!(quote("We"), None);
    }
}
