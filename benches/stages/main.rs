//! Speed of the stages, each by itself, in bytes of input a second on one thread.
//!
//! `cargo bench -- read` runs the groups whose names hold "read". Decoding and finding the blocks of a page
//! have no doors of their own: `Reader::read` is both, so that decoding is the difference between its forms.
//! The weights of a model are not public: `linear` measures weights of the same number.

mod agnews;
mod article;
mod features;
mod material;
mod model;
mod report;
mod rows;
mod text;
mod train;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    benches,
    article::bench,
    text::bench,
    features::bench,
    model::bench,
    report::bench,
    rows::bench,
    train::bench,
    agnews::bench
);
criterion_main!(benches);
