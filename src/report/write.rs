//! The lines of blocks and rows as JSON, written by hand: there are millions of them, and their form is
//! fixed. Byte for byte what serde_json makes of the same values.

use super::page::{BlockRow, Probabilities, RowLine};
use crate::json;
use crate::label::{LABELS, Label};

/// Writes the object of a block, without its closing brace.
pub(super) fn block(row: &BlockRow<'_>, out: &mut Vec<u8>) {
    // Room for all that is not text.
    out.reserve(row.text.len() + row.doc.len() + 320);
    out.extend_from_slice(b"{\"doc\":");
    string(row.doc, out);
    for (name, value) in [
        (&b",\"block\":"[..], row.block),
        (b",\"line\":", row.line),
        (b",\"start\":", row.start),
        (b",\"end\":", row.end),
    ] {
        out.extend_from_slice(name);
        number(value as u64, out);
    }
    out.extend_from_slice(b",\"kind\":\"");
    out.extend_from_slice(row.kind.name().as_bytes());
    out.push(b'"');
    if let Some(reason) = row.reason {
        out.extend_from_slice(b",\"reason\":");
        string(reason, out);
    }
    answer(row.label, row.probabilities.as_ref(), row.language, out);
    string(row.text, out);
}

/// Writes the object of a paragraph that came as a row, without its closing brace.
pub(super) fn row(row: &RowLine<'_>, out: &mut Vec<u8>) {
    let (article, index) = (row.article, row.index);
    out.reserve(row.text.len() + article.len() + index.len() + 320);
    out.extend_from_slice(b"{\"article\":");
    out.extend_from_slice(article.as_bytes());
    out.extend_from_slice(b",\"index\":");
    out.extend_from_slice(index.as_bytes());
    out.extend_from_slice(b",\"line\":");
    number(row.line, out);
    out.extend_from_slice(b",\"kind\":\"");
    out.extend_from_slice(row.kind.name().as_bytes());
    out.push(b'"');
    answer(row.label, row.probabilities.as_ref(), row.language, out);
    string(row.text, out);
}

/// What stands before the probability of each label.
const LABELLED: [&[u8]; LABELS] = [
    b",\"label\":\"reporting\",\"confidence\":",
    b",\"label\":\"quotation\",\"confidence\":",
    b",\"label\":\"commentary\",\"confidence\":",
    b",\"label\":\"call_to_action\",\"confidence\":",
];
const PROBABILITY: [&[u8]; LABELS] = [
    b",\"probabilities\":{\"reporting\":",
    b",\"quotation\":",
    b",\"commentary\":",
    b",\"call_to_action\":",
];

/// Writes the label with its probabilities, the language, and the name of the text's field.
fn answer(
    label: Option<Label>,
    probabilities: Option<&Probabilities>,
    language: Option<&str>,
    out: &mut Vec<u8>,
) {
    match (label, probabilities) {
        (Some(label), Some(probabilities)) => {
            out.extend_from_slice(LABELLED[label.index()]);
            share(probabilities.millionths(label), out);
            for label in Label::ALL {
                out.extend_from_slice(PROBABILITY[label.index()]);
                share(probabilities.millionths(label), out);
            }
            out.push(b'}');
        }
        _ => out.extend_from_slice(b",\"label\":null,\"confidence\":null,\"probabilities\":null"),
    }
    out.extend_from_slice(b",\"language\":");
    match language {
        Some(language) => string(language, out),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"text\":");
}

/// Writes a string in its quote marks.
pub(super) fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = json::first_special(rest) {
        out.extend_from_slice(&rest[..at]);
        escape(rest[at], out);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        8 => b'b',
        9 => b't',
        10 => b'n',
        12 => b'f',
        13 => b'r',
        _ => {
            let digit = |value: u8| b"0123456789abcdef"[usize::from(value)];
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
}

/// Writes a whole number.
fn number(mut value: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut from = digits.len();
    loop {
        from -= 1;
        digits[from] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[from..]);
}

/// Writes a share that is given in millionths as the shortest number that reads as it.
fn share(millionths: u32, out: &mut Vec<u8>) {
    match millionths {
        0 => out.extend_from_slice(b"0.0"),
        1..=9 => out.extend_from_slice(&[b'0' + millionths as u8, b'e', b'-', b'6']),
        1_000_000.. => out.extend_from_slice(b"1.0"),
        _ => {
            let mut text = *b"0.000000";
            let mut value = millionths;
            for digit in text[2..].iter_mut().rev() {
                *digit += (value % 10) as u8;
                value /= 10;
            }
            let zeros = text.iter().rev().take_while(|&&digit| digit == b'0');
            let length = text.len() - zeros.count();
            out.extend_from_slice(&text[..length]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Kind;
    use crate::label::Scores;
    use crate::report::page::verdict;
    use proptest::prelude::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn shares_are_those_of_serde() {
        for millionths in 0..=1_000_000 {
            let got = written(|out| share(millionths, out));
            let want = serde_json::to_string(&(f64::from(millionths) / 1e6)).unwrap();
            assert_eq!(got, want);
        }
    }

    #[test]
    fn all_of_ascii() {
        let text: String = (0..=127u8).map(char::from).collect();
        let got = written(|out| string(&text, out));
        assert_eq!(got, serde_json::to_string(&text).unwrap());
    }

    proptest! {
        #[test]
        fn numbers_and_strings_are_those_of_serde(value: u64, text in "(.|\n|\u{1f}|[\"\\\\]){0,90}") {
            prop_assert_eq!(written(|out| number(value, out)), value.to_string());
            prop_assert_eq!(written(|out| string(&text, out)), serde_json::to_string(&text).unwrap());
        }

        #[test]
        fn lines_are_those_of_serde(
            text in ".{0,70}",
            place in prop::array::uniform4(0usize..1_000_000),
            odds in prop::option::of(prop::array::uniform4(-20.0..20.0f64)),
            (kind, reason) in (prop::sample::select(&Kind::ALL[..]), prop::option::of("[a-z_\"]{1,9}")),
            language in prop::option::of("[a-z]{1,9}"),
        ) {
            let scores = odds.map(Scores::softmax);
            let (label, confidence, probabilities) = verdict(scores.as_ref());
            let [number, line, start, end] = place;
            let language = language.as_deref();
            let made = BlockRow {
                doc: &text, block: number, line, start, end, kind, reason: reason.as_deref(), label,
                confidence, probabilities, language, text: &text,
            };
            let got = written(|out| block(&made, out)) + "}";
            prop_assert_eq!(got, serde_json::to_string(&made).unwrap());
            let row_line = RowLine {
                article: "\"A \\u00e9\"", index: "null", line: line as u64, kind, label,
                probabilities, language, text: &text,
            };
            let got = written(|out| row(&row_line, out)) + "}";
            let want = serde_json::json!({
                "article": "A é", "index": null, "line": line, "kind": kind, "label": label,
                "confidence": confidence, "probabilities": probabilities, "language": language, "text": text,
            });
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&got).unwrap(), want);
        }
    }
}
