//! Labels with too few rows or articles, and labels that only one of two corpora has.

use super::{Finding, FindingKind};
use crate::corpus::{Corpus, LabelledArticle};
use crate::label::Label;

/// Below this many rows a label cannot be learnt or measured.
const TOO_FEW: usize = 10;
/// Below this many rows figures of a label are wide guesses.
const FEW: usize = 50;
/// Below this many articles, parts of a cross-validation in five lack the label.
const ARTICLES: usize = 5;

/// Labels with few rows, and labels with rows enough in too few articles.
pub(super) fn counts(corpus: &Corpus, findings: &mut Vec<Finding>) {
    for (&label, rows) in Label::ALL.iter().zip(corpus.label_counts()) {
        let what = match rows {
            0 => format!("no row is labelled {label}"),
            1 => format!("only 1 row is labelled {label}"),
            _ => format!("only {rows} rows are labelled {label}"),
        };
        if rows < TOO_FEW {
            findings.push(Finding::new(FindingKind::TooFewRows, what));
        } else if rows < FEW {
            findings.push(Finding::new(FindingKind::FewRows, what));
        }
        let carries = |article: &&LabelledArticle| {
            let mut rows = article.paragraphs.iter();
            rows.any(|row| row.label == Some(label))
        };
        let articles = corpus.articles.iter().filter(carries).count();
        if rows >= TOO_FEW && articles < ARTICLES {
            let what = format!("{label}: {rows} rows, articles that have any: {articles}");
            findings.push(Finding::new(FindingKind::FewArticles, what));
        }
    }
}

/// Labels that occur in one of training and test data only.
pub(super) fn sides(data: &Corpus, test: &Corpus, findings: &mut Vec<Finding>) {
    let counts = data.label_counts().into_iter().zip(test.label_counts());
    for (label, (learnt, measured)) in Label::ALL.iter().zip(counts) {
        let what = match (learnt, measured) {
            (0, 1..) => format!("{label}: training rows none, test rows {measured}"),
            (1.., 0) => format!("{label}: training rows {learnt}, test rows none"),
            _ => continue,
        };
        findings.push(Finding::new(FindingKind::OneSidedLabel, what));
    }
}
