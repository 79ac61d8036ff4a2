//! The paragraphs of an article as the featurizer wants them: markers off, and every quotation
//! followed across the whole article. Training and classification both walk an article this way.

use std::ops::Range;

use super::paragraph::Paragraph;
use crate::article::{Article, Kind};
use crate::text::quote::QuoteScanner;

/// Walks articles; keeps its buffers between them.
#[derive(Default)]
pub struct PageWalk {
    quoted: Vec<Range<u32>>,
}

impl PageWalk {
    /// Calls `each` with the number of every labelled block of the article and its paragraph, in
    /// reading order.
    pub fn walk(&mut self, article: &Article, mut each: impl FnMut(usize, &Paragraph<'_>)) {
        let mut scanner = QuoteScanner::new();
        for (number, block) in article.blocks().iter().enumerate() {
            if !block.kind.is_labelled() {
                // A quotation runs over an advertisement, but not over a headline.
                if matches!(block.kind, Kind::Title | Kind::Heading) {
                    scanner.reset();
                }
                continue;
            }
            let body = article.body(block);
            let text = &*body;
            let mut paragraph = self.scan(&mut scanner, text);
            paragraph.list_item = block.kind == Kind::ListItem;
            let whole = 0..text.len() as u32;
            if block.block_quote {
                paragraph.quoted = std::slice::from_ref(&whole);
            }
            each(number, &paragraph);
        }
    }

    /// Calls `each` with a text as a paragraph that stands alone.
    pub fn walk_text(&mut self, text: &str, each: impl FnOnce(&Paragraph<'_>)) {
        each(&self.scan(&mut QuoteScanner::new(), text));
    }

    fn scan<'a>(&'a mut self, scanner: &mut QuoteScanner, text: &'a str) -> Paragraph<'a> {
        self.quoted.clear();
        let state = scanner.paragraph(text, &mut self.quoted);
        Paragraph {
            text,
            quoted: &self.quoted,
            carried_in: state.carried_in,
            unclosed: state.unclosed,
            list_item: false,
        }
    }
}
