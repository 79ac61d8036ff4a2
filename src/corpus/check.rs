//! What is wrong with labelled data that parses: repeated and nearly repeated texts, damaged
//! characters, gaps, labels with too few rows.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher, Hash};

use super::{Corpus, LabelledParagraph};
use crate::label::Label;

/// Below this many rows a label cannot be learnt or measured.
const FEW: usize = 10;
/// Words of a shingle; texts with fewer words are not compared.
const SHINGLE: usize = 8;
/// Share of common shingles (Jaccard) from which two texts are nearly the same.
const NEAR: f64 = 0.8;
/// Shingles in more texts than this are stock phrases and compare nothing.
const STOCK: usize = 50;

/// Where a row stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// 1-based line.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Finding {
    /// The same text twice.
    Duplicate(Place, Place),
    /// The same text twice, with different labels.
    Contradiction(Place, Label, Place, Label),
    /// Two texts that share most of their words in order.
    NearDuplicate(Place, Place),
    /// Characters that come from a wrong decoding or from markup.
    Damaged(Place, &'static str),
    /// An article whose indices do not count up from 0.
    Gap(String),
    /// A label with too few rows.
    FewRows(Label, usize),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Duplicate(a, b) => write!(f, "{b}: same text as {a}"),
            Finding::Contradiction(a, la, b, lb) => {
                write!(
                    f,
                    "{b}: labelled {lb}, but the same text is labelled {la} at {a}"
                )
            }
            Finding::NearDuplicate(a, b) => write!(f, "{b}: nearly the same text as {a}"),
            Finding::Damaged(a, what) => write!(f, "{a}: text holds {what}"),
            Finding::Gap(article) => write!(f, "article {article:?}: indices have a gap"),
            Finding::FewRows(label, rows) => write!(f, "only {rows} rows are labelled {label}"),
        }
    }
}

/// Looks through a corpus; what is found comes in corpus order, kind by kind.
pub fn check(corpus: &Corpus) -> Vec<Finding> {
    let mut findings = Vec::new();
    duplicates(corpus, &mut findings);
    near_duplicates(corpus, &mut findings);
    for row in corpus.rows() {
        if let Some(what) = damage(&row.text) {
            findings.push(Finding::Damaged(place(row), what));
        }
    }
    for article in &corpus.articles {
        let indices = article.paragraphs.iter().map(|row| row.index);
        if !indices.eq(0..article.paragraphs.len() as i64) {
            findings.push(Finding::Gap(article.id.clone()));
        }
    }
    for (label, &rows) in Label::ALL.iter().zip(&corpus.label_counts()) {
        if rows < FEW {
            findings.push(Finding::FewRows(*label, rows));
        }
    }
    findings
}

fn place(row: &LabelledParagraph) -> Place {
    Place {
        file: row.file.clone(),
        line: row.line,
    }
}

fn duplicates(corpus: &Corpus, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, &LabelledParagraph> = HashMap::new();
    for row in corpus.rows() {
        let Some(label) = row.label else { continue };
        match seen.get(row.text.trim()) {
            None => {
                seen.insert(row.text.trim(), row);
            }
            Some(first) => findings.push(match first.label {
                Some(other) if other != label => {
                    Finding::Contradiction(place(first), other, place(row), label)
                }
                _ => Finding::Duplicate(place(first), place(row)),
            }),
        }
    }
}

/// Pairs of texts with a Jaccard similarity of shingles of at least [`NEAR`]. Only texts that share
/// a shingle are compared.
fn near_duplicates(corpus: &Corpus, findings: &mut Vec<Finding>) {
    let rows: Vec<&LabelledParagraph> = corpus.rows().filter(|row| row.label.is_some()).collect();
    let shingles: Vec<HashSet<u64>> = rows.iter().map(|row| shingles(&row.text)).collect();
    let mut holders: HashMap<u64, Vec<u32>> = HashMap::new();
    let mut pairs: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for (number, set) in shingles.iter().enumerate() {
        for &shingle in set {
            let earlier = holders.entry(shingle).or_default();
            if earlier.len() < STOCK {
                for &other in earlier.iter() {
                    *pairs.entry((other, number as u32)).or_default() += 1;
                }
                earlier.push(number as u32);
            }
        }
    }
    for ((a, b), common) in pairs {
        let (a, b) = (a as usize, b as usize);
        let union = shingles[a].len() + shingles[b].len() - common;
        if common as f64 >= NEAR * union as f64 && rows[a].text.trim() != rows[b].text.trim() {
            findings.push(Finding::NearDuplicate(place(rows[a]), place(rows[b])));
        }
    }
}

/// Hashes of all runs of [`SHINGLE`] words.
fn shingles(text: &str) -> HashSet<u64> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let state = foldhash::fast::FixedState::default();
    words
        .windows(SHINGLE)
        .map(|run| {
            let mut hasher = state.build_hasher();
            run.hash(&mut hasher);
            std::hash::Hasher::finish(&hasher)
        })
        .collect()
}

/// What shows that a text was decoded wrongly or cut out of markup.
fn damage(text: &str) -> Option<&'static str> {
    const SIGNS: [(&str, &str); 9] = [
        ("\u{fffd}", "a replacement character (U+FFFD)"),
        ("â€", "UTF-8 that was read as Windows-1252"),
        ("Ã©", "UTF-8 that was read as Windows-1252"),
        ("&amp;", "an HTML entity"),
        ("&quot;", "an HTML entity"),
        ("&#", "an HTML entity"),
        ("&nbsp;", "an HTML entity"),
        ("</", "an HTML tag"),
        ("<br", "an HTML tag"),
    ];
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
    {
        return Some("a control character");
    }
    SIGNS
        .iter()
        .find(|(sign, _)| text.contains(sign))
        .map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn findings(rows: &[(&str, i64, &str, &str)]) -> Vec<String> {
        let mut lines = String::new();
        for (article, index, label, text) in rows {
            lines.push_str(&format!(
                "{{\"article\":\"{article}\",\"index\":{index},\"label\":\"{label}\",\"text\":\"{text}\"}}\n"
            ));
        }
        let corpus = Corpus::from_bytes("x.jsonl", lines.as_bytes(), &Limits::default()).unwrap();
        let all = check(&corpus).into_iter();
        all.filter(|f| !matches!(f, Finding::FewRows(..)))
            .map(|f| f.to_string())
            .collect()
    }

    #[test]
    fn each_finding() {
        let long =
            "the council met on the first floor of the old hall and voted on nine items that night";
        let near = format!("{long} again");
        assert_eq!(
            findings(&[
                ("A", 0, "reporting", "one"),
                ("A", 1, "reporting", "one"),
                ("A", 2, "commentary", "one"),
                ("B", 0, "reporting", long),
                ("B", 2, "reporting", &near),
                ("C", 0, "reporting", "itâ€™s &amp; more"),
            ]),
            [
                "x.jsonl:2: same text as x.jsonl:1",
                "x.jsonl:3: labelled commentary, but the same text is labelled reporting at x.jsonl:1",
                "x.jsonl:5: nearly the same text as x.jsonl:4",
                "x.jsonl:6: text holds UTF-8 that was read as Windows-1252",
                "article \"B\": indices have a gap",
            ]
        );
    }

    #[test]
    fn labels_with_few_rows() {
        let corpus = Corpus::default();
        assert_eq!(check(&corpus).len(), 4);
    }
}
