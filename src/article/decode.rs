//! Bytes to text: byte order marks, UTF-8 and UTF-16, line ends, and what is not text at all.

use std::fmt;

use memchr::{memchr, memchr_iter};

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Something in the bytes that was repaired and should be said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Byte sequences that are not UTF-8 (or not UTF-16) were replaced by U+FFFD.
    InvalidBytes {
        /// How many.
        count: usize,
        /// Offset of the first in the input.
        first: usize,
    },
    /// NUL characters were replaced by U+FFFD.
    Nul {
        /// How many.
        count: usize,
        /// Offset of the first in the input.
        first: usize,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, count, first) = match self {
            Notice::InvalidBytes { count, first } => ("invalid byte sequence", count, first),
            Notice::Nul { count, first } => ("NUL character", count, first),
        };
        let s = if *count == 1 { "" } else { "s" };
        write!(
            f,
            "{count} {what}{s} replaced by U+FFFD, the first at byte {first}; is the page in another encoding? convert it to UTF-8"
        )
    }
}

/// First bytes of files that are not text, and what they are.
const MAGIC: [(&[u8], &str); 8] = [
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"\x7fELF", "a program"),
];

/// Bytes that are looked at to tell text from other data.
const SAMPLE: usize = 1 << 16;

/// Decodes a page. Line ends come out as LF; a byte order mark does not come out.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<(String, Vec<Notice>)> {
    if bytes.len() > limits.page_bytes {
        return Err(Error::new(
            ErrorKind::TooLarge,
            format!("page is larger than {} bytes", limits.page_bytes),
        )
        .hint("split it, or give its articles as JSON lines"));
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(
            Error::new(ErrorKind::Encoding, format!("is {what}, not text"))
                .at_byte(0)
                .hint("extract its text first"),
        );
    }
    let mut notices = Vec::new();
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, 3, &mut notices)?,
        [0xff, 0xfe, rest @ ..] => utf16(rest, 2, u16::from_le_bytes, &mut notices),
        [0xfe, 0xff, rest @ ..] => utf16(rest, 2, u16::from_be_bytes, &mut notices),
        _ => match utf16_without_mark(bytes) {
            Some(unit) => utf16(bytes, 0, unit, &mut notices),
            None => utf8(bytes, 0, &mut notices)?,
        },
    };
    let text = line_feeds(text);
    if text.trim().is_empty() {
        return Err(Error::new(ErrorKind::Empty, "empty: nothing to label"));
    }
    Ok((text, notices))
}

/// UTF-16 shows by its NULs: text in a European script has one in almost every second byte, always
/// on the same side.
fn utf16_without_mark(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    if sample.len() < 8 {
        return None;
    }
    let nuls = |side: usize| {
        let side = sample.iter().skip(side).step_by(2);
        side.filter(|&&byte| byte == 0).count()
    };
    let (even, odd) = (nuls(0), nuls(1));
    let most = sample.len() * 2 / 5;
    if odd >= most && even == 0 {
        Some(u16::from_le_bytes)
    } else if even >= most && odd == 0 {
        Some(u16::from_be_bytes)
    } else {
        None
    }
}

fn utf16(
    bytes: &[u8],
    offset: usize,
    unit: fn([u8; 2]) -> u16,
    notices: &mut Vec<Notice>,
) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|&pair| unit(pair));
    let mut text = String::with_capacity(bytes.len());
    let (mut count, mut first, mut at) = (0, 0, offset);
    for decoded in char::decode_utf16(units) {
        let c = decoded.unwrap_or_else(|_| {
            if count == 0 {
                first = at;
            }
            count += 1;
            char::REPLACEMENT_CHARACTER
        });
        at += 2 * c.len_utf16();
        text.push(c);
    }
    if !rest.is_empty() {
        // Half a character at the end: cut off in transit.
        first = if count == 0 { at } else { first };
        count += 1;
        text.push(char::REPLACEMENT_CHARACTER);
    }
    if count > 0 {
        notices.push(Notice::InvalidBytes { count, first });
    }
    text
}

fn utf8(bytes: &[u8], offset: usize, notices: &mut Vec<Notice>) -> Result<String> {
    let nuls = replaceable_nuls(bytes, offset)?;
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            let chunks = bytes.utf8_chunks();
            let count = chunks.filter(|chunk| !chunk.invalid().is_empty()).count();
            let first = offset + error.valid_up_to();
            notices.push(Notice::InvalidBytes { count, first });
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    let Some(notice) = nuls else {
        return Ok(text);
    };
    notices.push(notice);
    Ok(text.replace('\0', "\u{fffd}"))
}

/// A few NULs are damage; many are another sort of file.
fn replaceable_nuls(bytes: &[u8], offset: usize) -> Result<Option<Notice>> {
    let Some(first) = memchr(0, bytes) else {
        return Ok(None);
    };
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if memchr_iter(0, sample).count() * 100 > sample.len() {
        return Err(
            Error::new(ErrorKind::Encoding, "is not text: it is full of NUL bytes")
                .at_byte((offset + first) as u64)
                .hint("extract its text first"),
        );
    }
    Ok(Some(Notice::Nul {
        count: memchr_iter(0, bytes).count(),
        first: offset + first,
    }))
}

/// CR LF and CR become LF.
fn line_feeds(text: String) -> String {
    if memchr(b'\r', text.as_bytes()).is_none() {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, Vec<Notice>) {
        decode(bytes, &Limits::default()).unwrap()
    }

    fn fails(bytes: &[u8]) -> Error {
        decode(bytes, &Limits::default()).unwrap_err()
    }

    #[test]
    fn marks_and_line_ends() {
        let plain = ("Zoë\nwent".to_owned(), Vec::new());
        assert_eq!(read("Zoë\nwent".as_bytes()), plain);
        assert_eq!(read("\u{feff}Zoë\r\nwent".as_bytes()), plain);
        assert_eq!(read("Zoë\rwent".as_bytes()), plain);
    }

    #[test]
    fn utf16_of_both_orders_with_and_without_mark() {
        let text = "Zoë went home.";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let plain = (text.to_owned(), Vec::new());
        assert_eq!(read(&little), plain);
        assert_eq!(read(&big), plain);
        assert_eq!(read(&[b"\xff\xfe", &little[..]].concat()), plain);
        assert_eq!(read(&[b"\xfe\xff", &big[..]].concat()), plain);
        let (cut, notices) = read(&[b"\xff\xfe", &little[..5]].concat());
        assert_eq!(cut, "Zo\u{fffd}");
        assert_eq!(notices, [Notice::InvalidBytes { count: 1, first: 6 }]);
    }

    #[test]
    fn damage_is_replaced_counted_and_said() {
        let (text, notices) = read(b"caf\xe9 and na\xefve");
        assert_eq!(text, "caf\u{fffd} and na\u{fffd}ve");
        assert_eq!(notices, [Notice::InvalidBytes { count: 2, first: 3 }]);
        assert!(notices[0].to_string().contains("2 invalid byte sequences"));
        let long = format!("{}\0{}", "a ".repeat(100), "b ".repeat(100));
        let (text, notices) = read(long.as_bytes());
        assert!(text.contains("a \u{fffd}b"));
        assert_eq!(
            notices,
            [Notice::Nul {
                count: 1,
                first: 200
            }]
        );
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert_eq!(fails(b"").kind(), ErrorKind::Empty);
        assert_eq!(fails(b"\xef\xbb\xbf \n\t\n").kind(), ErrorKind::Empty);
        let error = fails(b"\x89PNG\r\n\x1a\n");
        assert_eq!((error.kind(), error.byte()), (ErrorKind::Encoding, Some(0)));
        let error = fails(b"ab\0\x01\0\x02cd\0\0\0");
        assert_eq!((error.kind(), error.byte()), (ErrorKind::Encoding, Some(2)));
        let small = Limits {
            page_bytes: 3,
            ..Limits::default()
        };
        assert_eq!(
            decode(b"four", &small).unwrap_err().kind(),
            ErrorKind::TooLarge
        );
    }
}
