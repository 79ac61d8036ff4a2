//! The model: loading it, its stages, and classification as a whole.

use std::hint::black_box;

use copydesk::article::Format;
use copydesk::label::LABELS;
use copydesk::model::{Linear, LogOdds};
use copydesk::{Article, Limits, Model, Scores};
use criterion::{BatchSize, Criterion, Throughput};

use super::material::{ARTICLE, PAGE, paragraphs};

const ONE: &str = "The council voted 7-2 on Tuesday to close the bridge, officials said.";

pub(crate) fn bench(c: &mut Criterion) {
    stages(c);
    page(c);
    start(c);
}

/// Scoring, context and calibration, on rows that are made already.
fn stages(c: &mut Criterion) {
    let model = Model::builtin();
    let space = model.space();
    let mut rows: Vec<Vec<(u32, f32)>> = Vec::new();
    let mut featurizer = space.featurizer();
    paragraphs(|_, paragraph| rows.push(featurizer.row(paragraph).to_vec()));
    // Some weights of the size of real ones.
    let weights: Vec<[f64; LABELS]> = (0..space.columns())
        .map(|column| {
            std::array::from_fn(|label| ((column * 31 + label * 7) % 101) as f64 / 50.0 - 1.0)
        })
        .collect();
    let linear = Linear::new(&weights, [0.0; LABELS]);
    let odds: Vec<LogOdds> = rows.iter().map(|row| linear.log_odds(row)).collect();

    let mut group = c.benchmark_group("model");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(PAGE.len() as u64));
    group.bench_function("linear, rows given", |b| {
        b.iter(|| {
            for row in &rows {
                black_box(linear.log_odds(row));
            }
        });
    });
    group.bench_function("context", |b| {
        let context = model.context();
        b.iter_batched_ref(
            || odds.clone(),
            |odds| context.apply(odds),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("calibrate, with softmax", |b| {
        let calibration = model.calibration();
        b.iter(|| {
            for &odds in &odds {
                black_box(Scores::softmax(calibration.apply(odds)));
            }
        });
    });
    group.finish();
}

/// All stages together.
fn page(c: &mut Criterion) {
    let limits = Limits::default();
    let mut session = Model::builtin().session();
    let mut group = c.benchmark_group("page");
    group.throughput(Throughput::Bytes(PAGE.len() as u64));
    group.sample_size(20);
    group.bench_function("classify", |b| {
        b.iter(|| black_box(session.classify(&ARTICLE)));
    });
    group.bench_function("read and classify", |b| {
        b.iter(|| {
            let article = Article::from_bytes(PAGE.as_bytes(), Format::Text, &limits);
            black_box(session.classify(&article.expect("text is read")))
        });
    });
    group.finish();
}

/// What a process pays before its first answer.
fn start(c: &mut Criterion) {
    let limits = Limits::default();
    let bytes = Model::builtin().to_bytes();
    let mut group = c.benchmark_group("start");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("load the built-in model", |b| {
        b.iter(|| Model::from_bytes(&bytes, &limits).map(black_box));
    });
    group.throughput(Throughput::Bytes(ONE.len() as u64));
    group.bench_function("one text, new session", |b| {
        b.iter(|| black_box(Model::builtin().score(ONE)));
    });
    group.bench_function("one text, session in use", |b| {
        let mut session = Model::builtin().session();
        b.iter(|| black_box(session.score(ONE)));
    });
    group.finish();
}
