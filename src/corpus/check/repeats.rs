//! Texts that stand twice, or nearly: within data, with two labels, in training and test data.

use std::collections::HashMap;

use super::{Finding, FindingKind, Place, near};
use crate::corpus::{Corpus, LabelledParagraph};

/// A labelled row, and whether it is of the test data.
#[derive(Clone, Copy)]
struct Row<'a> {
    row: &'a LabelledParagraph,
    test: bool,
}

/// Kinds of what is found among rows that are alike.
struct Kinds {
    /// With two labels.
    contradiction: FindingKind,
    /// In training and test data.
    test: FindingKind,
    /// On one side.
    duplicate: FindingKind,
    /// How they are alike.
    alike: &'static str,
}

const SAME: Kinds = Kinds {
    contradiction: FindingKind::Contradiction,
    test: FindingKind::TestText,
    duplicate: FindingKind::Duplicate,
    alike: "the same text",
};

const NEARLY: Kinds = Kinds {
    contradiction: FindingKind::NearContradiction,
    test: FindingKind::TestNearText,
    duplicate: FindingKind::NearDuplicate,
    alike: "nearly the same text",
};

/// Looks for texts of training and test data that are alike; one finding a group of them.
pub(super) fn check([data, test]: [&Corpus; 2], near: f64, findings: &mut Vec<Finding>) {
    let rows = |corpus, test| {
        let labelled = Corpus::rows(corpus).filter(|row| row.label.is_some());
        labelled.map(move |row| Row { row, test })
    };
    let mut texts: Vec<(&str, Vec<Row<'_>>)> = Vec::new();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for row in rows(data, false).chain(rows(test, true)) {
        let text = row.row.text.trim();
        let number = *numbers.entry(text).or_insert(texts.len());
        match texts.get_mut(number) {
            Some((_, rows)) => rows.push(row),
            None => texts.push((text, vec![row])),
        }
    }
    for (_, rows) in &texts {
        SAME.find(rows, findings);
    }
    let distinct: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
    for cluster in near::clusters(&distinct, near) {
        // Of each text one row a side: that it stands several times on a side is said above.
        let mut rows: Vec<Row<'_>> = Vec::new();
        for test in [false, true] {
            let first = |&text: &usize| texts[text].1.iter().find(|row| row.test == test);
            rows.extend(cluster.iter().filter_map(first));
        }
        NEARLY.find(&rows, findings);
    }
}

impl Kinds {
    /// What is wrong with rows that are alike.
    fn find(&self, rows: &[Row<'_>], findings: &mut Vec<Finding>) {
        let [first, rest @ ..] = rows else { return };
        if rest.is_empty() {
            return;
        }
        let mut add = |kind, at: &Row<'_>, others: &mut dyn Iterator<Item = &Row<'_>>, what| {
            findings.push(Finding {
                others: others.map(|other| Place::of(other.row)).collect(),
                ..Finding::new(kind, what).with_text(at.row)
            });
        };
        let labels = |row: &Row<'_>| row.row.label;
        let other = rest.iter().find(|row| labels(row) != labels(first));
        let named = |row: &Row<'_>| labels(row).map_or("", crate::Label::name);
        if let Some(other) = other {
            let what = format!(
                "labelled {}, but {} is labelled {} at {}",
                named(first),
                self.alike,
                named(other),
                Place::of(other.row)
            );
            add(self.contradiction, first, &mut rest.iter(), what);
        }
        let (learnt, measured): (Vec<Row<'_>>, Vec<Row<'_>>) =
            rows.iter().partition(|row| !row.test);
        if let (Some(learnt_first), Some(measured_first)) = (learnt.first(), measured.first()) {
            let place = Place::of(learnt_first.row);
            let what = format!("{} stands in the training data at {place}", self.alike);
            let others = &mut learnt.iter().chain(&measured[1..]);
            add(self.test, measured_first, others, what);
        }
        for side in [&learnt, &measured] {
            if other.is_none()
                && let [first, rest @ ..] = &side[..]
                && !rest.is_empty()
            {
                let more = match rest.len() {
                    1 => String::new(),
                    count => format!(" and {} more", count - 1),
                };
                let what = format!("{} at {}{more}", self.alike, Place::of(rest[0].row));
                add(self.duplicate, first, &mut rest.iter(), what);
            }
        }
    }
}
