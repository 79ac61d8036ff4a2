//! Streams of rows: bytes to articles.

use std::fmt::Write as _;
use std::hint::black_box;

use copydesk::Limits;
use copydesk::article::Reader;
use copydesk::rows::{RowFormat, RowReader};
use criterion::{Criterion, Throughput};

use super::material::CORPUS;

/// The rows of the corpus, one paragraph a line.
fn paragraphs_as_json() -> String {
    let mut lines = String::new();
    for article in &CORPUS.articles {
        for row in &article.paragraphs {
            let row =
                serde_json::json!({"article": article.id, "index": row.index, "text": row.text});
            writeln!(lines, "{row}").expect("a string grows");
        }
    }
    lines
}

/// The articles of the corpus, one a line.
fn articles_as_json() -> String {
    let mut lines = String::new();
    for article in &CORPUS.articles {
        let texts: Vec<&str> = article
            .paragraphs
            .iter()
            .map(|row| row.text.as_str())
            .collect();
        let row = serde_json::json!({"id": article.id, "text": texts.join("\n\n")});
        writeln!(lines, "{row}").expect("a string grows");
    }
    lines
}

/// The rows of the corpus as CSV.
fn paragraphs_as_csv() -> String {
    let mut lines = "article,index,text\n".to_owned();
    for article in &CORPUS.articles {
        for row in &article.paragraphs {
            let text = row.text.replace('"', "\"\"");
            writeln!(lines, "{},{},\"{text}\"", article.id, row.index).expect("a string grows");
        }
    }
    lines
}

pub(crate) fn bench(c: &mut Criterion) {
    let limits = Limits::default();
    let reader = Reader::default();
    let mut group = c.benchmark_group("rows");
    group.sample_size(20);
    for (name, stream, format) in [
        (
            "JSON lines, paragraphs",
            paragraphs_as_json(),
            RowFormat::JsonLines,
        ),
        (
            "JSON lines, articles",
            articles_as_json(),
            RowFormat::JsonLines,
        ),
        ("CSV, paragraphs", paragraphs_as_csv(), RowFormat::Csv),
    ] {
        group.throughput(Throughput::Bytes(stream.len() as u64));
        let items = || RowReader::new(stream.as_bytes(), format, &limits).expect("a header");
        group.bench_function(name, |b| {
            b.iter(|| items().for_each(|item| drop(black_box(item.expect("a sound row")))));
        });
        group.bench_function(format!("{name}, and their blocks"), |b| {
            b.iter(|| {
                for item in items() {
                    let _ = black_box(item.expect("a sound row").to_article(&reader));
                }
            });
        });
    }
    group.finish();
}
