//! Lines of a stream, with the place that was reached, and a way back by some of them.

use std::io::BufRead;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// A place in a stream: what lies before it has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Bytes before it.
    pub byte: u64,
    /// Lines before it.
    pub line: u64,
}

/// Reads a stream line by line.
pub(super) struct Lines<R> {
    input: R,
    /// The place after the line that was read last.
    at: Position,
    /// Lines that were given back, from `next` on.
    back: Vec<u8>,
    next: usize,
}

impl<R: BufRead> Lines<R> {
    /// The lines of a stream, without its byte order mark.
    pub(super) fn new(mut input: R) -> Result<Lines<R>> {
        const BOM: &[u8] = b"\xef\xbb\xbf";
        let mut at = Position::default();
        if input.fill_buf().map_err(cannot_read)?.starts_with(BOM) {
            input.consume(BOM.len());
            at.byte = BOM.len() as u64;
        }
        Ok(Lines {
            input,
            at,
            back: Vec::new(),
            next: 0,
        })
    }

    /// The place that was reached.
    pub(super) fn position(&self) -> Position {
        self.at
    }

    /// Passes over what lies before a place.
    pub(super) fn skip_to(&mut self, place: Position) -> Result<()> {
        skip(&mut self.input, place.byte.saturating_sub(self.at.byte))?;
        self.at = place;
        Ok(())
    }

    /// Adds one line, with its line feed, to what the buffer holds; `false` at the end of the stream.
    /// A line that would make the buffer longer than the cap is passed over to its end and refused.
    pub(super) fn read(&mut self, buffer: &mut Vec<u8>, cap: usize) -> Result<bool> {
        let before = buffer.len();
        let mut length = 0usize;
        loop {
            let given_back = self.next < self.back.len();
            let available = if given_back {
                &self.back[self.next..]
            } else {
                match self.input.fill_buf() {
                    Ok(available) => available,
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(cannot_read(error)),
                }
            };
            let end = memchr::memchr(b'\n', available);
            let used = end.map_or(available.len(), |end| end + 1);
            let at_end = available.is_empty();
            length += used;
            // The line feed does not count.
            let fits = before + length <= cap + usize::from(end.is_some());
            if fits {
                buffer.extend_from_slice(&available[..used]);
            }
            if given_back {
                self.next += used;
            } else {
                self.input.consume(used);
            }
            self.at.byte += used as u64;
            if end.is_some() || at_end {
                self.at.line += u64::from(length > 0);
                if !fits {
                    buffer.truncate(before);
                    let length = before + length - usize::from(end.is_some());
                    return Err(Error::new(
                        ErrorKind::TooLarge,
                        format!("row of {length} bytes; at most {cap} are read"),
                    ));
                }
                return Ok(length > 0);
            }
        }
    }

    /// Gives back lines that were read last, so that they are read again.
    pub(super) fn give_back(&mut self, bytes: &[u8], lines: u64) {
        let mut back = bytes.to_vec();
        back.extend_from_slice(&self.back[self.next..]);
        self.back = back;
        self.next = 0;
        self.at.byte -= bytes.len() as u64;
        self.at.line -= lines;
    }
}

/// Passes over so many bytes of a stream.
pub(super) fn skip(input: &mut impl BufRead, mut left: u64) -> Result<()> {
    while left > 0 {
        let there = input.fill_buf().map_err(cannot_read)?.len();
        if there == 0 {
            return Err(Error::new(
                ErrorKind::Read,
                "ends before the place that had been reached",
            ));
        }
        let used = there.min(usize::try_from(left).unwrap_or(usize::MAX));
        input.consume(used);
        left -= used as u64;
    }
    Ok(())
}

pub(super) fn cannot_read(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Read, format!("cannot be read: {error}")).caused_by(error)
}
