//! The fields of a JSON object as they are written, found in one pass over it.
//!
//! Most rows are flat: strings, numbers, true, false and null under plain names. Those are read here;
//! others, and what is not JSON at all, are left to serde_json, which then says what is wrong.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::error::Result;
use crate::json;

/// A field of an object as it is written.
pub(super) struct RawField<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: &'a str,
    pub(super) taken: bool,
}

/// The fields of an object, in order.
pub(super) fn fields(object: &str) -> Result<Vec<RawField<'_>>> {
    match flat(object) {
        Some(fields) => Ok(fields),
        None => json::object(object).map(|RawRow(fields)| fields),
    }
}

/// The fields of a flat object without escapes in its names; `None` for all others.
fn flat(object: &str) -> Option<Vec<RawField<'_>>> {
    let bytes = object.as_bytes();
    let mut fields = Vec::with_capacity(8);
    let mut at = expect(bytes, space(bytes, 0), b'{')?;
    at = space(bytes, at);
    if bytes.get(at) == Some(&b'}') {
        at += 1;
    } else {
        loop {
            let from = expect(bytes, at, b'"')?;
            let to = from + json::first_special(&bytes[from..])?;
            at = expect(bytes, to, b'"')?;
            at = expect(bytes, space(bytes, at), b':')?;
            at = space(bytes, at);
            let end = value(bytes, at)?;
            fields.push(RawField {
                name: Cow::Borrowed(&object[from..to]),
                value: &object[at..end],
                taken: false,
            });
            at = space(bytes, end);
            match bytes.get(at)? {
                b',' => at = space(bytes, at + 1),
                b'}' => break,
                _ => return None,
            }
        }
        at += 1;
    }
    (space(bytes, at) == bytes.len()).then_some(fields)
}

/// The place after white space.
fn space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// The place after a byte that has to stand there.
fn expect(bytes: &[u8], at: usize, byte: u8) -> Option<usize> {
    (bytes.get(at) == Some(&byte)).then_some(at + 1)
}

/// The place after a value that is no object and no array.
fn value(bytes: &[u8], at: usize) -> Option<usize> {
    let word = |word: &[u8]| bytes[at..].starts_with(word).then_some(at + word.len());
    match bytes.get(at)? {
        b'"' => string(bytes, at + 1),
        b't' => word(b"true"),
        b'f' => word(b"false"),
        b'n' => word(b"null"),
        b'-' | b'0'..=b'9' => number(bytes, at),
        _ => None,
    }
}

/// The place after a string whose quote mark stands before `at`.
fn string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += json::first_special(&bytes[at..])?;
        match bytes[at] {
            b'"' => return Some(at + 1),
            b'\\' => match bytes.get(at + 1)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
                b'u' => {
                    let digits = bytes.get(at + 2..at + 6)?;
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return None;
                    }
                    at += 6;
                }
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// The place after a number.
fn number(bytes: &[u8], mut at: usize) -> Option<usize> {
    let digits = |from: usize| {
        let count = bytes[from..].iter().take_while(|b| b.is_ascii_digit());
        Some(count.count()).filter(|&count| count > 0)
    };
    at += usize::from(bytes[at] == b'-');
    let whole = digits(at)?;
    if whole > 1 && bytes[at] == b'0' {
        return None;
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        at += 1 + digits(at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at += digits(at)?;
    }
    Some(at)
}

/// Any object's fields, by serde_json.
struct RawRow<'a>(Vec<RawField<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for RawRow<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = RawRow<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawRow<'de>, A::Error> {
                let mut fields = Vec::with_capacity(8);
                while let Some(Name(name)) = map.next_key()? {
                    let value: &RawValue = map.next_value()?;
                    fields.push(RawField {
                        name,
                        value: value.get(),
                        taken: false,
                    });
                }
                Ok(RawRow(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// The name of a field, borrowed where it is written without escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(fields: &[RawField<'_>]) -> Vec<(String, String)> {
        let pair = |field: &RawField<'_>| (field.name.to_string(), field.value.to_owned());
        fields.iter().map(pair).collect()
    }

    /// What is read by hand is what serde_json reads; `None` where it is not read by hand.
    fn same(object: &str) -> Option<Vec<(String, String)>> {
        let by_hand = plain(&flat(object)?);
        let RawRow(fields) = json::object(object).unwrap();
        assert_eq!(by_hand, plain(&fields), "{object}");
        Some(by_hand)
    }

    #[test]
    fn flat_objects() {
        let object =
            " {\"a\" : \"x\\\"\\u00e9\\n\" ,\"b\":-0.5e+3,\"c\":null,\"d\":true,\"\":\"\"}\r ";
        let got = same(object).unwrap();
        let want = [
            ("a", "\"x\\\"\\u00e9\\n\""),
            ("b", "-0.5e+3"),
            ("c", "null"),
            ("d", "true"),
            ("", "\"\""),
        ];
        assert_eq!(got, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!(same("{}"), Some(Vec::new()));
    }

    #[test]
    fn all_else_is_left_to_serde() {
        for object in [
            "",
            "{",
            "[]",
            "{}x",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":1e}",
            "{\"a\":-}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u00g0\"}",
            "{\"a\":\"\t\"}",
            "{\"a\":\"x}",
            "{\"a\":nul}",
            "{\"a\":{}}",
            "{\"a\":[1]}",
            "{\"\\u0061\":1}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":\"\\",
            "{\"a\":truex}",
        ] {
            assert_eq!(same(object), None, "{object}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_by_hand_is_read_so_by_serde(
            object in "\\{(\"[ab\\\\\"é]{0,2}\" ?: ?(\"[^\"]{0,40}\"|[-+.0-9eE]{1,6}|null|true|\\[\\]|\"\\\\[a-z\"u]{1,5}[0-9]{0,4}\"),?){0,4}\\} ?"
        ) {
            same(&object);
        }
    }
}
