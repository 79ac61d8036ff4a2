//! Characters that would steer a screen instead of standing on it: each is shown as another one.
//!
//! A page can hold escape sequences that recolour or rewrite a terminal, and marks that turn the
//! order of letters around, so that a reader sees something else than what was labelled.

use std::borrow::Cow;

/// What stands in for a character: a picture of it for the ASCII controls, U+FFFD for the others and
/// for the marks that force a direction. Line feeds and tabs are shown too.
pub fn stand_in(c: char) -> Option<char> {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// A text with its line feeds and tabs, and nothing else that steers.
pub fn text(text: &str) -> Cow<'_, str> {
    replace(text, |c| match c {
        '\n' | '\t' => None,
        c => stand_in(c),
    })
}

/// A text that cannot leave its line.
pub fn line(text: &str) -> Cow<'_, str> {
    replace(text, stand_in)
}

fn replace(text: &str, stand_in: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if text.chars().all(|c| stand_in(c).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| stand_in(c).unwrap_or(c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_steers_is_shown() {
        assert_eq!(text("a\u{1b}[31mb\tc\nd"), "a␛[31mb\tc\nd");
        assert_eq!(line("a\nb\u{7f}"), "a␊b␡");
        assert_eq!(text("\u{202e}gpj.exe\u{9b}2J"), "\u{fffd}gpj.exe\u{fffd}2J");
        assert!(matches!(text("Žiga’s “bill” — 5 €"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn no_line_holds_a_control(any in any::<String>()) {
            prop_assert!(!line(&any).chars().any(char::is_control));
            prop_assert_eq!(line(&any).chars().count(), any.chars().count());
        }
    }
}
