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
