//! Articles whose rows do not stand as they should: in two files, among others' rows, out of order, or
//! with gaps between their indices.

use super::{Finding, FindingKind, Place};
use crate::corpus::Corpus;

/// Looks at each article's rows.
pub(super) fn check(corpus: &Corpus, findings: &mut Vec<Finding>) {
    let interleaved = interleaved(corpus);
    for (number, article) in corpus.articles.iter().enumerate() {
        let rows = &article.paragraphs;
        let Some(first) = rows.first() else { continue };
        let mut add = |kind, what: String, mut others: Vec<Place>| {
            others.retain(|other| *other != Place::of(first));
            findings.push(Finding {
                others,
                ..Finding::new(kind, format!("article {:?}: {what}", article.id)).at(first)
            });
        };
        if let Some(other) = rows.iter().find(|row| row.file != first.file) {
            let what = format!("its rows stand in {} and in {}", first.file, other.file);
            add(FindingKind::TwoFiles, what, vec![Place::of(other)]);
        }
        if let Some(place) = &interleaved[number] {
            let what = format!("rows of other articles come before {place}");
            add(FindingKind::Interleaved, what, vec![place.clone()]);
        }
        let back = rows
            .windows(2)
            .find(|pair| pair[0].file == pair[1].file && pair[1].line < pair[0].line);
        if let Some([before, after]) = back {
            let what = format!(
                "index {} stands on line {}, after index {} on line {}",
                before.index, before.line, after.index, after.line
            );
            add(FindingKind::OutOfOrder, what, vec![Place::of(after)]);
        }
        if let Some((wanted, row)) = (0..).zip(rows).find(|(wanted, row)| *wanted != row.index) {
            let what = format!("index {} stands where {wanted} should", row.index);
            add(FindingKind::Gap, what, vec![Place::of(row)]);
        }
    }
}

/// Of each article, where it goes on after rows of another one in the same file.
fn interleaved(corpus: &Corpus) -> Vec<Option<Place>> {
    let numbered = corpus.articles.iter().enumerate();
    let mut rows: Vec<(&str, u64, usize)> = numbered
        .flat_map(|(number, article)| {
            let rows = article.paragraphs.iter();
            rows.map(move |row| (row.file.as_str(), row.line, number))
        })
        .collect();
    rows.sort_unstable();
    let mut seen_in = vec![""; corpus.articles.len()];
    let mut interleaved = vec![None; corpus.articles.len()];
    let mut before = None;
    for &(file, line, number) in &rows {
        if before != Some((file, number)) {
            if seen_in[number] == file && interleaved[number].is_none() {
                interleaved[number] = Some(Place {
                    file: file.to_owned(),
                    line,
                });
            }
            seen_in[number] = file;
        }
        before = Some((file, number));
    }
    interleaved
}
