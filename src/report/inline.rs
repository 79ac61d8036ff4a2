//! The marks inside a paragraph that a reader should not have to see: `**bold**` and
//! `[text](address)`.

/// Looked at for the end of a mark: a longer one is text. It keeps the search linear.
const LONGEST: usize = 1024;

/// A stretch of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it stands.
    Plain(&'a str),
    /// Text between double stars.
    Strong(&'a str),
    /// A link's text and its address.
    Link(&'a str, &'a str),
}

/// Cuts a paragraph at its marks.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(at) = text[from..].find(['*', '[']).map(|at| from + at) {
        let Some((piece, length)) = marked(&text[at..]) else {
            from = at + 1;
            continue;
        };
        if start < at {
            pieces.push(Piece::Plain(&text[start..at]));
        }
        pieces.push(piece);
        start = at + length;
        from = start;
    }
    if start < text.len() {
        pieces.push(Piece::Plain(&text[start..]));
    }
    pieces
}

/// The marked piece at the start of a text, and its length with the marks.
fn marked(text: &str) -> Option<(Piece<'_>, usize)> {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let near = &text[..end];
    if let Some(rest) = near.strip_prefix("**") {
        let inner = &rest[..rest.find("**")?];
        let bare = !inner.is_empty() && inner.trim() == inner && !inner.contains(['\n', '*']);
        return bare.then_some((Piece::Strong(inner), inner.len() + 4));
    }
    let rest = near.strip_prefix('[')?;
    let (inner, rest) = rest.split_once("](")?;
    let address = &rest[..rest.find(')')?];
    let link = !inner.trim().is_empty()
        && !inner.contains(['[', ']', '\n'])
        && !address.is_empty()
        && !address.contains(char::is_whitespace);
    link.then_some((Piece::Link(inner, address), inner.len() + address.len() + 4))
}

#[cfg(test)]
mod tests {
    use super::Piece::{Link, Plain, Strong};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_and_what_only_looks_like_them() {
        assert_eq!(
            pieces("**Write:** to [the clerk](mailto:c@x.example) now"),
            [
                Strong("Write:"),
                Plain(" to "),
                Link("the clerk", "mailto:c@x.example"),
                Plain(" now")
            ]
        );
        for text in [
            "2 ** 3 ** 4",
            "[sic] (and more)",
            "[a](b c)",
            "****",
            "**open",
            "*one*",
            "[",
        ] {
            assert_eq!(pieces(text), [Plain(text)], "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "[*\\[\\]()ab \\n]{0,60}") {
            let joined: String = pieces(&text)
                .into_iter()
                .map(|piece| match piece {
                    Plain(text) => text.to_owned(),
                    Strong(text) => format!("**{text}**"),
                    Link(text, to) => format!("[{text}]({to})"),
                })
                .collect();
            prop_assert_eq!(joined, text);
        }
    }
}
