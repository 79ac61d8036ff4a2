//! A stream of lines in blocks of many, each line a text of its own.
//!
//! A block is cut at its last line feed and held in one piece, so that its lines need no memory of
//! their own, and is checked for UTF-8 as a whole where it is that.

use std::io::BufRead;

use super::lines::{Position, cannot_read, skip};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads blocks one after another. A block is as long as what the stream hands over at once.
pub struct LineBlocks<R> {
    input: R,
    /// The place before what is to be read next.
    at: Position,
    /// What was read after the last line of the block before.
    left: Vec<u8>,
    /// Bytes that a line may have.
    cap: usize,
    /// Lines that a block may have.
    most: usize,
    done: bool,
}

/// Some lines of a stream that follow each other.
#[derive(Debug)]
pub struct LineBlock {
    bytes: Vec<u8>,
    start: Position,
    end: Position,
    cap: usize,
    /// Bytes of a line above the cap, which was passed over; the block is that line alone.
    passed: Option<u64>,
}

/// One line of a block.
#[derive(Debug)]
pub struct Line<'a> {
    /// Its 1-based number in the stream.
    pub number: u64,
    /// The byte of the stream at which it starts.
    pub start: u64,
    /// Its text without the line end (LF or CR LF), or why it has none.
    pub text: Result<&'a str>,
}

impl<R: BufRead> LineBlocks<R> {
    /// The blocks of a stream, with `most` lines each at the most.
    pub fn new(input: R, most: usize, limits: &Limits) -> LineBlocks<R> {
        LineBlocks {
            input,
            at: Position::default(),
            left: Vec::new(),
            cap: limits.line_bytes,
            most: most.max(1),
            done: false,
        }
    }

    /// Goes on at a place that a block ended at.
    ///
    /// # Errors
    /// [`ErrorKind::Read`] when the stream cannot be read or ends sooner.
    pub fn skip_to(&mut self, place: Position) -> Result<()> {
        skip(&mut self.input, place.byte.saturating_sub(self.at.byte))?;
        self.at = place;
        Ok(())
    }

    /// The next block; `None` at the end of the stream.
    ///
    /// # Errors
    /// [`ErrorKind::Read`] where the stream cannot be read further; it then has ended.
    pub fn read(&mut self) -> Result<Option<LineBlock>> {
        if self.done {
            return Ok(None);
        }
        let mut bytes = std::mem::take(&mut self.left);
        let mut searched = 0;
        loop {
            if let Some(end) = memchr::memrchr(b'\n', &bytes[searched..]) {
                return Ok(self.cut(bytes, searched + end + 1));
            }
            // A carriage return may be the last of them.
            if bytes.len() > self.cap + 1 {
                return self.pass(bytes.len() as u64).map(Some);
            }
            searched = bytes.len();
            let there = match self.input.fill_buf() {
                Ok(there) => there,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.broken(error)),
            };
            if there.is_empty() {
                self.done = true;
                let end = bytes.len();
                return Ok(self.cut(bytes, end));
            }
            bytes.extend_from_slice(there);
            let used = there.len();
            self.input.consume(used);
        }
    }

    /// A block of the bytes up to `end`, or of fewer where these are too many lines; the others are
    /// left for the next.
    fn cut(&mut self, mut bytes: Vec<u8>, mut end: usize) -> Option<LineBlock> {
        if self.at.byte == 0 && bytes.starts_with(BOM) {
            bytes.drain(..BOM.len());
            self.at.byte = BOM.len() as u64;
            end -= BOM.len();
        }
        if end == 0 {
            return None;
        }
        let mut lines = None;
        // Counting is cheap, looking for the last of so many is not.
        if self.most < end
            && let Some(last) = memchr::memchr_iter(b'\n', &bytes[..end]).nth(self.most - 1)
        {
            end = last + 1;
            lines = Some(self.most);
        }
        self.left = bytes.split_off(end);
        let feeds = lines.unwrap_or_else(|| memchr::memchr_iter(b'\n', &bytes).count());
        let unended = usize::from(bytes.last().is_some_and(|&byte| byte != b'\n'));
        let start = self.at;
        self.at.byte += bytes.len() as u64;
        self.at.line += (feeds + unended) as u64;
        Some(LineBlock {
            bytes,
            start,
            end: self.at,
            cap: self.cap,
            passed: None,
        })
    }

    /// Passes over the rest of a line of which so many bytes were read.
    fn pass(&mut self, mut length: u64) -> Result<LineBlock> {
        let start = self.at;
        let ended = loop {
            let there = match self.input.fill_buf() {
                Ok(there) => there,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.broken(error)),
            };
            if there.is_empty() {
                self.done = true;
                break 0;
            }
            let end = memchr::memchr(b'\n', there);
            let used = end.unwrap_or(there.len());
            length += used as u64;
            let feed = usize::from(end.is_some());
            self.input.consume(used + feed);
            if end.is_some() {
                break 1;
            }
        };
        self.at.byte += length + ended;
        self.at.line += 1;
        Ok(LineBlock {
            bytes: Vec::new(),
            start,
            end: self.at,
            cap: self.cap,
            passed: Some(length),
        })
    }

    fn broken(&mut self, error: std::io::Error) -> Error {
        self.done = true;
        cannot_read(error).at_line(self.at.line + 1)
    }
}

impl LineBlock {
    /// The place after its last line.
    pub fn end(&self) -> Position {
        self.end
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        (self.end.line - self.start.line) as usize
    }

    /// Whether it has none, which no block that was read has.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its lines, in order.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        // Most blocks are UTF-8 as a whole; in others each line is looked at by itself.
        let whole = std::str::from_utf8(&self.bytes).ok();
        let passed = self.passed.map(|length| Line {
            number: self.start.line + 1,
            start: self.start.byte,
            text: Err(self.too_long(length)),
        });
        let (mut from, mut number) = (0, self.start.line);
        let lines = std::iter::from_fn(move || {
            let rest = self.bytes.get(from..).filter(|rest| !rest.is_empty())?;
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest[..length]
                .strip_suffix(b"\r")
                .unwrap_or(&rest[..length]);
            let text = if line.len() > self.cap {
                Err(self.too_long(line.len() as u64))
            } else if let Some(whole) = whole {
                Ok(&whole[from..from + line.len()])
            } else {
                std::str::from_utf8(line).map_err(|error| {
                    Error::new(ErrorKind::Encoding, "line is not UTF-8")
                        .at_byte(error.valid_up_to() as u64)
                        .hint("convert the file to UTF-8, or name its encoding with --encoding")
                })
            };
            number += 1;
            let start = self.start.byte + from as u64;
            from += length + 1;
            Some(Line {
                number,
                start,
                text: text.map_err(|error| error.at_line(number)),
            })
        });
        passed.into_iter().chain(lines)
    }

    fn too_long(&self, length: u64) -> Error {
        Error::new(
            ErrorKind::TooLarge,
            format!("line of {length} bytes; at most {} are read", self.cap),
        )
        .at_line(self.start.line + 1)
        .hint("a longer text goes in a file of its own")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    /// Number, start and text (or kind of error) of every line, of blocks with `most` lines that are
    /// read `capacity` bytes at a time.
    fn read(
        bytes: &[u8],
        capacity: usize,
        most: usize,
        cap: usize,
    ) -> Vec<(u64, u64, Result<String, ErrorKind>)> {
        let limits = Limits {
            line_bytes: cap,
            ..Limits::default()
        };
        let input = BufReader::with_capacity(capacity, bytes);
        let mut blocks = LineBlocks::new(input, most, &limits);
        let mut lines = Vec::new();
        while let Some(block) = blocks.read().unwrap() {
            let before = lines.len();
            assert!(!block.is_empty() && block.len() <= most);
            lines.extend(block.lines().map(|line| {
                let text = line.text.map(str::to_owned).map_err(|error| {
                    assert_eq!(error.line(), Some(line.number));
                    error.kind()
                });
                (line.number, line.start, text)
            }));
            assert_eq!(block.len(), lines.len() - before);
        }
        assert_eq!(blocks.at.byte, bytes.len() as u64);
        lines
    }

    #[test]
    fn line_ends_marks_and_bad_lines() {
        let bytes = b"\xef\xbb\xbfone\r\n\r\ncaf\xe9\nfour\rstill\n\nsix";
        let text = |text: &str| Ok(text.to_owned());
        let want = vec![
            (1, 3, text("one")),
            (2, 8, text("")),
            (3, 10, Err(ErrorKind::Encoding)),
            (4, 15, text("four\rstill")),
            (5, 26, text("")),
            (6, 27, text("six")),
        ];
        for capacity in [1, 4, 1000] {
            for most in [1, 2, 1000] {
                assert_eq!(read(bytes, capacity, most, 1000), want);
            }
        }
        assert_eq!(read(b"", 10, 10, 10), []);
    }

    #[test]
    fn lines_above_the_cap_are_refused_and_those_after_them_read() {
        let bytes = b"12345\n123456\n1\n1234567890";
        let want = vec![
            (1, 0, Ok("12345".to_owned())),
            (2, 6, Err(ErrorKind::TooLarge)),
            (3, 13, Ok("1".to_owned())),
            (4, 15, Err(ErrorKind::TooLarge)),
        ];
        for capacity in [1, 3, 1000] {
            assert_eq!(read(bytes, capacity, 1000, 5), want);
        }
    }

    #[test]
    fn a_reader_goes_on_where_a_block_ended() {
        let bytes = b"one\ntwo\nthree\nfour";
        let limits = Limits::default();
        let mut first = LineBlocks::new(&bytes[..], 1, &limits);
        let place = first.read().unwrap().unwrap().end();
        let mut second = LineBlocks::new(&bytes[..], 9, &limits);
        second.skip_to(place).unwrap();
        let block = second.read().unwrap().unwrap();
        let lines: Vec<_> = block.lines().map(|l| (l.number, l.start)).collect();
        assert_eq!(lines, [(2, 4), (3, 8)]);
        assert_eq!(second.read().unwrap().unwrap().end().line, 4);
        assert!(second.read().unwrap().is_none());
        let beyond = Position { byte: 99, line: 9 };
        assert!(
            LineBlocks::new(&bytes[..], 1, &limits)
                .skip_to(beyond)
                .is_err()
        );
    }

    proptest! {
        /// Whatever the bytes and however they are read: the lines are those between line feeds.
        #[test]
        fn no_line_is_lost_or_moved(
            bytes in prop::collection::vec(
                prop_oneof![Just(b'\n'), Just(b'\r'), Just(b'a'), any::<u8>()], 0..200),
            capacity in 1usize..40,
            most in 1usize..9,
            cap in 0usize..30,
        ) {
            let body = bytes.strip_prefix(BOM).unwrap_or(&bytes);
            let mut want = Vec::new();
            let mut start = bytes.len() - body.len();
            for line in body.split_inclusive(|&byte| byte == b'\n') {
                let bare = line.strip_suffix(b"\n").unwrap_or(line);
                let text = bare.strip_suffix(b"\r").unwrap_or(bare);
                want.push((want.len() as u64 + 1, start as u64, match std::str::from_utf8(text) {
                    _ if text.len() > cap => Err(ErrorKind::TooLarge),
                    Ok(text) => Ok(text.to_owned()),
                    Err(_) => Err(ErrorKind::Encoding),
                }));
                start += line.len();
            }
            prop_assert_eq!(read(&bytes, capacity, most, cap), want);
        }
    }
}
