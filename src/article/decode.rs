//! Bytes to text: which encoding they are in, line ends, and what is not text at all.
//!
//! In this order: the encoding that was asked for, a byte order mark, UTF-16 without one, UTF-8 where
//! the bytes are that, the encoding that an HTML page declares, and a guess.

use std::fmt;
use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter, memmem};

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

/// A page declares its encoding within its first bytes.
const DECLARED_WITHIN: usize = 4096;

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
    let mut notices = Vec::new();
    let (encoding, skip) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((marked, length)) if forced.is_none_or(|forced| forced.0 == marked) => {
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
    if let Some(notice) = nuls {
        notices.push(notice);
        text = text.replace('\0', "\u{fffd}");
    }
    let text = line_feeds(text);
    if text.trim().is_empty() {
        return Err(Error::new(ErrorKind::Empty, "empty: nothing to label"));
    }
    Ok(Decoded {
        text,
        encoding,
        notices,
    })
}

/// The encoding of bytes without a mark, and whether it is a guess.
fn encoding_of(bytes: &[u8], format: Format) -> (&'static encoding_rs::Encoding, bool) {
    // Valid sequences of several bytes for each broken one that make a text damaged UTF-8.
    const DAMAGED: usize = 10;
    const ESCAPE: u8 = 0x1b;
    if let Some(utf16) = utf16_without_mark(bytes) {
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
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(1 << 20)], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    (guess, !bytes.is_ascii())
}

/// The encoding that an HTML page names in a `meta` element or an XML declaration.
fn declared(start: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let start = start.to_ascii_lowercase();
    let tags = [(&b"<meta"[..], &b"charset"[..]), (b"<?xml", b"encoding")];
    tags.into_iter().find_map(|(tag, attribute)| {
        memmem::find_iter(&start, tag).find_map(|at| {
            let end = memchr(b'>', &start[at..]).map_or(start.len(), |end| at + end);
            let tag = &start[at..end];
            let value = tag[memmem::find(tag, attribute)? + attribute.len()..].trim_ascii_start();
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> (String, Vec<Notice>) {
        let decoded = decode(bytes, Format::Text, None, &Limits::default()).unwrap();
        (decoded.text, decoded.notices)
    }

    fn fails(bytes: &[u8]) -> Error {
        let decoded = decode(bytes, Format::Text, None, &Limits::default());
        decoded.map(|_| ()).unwrap_err()
    }

    fn invalid(encoding: &'static encoding_rs::Encoding, count: usize, first: usize) -> Notice {
        let encoding = Encoding(encoding);
        Notice::InvalidBytes {
            encoding,
            count,
            first,
        }
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
        assert_eq!(notices, [invalid(UTF_16LE, 1, 6)]);
    }

    #[test]
    fn damage_is_replaced_counted_and_said() {
        let damaged = ["Zoë went to Bærum. ".repeat(20).as_bytes(), b"caf\xe9"].concat();
        let (text, notices) = read(&damaged);
        assert!(text.ends_with("Bærum. caf\u{fffd}"));
        assert_eq!(notices, [invalid(UTF_8, 1, damaged.len() - 1)]);
        assert!(
            notices[0]
                .to_string()
                .contains("1 byte sequence that is not UTF-8")
        );
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
            decode(b"four", Format::Text, None, &small)
                .map(|_| ())
                .unwrap_err()
                .kind(),
            ErrorKind::TooLarge
        );
    }

    /// Some sentences in several languages, and encodings that have their letters.
    const TEXTS: [(&str, &[&str]); 7] = [
        (
            "Der Hafenausschuß beschloß am Dienstag, das innere Becken zu schließen. „Wir müssen ausbaggern“, erklärte die Vorsitzende. Für die Fähre gilt das nicht.",
            &["windows-1252"],
        ),
        (
            "Le conseil du port a décidé mardi de fermer le bassin intérieur. Les travaux coûteront près de deux millions, précise la présidente, et la grève a été évitée.",
            &["windows-1252", "iso-8859-15"],
        ),
        (
            "Rada přístavu v úterý rozhodla uzavřít vnitřní bazén. Práce začnou v březnu, řekla předsedkyně, a potrvají přibližně šest měsíců.",
            &["iso-8859-2", "windows-1250"],
        ),
        (
            "Совет порта во вторник решил закрыть внутренний бассейн. Работы начнутся в марте, сказала председатель, и продлятся около шести месяцев.",
            &["windows-1251", "koi8-r"],
        ),
        (
            "港湾委員会は火曜日、内港を閉鎖することを決めた。工事は三月に始まり、およそ半年かかると委員長は述べた。",
            &["shift_jis", "euc-jp", "iso-2022-jp"],
        ),
        (
            "港口委员会星期二决定关闭内港。主席说，工程将于三月开始，大约需要六个月。渡轮不受影响。",
            &["gbk"],
        ),
        (
            "항만위원회는 화요일 내항을 폐쇄하기로 결정했다. 공사는 삼월에 시작되어 약 여섯 달이 걸린다고 위원장은 말했다.",
            &["euc-kr"],
        ),
    ];

    #[test]
    fn legacy_encodings_declared_forced_and_guessed() {
        for (text, labels) in TEXTS {
            for label in labels {
                let encoding: Encoding = label.parse().unwrap();
                let page = |head: &str| {
                    let html =
                        format!("<html><head>{head}</head><body><p>{text}</p></body></html>");
                    encoding.0.encode(&html).0.into_owned()
                };
                let limits = Limits::default();
                for head in [
                    format!("<meta charset={label}>"),
                    format!(
                        "<META http-equiv=\"Content-Type\" content=\"text/html; charset={label}\" />"
                    ),
                ] {
                    let got = decode(&page(&head), Format::Html, None, &limits).unwrap();
                    assert!(got.text.contains(text), "{label}: {}", got.text);
                    assert_eq!(
                        (got.encoding, got.notices),
                        (encoding, Vec::new()),
                        "{label}"
                    );
                }
                let got = decode(&page(""), Format::Html, Some(encoding), &limits).unwrap();
                assert!(got.text.contains(text) && got.notices.is_empty(), "{label}");
                let got = decode(&page(""), Format::Html, None, &limits).unwrap();
                assert!(
                    got.text.contains(text),
                    "{label} was guessed {}",
                    got.encoding.name()
                );
                let ascii = page("").is_ascii();
                assert_eq!(got.notices.len(), usize::from(!ascii), "{label}");
            }
        }
    }

    #[test]
    fn what_is_utf8_is_read_so_whatever_it_declares() {
        for declared in ["iso-8859-1", "utf-16", "no-such-thing"] {
            let page = format!("<meta charset=\"{declared}\"><p>Zoë went home.</p>");
            let got = decode(page.as_bytes(), Format::Html, None, &Limits::default()).unwrap();
            assert!(got.text.contains("Zoë"), "{declared}");
            assert_eq!(got.encoding.name(), "UTF-8");
        }
    }

    #[test]
    fn what_a_forced_encoding_does_not_have_is_counted() {
        let forced = "shift_jis".parse().ok();
        let got = decode(
            b"Caf\xe9 open\xff",
            Format::Text,
            forced,
            &Limits::default(),
        )
        .unwrap();
        assert!(
            matches!(got.notices[..], [Notice::InvalidBytes { count: 2, .. }]),
            "{:?}",
            got.notices
        );
        let error = "latin-99".parse::<Encoding>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Parameter);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_text_or_a_named_error(bytes in prop::collection::vec(any::<u8>(), 0..200), label in prop::sample::select(vec!["", "utf-8", "utf-16le", "gb18030", "big5", "euc-jp", "iso-2022-jp", "windows-1252", "x-user-defined"])) {
            let forced = label.parse().ok();
            for format in [Format::Text, Format::Html] {
                if let Ok(decoded) = decode(&bytes, format, forced, &Limits::default()) {
                    prop_assert!(!decoded.text.trim().is_empty() && !decoded.text.contains(['\r', '\0']));
                }
            }
        }

        /// Text that an encoding has comes back whole from a page that declares it.
        #[test]
        fn declared_text_comes_back(
            (label, letters) in prop::sample::select(vec![
                ("windows-1252", "äöüßé"), ("windows-1251", "яжы"), ("koi8-r", "яжы"), ("gb18030", "港口ä"), ("utf-8", "äя港"),
            ]),
            places in prop::collection::vec(0..8usize, 1..60),
        ) {
            let letters: Vec<char> = letters.chars().chain("ab .".chars()).collect();
            let text: String = places.iter().map(|place| letters[place % letters.len()]).collect();
            let encoding: Encoding = label.parse().unwrap();
            let page = format!("<meta charset={label}>{text}");
            let bytes = encoding.0.encode(&page).0;
            // By chance such bytes are UTF-8 too, and then read so.
            prop_assume!(label == "utf-8" || text.is_ascii() || std::str::from_utf8(&bytes).is_err());
            let decoded = decode(&bytes, Format::Html, None, &Limits::default()).unwrap();
            prop_assert_eq!(decoded.text, page);
        }
    }
}
