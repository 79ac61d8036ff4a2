//! Text without meaning: tokens, sentences, stems, language, and what stands in quotation marks.

pub mod quote;
pub mod sentence;
pub mod stem;
pub mod token;
pub mod tongue;

pub use stem::{Language, Stemmer};
pub use token::{Case, Token, TokenKind, for_each_token, tokenize};
pub(crate) use token::{Head, for_each_token_and_head};
