//! Reports: labelled pages to bytes.

use std::hint::black_box;

use copydesk::article::Format;
use copydesk::report::csv::Table;
use copydesk::report::html::Why;
use copydesk::report::html::page::{View, page};
use copydesk::report::json;
use copydesk::report::page::Page;
use copydesk::{Article, Limits, Model};
use criterion::{Criterion, Throughput};

use super::material::{ARTICLE, PAGE};

pub(crate) fn bench(c: &mut Criterion) {
    let model = Model::builtin();
    let mut session = model.session();
    let scores = session.classify(&ARTICLE);
    let whole = Page {
        doc: "page",
        article: &ARTICLE,
        scores: &scores,
        language: session.language(),
        drop_furniture: false,
    };

    let mut group = c.benchmark_group("report");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(PAGE.len() as u64));
    let mut out = Vec::new();
    group.bench_function("JSON lines", |b| {
        b.iter(|| {
            out.clear();
            json::blocks(&whole, &mut out);
        });
    });
    group.bench_function("JSON", |b| {
        b.iter(|| {
            out.clear();
            json::article(&whole, "built-in", &mut out);
        });
    });
    group.bench_function("CSV", |b| {
        let table = Table {
            delimiter: b',',
            rest: Vec::new(),
        };
        b.iter(|| {
            out.clear();
            for row in whole.rows() {
                table.row(&row, None, &[], &mut out);
            }
        });
    });

    // The reasons for each label take more memory than the page.
    let part = PAGE.lines().take(2000).collect::<Vec<_>>().join("\n");
    let article = Article::from_bytes(part.as_bytes(), Format::Text, &Limits::default());
    let article = article.expect("text is read");
    let mut session = model.session();
    let whys = session.explain_as(&article, Why::from);
    let scores = session.classify(&article);
    let language = session.language().map(str::to_owned);
    group.throughput(Throughput::Bytes(part.len() as u64));
    group.bench_function("reasons", |b| {
        b.iter(|| black_box(session.explain_as(&article, Why::from)));
    });
    let view = View {
        page: &Page {
            doc: "page",
            article: &article,
            scores: &scores,
            language: language.as_deref(),
            drop_furniture: false,
        },
        whys: &whys,
        model: "built-in",
        model_language: model.space().language,
        indexed: false,
    };
    group.bench_function("HTML page, reasons given", |b| {
        b.iter(|| black_box(page(&view)));
    });
    group.finish();
}
