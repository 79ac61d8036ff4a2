//! Separates news from opinion: reads an article, finds its paragraphs, sets page furniture aside,
//! and labels each paragraph as reporting, quotation, commentary or call to action.

pub mod article;
pub mod classify;
pub mod corpus;
pub mod error;
pub mod evaluate;
pub mod features;
mod json;
pub mod label;
pub mod limits;
pub mod model;
pub mod outcome;
pub mod report;
pub mod rows;
pub mod shares;
pub mod store;
pub mod text;
pub mod train;
pub mod visible;

pub use article::Article;
pub use error::{Error, ErrorKind, Result};
pub use label::{Label, Scores, Side};
pub use limits::Limits;
pub use model::Model;

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
