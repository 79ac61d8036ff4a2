//! Records of CSV and TSV, strictly: a stray quote mark would otherwise swallow the rows after it.
//!
//! A quoted field ends with a quote mark before a delimiter or a line end. Where one stands before
//! anything else, or where none comes, the record's first line is named, and reading goes on with the
//! next line.

use std::io::BufRead;

use super::lines::Lines;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Lines that one record may span.
const MOST_LINES: u64 = 10_000;

/// Reads records.
pub(super) struct Table {
    delimiter: u8,
    /// The bytes of the record as they stand in the stream.
    raw: Vec<u8>,
    data: Vec<u8>,
    ends: Vec<usize>,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before a field.
    Start,
    /// In a field without quote marks.
    Bare,
    /// In a quoted field.
    Quoted,
    /// After a quote mark in a quoted field.
    Closing,
}

/// A quote mark that stands where none may.
struct Stray;

impl Table {
    /// A reader of records.
    pub(super) fn new(delimiter: u8) -> Table {
        Table {
            delimiter,
            raw: Vec::new(),
            data: Vec::new(),
            ends: Vec::new(),
            state: State::Start,
        }
    }

    /// Reads one record and returns its first and last line; `None` at the end of the stream.
    pub(super) fn read(
        &mut self,
        lines: &mut Lines<impl BufRead>,
        limits: &Limits,
    ) -> Result<Option<(u64, u64)>> {
        self.raw.clear();
        self.data.clear();
        self.ends.clear();
        self.state = State::Start;
        let (mut first, mut first_end) = (0, 0);
        loop {
            let before = self.raw.len();
            let line = lines.position().line + 1;
            let more = match lines.read(&mut self.raw, limits.line_bytes) {
                Ok(more) => more,
                Err(error) if before == 0 => return Err(error.at_line(line)),
                // The cap is the record's: its own first line may be to blame.
                Err(error) if error.kind() == ErrorKind::TooLarge => {
                    return Err(error.at_line(first));
                }
                Err(error) => return Err(error.at_line(line)),
            };
            if before == 0 {
                if !more {
                    return Ok(None);
                }
                if self.raw.trim_ascii().is_empty() && !self.raw.contains(&self.delimiter) {
                    self.raw.clear();
                    continue;
                }
                (first, first_end) = (line, self.raw.len());
            }
            let done = if more {
                self.feed(before)
            } else {
                self.end().map(|()| true)
            };
            match done {
                Ok(true) => return Ok(Some((first, lines.position().line))),
                Ok(false) if more && self.raw.last() != Some(&b'\n') => {}
                Ok(false) if line - first < MOST_LINES => {}
                Ok(false) | Err(Stray) => {
                    let last = lines.position().line;
                    lines.give_back(&self.raw[first_end..], last - first);
                    return Err(Error::new(
                        ErrorKind::Data,
                        format!("quoted field of lines {first} to {last} does not end as one"),
                    )
                    .at_line(first)
                    .hint(
                        "inside quote marks a quote mark is written twice; a stray one must go",
                    ));
                }
            }
        }
    }

    /// Takes in the bytes of `raw` from a place on: one line. Whether the record is whole.
    fn feed(&mut self, from: usize) -> Result<bool, Stray> {
        for at in from..self.raw.len() {
            let byte = self.raw[at];
            match self.state {
                State::Start if byte == b'"' => self.state = State::Quoted,
                State::Start | State::Bare => {
                    if byte == self.delimiter {
                        self.field();
                    } else if byte == b'\n' {
                        self.bare_end();
                        return Ok(true);
                    } else {
                        self.data.push(byte);
                        self.state = State::Bare;
                    }
                }
                State::Quoted if byte == b'"' => self.state = State::Closing,
                State::Quoted => self.data.push(byte),
                State::Closing => match byte {
                    b'"' => {
                        self.data.push(byte);
                        self.state = State::Quoted;
                    }
                    b'\r' if matches!(self.raw.get(at + 1), None | Some(b'\n')) => {}
                    b'\n' => {
                        self.field();
                        return Ok(true);
                    }
                    _ if byte == self.delimiter => self.field(),
                    _ => return Err(Stray),
                },
            }
        }
        Ok(false)
    }

    /// The stream ends.
    fn end(&mut self) -> Result<(), Stray> {
        match self.state {
            State::Quoted => return Err(Stray),
            State::Closing => self.field(),
            State::Start | State::Bare => self.bare_end(),
        }
        Ok(())
    }

    fn bare_end(&mut self) {
        if self.state == State::Bare && self.data.last() == Some(&b'\r') {
            self.data.pop();
        }
        self.field();
    }

    fn field(&mut self) {
        self.ends.push(self.data.len());
        self.state = State::Start;
    }

    /// How many fields the record has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field of the record.
    pub(super) fn field_bytes(&self, number: usize) -> Option<&[u8]> {
        let end = *self.ends.get(number)?;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.data[start..end])
    }
}
