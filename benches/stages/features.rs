//! Features: a walk over the paragraphs, and each paragraph to a sparse row.

use std::hint::black_box;

use copydesk::Model;
use copydesk::features::Paragraph;
use copydesk::features::page::PageWalk;
use criterion::{Criterion, Throughput};

use super::material::{ARTICLE, PAGE, paragraphs};

/// A paragraph that owns its parts.
struct Owned {
    text: String,
    quoted: Vec<std::ops::Range<u32>>,
    list_item: bool,
}

pub(crate) fn bench(c: &mut Criterion) {
    let mut owned = Vec::new();
    paragraphs(|_, paragraph| {
        owned.push(Owned {
            text: paragraph.text.to_owned(),
            quoted: paragraph.quoted.to_vec(),
            list_item: paragraph.list_item,
        });
    });
    let all = || {
        owned.iter().map(|paragraph| Paragraph {
            text: &paragraph.text,
            quoted: &paragraph.quoted,
            list_item: paragraph.list_item,
            ..Paragraph::default()
        })
    };
    let space = Model::builtin().space();

    let mut group = c.benchmark_group("features");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(PAGE.len() as u64));
    group.bench_function("walk with quotations", |b| {
        let mut walk = PageWalk::default();
        b.iter(|| {
            walk.walk(&ARTICLE, |_, paragraph| {
                black_box(paragraph);
            });
        });
    });
    group.bench_function("featurise", |b| {
        let mut featurizer = space.featurizer();
        b.iter(|| {
            for paragraph in all() {
                black_box(featurizer.row(&paragraph));
            }
        });
    });
    group.finish();
}
