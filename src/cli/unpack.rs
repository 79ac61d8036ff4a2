//! Compressed input: gzip and Zstandard, known by their first bytes.

use std::io::{self, BufRead, BufReader, Read};

/// A stream of input.
pub(crate) type Stream = BufReader<Box<dyn Read + Send>>;

/// Bytes that are read at once.
const BUFFER: usize = 1 << 18;

/// A buffered stream.
pub(crate) fn buffered(reader: Box<dyn Read + Send>) -> Stream {
    BufReader::with_capacity(BUFFER, reader)
}

/// The stream as it was before it was compressed, and whether it was.
pub(crate) fn unpack(mut stream: Stream) -> io::Result<(Stream, bool)> {
    let start = stream.fill_buf()?;
    let reader: Box<dyn Read + Send> = if start.starts_with(b"\x1f\x8b") {
        // A file may hold several gzip members, one after another.
        Box::new(flate2::bufread::MultiGzDecoder::new(stream))
    } else if start.starts_with(b"\x28\xb5\x2f\xfd") {
        Box::new(zstd::stream::read::Decoder::with_buffer(stream)?)
    } else {
        return Ok((stream, false));
    };
    Ok((buffered(Box::new(Unpacked(reader))), true))
}

/// The name without the ending that says how it is compressed.
pub(crate) fn inner_name(name: &str) -> &str {
    let ending = name.rsplit_once('.');
    match ending.map(|(inner, ending)| (inner, ending.to_ascii_lowercase())) {
        Some((inner, ending)) if matches!(ending.as_str(), "gz" | "zst") => inner,
        _ => name,
    }
}

/// Says of errors that the compression is to blame.
struct Unpacked(Box<dyn Read + Send>);

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => io::Error::new(
                kind,
                format!("the compressed data are damaged or cut off ({error})"),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_of_compression_are_taken_off() {
        assert_eq!(inner_name("a/rows.csv.GZ"), "a/rows.csv");
        assert_eq!(inner_name("page.html.zst"), "page.html");
        assert_eq!(inner_name("page.html"), "page.html");
    }
}
