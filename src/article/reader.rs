//! How pages are read.

use super::decode::{Decoded, Encoding, decode};
use super::furniture::Rules;
use super::{Article, Format, html, text};
use crate::error::Result;
use crate::limits::Limits;

/// Reads pages: the caps, and what is known beforehand of their encoding and furniture.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// Caps on what one page may ask of the machine.
    pub limits: Limits,
    /// The encoding of the pages, whatever they say; `None` to find out page by page.
    pub encoding: Option<Encoding>,
    /// The rules that know furniture.
    pub rules: Rules,
}

impl Reader {
    /// Reads a page. Of an HTML page the main content is taken, as Markdown; lines and spans are then
    /// those of that text.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`](crate::ErrorKind::Empty) where there is no text,
    /// [`ErrorKind::Encoding`](crate::ErrorKind::Encoding) where the bytes are not text, and
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) above the caps.
    pub fn read(&self, bytes: &[u8], format: Format) -> Result<Article> {
        let Decoded {
            mut text,
            encoding,
            notices,
        } = decode(bytes, format, self.encoding, &self.limits)?;
        let page = if format == Format::Html {
            let units;
            (text, units) = html::read(&text)?;
            text::read_units(&text, Format::Markdown, units, &self.rules)
        } else {
            text::read(&text, format, &self.rules)
        };
        Ok(Article {
            text,
            blocks: page.blocks,
            title: page.title,
            source: page.source,
            date: page.date,
            categories: page.categories,
            encoding: Some(encoding),
            notices,
        })
    }
}
