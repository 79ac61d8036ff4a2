//! Reports: values to bytes. A new form is a new file.

pub mod csv;
pub mod html;
pub mod inline;
pub mod json;
pub mod page;
mod screen;
pub mod style;
pub mod table;
