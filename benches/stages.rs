//! Speed of the stages on the project's own corpus: bytes of paragraph text a second, one thread.

use std::hint::black_box;
use std::path::Path;

use copydesk::article::Format;
use copydesk::corpus::Corpus;
use copydesk::report::json;
use copydesk::report::page::Page;
use copydesk::text::tokenize;
use copydesk::train::TrainParams;
use copydesk::{Article, Limits, Model};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn corpus() -> Corpus {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    Corpus::read(&[folder], &Limits::default()).expect("data/ is readable")
}

/// All paragraphs of the corpus, one a line, as one page.
fn page(corpus: &Corpus) -> String {
    let texts: Vec<&str> = corpus.rows().map(|row| row.text.as_str()).collect();
    texts.join("\n")
}

fn stages(c: &mut Criterion) {
    let corpus = corpus();
    let text = page(&corpus);
    let limits = Limits::default();
    let read =
        || Article::from_bytes(text.as_bytes(), Format::Text, &limits).expect("text is read");
    let article = read();
    let model = Model::builtin();
    let mut session = model.session();
    let scores = session.classify(&article);

    let mut group = c.benchmark_group("page");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.sample_size(20);
    group.bench_function("read", |b| b.iter(|| black_box(read())));
    group.bench_function("tokenize", |b| {
        let mut tokens = Vec::new();
        b.iter(|| {
            tokens.clear();
            tokenize(&text, &mut tokens);
            tokens.len()
        });
    });
    group.bench_function("classify", |b| {
        b.iter(|| black_box(session.classify(&article)));
    });
    group.bench_function("read and classify", |b| {
        b.iter(|| black_box(session.classify(&read())));
    });
    group.bench_function("report as JSON lines", |b| {
        let mut out = Vec::new();
        b.iter(|| {
            out.clear();
            json::blocks(
                &Page {
                    language: None,
                    drop_furniture: false,
                    doc: "page",
                    article: &article,
                    scores: &scores,
                },
                &mut out,
            );
            out.len()
        });
    });
    group.finish();
}

fn start(c: &mut Criterion) {
    let bytes = Model::builtin().to_bytes();
    c.bench_function("load the built-in model", |b| {
        b.iter(|| Model::from_bytes(&bytes, &Limits::default()).map(black_box));
    });
}

fn train(c: &mut Criterion) {
    let corpus = corpus();
    let params = TrainParams {
        folds: 0,
        ..TrainParams::default()
    };
    let params = params.check().expect("the defaults are valid");
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    let mut group = c.benchmark_group("train");
    group.sample_size(10);
    group.bench_function("the corpus, one thread", |b| {
        b.iter(|| one.install(|| params.fit(&corpus, &Limits::default(), &mut |_| {})));
    });
    group.finish();
}

criterion_group!(benches, stages, start, train);
criterion_main!(benches);
