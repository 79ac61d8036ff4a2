//! What shows that a text was decoded wrongly, decoded too seldom, or cut out of markup.

/// What Windows-1252 shows for the bytes 0x80 to 0x9F; five of them it does not have.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// UTF-8 that was read as Mac Roman: quotation marks, dashes and accented letters.
const MAC: [&str; 10] = [
    "‚Äô", "‚Äò", "‚Äú", "‚Äù", "‚Äì", "‚Äî", "√©", "√®", "√º", "√∂",
];

/// Characters of reference that pages have most.
const ENTITIES: [&str; 16] = [
    "amp", "quot", "apos", "nbsp", "lt", "gt", "rsquo", "lsquo", "rdquo", "ldquo", "ndash",
    "mdash", "hellip", "eacute", "pound", "euro",
];

/// Elements that running text has most.
const TAGS: [&str; 18] = [
    "p",
    "br",
    "a",
    "b",
    "i",
    "em",
    "strong",
    "span",
    "div",
    "img",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "blockquote",
    "u",
];

/// Everything that is damaged in a text, one clause a sort.
pub(super) fn damage(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut add = |is: bool, what| {
        if is {
            found.push(what);
        }
    };
    let foreign = !text.is_ascii();
    add(
        foreign && text.contains('\u{fffd}'),
        "a replacement character (U+FFFD)",
    );
    let unread = if foreign { unread(text) } else { None };
    let again = unread
        .as_deref()
        .is_some_and(|text| self::unread(text).is_some());
    add(
        unread.is_some() && !again,
        "UTF-8 that was read as Windows-1252 or Latin-1",
    );
    add(again, "UTF-8 that was read as Windows-1252 twice");
    // What follows the first two bytes of a quotation mark is lost.
    add(
        foreign && unread.is_none() && text.contains("â€"),
        "UTF-8 that was read as Windows-1252, with a byte lost",
    );
    add(
        foreign && MAC.iter().any(|sign| text.contains(sign)),
        "UTF-8 that was read as Mac Roman",
    );
    add(
        unread.is_none() && text.chars().any(is_control),
        "a control character",
    );
    add(
        foreign && text.chars().any(is_invisible),
        "an invisible character (zero width, soft hyphen or direction)",
    );
    add(
        lost_apostrophe(text),
        "a question mark where an apostrophe stood",
    );
    let entities = after(text, '&');
    add(
        entities.clone().any(|rest| {
            let rest = rest.strip_prefix("amp;").unwrap_or("");
            is_entity(rest)
        }),
        "an HTML entity that was escaped twice",
    );
    add(entities.clone().any(is_entity), "an HTML entity");
    add(after(text, '<').any(is_tag), "an HTML tag");
    add(
        after(text, '\\').any(|rest| is_hexadecimal(rest.strip_prefix('u'), 4)),
        "an escape sequence that was not decoded",
    );
    found
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What follows each of these characters.
fn after(text: &str, c: char) -> impl Iterator<Item = &str> + Clone {
    text.match_indices(c)
        .map(move |(at, sign)| &text[at + sign.len()..])
}

fn is_entity(rest: &str) -> bool {
    let name = rest.split(';').next().unwrap_or(rest);
    if name.len() == rest.len() {
        return false;
    }
    match name.strip_prefix('#') {
        Some(number) => {
            let digits = number.strip_prefix(['x', 'X']).unwrap_or(number);
            (1..=6).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_hexdigit())
        }
        None => ENTITIES.contains(&name),
    }
}

/// Only what ends or carries an attribute: prose and addresses in angle brackets are no tags.
fn is_tag(rest: &str) -> bool {
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
    let (name, rest) = rest.split_at(end.unwrap_or(rest.len()));
    TAGS.contains(&name.to_ascii_lowercase().as_str())
        && (rest.starts_with('>')
            || rest.starts_with("/>")
            || rest.starts_with(' ') && rest.contains('>'))
}

fn is_hexadecimal(text: Option<&str>, digits: usize) -> bool {
    let digits = text.and_then(|text| text.get(..digits));
    digits.is_some_and(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()))
}

/// `don?t`, `it?s`: not the queries of addresses, which have no space before them in reach.
fn lost_apostrophe(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let Some((before, after)) = word.split_once('?') else {
            return false;
        };
        let after = after.trim_end_matches(|c: char| !c.is_alphanumeric());
        !before.is_empty()
            && before.chars().all(char::is_alphabetic)
            && matches!(after, "s" | "t" | "re" | "ve" | "ll")
    })
}

/// The text with every run of characters that are the bytes of UTF-8 read one by one put right; none
/// where there is no such run.
fn unread(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut right = String::with_capacity(text.len());
    let mut at = 0;
    let mut any = false;
    while at < chars.len() {
        match sequence(&chars[at..]) {
            Some((c, length)) => {
                any = true;
                right.push(c);
                at += length;
            }
            None => {
                right.push(chars[at]);
                at += 1;
            }
        }
    }
    any.then_some(right)
}

/// A character whose bytes stand here as characters, and how many they are.
///
/// Capitals before a quotation mark (`CAFÉ”`) are such bytes too. Two are therefore believed only after
/// `Â` and `Ã`, and not where the second is a mark; of Greek and Cyrillic letters two in a row are asked for.
fn sequence(chars: &[char]) -> Option<(char, usize)> {
    let lead = byte(*chars.first()?)?;
    let length = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let decode = |chars: &[char]| -> Option<char> {
        let bytes: Vec<u8> = chars
            .get(..length)?
            .iter()
            .map(|&c| byte(c))
            .collect::<Option<_>>()?;
        std::str::from_utf8(&bytes).ok()?.chars().next()
    };
    let c = decode(chars)?;
    let believed = match lead {
        0xC2 | 0xC3 => !matches!(chars[1], '‘' | '’' | '“' | '”' | '–' | '—' | '…' | '»'),
        0xCE..=0xD1 => {
            let next = &chars[length..];
            next.first()
                .and_then(|&c| byte(c))
                .is_some_and(|b| (0xCE..=0xD1).contains(&b))
                && decode(next).is_some()
        }
        0xC4..=0xDF => false,
        _ => true,
    };
    // The last letter of a Greek or Cyrillic word is left; one sign is enough.
    believed.then_some((c, length))
}

/// The byte that Windows-1252 or Latin-1 shows as this character, of those above ASCII.
fn byte(c: char) -> Option<u8> {
    match c {
        '\u{80}'..='\u{ff}' => Some(c as u8),
        c => HIGH
            .iter()
            .position(|&high| high == c)
            .map(|at| 0x80 + at as u8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sort() {
        for (text, what) in [
            ("caf\u{fffd}", "a replacement character (U+FFFD)"),
            ("itâ€™s", "UTF-8 that was read as Windows-1252 or Latin-1"),
            ("cafÃ©", "UTF-8 that was read as Windows-1252 or Latin-1"),
            (
                "it\u{e2}\u{80}\u{99}s",
                "UTF-8 that was read as Windows-1252 or Latin-1",
            ),
            (
                "ÐŸÑ€Ð¸Ð²ÐµÑ‚",
                "UTF-8 that was read as Windows-1252 or Latin-1",
            ),
            ("Â£5", "UTF-8 that was read as Windows-1252 or Latin-1"),
            ("itÃ¢â‚¬â„¢s", "UTF-8 that was read as Windows-1252 twice"),
            (
                "he said â€",
                "UTF-8 that was read as Windows-1252, with a byte lost",
            ),
            ("it‚Äôs", "UTF-8 that was read as Mac Roman"),
            ("a\u{1b}[31m", "a control character"),
            ("a\u{85}", "a control character"),
            (
                "a\u{200b}b",
                "an invisible character (zero width, soft hyphen or direction)",
            ),
            ("we don?t know", "a question mark where an apostrophe stood"),
            ("this &amp; that", "an HTML entity"),
            ("it&#8217;s", "an HTML entity"),
            ("<p>this", "an HTML tag"),
            ("<a href=\"x\">this", "an HTML tag"),
            ("this</b>", "an HTML tag"),
            ("it\\u2019s", "an escape sequence that was not decoded"),
        ] {
            assert_eq!(damage(text), [what], "{text:?}");
        }
        let twice = damage("it&amp;#39;s");
        assert_eq!(
            twice,
            ["an HTML entity that was escaped twice", "an HTML entity"]
        );
    }

    #[test]
    fn what_is_sound() {
        for text in [
            "“CAFÉ” and “À PROPOS”, naïve – 5 £, 3 € …",
            "SÃO PAULO, “MAÇÔ, Âge, Çà et là",
            "Who is it? See https://example.org/?s=x and example.org/page?t",
            "R&D; AT&T; a < b > c; <name@example.org>; x <- y; C:\\users",
            "Привет, Ελλάδα, Øre, ÄÖÜß",
            "two\nlines\tand a tab",
        ] {
            assert!(damage(text).is_empty(), "{text:?}: {:?}", damage(text));
        }
    }
}
