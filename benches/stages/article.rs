//! Reading pages: bytes to blocks.

use std::hint::black_box;

use copydesk::article::{Format, Reader};
use criterion::{Criterion, Throughput};

use super::material::{HTML, PAGE, SEEDS};

pub(crate) fn bench(c: &mut Criterion) {
    let reader = Reader::default();
    // What windows-1252 lacks is written as numbers.
    let (western, _, _) = encoding_rs::WINDOWS_1252.encode(&PAGE);
    let said = Reader {
        encoding: Some("windows-1252".parse().expect("an encoding")),
        ..Reader::default()
    };

    let mut group = c.benchmark_group("read");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(PAGE.len() as u64));
    group.bench_function("text", |b| {
        b.iter(|| black_box(reader.read(PAGE.as_bytes(), Format::Text)));
    });
    group.bench_function("Markdown", |b| {
        b.iter(|| black_box(reader.read(PAGE.as_bytes(), Format::Markdown)));
    });
    group.throughput(Throughput::Bytes(western.len() as u64));
    group.bench_function("text in windows-1252, guessed", |b| {
        b.iter(|| black_box(reader.read(&western, Format::Text)));
    });
    group.bench_function("text in windows-1252, said", |b| {
        b.iter(|| black_box(said.read(&western, Format::Text)));
    });
    let bytes: usize = HTML.iter().map(String::len).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("HTML", |b| {
        b.iter(|| {
            for page in HTML.iter() {
                let _ = black_box(reader.read(page.as_bytes(), Format::Html));
            }
        });
    });
    let bytes: usize = SEEDS.iter().map(|(_, page)| page.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("the seed pages", |b| {
        b.iter(|| {
            for (format, page) in SEEDS.iter() {
                let _ = black_box(reader.read(page, *format));
            }
        });
    });
    group.finish();
}
