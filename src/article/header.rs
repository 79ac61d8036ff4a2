//! Meta lines: source and date, byline, categories, captions, credits, footnotes.

use std::sync::LazyLock;

use memchr::memmem;

/// Fields of the page that a meta line holds, as byte ranges of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) source: Option<std::ops::Range<usize>>,
    pub(super) date: Option<std::ops::Range<usize>>,
    pub(super) categories: Option<std::ops::Range<usize>>,
}

/// Longer lines are prose.
const LINE_BYTES: usize = 320;

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];
const DATE_WORDS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thurs",
    "fri",
    "sat",
    "sun",
    "am",
    "pm",
    "a",
    "p",
    "m",
    "at",
    "on",
    "of",
    "the",
    "et",
    "est",
    "edt",
    "gmt",
    "utc",
    "cst",
    "cdt",
    "mst",
    "mdt",
    "pst",
    "pdt",
    "bst",
    "cet",
    "original",
    "bst",
    "eastern",
    "daylight",
    "time",
    "standard",
    "central",
    "pacific",
    "mountain",
    "summer",
    "ist",
    "british",
];

/// Words that begin a line of the page's head, before a colon (or, for a byline, a name).
const HEAD_LABELS: &[&str] = &[
    "categories:",
    "category:",
    "tags:",
    "tag:",
    "topics:",
    "topic:",
    "filed under:",
    "filed under ",
    "section:",
    "keywords:",
    "source:",
    "published:",
    "published on ",
    "updated:",
    "last updated:",
    "last updated ",
    "last modified:",
    "posted:",
    "posted on ",
    "posted in ",
    "date:",
    "author:",
    "authors:",
    "issue:",
];
/// Words that begin a meta line anywhere on the page.
const LINE_LABELS: &[&str] = &[
    "for immediate release",
    "media contact",
    "media contacts",
    "press contact",
    "contact:",
    "contacts:",
    "media advisory",
    "press release",
    "for more information, please contact",
    "for more information, contact",
    "for more information contact",
    "for interviews",
    "file photo",
    "photo:",
    "photos:",
    "photo by ",
    "photo credit",
    "photograph:",
    "image:",
    "image credit",
    "picture:",
    "credit:",
    "caption:",
    "illustration:",
];
const LINE_ENDS: &[&str] = &[
    "/reuters",
    "/getty images",
    "via getty images",
    "/ap",
    "/afp",
    "via ap)",
    "all rights reserved.",
    "(courtesy photo)",
];
/// Names of sections that stand above a title's text on a line of their own.
const SECTIONS: &[&str] = &[
    "editorial",
    "opinion",
    "analysis",
    "comment",
    "commentary",
    "news",
    "sport",
    "sports",
    "business",
    "culture",
    "politics",
    "the week",
    "features",
    "letters",
    "op-ed",
    "world",
];

/// Whether a line of the page's head is a meta line, and what it tells. The line must be trimmed.
pub(super) fn head_line(line: &str) -> Option<Fields> {
    if line.len() > LINE_BYTES {
        return None;
    }
    let mut fields = Fields::default();
    if let Some(label) = HEAD_LABELS.iter().find(|label| starts_with(line, label)) {
        let rest = label.len()..line.len();
        match *label {
            "source:" => fields.source = Some(rest),
            "categories:" | "category:" | "tags:" | "tag:" | "topics:" | "topic:" => {
                fields.categories = Some(rest);
            }
            "published:" | "published on " | "posted:" | "posted on " | "date:" => {
                fields.date = Some(rest);
            }
            _ => {}
        }
        return Some(fields);
    }
    // A date has a year, and most lines have no digit.
    if has_digit(line) {
        if is_date(line) {
            fields.date = Some(0..line.len());
            return Some(fields);
        }
        for separator in SEPARATORS.iter() {
            if let Some(at) = separator.find(line.as_bytes()) {
                let date = at + separator.needle().len()..line.len();
                if is_date(&line[date.clone()]) && !line[..at].contains(". ") {
                    fields.source = Some(0..at);
                    fields.date = Some(date);
                    return Some(fields);
                }
            }
        }
    }
    let name = line.trim_end_matches(':');
    let is_section = SECTIONS
        .iter()
        .any(|section| section.eq_ignore_ascii_case(name));
    let is_hashtags = line
        .split_whitespace()
        .all(|word| word.starts_with('#') && word.len() > 2);
    (is_section || is_hashtags || is_meta_line(line)).then_some(fields)
}

/// What stands between a source and its date.
static SEPARATORS: LazyLock<[memmem::Finder<'static>; 6]> =
    LazyLock::new(|| [" -- ", " — ", " – ", " | ", " · ", " - "].map(memmem::Finder::new));

/// Looks at all bytes, without an early end, so that they are compared many at a time.
fn has_digit(line: &str) -> bool {
    line.bytes()
        .fold(false, |any, byte| any | byte.is_ascii_digit())
}

/// `By Jane Doe`, `By JANE DOE and Richard Roe, Staff Writers`: names, no sentence.
fn is_byline(line: &str) -> bool {
    let Some(rest) = [
        "By ",
        "BY ",
        "Written by ",
        "Reported by ",
        "Posted by ",
        "Text by ",
    ]
    .iter()
    .find_map(|by| line.strip_prefix(by)) else {
        return false;
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let is_name = |word: &&str| {
        word.starts_with(char::is_uppercase)
            || matches!(
                *word,
                "and"
                    | "for"
                    | "with"
                    | "of"
                    | "in"
                    | "the"
                    | "de"
                    | "van"
                    | "von"
                    | "der"
                    | "|"
                    | "&"
                    | "-"
                    | "—"
            )
    };
    line.len() <= 120 && words.len() <= 14 && words.iter().all(is_name) && !line.ends_with('.')
}

/// Only words of dates, and a year: `Sunday, August 17, 2025, 10:59:41 PM Eastern Daylight Time`.
fn is_date(line: &str) -> bool {
    if line.len() > 100 {
        return false;
    }
    let mut year = false;
    let mut month = false;
    let mut words = 0;
    for word in line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        words += 1;
        let is = |other: &&str| word.eq_ignore_ascii_case(other);
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = &word[digits.len()..];
        let is_number = !digits.is_empty()
            && digits.len() <= 4
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && ["", "st", "nd", "rd", "th", "am", "pm"]
                .iter()
                .any(|known| ending.eq_ignore_ascii_case(known));
        if is_number {
            year |= word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
        } else if MONTHS.iter().any(is) {
            month = true;
        } else if !DATE_WORDS.iter().any(is) {
            return false;
        }
    }
    year && words >= 3 && (month || line.contains(['-', '/', '.']))
}

/// Meta wherever it stands: press contacts, captions, credits, footnotes. The line must be trimmed.
///
/// Every paragraph comes by here, so nothing is allocated, and only the line's two ends are read.
pub(super) fn is_meta_line(line: &str) -> bool {
    line.len() <= LINE_BYTES
        && (LINE_LABELS.iter().any(|label| starts_with(line, label))
            || LINE_ENDS.iter().any(|end| ends_with(line, end))
            || is_footnote(line)
            || is_credit(line)
            || is_byline(line))
}

/// Whether a line starts with an ASCII phrase, in whatever case.
fn starts_with(line: &str, phrase: &str) -> bool {
    let (line, phrase) = (line.as_bytes(), phrase.as_bytes());
    let first = |text: &[u8]| text.first().map(u8::to_ascii_lowercase);
    first(line) == first(phrase)
        && line
            .get(..phrase.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(phrase))
}

fn ends_with(line: &str, phrase: &str) -> bool {
    let from = line.len().checked_sub(phrase.len());
    let tail = from.and_then(|from| line.as_bytes().get(from..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(phrase.as_bytes()))
}

/// `[3] Source. http://…`: a reference, with its address.
fn is_footnote(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('[') else {
        return false;
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0
        && rest[digits..].starts_with(']')
        && (rest.contains("http") || rest.contains("www."))
}

/// Signs of a credit.
static SIGNS: LazyLock<[memmem::Finder<'static>; 9]> = LazyLock::new(|| {
    [
        "Image: ",
        "Photo: ",
        "Picture: ",
        "Photograph: ",
        "(AP Photo",
        "(Photo by ",
        "(Photo: ",
        "REUTERS/",
        "is licensed under CC",
    ]
    .map(memmem::Finder::new)
});

static LICENSED: LazyLock<memmem::Finder<'static>> =
    LazyLock::new(|| memmem::Finder::new("licensed"));

/// A caption that ends with its credit: `… Image: Jane Doe.`, `… (AP Photo/Jane Doe)`, `REUTERS/Jane Doe`.
fn is_credit(line: &str) -> bool {
    const LONGEST: usize = 80;
    let from = line.len().saturating_sub(LONGEST);
    // A credit names its kind with a colon, bracket or slash, or in capitals: most lines have none.
    let tail = &line.as_bytes()[from..];
    if memchr::memchr3(b':', b'(', b'/', tail).is_none() && LICENSED.find(tail).is_none() {
        return false;
    }
    let Some(tail) = (from..line.len()).find_map(|at| line.get(at..)) else {
        return false;
    };
    SIGNS.iter().any(|sign| {
        let end = |at: usize| at + sign.needle().len();
        sign.find(tail.as_bytes())
            .is_some_and(|at| from + at > 0 && !tail[end(at)..].contains(". "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_date_and_categories() {
        let line =
            "harbournews.example -- Tuesday, March 4, 2025, 9:05:11 AM Eastern Standard Time";
        let fields = head_line(line).unwrap();
        assert_eq!(
            fields.source.map(|range| &line[range]),
            Some("harbournews.example")
        );
        assert_eq!(fields.date.map(|range| &line[range]), Some(&line[23..]));
        let line = "Categories: Ports, Trade";
        assert_eq!(
            head_line(line).unwrap().categories.map(|r| line[r].trim()),
            Some("Ports, Trade")
        );
        assert!(
            head_line("Wednesday, September 7, 2016")
                .unwrap()
                .date
                .is_some()
        );
        assert!(head_line("2018-09-10 17:09").unwrap().date.is_some());
    }

    #[test]
    fn head_lines_and_prose() {
        for line in [
            "By Jane Doe",
            "By JANE DOE and Richard Roe, Staff Writers",
            "FOR IMMEDIATE RELEASE: May 20, 2019",
            "Editorial",
            "#ports #trade",
            "A gull on the pier. Image: Jane Doe.",
            "The pier in May. REUTERS/Jane Doe",
            "[2] Harbour Gazette. http://example.org/2",
        ] {
            assert!(head_line(line).is_some(), "{line}");
        }
        for line in [
            "By Friday the port was closed.",
            "By the end of May 2019 the pier had gone.",
            "In May 2019 the pier was closed.",
            "The pier -- built in May 1912 by the town -- was closed.",
            "Editorial staff left.",
        ] {
            assert_eq!(head_line(line), None, "{line}");
        }
    }
}
