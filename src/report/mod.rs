//! Reports: values to bytes. A new form is a new file.

pub mod agreement;
pub mod article;
pub mod check;
pub mod comparison;
pub mod csv;
pub mod dolma;
pub mod evaluation;
pub mod html;
pub mod inline;
pub mod json;
pub mod labels;
pub mod page;
pub mod rest;
mod screen;
pub mod share;
pub mod split;
pub mod style;
pub mod table;
mod write;
