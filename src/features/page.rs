//! The paragraphs of an article as the featurizer wants them: markers off, and every quotation
//! followed across the whole article. Training and classification both walk an article this way.

use std::borrow::Cow;
use std::ops::Range;

use super::interview::answers;
use super::paragraph::Paragraph;
use super::set::FeatureSet;
use crate::article::{Article, Kind};
use crate::text::quote::{Lead, QuoteScanner};

/// Paragraphs without any mark that a quotation may run over before it closes.
const REACH: usize = 12;

/// Walks articles; keeps its buffers between them.
#[derive(Default)]
pub struct PageWalk {
    scanner: QuoteScanner,
    quoted: Vec<Range<u32>>,
}

/// A labelled block, or what parts quotations (`None`): a headline.
type Station<'a> = Option<(usize, Cow<'a, str>)>;

impl PageWalk {
    /// Calls `each` with the number of every labelled block of the article and its paragraph, in
    /// reading order.
    pub fn walk(&mut self, article: &Article, mut each: impl FnMut(usize, &Paragraph<'_>)) {
        let answers = answers(article);
        // A quotation runs over an advertisement, but not over a headline.
        let stations: Vec<Station<'_>> = article
            .blocks()
            .iter()
            .enumerate()
            .filter_map(|(number, block)| match block.kind {
                Kind::Paragraph | Kind::ListItem => Some(Some((number, article.body(block)))),
                Kind::Title | Kind::Heading => Some(None),
                Kind::Meta | Kind::Furniture => None,
            })
            .collect();
        let mut carried = 0usize;
        for (place, station) in stations.iter().enumerate() {
            let Some((number, text)) = station else {
                continue;
            };
            let block = &article.blocks()[*number];
            let whole = 0..text.len() as u32;
            self.quoted.clear();
            let carried_in = carried > 0;
            carried = carried.saturating_sub(1);
            let unclosed = self.scanner.scan(text, carried_in, &mut self.quoted);
            if unclosed && carried == 0 {
                carried = self.runs_on(&stations[place + 1..]);
            }
            // What the page prints as quoted needs no marks.
            let printed = block.block_quote || answers.contains(number);
            each(
                *number,
                &Paragraph {
                    text,
                    quoted: match printed {
                        true => std::slice::from_ref(&whole),
                        false => &self.quoted,
                    },
                    carried_in,
                    unclosed,
                    // Rows of a corpus may carry the marker without the kind.
                    list_item: block.kind == Kind::ListItem
                        || !block.block_quote && text.len() < block.span.len(),
                },
            );
        }
    }

    /// Over how many of the next paragraphs an open quotation runs on.
    fn runs_on(&mut self, next: &[Station<'_>]) -> usize {
        for (passed, station) in next.iter().take(REACH).enumerate() {
            let Some((_, text)) = station else {
                return 0;
            };
            match self.scanner.lead(text) {
                Lead::Silent => {}
                Lead::Closes => return passed + 1,
                Lead::Opens if passed == 0 => return 1,
                Lead::Opens | Lead::Other => return 0,
            }
        }
        0
    }

    /// Calls `each` with a text as a paragraph that stands alone.
    pub fn walk_text(&mut self, set: FeatureSet, text: &str, each: impl FnOnce(&Paragraph<'_>)) {
        self.quoted.clear();
        let unclosed = match set {
            FeatureSet::Style => self.scanner.scan(text, false, &mut self.quoted),
            FeatureSet::Words => false,
        };
        each(&Paragraph {
            text,
            quoted: &self.quoted,
            unclosed,
            ..Paragraph::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes in quotes, carried in, unclosed: a paragraph each.
    fn states(paragraphs: &[(&str, Kind)]) -> Vec<(u32, bool, bool)> {
        let rows = paragraphs.iter().map(|&(text, kind)| (text, kind, false));
        let mut states = Vec::new();
        PageWalk::default().walk(&Article::from_paragraphs(rows), |_, paragraph| {
            let bytes = paragraph
                .quoted
                .iter()
                .map(|range| range.end - range.start)
                .sum();
            states.push((bytes, paragraph.carried_in, paragraph.unclosed));
        });
        states
    }

    #[test]
    fn a_quotation_runs_over_paragraphs_and_furniture() {
        let p = Kind::Paragraph;
        let all = [
            ("“One.", p),
            ("Advertisement", Kind::Furniture),
            ("“Two.", p),
            ("“Three,” he said.", p),
            ("He left.", p),
        ];
        let want = [
            (4, false, true),
            (4, true, true),
            (6, true, false),
            (0, false, false),
        ];
        assert_eq!(states(&all), want);
    }

    #[test]
    fn a_statute_with_one_pair_of_marks() {
        let p = Kind::Paragraph;
        let all = [
            ("“No one shall", p),
            ("sell sand,", p),
            ("or buy it.”", p),
            ("It passed.", p),
        ];
        assert_eq!(
            states(&all).iter().map(|state| state.0).collect::<Vec<_>>(),
            [12, 10, 10, 0]
        );
    }

    #[test]
    fn a_forgotten_mark_spoils_one_paragraph_and_a_heading_ends_a_quotation() {
        let p = Kind::Paragraph;
        assert_eq!(
            states(&[
                ("“It is late, he said.", p),
                ("He left.", p),
                ("He “may” come.", p)
            ])[1],
            (0, false, false)
        );
        assert_eq!(
            states(&[("“One.", p), ("Next", Kind::Heading), ("“Two.”", p)])[1],
            (4, false, false)
        );
    }
}
