//! Tests of decoding: marks, declarations, guesses, damage.

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
                let html = format!("<html><head>{head}</head><body><p>{text}</p></body></html>");
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
fn nuls_of_utf16_are_replaced_and_counted() {
    let bytes = b"\xff\xfea\0\0\0b\0";
    let (text, notices) = read(bytes);
    assert_eq!(text, "a\u{fffd}b");
    assert_eq!(notices, [Notice::Nul { count: 1, first: 4 }]);
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

/// What a guess rests on ends in the middle of a character, or is ASCII alone.
#[test]
fn a_long_page_is_guessed_by_what_is_not_ascii() {
    let sentence = "船は五月に止まると町議会が火曜日に述べた。";
    let (encoded, ..) = encoding_rs::SHIFT_JIS.encode(sentence);
    for ascii in 0..4 {
        let mut bytes = vec![b'a'; ascii];
        while bytes.len() <= 3 << 19 {
            bytes.extend_from_slice(&encoded);
        }
        let decoded = decode(&bytes, Format::Text, None, &Limits::default()).unwrap();
        assert_eq!(decoded.encoding.0, encoding_rs::SHIFT_JIS, "{ascii}");
    }
    let mut bytes = b"The ferry will stop in May. ".repeat(50_000);
    let (russian, ..) =
        encoding_rs::KOI8_R.encode("Паром остановится в мае, сообщил городской совет. ");
    bytes.extend_from_slice(&russian.repeat(20));
    let decoded = decode(&bytes, Format::Text, None, &Limits::default()).unwrap();
    assert!(decoded.text.contains("Паром остановится"));
}

#[test]
fn declarations_in_comments_and_descriptions_declare_nothing() {
    for other in [
        "<!-- <meta charset=koi8-r> -->",
        "<meta name=description content='what charset=koi8-r means'>",
    ] {
        let page = format!("<html><head>{other}<meta charset=windows-1252></head><p>caf\u{1}</p>");
        let bytes: Vec<u8> = page
            .bytes()
            .map(|b| if b == 1 { 0xe9 } else { b })
            .collect();
        let decoded = decode(&bytes, Format::Html, None, &Limits::default()).unwrap();
        assert!(decoded.text.contains("café"), "{other}");
    }
    let page = b"<meta http-equiv='Content-Type' content='text/html; charset=koi8-r'><p>\xf0</p>";
    let decoded = decode(page, Format::Html, None, &Limits::default()).unwrap();
    assert!(decoded.text.contains('П'));
    let page = b"<?xml version='1.0' encoding='big5'?><html><p>\xa4\xa4\xa4\xe5</p></html>";
    let decoded = decode(page, Format::Html, None, &Limits::default()).unwrap();
    assert!(decoded.text.contains("中文"));
}

#[test]
fn a_mark_says_which_utf_16_it_is() {
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend("The ferry stops.".encode_utf16().flat_map(u16::to_be_bytes));
    let forced = "utf-16".parse().unwrap();
    let decoded = decode(&bytes, Format::Text, Some(forced), &Limits::default()).unwrap();
    assert_eq!(decoded.text, "The ferry stops.");
}
