//! Tokens: words, numbers, addresses and marks of a text, each with its byte span.
//!
//! A **word** is a run of letters that may hold digits after the first letter, and apostrophes
//! between letters (`don't`, `O’Brien`). A **number** starts with a digit and may hold letters and,
//! between digits, `.` `,` `:` `/` (`1,200.50`, `5th`, `10:59`). An **address** is a web or mail
//! address. A hyphen separates words. Every other character that is not white space is a **mark**.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A word, written with a capital or not.
    Word(Case),
    /// A number, with whatever is glued to it.
    Number,
    /// A web or mail address.
    Address,
    /// One character that is none of the others.
    Mark(char),
}

/// How a word is capitalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// The first letter is not upper case.
    Lower,
    /// The first letter is upper case, and not all of two or more are.
    Capital,
    /// Two or more letters, all upper case.
    Upper,
}

/// One token: what it is, and its byte range in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Token {
    /// The token's characters in the text it was cut from.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start as usize..self.end as usize]
    }
}

/// Classes of the ASCII bytes, so that the common case is one table look-up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Lower,
    Upper,
    Digit,
    Mark,
    /// Not ASCII: decode the character.
    Wide,
}

const CLASS: [Class; 256] = {
    let mut table = [Class::Wide; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' => Class::Lower,
            b'A'..=b'Z' => Class::Upper,
            b'0'..=b'9' => Class::Digit,
            b' ' | b'\t'..=b'\r' => Class::Space,
            _ => Class::Mark,
        };
        byte += 1;
    }
    table
};

/// Appends the tokens of `text` to `tokens`. Linear in the text's length.
///
/// # Panics
/// If the text is 4 GiB or longer; [`crate::Limits`] keeps pages below that.
pub fn tokenize(text: &str, tokens: &mut Vec<Token>) {
    for_each_token(text, |token| tokens.push(token));
}

/// Calls `each` with the tokens of `text` in order, like [`tokenize`].
///
/// # Panics
/// As [`tokenize`].
#[inline]
pub fn for_each_token(text: &str, mut each: impl FnMut(Token)) {
    for_each_token_and_head(text, |token, _| each(token));
}

/// The 16 bytes of the text from a token's first on, in little-endian order; 0 behind its end.
pub(crate) type Head = [u64; 2];

#[inline]
fn head(bytes: &[u8], at: usize) -> Head {
    let chunk = match bytes[at..].first_chunk::<16>() {
        Some(chunk) => *chunk,
        None => {
            let mut chunk = [0; 16];
            let rest = &bytes[at..];
            chunk[..rest.len()].copy_from_slice(rest);
            chunk
        }
    };
    let chunk = u128::from_le_bytes(chunk);
    [chunk as u64, (chunk >> 64) as u64]
}

/// Calls `each` with the tokens of `text` and the bytes that each begins with.
#[inline]
pub(crate) fn for_each_token_and_head(text: &str, mut each: impl FnMut(Token, Head)) {
    assert!(u32::try_from(text.len()).is_ok(), "text of 4 GiB or more");
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let head = head(bytes, start);
        let plain = plain_word(head).filter(|&(length, _)| ends_word(bytes, start + length));
        let (kind, end) = match plain {
            Some((length, case)) => word_or_address(bytes, start, start + length, case),
            None => match CLASS[bytes[start] as usize] {
                Class::Space => {
                    at += 1;
                    continue;
                }
                Class::Lower | Class::Upper => {
                    let (end, case) = word_end(text, start);
                    word_or_address(bytes, start, end, case)
                }
                Class::Digit => (TokenKind::Number, number_end(text, start)),
                Class::Mark => (TokenKind::Mark(bytes[start] as char), start + 1),
                Class::Wide => {
                    let c = char_at(text, start);
                    if c.is_alphabetic() {
                        let (end, case) = word_end(text, start);
                        (TokenKind::Word(case), end)
                    } else if c.is_numeric() {
                        (TokenKind::Number, number_end(text, start))
                    } else if c.is_whitespace() {
                        at += c.len_utf8();
                        continue;
                    } else {
                        (TokenKind::Mark(c), start + c.len_utf8())
                    }
                }
            },
        };
        let token = Token {
            kind,
            start: start as u32,
            end: end as u32,
        };
        each(token, head);
        // What follows a token is a space, nearly always.
        at = end + usize::from(bytes.get(end) == Some(&b' '));
    }
}

/// Length and capitalisation of a word of up to 15 ASCII letters at the front; `None` where none
/// begins or it goes on. Eight letters at a time: the length of a word is the branch that no
/// processor foresees.
#[inline]
fn plain_word([low, high]: Head) -> Option<(usize, Case)> {
    let letters = letter_mask(low);
    if letters & 0x80 == 0 {
        return None;
    }
    let others = letters ^ HIGH_BITS;
    let (length, in_low, in_high) = if others != 0 {
        let run = others & others.wrapping_neg();
        (others.trailing_zeros() as usize / 8, letters & (run - 1), 0)
    } else {
        let letters = letter_mask(high);
        let others = letters ^ HIGH_BITS;
        if others == 0 {
            return None;
        }
        let run = others & others.wrapping_neg();
        let length = 8 + others.trailing_zeros() as usize / 8;
        (length, HIGH_BITS, letters & (run - 1))
    };
    // The bit that parts the cases, 0x20, shifted to the highest of its byte.
    let upper_low = in_low & !(low << 2);
    let upper_high = in_high & !(high << 2);
    let case = if upper_low & 0x80 == 0 {
        Case::Lower
    } else if length >= 2 && upper_low == in_low && upper_high == in_high {
        Case::Upper
    } else {
        Case::Capital
    };
    Some((length, case))
}

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// The high bit of every byte that is an ASCII letter.
#[inline]
fn letter_mask(bytes: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let low = (bytes | (ONES * 0x20)) & !HIGH_BITS;
    let from_a = low + ONES * (0x80 - b'a' as u64);
    let above_z = low + ONES * (0x7f - b'z' as u64);
    from_a & !above_z & !bytes & HIGH_BITS
}

/// Whether a run of letters that ends before `at` is a whole word.
#[inline]
fn ends_word(bytes: &[u8], at: usize) -> bool {
    const ENDS: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = matches!(CLASS[byte], Class::Space | Class::Mark) && byte as u8 != b'\'';
            byte += 1;
        }
        table
    };
    bytes.get(at).is_none_or(|&byte| ENDS[byte as usize])
}

/// The word from `start` to `end`, or the address that begins with it.
#[inline]
fn word_or_address(bytes: &[u8], start: usize, end: usize, case: Case) -> (TokenKind, usize) {
    let word = (TokenKind::Word(case), end);
    match bytes.get(end) {
        Some(b'.' | b'@' | b':') => {
            let address = address_end(bytes, start, end);
            address.map_or(word, |end| (TokenKind::Address, end))
        }
        _ => word,
    }
}

/// The character that starts at a char boundary inside the text.
fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or('\0')
}

/// End and capitalisation of the word that starts at `start`.
fn word_end(text: &str, start: usize) -> (usize, Case) {
    let bytes = text.as_bytes();
    let mut at = start;
    let (mut letters, mut uppers) = (0u32, 0u32);
    let mut first_upper = false;
    while at < bytes.len() {
        match CLASS[bytes[at] as usize] {
            Class::Lower => {
                letters += 1;
                at += 1;
            }
            Class::Upper => {
                first_upper |= letters == 0;
                letters += 1;
                uppers += 1;
                at += 1;
            }
            Class::Digit => at += 1,
            // An apostrophe belongs to the word when a letter follows.
            Class::Mark if bytes[at] == b'\'' && letter_at(text, at + 1) => at += 1,
            Class::Wide => {
                let c = char_at(text, at);
                if c == '\u{2019}' && letter_at(text, at + c.len_utf8()) {
                    at += c.len_utf8();
                } else if c.is_alphanumeric() || is_combining(c) {
                    let upper = c.is_uppercase();
                    first_upper |= upper && letters == 0;
                    letters += u32::from(c.is_alphabetic());
                    uppers += u32::from(upper);
                    at += c.len_utf8();
                } else {
                    break;
                }
            }
            Class::Mark | Class::Space => break,
        }
    }
    let case = match first_upper {
        false => Case::Lower,
        true if uppers == letters && letters >= 2 => Case::Upper,
        true => Case::Capital,
    };
    (at, case)
}

/// End of the number that starts at `start`.
fn number_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        match CLASS[bytes[at] as usize] {
            Class::Lower | Class::Upper | Class::Digit => at += 1,
            Class::Mark
                if matches!(bytes[at], b'.' | b',' | b':' | b'/')
                    && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) =>
            {
                at += 1;
            }
            Class::Wide => {
                let c = char_at(text, at);
                if !c.is_alphanumeric() {
                    break;
                }
                at += c.len_utf8();
            }
            Class::Mark | Class::Space => break,
        }
    }
    at
}

/// The longest address that is looked for: without a bound, a page without spaces would be scanned
/// again from each of its words.
const ADDRESS_BYTES: usize = 512;

fn is_address_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'(' | b')' | b'[' | b']')
}

/// End of the web or mail address that starts with the ASCII word `start..end`, if it is one.
fn address_end(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    let rest = &bytes[end..];
    let is_web = match &bytes[start..end] {
        b"http" | b"https" => rest.starts_with(b"://"),
        b"www" => rest.first() == Some(&b'.'),
        _ => false,
    };
    let run = |from: usize| {
        let stop = bytes.len().min(from + ADDRESS_BYTES);
        let mut at = from;
        while at < stop && is_address_byte(bytes[at]) {
            at += 1;
        }
        // The full stop or comma after an address belongs to the sentence.
        while at > from
            && matches!(
                bytes[at - 1],
                b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*'
            )
        {
            at -= 1;
        }
        at
    };
    if is_web {
        return Some(run(end));
    }
    // A mail address, or a bare host such as `example.org/act`: letters, a dot or @, letters.
    let next = *rest.first()?;
    let after = *rest.get(1)?;
    if next == b'@' && after.is_ascii_alphanumeric() {
        return Some(run(end));
    }
    if next == b'.' && after.is_ascii_lowercase() {
        let host_end = rest[1..]
            .iter()
            .position(|b| !b.is_ascii_lowercase())
            .map_or(bytes.len(), |n| end + 1 + n);
        const DOMAINS: [&[u8]; 7] = [b"com", b"org", b"net", b"gov", b"edu", b"uk", b"eu"];
        if DOMAINS.contains(&&bytes[end + 1..host_end]) {
            return Some(run(host_end));
        }
        // first.last@host and host.co.uk: an @ or a further known domain later in the run.
        let stop = run(end);
        if bytes[end..stop].contains(&b'@') {
            return Some(stop);
        }
    }
    None
}

fn letter_at(text: &str, at: usize) -> bool {
    match text.as_bytes().get(at) {
        None => false,
        Some(b) if b.is_ascii() => b.is_ascii_alphabetic(),
        Some(_) => char_at(text, at).is_alphabetic(),
    }
}

/// Marks that combine with the letter before: without them a decomposed é would cut its word, and
/// the vowel signs of Tamil or Hindi theirs.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0900}'..='\u{0dff}' | '\u{200c}'..='\u{200d}' | '\u{064b}'..='\u{0670}')
        && !c.is_whitespace()
        && !matches!(c, '\u{0964}' | '\u{0965}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<(&str, TokenKind)> {
        let mut tokens = Vec::new();
        tokenize(text, &mut tokens);
        tokens.iter().map(|t| (t.text(text), t.kind)).collect()
    }

    fn words(text: &str) -> Vec<&str> {
        cut(text).into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn words_numbers_marks() {
        use Case::{Capital, Lower, Upper};
        use TokenKind::{Mark, Number, Word};
        assert_eq!(
            cut("The U.N. paid $1,200.50 on the 5th, didn't it?"),
            [
                ("The", Word(Capital)),
                ("U", Word(Capital)),
                (".", Mark('.')),
                ("N", Word(Capital)),
                (".", Mark('.')),
                ("paid", Word(Lower)),
                ("$", Mark('$')),
                ("1,200.50", Number),
                ("on", Word(Lower)),
                ("the", Word(Lower)),
                ("5th", Number),
                (",", Mark(',')),
                ("didn't", Word(Lower)),
                ("it", Word(Lower)),
                ("?", Mark('?')),
            ]
        );
        assert_eq!(cut("NATO")[0].1, Word(Upper));
        assert_eq!(cut("É")[0].1, Word(Capital));
        assert_eq!(cut("ÉCOLE")[0].1, Word(Upper));
    }

    #[test]
    fn apostrophes_and_hyphens() {
        assert_eq!(words("O’Brien's co-op"), ["O’Brien's", "co", "-", "op"]);
        assert_eq!(
            words("the players' fault"),
            ["the", "players", "'", "fault"]
        );
        assert_eq!(words("'quoted'"), ["'", "quoted", "'"]);
        assert_eq!(words("’tis naïve"), ["’", "tis", "naïve"]);
    }

    #[test]
    fn addresses() {
        assert_eq!(
            words("See https://act.example.org/x?a=1, or mail jo.doe@example.org."),
            [
                "See",
                "https://act.example.org/x?a=1",
                ",",
                "or",
                "mail",
                "jo.doe@example.org",
                "."
            ]
        );
        assert_eq!(
            words("[House](www.house.gov)"),
            ["[", "House", "]", "(", "www.house.gov", ")"]
        );
        assert_eq!(words("at change.org today"), ["at", "change.org", "today"]);
        assert_eq!(words("the end.but no"), ["the", "end", ".", "but", "no"]);
    }

    #[test]
    fn other_scripts_keep_their_words() {
        assert_eq!(words("Привет, мир"), ["Привет", ",", "мир"]);
        assert_eq!(words("தமிழ் மொழி"), ["தமிழ்", "மொழி"]);
        assert_eq!(words("cafe\u{301} x"), ["cafe\u{301}", "x"]);
    }

    proptest! {
        /// The fast way through a word is the plain one.
        #[test]
        fn plain_words_are_words(text in "[a-zA-Z]{1,18}[ a-zA-Z.,'’é0-9@:-]{0,20}") {
            let plain = plain_word(head(text.as_bytes(), 0));
            if let Some((length, case)) = plain.filter(|&(length, _)| ends_word(text.as_bytes(), length)) {
                prop_assert_eq!((length, case), word_end(&text, 0));
            }
        }

        #[test]
        fn tokens_ascend_and_cover_what_is_not_space(text in "\\PC{0,200}|[a-zA-Z’'.@:/ 0-9-]{0,80}") {
            let mut tokens = Vec::new();
            tokenize(&text, &mut tokens);
            let mut at = 0;
            for token in &tokens {
                let (start, end) = (token.start as usize, token.end as usize);
                prop_assert!(start >= at && end > start);
                prop_assert!(text[at..start].chars().all(char::is_whitespace));
                at = end;
            }
            prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }
}
