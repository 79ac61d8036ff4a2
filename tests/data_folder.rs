//! The labelled corpus: clean by the project's own check, and as its README says.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use copydesk::article::Kind;
use copydesk::corpus::{Corpus, Severity, check};
use copydesk::{Label, Limits};

fn corpus() -> Corpus {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    Corpus::read(&[folder], &Limits::default()).unwrap()
}

#[test]
fn the_check_finds_no_error_and_no_warning() {
    let findings = check(&corpus(), None, check::NEAR).into_iter();
    let findings: Vec<String> = findings
        .filter(|finding| finding.kind.severity() != Severity::Note)
        .map(|finding| finding.to_string())
        .collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn the_readme_counts_what_is_there() {
    let corpus = corpus();
    let mut genres: Vec<&str> = corpus
        .articles
        .iter()
        .filter_map(|a| a.columns.get("genre").map(String::as_str))
        .collect();
    genres.sort_unstable();
    genres.dedup();
    let row = |name: &str, part: &Corpus| {
        let counts = part.label_counts();
        let total: usize = counts.iter().sum();
        let cells = counts.map(|count| count.to_string()).join(" | ");
        format!("| {name} | {} | {cells} | {total} |", part.articles.len())
    };
    let mut table = Vec::new();
    for genre in genres {
        let part = corpus.subset(|number| {
            corpus.articles[number]
                .columns
                .get("genre")
                .map(String::as_str)
                == Some(genre)
        });
        table.push(row(genre, &part));
    }
    table.push(row("all", &corpus));
    let table = table.join("\n");
    assert!(
        include_str!("../data/README.md").contains(&table),
        "the table should read\n{table}"
    );
}

#[test]
fn every_paragraph_has_a_label_every_article_a_genre_and_files_hold_one() {
    let corpus = corpus();
    for row in corpus.rows() {
        assert_eq!(
            row.label.is_none(),
            row.kind == Kind::Heading,
            "{}",
            row.text
        );
    }
    for article in &corpus.articles {
        let genre = article.columns["genre"].replace('_', "-");
        for row in &article.paragraphs {
            assert!(
                row.file.ends_with(&format!("{genre}.jsonl")),
                "{}",
                row.file
            );
        }
    }
    assert_eq!(corpus.label_counts().len(), Label::ALL.len());
}
