//! Each finding from a few rows.

use super::*;
use crate::limits::Limits;

fn corpus(name: &str, rows: &[(&str, i64, &str, &str)]) -> Corpus {
    let mut lines = String::new();
    for (article, index, label, text) in rows {
        let text = serde_json::to_string(text).unwrap();
        lines.push_str(&format!(
            "{{\"article\":\"{article}\",\"index\":{index},\"label\":\"{label}\",\"text\":{text}}}\n"
        ));
    }
    Corpus::from_bytes(name, lines.as_bytes(), &Limits::default()).unwrap()
}

fn findings(data: &Corpus, test: Option<&Corpus>) -> Vec<String> {
    let all = check(data, test, NEAR).into_iter();
    all.filter(|finding| finding.place.is_some())
        .map(|finding| finding.to_string())
        .collect()
}

const LONG: &str =
    "the council met on the first floor of the old hall and voted on nine items that night";

#[test]
fn texts_that_are_alike() {
    let near = format!("{LONG} again");
    let other = format!("today {LONG}");
    let data = corpus(
        "x.jsonl",
        &[
            ("A", 0, "reporting", "one"),
            ("A", 1, "reporting", "two"),
            ("A", 2, "reporting", "one"),
            ("A", 3, "reporting", "one"),
            ("B", 0, "reporting", LONG),
            ("B", 1, "commentary", "two "),
            ("B", 2, "reporting", &near),
        ],
    );
    assert_eq!(
        findings(&data, None),
        [
            "x.jsonl:2: labelled reporting, but the same text is labelled commentary at x.jsonl:6",
            "x.jsonl:1: the same text at x.jsonl:3 and 1 more",
            "x.jsonl:5: nearly the same text at x.jsonl:7",
        ]
    );
    let test = corpus(
        "y.jsonl",
        &[
            ("B", 0, "commentary", &other),
            ("C", 0, "reporting", "one"),
            ("C", 1, "reporting", "three"),
        ],
    );
    let with_test = findings(&data, Some(&test));
    assert_eq!(
        with_test,
        [
            "x.jsonl:2: labelled reporting, but the same text is labelled commentary at x.jsonl:6",
            "y.jsonl:2: the same text stands in the training data at x.jsonl:1",
            "y.jsonl:1: article \"B\" stands in the training data too",
            "y.jsonl:1: nearly the same text stands in the training data at x.jsonl:5",
            "x.jsonl:1: the same text at x.jsonl:3 and 1 more",
            "x.jsonl:5: labelled reporting, but nearly the same text is labelled commentary at y.jsonl:1",
        ]
    );
}

#[test]
fn rows_that_stand_wrong() {
    let rows = [
        ("A", 0, "reporting", "one"),
        ("B", 1, "reporting", "two"),
        ("A", 1, "reporting", "three"),
        ("C", 1, "reporting", "four"),
        ("C", 0, "reporting", "five"),
    ];
    let mut data = corpus("x.jsonl", &rows);
    let wrong = [
        "x.jsonl:1: article \"A\": rows of other articles come before x.jsonl:3",
        "x.jsonl:2: article \"B\": index 1 stands where 0 should",
        "x.jsonl:5: article \"C\": index 0 stands on line 5, after index 1 on line 4",
    ];
    assert_eq!(findings(&data, None), wrong);
    data.articles[0].paragraphs[1].file = "y.jsonl".to_owned();
    assert_eq!(
        findings(&data, None)[0],
        "x.jsonl:1: article \"A\": its rows stand in x.jsonl and in y.jsonl"
    );
}

#[test]
fn paragraphs_that_are_wrong() {
    let long = "word ".repeat(1001);
    let german = "Der Stadtrat hat am Dienstag nach langer Aussprache beschlossen, die alte Brücke \
                  bis zum Frühjahr für den Verkehr zu sperren und danach neu zu bauen.";
    let english = "The council voted on Tuesday after a long debate to close the old bridge to all \
                   traffic until the spring and to build it anew after that.";
    let data = corpus(
        "x.jsonl",
        &[
            ("A", 0, "reporting", "it\u{e2}\u{20ac}\u{2122}s &amp; more"),
            ("A", 1, "reporting", "one\n\ntwo"),
            ("A", 2, "reporting", "Advertisement"),
            ("A", 3, "reporting", &long),
            ("A", 4, "reporting", "12 — 34"),
            ("A", 5, "reporting", english),
            ("B", 0, "reporting", german),
            ("B", 1, "reporting", &format!("Also: {english}")),
            ("C", 0, "quotation", "“One,” he said. “Two,"),
            ("C", 1, "quotation", "“and three.”"),
            ("C", 2, "quotation", "Four,” he said. “Five."),
            ("C", 3, "quotation", "And “six.”"),
        ],
    );
    let found = findings(&data, None);
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(
        found,
        [
            "x.jsonl:6: nearly the same text at x.jsonl:8",
            "x.jsonl:1: text holds UTF-8 that was read as Windows-1252 or Latin-1, an HTML entity",
            "x.jsonl:2: a blank line in the text",
            "x.jsonl:3: labelled, but furniture by the rule advertisement",
            "x.jsonl:4: 1001 words",
            "x.jsonl:5: labelled, but without a letter",
            "x.jsonl:7: seems to be german; most of the data are english",
            "x.jsonl:11: a quotation is closed and was not opened",
            "x.jsonl:11: a quotation is opened and not closed before the next one",
        ]
    );
}

#[test]
fn labels_with_few_rows_or_articles() {
    let whats = |corpus: &Corpus| -> Vec<String> {
        let all = check(corpus, None, NEAR).into_iter();
        all.filter(|finding| finding.place.is_none())
            .map(|finding| finding.what)
            .collect()
    };
    assert_eq!(whats(&Corpus::default()).len(), 4);
    let texts: Vec<String> = (0..12).map(|number| format!("text {number}")).collect();
    let rows = texts
        .iter()
        .zip(0..)
        .map(|(text, n)| ("A", n, "reporting", text.as_str()));
    let rows: Vec<_> = rows.collect();
    let data = corpus("x.jsonl", &rows);
    assert_eq!(
        whats(&data),
        [
            "no row is labelled quotation",
            "no row is labelled commentary",
            "no row is labelled call_to_action",
            "reporting: 12 rows, articles that have any: 1",
            "only 12 rows are labelled reporting",
        ]
    );
    let test = corpus("y.jsonl", &[("B", 0, "quotation", "said")]);
    let sides: Vec<String> = check(&data, Some(&test), NEAR)
        .into_iter()
        .filter(|finding| finding.kind == FindingKind::OneSidedLabel)
        .map(|finding| finding.what)
        .collect();
    assert_eq!(
        sides,
        [
            "reporting: training rows 12, test rows none",
            "quotation: training rows none, test rows 1",
        ]
    );
}

/// What training says is all that is no note, and nothing else.
#[test]
fn a_brief_check_finds_errors_and_warnings() {
    let near = format!("{LONG} again");
    let data = corpus(
        "x.jsonl",
        &[
            ("A", 0, "reporting", "Read more"),
            ("A", 1, "reporting", "one\n\ntwo"),
            ("A", 3, "reporting", "7 + 7"),
            ("B", 0, "reporting", LONG),
            ("B", 1, "commentary", &near),
            ("B", 2, "quotation", "“It is late, he said."),
            ("B", 3, "quotation", "It&#8217;s late"),
        ],
    );
    let mut all = check(&data, None, NEAR);
    assert!(all.iter().any(|f| f.kind.severity() == Severity::Note));
    all.retain(|finding| finding.kind.severity() != Severity::Note);
    let kinds: Vec<FindingKind> = all.iter().map(|finding| finding.kind).collect();
    for kind in [
        FindingKind::NearContradiction,
        FindingKind::Gap,
        FindingKind::Damaged,
        FindingKind::Glued,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    assert_eq!(check_briefly(&data, NEAR), all);
}
