//! One JSON object from one line, with errors that say where in the line.

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};

/// Reads a row. serde would take an array of the right length for an object; here it is refused.
pub(crate) fn object<'a, T: Deserialize<'a>>(line: &'a str) -> Result<T> {
    if !line.trim_start().starts_with('{') {
        return Err(Error::new(ErrorKind::Data, "row is not a JSON object").at_byte(0));
    }
    serde_json::from_str(line).map_err(|error| {
        let message = error.to_string();
        // The line is known better by whoever called, and the column is given as a byte.
        let what = message.split(" at line ").next().unwrap_or(&message);
        Error::new(ErrorKind::Data, format!("row is not valid: {what}"))
            .at_byte(error.column().saturating_sub(1) as u64)
            .caused_by(error)
    })
}

/// Bytes that are looked at together.
const CHUNK: usize = 32;

/// Where the first byte stands that ends a string or cannot stand in one as it is.
pub(crate) fn first_special(bytes: &[u8]) -> Option<usize> {
    let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    let (chunks, tail) = bytes.as_chunks::<CHUNK>();
    for (number, chunk) in chunks.iter().enumerate() {
        // Without an early end, so that the bytes are compared all at once.
        let any = chunk
            .iter()
            .fold(false, |any, &byte| any | is_special(byte));
        if any {
            let at = chunk.iter().position(|&byte| is_special(byte));
            return at.map(|at| number * CHUNK + at);
        }
    }
    let at = tail.iter().position(|&byte| is_special(byte));
    at.map(|at| chunks.len() * CHUNK + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_byte() {
        #[derive(Debug, Deserialize)]
        struct Row {
            #[allow(dead_code)]
            n: u8,
        }
        assert!(object::<Row>(r#"{"n":1}"#).is_ok());
        let error = |line: &str| object::<Row>(line).unwrap_err().to_string();
        assert_eq!(error("[1]"), "row is not a JSON object (at byte 0)");
        assert!(
            error(r#"{"n":"x"}"#).ends_with("(at byte 7)"),
            "{}",
            error(r#"{"n":"x"}"#)
        );
        assert!(error(r#"{"m":1}"#).contains("missing field `n`"));
    }
}
