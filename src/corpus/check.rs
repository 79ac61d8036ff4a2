//! What is wrong with labelled data: each finding with its place, and what to do about it.

mod damage;
mod labels;
mod near;
mod order;
mod paragraph;
mod repeats;

use std::fmt;

use serde::Serialize;

use super::{Corpus, LabelledArticle, LabelledParagraph};
use crate::error::Error;
use crate::label::{Label, Scores};

pub use near::clusters;

/// Share of common shingles from which two texts are nearly the same, where nobody says otherwise.
pub const NEAR: f64 = 0.8;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Training stops at it, or it makes figures false.
    Error,
    /// It harms the model or its figures, and should be mended.
    Warning,
    /// Worth a look; may be right as it is.
    Note,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

    /// The name written in reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// What sort of thing is wrong. Their order is that of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// A row that cannot be read.
    BadRow,
    /// The same text with two labels.
    Contradiction,
    /// The same text in training and test data.
    TestText,
    /// An article in training and test data.
    TestArticle,
    /// Nearly the same text in training and test data.
    TestNearText,
    /// A label that only training or only test data have.
    OneSidedLabel,
    /// The same text twice.
    Duplicate,
    /// Nearly the same text with two labels.
    NearContradiction,
    /// Nearly the same text twice.
    NearDuplicate,
    /// An article whose rows stand in two files.
    TwoFiles,
    /// An article with rows of another one between its own.
    Interleaved,
    /// An article whose indices do not count up from 0.
    Gap,
    /// A label with too few rows to be learnt or measured.
    TooFewRows,
    /// A label that too few articles carry.
    FewArticles,
    /// Characters that come from a wrong decoding or from markup.
    Damaged,
    /// Several paragraphs in one row.
    Glued,
    /// Words of the page, not of the article.
    Furniture,
    /// A label with few rows.
    FewRows,
    /// Rows of an article that do not stand in the order of their indices.
    OutOfOrder,
    /// A paragraph of unusual length.
    TooLong,
    /// A text without a letter.
    NoLetters,
    /// A text in another language than most.
    Language,
    /// A quotation that is opened and never closed, or the other way round.
    Quotes,
    /// A label that a model trained on the other articles contradicts.
    LabelError,
}

impl FindingKind {
    /// How much it matters.
    pub fn severity(self) -> Severity {
        use FindingKind::*;
        match self {
            BadRow | Contradiction | TestText | TestArticle => Severity::Error,
            TestNearText | OneSidedLabel | Duplicate | NearContradiction | NearDuplicate
            | TwoFiles | Interleaved | Gap | TooFewRows | FewArticles | Damaged | Glued => {
                Severity::Warning
            }
            Furniture | FewRows | OutOfOrder | TooLong | NoLetters | Language | Quotes
            | LabelError => Severity::Note,
        }
    }

    /// What it is, for reading.
    pub fn title(self) -> &'static str {
        use FindingKind::*;
        match self {
            BadRow => "bad row",
            Contradiction => "same text, two labels",
            TestText => "same text in training and test data",
            TestArticle => "article in training and test data",
            TestNearText => "nearly the same text in training and test data",
            OneSidedLabel => "label in only one of training and test data",
            Duplicate => "same text",
            NearContradiction => "nearly the same text, two labels",
            NearDuplicate => "nearly the same text",
            TwoFiles => "article in two files",
            Interleaved => "article with others between its rows",
            Gap => "gap in the indices",
            TooFewRows => "too few rows of a label",
            FewArticles => "too few articles with a label",
            Damaged => "damaged text",
            Glued => "several paragraphs in one row",
            Furniture => "page furniture",
            FewRows => "few rows of a label",
            OutOfOrder => "rows out of order",
            TooLong => "unusually long paragraph",
            NoLetters => "no letters",
            Language => "another language",
            Quotes => "quotation marks that do not match",
            LabelError => "likely label error",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        use FindingKind::*;
        match self {
            BadRow => "mend or remove the row; training stops at it",
            Contradiction => "settle on one label, or take the text out",
            TestText => "take the text out of one side; the test rewards remembering it",
            TestArticle => {
                "give all rows of an article to one side; if these are two articles, give one another id"
            }
            TestNearText => "take the text out of one side, unless the likeness is chance",
            OneSidedLabel => {
                "add rows of the label to the other side; it cannot be learnt and measured"
            }
            Duplicate => "keep one; repeated texts weigh double and reach both sides of a split",
            NearContradiction => "settle on one label, unless the difference decides it",
            NearDuplicate => "keep one, unless the likeness is chance",
            TwoFiles => {
                "put the article's rows together; if these are two articles, give one another id"
            }
            Interleaved => {
                "put the article's rows together; if these are two articles, give one another id"
            }
            Gap => "number the rows from 0, or add the missing ones as context (label null)",
            TooFewRows => "label more: below 10 rows a label cannot be learnt or measured",
            FewArticles => {
                "label more articles: below 5, parts of a cross-validation lack the label"
            }
            Damaged => "mend the text at its source, and decode or unescape it once",
            Glued => "make each paragraph a row of its own",
            Furniture => "take the label off (null), or mark the row \"kind\":\"furniture\"",
            FewRows => "label more: below 50 rows figures of a label are wide guesses",
            OutOfOrder => "sort the rows by index; they are read in that order anyway",
            TooLong => "see whether it is several paragraphs",
            NoLetters => "see whether it is a paragraph; else take the label off (null)",
            Language => "take it out, unless the model is meant for it",
            Quotes => "see whether a mark or a paragraph is missing",
            LabelError => "read the paragraph again, without its label in view; the model errs too",
        }
    }
}

/// Where a row stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

impl Place {
    fn of(row: &LabelledParagraph) -> Place {
        Place {
            file: row.file.clone(),
            line: row.line,
        }
    }
}

/// What a model says of a label that it contradicts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suspicion {
    /// The label that was given.
    pub given: Label,
    /// The label that the model finds most probable.
    pub suggested: Label,
    /// What it makes of the paragraph.
    pub scores: Scores,
    /// From 0, surely wrong, to 1.
    pub margin: f64,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What sort of thing.
    pub kind: FindingKind,
    /// The row, or the first row of the article or of the texts that are alike; none where labels are
    /// counted.
    pub place: Option<Place>,
    /// What is wrong, in one clause.
    pub what: String,
    /// The other rows that it is about.
    pub others: Vec<Place>,
    /// The row's text, empty where no single text is meant.
    pub text: String,
    /// Of likely label errors: what the model says.
    pub suspicion: Option<Suspicion>,
}

impl Finding {
    fn new(kind: FindingKind, what: impl Into<String>) -> Finding {
        Finding {
            kind,
            place: None,
            what: what.into(),
            others: Vec::new(),
            text: String::new(),
            suspicion: None,
        }
    }

    fn at(mut self, row: &LabelledParagraph) -> Finding {
        self.place = Some(Place::of(row));
        self
    }

    fn with_text(mut self, row: &LabelledParagraph) -> Finding {
        self.text.clone_from(&row.text);
        self.at(row)
    }

    /// A row that could not be read.
    pub fn bad_row(error: &Error) -> Finding {
        Finding {
            place: error.file().zip(error.line()).map(|(file, line)| Place {
                file: file.display().to_string(),
                line,
            }),
            ..Finding::new(FindingKind::BadRow, error.without_place())
        }
    }

    /// A row whose label a model contradicts.
    pub fn label_error(row: &LabelledParagraph, suspicion: Suspicion) -> Finding {
        let percent = |label| format!("{label} {:.0} %", 100.0 * suspicion.scores.get(label));
        let hard = if row.hard { "; marked hard" } else { "" };
        let what = format!(
            "labelled {}; from the other articles: {}, {}{hard}",
            suspicion.given,
            percent(suspicion.suggested),
            percent(suspicion.given)
        );
        Finding {
            suspicion: Some(suspicion),
            ..Finding::new(FindingKind::LabelError, what).with_text(row)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// Looks through training data, and test data where there are any. Two texts are nearly the same where
/// they share `near` of their shingles. What is found comes kind by kind, and in corpus order within.
pub fn check(data: &Corpus, test: Option<&Corpus>, near: f64) -> Vec<Finding> {
    look(data, test, near, Severity::Note)
}

/// The errors and warnings among what [`check`] finds in training data: what training says before it learns.
/// Notes, of which some cost more than the training, are not looked for.
pub fn check_briefly(data: &Corpus, near: f64) -> Vec<Finding> {
    let mut findings = look(data, None, near, Severity::Warning);
    findings.retain(|finding| finding.kind.severity() <= Severity::Warning);
    findings
}

/// Looks for what is at least so severe, and for some of the rest.
fn look(data: &Corpus, test: Option<&Corpus>, near: f64, least: Severity) -> Vec<Finding> {
    let mut findings = Vec::new();
    let nothing = Corpus::default();
    let both = [data, test.unwrap_or(&nothing)];
    repeats::check(both, near, &mut findings);
    for corpus in both {
        order::check(corpus, &mut findings);
        match least {
            Severity::Note => paragraph::check(corpus, &mut findings),
            _ => paragraph::check_briefly(corpus, &mut findings),
        }
    }
    labels::counts(data, &mut findings);
    if let Some(test) = test {
        labels::sides(data, test, &mut findings);
        articles_on_both_sides(data, test, &mut findings);
    }
    findings.sort_by_key(|finding| finding.kind);
    findings
}

fn articles_on_both_sides(data: &Corpus, test: &Corpus, findings: &mut Vec<Finding>) {
    let first = |article: &LabelledArticle| article.paragraphs.first().map(Place::of);
    let ids = data.articles.iter().map(|article| (&article.id, article));
    let ids: std::collections::HashMap<_, _> = ids.collect();
    for article in &test.articles {
        if let Some(other) = ids.get(&article.id) {
            let what = format!("article {:?} stands in the training data too", article.id);
            findings.push(Finding {
                place: first(article),
                others: first(other).into_iter().collect(),
                ..Finding::new(FindingKind::TestArticle, what)
            });
        }
    }
}

#[cfg(test)]
mod tests;
