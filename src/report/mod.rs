//! Reports: values to bytes. A new form is a new file.

pub mod csv;
pub mod json;
pub mod page;
pub mod rest;
pub mod table;
