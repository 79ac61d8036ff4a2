//! Bytes to text: which encoding they are in, line ends, and what is not text at all.
//!
//! In this order: the encoding that was asked for, a byte order mark, UTF-16 without one, UTF-8 where
//! the bytes are that, the encoding that an HTML page declares, and a guess.

use std::fmt;
use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter, memchr3, memmem};

use super::Format;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// A text encoding of the WHATWG standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// Its name in the standard: `UTF-8`, `windows-1252` …
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// As `encoding_rs` knows it.
    pub fn as_encoding_rs(self) -> &'static encoding_rs::Encoding {
        self.0
    }
}

impl FromStr for Encoding {
    type Err = Error;

    /// By any of its labels, in whatever case: `latin1`, `cp1251`, `sjis` …
    fn from_str(label: &str) -> Result<Encoding> {
        let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes());
        encoding.map(Encoding).ok_or_else(|| {
            let shown: String = label.chars().take(40).collect();
            Error::new(ErrorKind::Parameter, format!("unknown encoding {shown:?}"))
                .hint("name one as web pages do: utf-8, windows-1252, shift_jis, gbk, koi8-r …")
        })
    }
}

/// Something in the bytes that was repaired and should be said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The encoding was not stated, and guessed.
    Guessed(Encoding),
    /// Byte sequences that the encoding does not have were replaced by U+FFFD.
    InvalidBytes {
        /// The encoding.
        encoding: Encoding,
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
            Notice::Guessed(encoding) => {
                return write!(
                    f,
                    "read as {}, which is a guess; --encoding forces another",
                    encoding.name()
                );
            }
            Notice::InvalidBytes {
                encoding,
                count,
                first,
            } => (
                format!("byte sequence that is not {}", encoding.name()),
                count,
                first,
            ),
            Notice::Nul { count, first } => ("NUL character".to_owned(), count, first),
        };
        let what = if *count == 1 {
            what
        } else {
            what.replacen("sequence that is", "sequences that are", 1)
                .replacen("NUL character", "NUL characters", 1)
        };
        write!(
            f,
            "{count} {what} replaced by U+FFFD, the first at byte {first}; is the page in another encoding? --encoding forces one"
        )
    }
}

/// First bytes of files that are not text, and what they are.
const MAGIC: [(&[u8], &str); 9] = [
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
];

/// Bytes that are looked at to tell text from other data.
const SAMPLE: usize = 1 << 16;

/// A page declares its encoding within its first bytes.
const DECLARED_WITHIN: usize = 4096;

/// It switches alphabets in ISO-2022-JP, which otherwise is ASCII.
const ESCAPE: u8 = 0x1b;

/// A page as text.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: Encoding,
    pub(super) notices: Vec<Notice>,
}

/// Decodes a page. Line ends come out as LF; a byte order mark does not come out.
pub(super) fn decode(
    bytes: &[u8],
    format: Format,
    forced: Option<Encoding>,
    limits: &Limits,
) -> Result<Decoded> {
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
    if let Some(text) = plain_utf8(bytes, forced) {
        return not_empty(Decoded {
            text: text.to_owned(),
            encoding: Encoding(UTF_8),
            notices: Vec::new(),
        });
    }
    let mut notices = Vec::new();
    let (encoding, skip) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((marked, length)) if forced.is_none_or(|forced| is_kind_of(marked, forced.0)) => {
            (marked, length)
        }
        _ => {
            let (encoding, guessed) = match forced {
                Some(forced) => (forced.0, false),
                None => encoding_of(bytes, format),
            };
            if guessed {
                notices.push(Notice::Guessed(Encoding(encoding)));
            }
            (encoding, 0)
        }
    };
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let nuls = if wide { None } else { replaceable_nuls(bytes)? };
    let encoding = Encoding(encoding);
    let mut text = characters(&bytes[skip..], skip, encoding, &mut notices);
    if let Some(first) = text.find('\0') {
        // In UTF-16 a NUL byte is half of most letters; only the characters tell.
        notices.push(nuls.unwrap_or_else(|| Notice::Nul {
            count: text.matches('\0').count(),
            first: skip + 2 * text[..first].encode_utf16().count(),
        }));
        text = text.replace('\0', "\u{fffd}");
    }
    not_empty(Decoded {
        text: line_feeds(text),
        encoding,
        notices,
    })
}

fn not_empty(decoded: Decoded) -> Result<Decoded> {
    match decoded.text.trim().is_empty() {
        true => Err(Error::new(ErrorKind::Empty, "empty: nothing to label")),
        false => Ok(decoded),
    }
}

/// The text of bytes that are UTF-8 as they should be, which most are: then there is nothing to find out
/// and nothing to repair.
fn plain_utf8(bytes: &[u8], forced: Option<Encoding>) -> Option<&str> {
    const BOM: &[u8] = b"\xef\xbb\xbf";
    let is_plain = forced.is_none_or(|forced| forced.0 == UTF_8)
        && !bytes.starts_with(BOM)
        && memchr3(0, ESCAPE, b'\r', bytes).is_none();
    is_plain.then(|| std::str::from_utf8(bytes).ok()).flatten()
}

/// Whether a byte order mark may decide where an encoding is forced: which of the two UTF-16 it is, is for
/// the mark to say.
fn is_kind_of(marked: &'static encoding_rs::Encoding, forced: &encoding_rs::Encoding) -> bool {
    let wide = |encoding: &encoding_rs::Encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    marked == forced || wide(marked) && wide(forced)
}

/// The encoding of bytes without a mark, and whether it is a guess.
fn encoding_of(bytes: &[u8], format: Format) -> (&'static encoding_rs::Encoding, bool) {
    // Valid sequences of several bytes for each broken one that make a text damaged UTF-8.
    const DAMAGED: usize = 10;
    if memchr(0, bytes).is_some()
        && let Some(utf16) = utf16_without_mark(bytes)
    {
        return (utf16, false);
    }
    let declared = (format == Format::Html)
        .then(|| declared(&bytes[..bytes.len().min(DECLARED_WITHIN)]))
        .flatten();
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Text of another encoding is hardly ever valid UTF-8 by chance, while pages that declare what
        // they are not are common. ISO-2022-JP alone is made of ASCII.
        let escaped = text.is_ascii() && memchr(ESCAPE, bytes).is_some();
        if !escaped {
            return (UTF_8, false);
        }
    }
    if let Some(declared) = declared.filter(|declared| *declared != UTF_8) {
        return (declared, false);
    }
    let (mut valid, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if valid >= DAMAGED * broken && broken > 0 {
        return (UTF_8, false);
    }
    // ASCII says nothing, but where it is ISO-2022-JP.
    const WINDOW: usize = 1 << 20;
    let start = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let end = bytes.len().min(start + WINDOW);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[start..end], end == bytes.len());
    let guess = detector.guess(None, Utf8Detection::Deny);
    (guess, !bytes.is_ascii())
}

/// The encoding that an HTML page names in a `meta` element or an XML declaration.
fn declared(start: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let start = start.to_ascii_lowercase();
    let tags = [(&b"<meta"[..], &b"charset"[..]), (b"<?xml", b"encoding")];
    tags.into_iter().find_map(|(tag, attribute)| {
        memmem::find_iter(&start, tag).find_map(|at| {
            let commented = memmem::rfind(&start[..at], b"<!--")
                .is_some_and(|open| memmem::find(&start[open..at], b"-->").is_none());
            if commented {
                return None;
            }
            let end = memchr(b'>', &start[at..]).map_or(start.len(), |end| at + end);
            let tag = &start[at..end];
            // Inside a value it declares only where the value is a content type.
            let place = memmem::find_iter(tag, attribute).find(|&place| {
                let quotes = |mark| memchr_iter(mark, &tag[..place]).count();
                let inside = quotes(b'"') % 2 == 1 || quotes(b'\'') % 2 == 1;
                !inside || memmem::find(tag, b"content-type").is_some()
            })?;
            let value = tag[place + attribute.len()..].trim_ascii_start();
            let value = value.strip_prefix(b"=")?.trim_ascii_start();
            let value = value
                .strip_prefix(b"\"")
                .or(value.strip_prefix(b"'"))
                .unwrap_or(value);
            let is_end = |byte: &u8| {
                matches!(byte, b'"' | b'\'' | b';' | b'/') || byte.is_ascii_whitespace()
            };
            let length = value.iter().position(is_end).unwrap_or(value.len());
            let encoding = encoding_rs::Encoding::for_label_no_replacement(&value[..length])?;
            // What was readable so far as ASCII is no UTF-16, says the standard.
            Some(if encoding == UTF_16LE || encoding == UTF_16BE {
                UTF_8
            } else {
                encoding
            })
        })
    })
}

/// UTF-16 shows by its NULs: text in a European script has one in almost every second byte, always
/// on the same side.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
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
        Some(UTF_16LE)
    } else if even >= most && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The characters of bytes that begin at this offset of the input. What the encoding does not have
/// becomes U+FFFD, and is counted.
fn characters(
    bytes: &[u8],
    offset: usize,
    encoding: Encoding,
    notices: &mut Vec<Notice>,
) -> String {
    if encoding.0 == UTF_8
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return text.to_owned();
    }
    let mut decoder = encoding.0.new_decoder_without_bom_handling();
    let mut text = String::new();
    let (mut count, mut first, mut at) = (0, 0, 0);
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len() - at);
        text.reserve(room.unwrap_or(bytes.len() - at));
        let (result, read) =
            decoder.decode_to_string_without_replacement(&bytes[at..], &mut text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, after) => {
                if count == 0 {
                    first = offset + at - usize::from(bad) - usize::from(after);
                }
                count += 1;
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    if count > 0 {
        notices.push(Notice::InvalidBytes {
            encoding,
            count,
            first,
        });
    }
    text
}

/// A few NULs are damage; many are another sort of file.
fn replaceable_nuls(bytes: &[u8]) -> Result<Option<Notice>> {
    let Some(first) = memchr(0, bytes) else {
        return Ok(None);
    };
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if memchr_iter(0, sample).count() * 100 > sample.len() {
        return Err(
            Error::new(ErrorKind::Encoding, "is not text: it is full of NUL bytes")
                .at_byte(first as u64)
                .hint("extract its text first"),
        );
    }
    Ok(Some(Notice::Nul {
        count: memchr_iter(0, bytes).count(),
        first,
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
mod tests;
