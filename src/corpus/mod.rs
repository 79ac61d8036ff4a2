//! Labelled data: articles whose paragraphs have labels, read from files and checked.

pub mod check;
mod read;
mod record;
mod rows;
pub mod split;
mod stream;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::article::{Article, Kind};
use crate::label::{LABELS, Label};

pub use check::{Finding, FindingKind, Severity, check, check_briefly};
pub use read::Reading;
pub use stream::{Articles, Stream};

/// Articles with labelled paragraphs, in the order in which they were first seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Corpus {
    /// The articles.
    pub articles: Vec<LabelledArticle>,
}

/// One article of labelled data.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledArticle {
    /// Its id, as text.
    pub id: String,
    /// What else its rows say, by column: `genre`, `outlet`, `date` …, each as in the first row that
    /// has it.
    pub columns: BTreeMap<String, String>,
    /// Its paragraphs, by index.
    pub paragraphs: Vec<LabelledParagraph>,
}

/// One row of labelled data.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledParagraph {
    /// Its place in the article.
    pub index: i64,
    /// What it is on the page.
    pub kind: Kind,
    /// Whether the page prints it as a block quote.
    pub block_quote: bool,
    /// Its text.
    pub text: String,
    /// Its label; `None` for rows that are context only.
    pub label: Option<Label>,
    /// Whether annotators wavered or differed.
    pub hard: bool,
    /// The file it stands in.
    pub file: String,
    /// 1-based line in that file.
    pub line: u64,
}

impl LabelledArticle {
    /// Whether any paragraph has a label.
    pub fn is_labelled(&self) -> bool {
        self.paragraphs
            .iter()
            .any(|paragraph| paragraph.label.is_some())
    }

    /// The article as the reader would give it: one block a row, in order.
    pub fn to_article(&self) -> Article {
        let rows = self.paragraphs.iter();
        Article::from_paragraphs(rows.map(|row| (row.text.as_str(), row.kind, row.block_quote)))
    }
}

impl Corpus {
    /// Labelled paragraphs by label.
    pub fn label_counts(&self) -> [usize; LABELS] {
        let mut counts = [0; LABELS];
        for label in self.rows().filter_map(|row| row.label) {
            counts[label.index()] += 1;
        }
        counts
    }

    /// All rows, article by article.
    pub fn rows(&self) -> impl Iterator<Item = &LabelledParagraph> {
        self.articles.iter().flat_map(|article| &article.paragraphs)
    }

    /// The articles whose number passes the test.
    #[must_use]
    pub fn subset(&self, keep: impl Fn(usize) -> bool) -> Corpus {
        let kept = self
            .articles
            .iter()
            .enumerate()
            .filter(|(number, _)| keep(*number));
        Corpus {
            articles: kept.map(|(_, article)| article.clone()).collect(),
        }
    }

    /// Takes the labels of the rows that are marked hard: they stay as context.
    pub fn make_hard_context(&mut self) {
        let rows = self
            .articles
            .iter_mut()
            .flat_map(|article| &mut article.paragraphs);
        for row in rows.filter(|row| row.hard) {
            row.label = None;
        }
    }

    /// SHA-256, in hexadecimal, of what a model learns from: ids, kinds, labels and texts in order.
    /// It does not depend on how the rows are spread over files or written down.
    pub fn digest(&self) -> String {
        let mut digest = DataDigest::default();
        self.articles.iter().for_each(|article| digest.add(article));
        digest.finish()
    }
}

/// The digest of a corpus, article by article; see [`Corpus::digest`].
#[derive(Default)]
pub(crate) struct DataDigest(Sha256);

impl DataDigest {
    pub(crate) fn add(&mut self, article: &LabelledArticle) {
        let mut field = |text: &str| {
            // The length before each field keeps ("ab", "c") and ("a", "bc") apart.
            self.0.update((text.len() as u64).to_le_bytes());
            self.0.update(text);
        };
        field(&article.id);
        for row in &article.paragraphs {
            field(row.kind.name());
            field(row.label.map_or("", Label::name));
            field(if row.block_quote { "block quote" } else { "" });
            field(&row.text);
        }
    }

    pub(crate) fn finish(self) -> String {
        let hash = self.0.finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
