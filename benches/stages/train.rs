//! Training.

use copydesk::Limits;
use copydesk::corpus::Corpus;
use copydesk::train::TrainParams;
use criterion::{Criterion, Throughput};

use super::material::{CORPUS, PAGE, path};

/// A pool of one thread.
pub(crate) fn one_thread() -> rayon::ThreadPool {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(1);
    builder.build().expect("a thread")
}

pub(crate) fn bench(c: &mut Criterion) {
    let limits = Limits::default();
    let params = TrainParams {
        folds: 0,
        ..TrainParams::default()
    };
    let params = params.check().expect("the defaults are valid");
    let one = one_thread();
    let mut group = c.benchmark_group("train");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(PAGE.len() as u64));
    group.bench_function("read the corpus", |b| {
        b.iter(|| Corpus::read(&[path("data")], &limits));
    });
    group.bench_function("the corpus, one thread", |b| {
        b.iter(|| one.install(|| params.fit(&CORPUS, &limits, &mut |_| {})));
    });
    group.finish();
}
