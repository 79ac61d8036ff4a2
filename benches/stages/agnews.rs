//! Subjects of short texts with a model of plain words, on the AG News texts, where they lie beside the
//! repository: they are not ours to keep in it.

use std::fs::File;
use std::hint::black_box;
use std::io::Read as _;

use copydesk::corpus::Corpus;
use copydesk::features::FeatureSet;
use copydesk::train::{Calibrator, TrainParams};
use copydesk::{Limits, Model};
use criterion::{Criterion, Throughput};
use flate2::read::GzDecoder;

use super::material::path;
use super::train::one_thread;

/// Their four subjects, each under one of our four labels.
const SUBJECTS: [(&str, &str); 4] = [
    ("World", "reporting"),
    ("Sports", "quotation"),
    ("Business", "commentary"),
    ("Sci/Tech", "call_to_action"),
];

/// Texts with our label for their subject.
fn texts(name: &str) -> Option<Vec<(String, &'static str)>> {
    let file = File::open(path("../shared/bench").join(name)).ok()?;
    let mut lines = String::new();
    let mut lines_in = GzDecoder::new(file);
    lines_in
        .read_to_string(&mut lines)
        .expect("gzip of JSON lines");
    let rows = lines.lines().map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row of JSON");
        let field = |name: &str| row[name].as_str().expect("a text").to_owned();
        let subject = field("label");
        let ours = SUBJECTS.iter().find(|(theirs, _)| *theirs == subject);
        (field("text"), ours.expect("one of four subjects").1)
    });
    Some(rows.collect())
}

pub(crate) fn bench(c: &mut Criterion) {
    let files = ["agnews_train20k.jsonl.gz", "agnews_test.jsonl.gz"].map(texts);
    let [Some(learnt), Some(asked)] = files else {
        println!(
            "agnews: skipped: ../shared/bench has no agnews_train20k.jsonl.gz and agnews_test.jsonl.gz"
        );
        return;
    };
    let rows: Vec<String> = learnt
        .iter()
        .enumerate()
        .map(|(number, (text, label))| {
            serde_json::json!({"article": format!("t{number}"), "index": 0, "text": text, "label": label}).to_string()
        })
        .collect();
    let limits = Limits::default();
    let corpus = Corpus::from_bytes("agnews.jsonl", rows.join("\n").as_bytes(), &limits);
    let corpus = corpus.expect("sound rows");
    let mut params = TrainParams {
        features: FeatureSet::Words,
        calibrator: Calibrator::None,
        folds: 0,
        ..TrainParams::default()
    };
    params.context.strength = 0.0;
    let params = params.check().expect("valid parameters");
    let one = one_thread();
    let fit = || one.install(|| params.fit(&corpus, &limits, &mut |_| {}));
    let (model, _) = fit().expect("a model");

    let mut group = c.benchmark_group("agnews");
    let bytes: usize = asked.iter().map(|(text, _)| text.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(20);
    let mut session = model.session();
    group.bench_function("score each text", |b| {
        b.iter(|| {
            for (text, _) in &asked {
                black_box(session.score(text));
            }
        });
    });
    let stored = model.to_bytes();
    group.throughput(Throughput::Bytes(stored.len() as u64));
    group.bench_function("load the model", |b| {
        b.iter(|| Model::from_bytes(&stored, &limits).map(black_box));
    });
    let bytes: usize = learnt.iter().map(|(text, _)| text.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.sample_size(10);
    group.bench_function("train on 20,000 texts, one thread", |b| b.iter(&fit));
    group.finish();
}
