//! A labelled page and its parts, as every report shows them.

use serde::{Serialize, Serializer};

use crate::article::{Article, Kind};
use crate::label::{LABELS, Label, Scores};
use crate::rows::ParagraphRow;
use crate::shares::Shares;

/// A classified article, ready to be reported.
pub struct Page<'a> {
    /// What the article is called: file name or id.
    pub doc: &'a str,
    /// Its text and blocks.
    pub article: &'a Article,
    /// One entry a block; `None` for kinds that get no label.
    pub scores: &'a [Option<Scores>],
    /// Its language, where that could be told.
    pub language: Option<&'a str>,
    /// Whether furniture is left out of the rows.
    pub drop_furniture: bool,
}

/// One block as JSON and CSV show it. Fields are only ever added.
#[derive(Serialize)]
pub struct BlockRow<'a> {
    /// The article: file name or id.
    pub doc: &'a str,
    /// Number of the block in the article, from 0.
    pub block: usize,
    /// 1-based line on which it starts.
    pub line: usize,
    /// First byte in the decoded text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is on the page.
    pub kind: Kind,
    /// Id of the rule that set it aside, for furniture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// Its label, for kinds that get one.
    pub label: Option<Label>,
    /// Probability of the label.
    pub confidence: Option<f64>,
    /// Probabilities of all labels.
    pub probabilities: Option<Probabilities>,
    /// The language of the article, where that could be told.
    pub language: Option<&'a str>,
    /// The text from `start` to `end`.
    pub text: &'a str,
}

impl BlockRow<'_> {
    /// Names of the fields, in all forms of output: a field of the input does not pass for one.
    pub const FIELDS: [&'static str; 14] = [
        "doc",
        "article",
        "index",
        "block",
        "line",
        "start",
        "end",
        "kind",
        "reason",
        "label",
        "confidence",
        "probabilities",
        "language",
        "text",
    ];
}

/// A paragraph that came as a row, as JSON shows it: its `article` and `index` as they were written.
pub struct RowLine<'a> {
    pub(super) article: &'a str,
    pub(super) index: &'a str,
    pub(super) line: u64,
    pub(super) kind: Kind,
    pub(super) label: Option<Label>,
    pub(super) probabilities: Option<Probabilities>,
    pub(super) language: Option<&'a str>,
    pub(super) text: &'a str,
}

impl<'a> RowLine<'a> {
    /// The answer to a row.
    pub fn new(
        row: &'a ParagraphRow,
        scores: Option<&Scores>,
        language: Option<&'a str>,
    ) -> RowLine<'a> {
        let (label, _, probabilities) = verdict(scores);
        RowLine {
            article: &row.article,
            index: &row.index,
            line: row.line,
            kind: row.kind,
            label,
            probabilities,
            language,
            text: &row.text,
        }
    }
}

/// The four probabilities in millionths, rounded so that they still sum to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probabilities([u32; LABELS]);

const MILLION: f64 = 1e6;

impl Probabilities {
    /// Rounds scores. What rounding leaves over goes to the best label.
    pub fn new(scores: &Scores) -> Probabilities {
        let mut millionths = scores.as_array().map(|p| (p * MILLION).round() as u32);
        let best = scores.best().index();
        millionths[best] = 0;
        millionths[best] = (MILLION as u32).saturating_sub(millionths.iter().sum());
        Probabilities(millionths)
    }

    /// The rounded probability of one label.
    pub fn get(&self, label: Label) -> f64 {
        f64::from(self.millionths(label)) / MILLION
    }

    /// The same in millionths.
    pub fn millionths(&self, label: Label) -> u32 {
        self.0[label.index()]
    }
}

impl Serialize for Probabilities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Label::ALL.map(|label| (label.name(), self.get(label))))
    }
}

/// Label, its confidence, and all probabilities, from scores.
pub fn verdict(scores: Option<&Scores>) -> (Option<Label>, Option<f64>, Option<Probabilities>) {
    let label = scores.map(Scores::best);
    let probabilities = scores.map(Probabilities::new);
    let confidence = label.zip(probabilities).map(|(label, p)| p.get(label));
    (label, confidence, probabilities)
}

impl<'a> Page<'a> {
    /// The blocks in reading order.
    pub fn rows(&self) -> impl Iterator<Item = BlockRow<'a>> {
        let (doc, article, language) = (self.doc, self.article, self.language);
        let dropped = self.drop_furniture;
        article
            .blocks()
            .iter()
            .zip(self.scores)
            .enumerate()
            .filter(move |(_, (block, _))| !(dropped && block.kind == Kind::Furniture))
            .map(move |(number, (block, scores))| {
                let (label, confidence, probabilities) = verdict(scores.as_ref());
                BlockRow {
                    doc,
                    block: number,
                    line: block.line,
                    start: block.span.start,
                    end: block.span.end,
                    kind: block.kind,
                    reason: block.reason.as_deref(),
                    label,
                    confidence,
                    probabilities,
                    language,
                    text: article.block_text(block),
                }
            })
    }

    /// Shares of the article.
    pub fn shares(&self) -> Shares {
        Shares::of(self.article, self.scores)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounded_probabilities_sum_to_one(odds in prop::array::uniform4(-30.0..30.0f64)) {
            let scores = Scores::softmax(odds);
            let rounded = Probabilities::new(&scores);
            let sum: f64 = Label::ALL.iter().map(|&l| rounded.get(l)).sum();
            prop_assert!((sum - 1.0).abs() < 1e-12);
            for label in Label::ALL {
                prop_assert!((rounded.get(label) - scores.get(label)).abs() < 2.1e-6);
                prop_assert!((0.0..=1.0).contains(&rounded.get(label)));
            }
        }
    }
}
