//! Text without meaning: tokens, sentences, quotations, stems, language.

use std::hint::black_box;

use copydesk::text::quote::QuoteScanner;
use copydesk::text::sentence::sentence_starts;
use copydesk::text::tongue::tongue;
use copydesk::text::{Language, Stemmer, Token, TokenKind, tokenize};
use criterion::{Criterion, Throughput};

use super::material::{CORPUS, PAGE};

pub(crate) fn bench(c: &mut Criterion) {
    let texts: Vec<&str> = CORPUS.rows().map(|row| row.text.as_str()).collect();
    let mut tokens: Vec<Vec<Token>> = Vec::new();
    for text in &texts {
        let mut of_text = Vec::new();
        tokenize(text, &mut of_text);
        tokens.push(of_text);
    }

    let mut group = c.benchmark_group("text");
    group.sample_size(20);
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("tokenise", |b| {
        let mut found = Vec::new();
        b.iter(|| {
            for text in &texts {
                found.clear();
                tokenize(text, &mut found);
                black_box(&found);
            }
        });
    });
    group.bench_function("sentences, tokens given", |b| {
        let mut starts = Vec::new();
        b.iter(|| {
            for (text, tokens) in texts.iter().zip(&tokens) {
                starts.clear();
                sentence_starts(text, tokens, &mut starts);
                black_box(&starts);
            }
        });
    });
    group.bench_function("quotations", |b| {
        let mut scanner = QuoteScanner::default();
        let mut quoted = Vec::new();
        b.iter(|| {
            for text in &texts {
                quoted.clear();
                black_box(scanner.scan(text, false, &mut quoted));
            }
        });
    });
    // Every word, where the featurizer stems each form once.
    let words = texts.iter().zip(&tokens).flat_map(|(text, tokens)| {
        let words = tokens
            .iter()
            .filter(|token| matches!(token.kind, TokenKind::Word(_)));
        words.map(|token| token.text(text).to_lowercase())
    });
    let words: Vec<String> = words.collect();
    let bytes: usize = words.iter().map(String::len).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("stem, words given", |b| {
        let stemmer = Stemmer::new(Language::English);
        b.iter(|| {
            for word in &words {
                black_box(stemmer.stem(word));
            }
        });
    });
    let part = PAGE.lines().take(500).collect::<Vec<_>>().join("\n");
    group.throughput(Throughput::Bytes(part.len() as u64));
    group.bench_function("language", |b| b.iter(|| black_box(tongue(&part))));
    group.finish();
}
