//! Separates news from opinion: reads an article, finds its paragraphs, sets page furniture aside,
//! and labels each paragraph as reporting, quotation, commentary or call to action.

pub mod article;
pub mod error;
pub mod label;
pub mod limits;
pub mod text;

pub use error::{Error, ErrorKind, Result};
pub use label::{Label, Scores, Side};
pub use limits::Limits;
