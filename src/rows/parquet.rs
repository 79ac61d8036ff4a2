//! Rows of a Parquet file, as a stream of JSON lines: what reads those then reads these.

use std::fs::File;
use std::io::{self, Read};

use parquet::file::reader::SerializedFileReader;
use parquet::record::reader::RowIter;

use crate::error::{Error, ErrorKind, Result};

/// The rows of a file, one JSON object a line, columns in the order of the file. One row group is in
/// memory at a time.
pub struct JsonLines {
    rows: RowIter<'static>,
    line: Vec<u8>,
    read: usize,
}

impl JsonLines {
    /// The rows of a file.
    ///
    /// # Errors
    /// [`ErrorKind::Data`] where it is no Parquet file, or a damaged one.
    pub fn new(file: File) -> Result<JsonLines> {
        let reader = SerializedFileReader::new(file).map_err(|error| {
            Error::new(ErrorKind::Data, format!("no sound Parquet file: {error}")).caused_by(error)
        })?;
        Ok(JsonLines {
            rows: reader.into_iter(),
            line: Vec::new(),
            read: 0,
        })
    }

    /// The next row into `line`; `false` at the end.
    fn next(&mut self) -> io::Result<bool> {
        self.line.clear();
        self.read = 0;
        let Some(row) = self.rows.next() else {
            return Ok(false);
        };
        let row = row.map_err(io::Error::other)?;
        for (name, field) in row.get_column_iter() {
            self.line
                .push(if self.line.is_empty() { b'{' } else { b',' });
            serde_json::to_writer(&mut self.line, name)?;
            self.line.push(b':');
            serde_json::to_writer(&mut self.line, &field.to_json_value())?;
        }
        if self.line.is_empty() {
            self.line.push(b'{');
        }
        self.line.extend_from_slice(b"}\n");
        Ok(true)
    }
}

impl Read for JsonLines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.line.len() && !self.next()? {
            return Ok(0);
        }
        let rest = &self.line[self.read..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.read += length;
        Ok(length)
    }
}
