//! Shares: how much of an article each label and each side makes up.

use serde::Serialize;

use crate::article::Article;
use crate::label::{Label, Scores, Side};

/// Shares of one article, by words and by paragraphs. Of an article without labelled paragraphs all
/// shares are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Shares {
    /// Of all labelled words.
    pub words: Share,
    /// Of all labelled paragraphs and list items.
    pub paragraphs: Share,
}

/// Counts and shares in one measure; shares lie in `[0, 1]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    /// What the shares are of.
    pub total: usize,
    /// Share of reporting.
    pub reporting: f64,
    /// Share of quotation.
    pub quotation: f64,
    /// Share of commentary.
    pub commentary: f64,
    /// Share of calls to action.
    pub call_to_action: f64,
    /// Reporting and quotation.
    pub news: f64,
    /// Commentary and calls to action.
    pub opinion: f64,
}

impl Share {
    fn new(counts: [usize; 4]) -> Share {
        let total: usize = counts.iter().sum();
        let of = |count: usize| count as f64 / total.max(1) as f64;
        let side = |side: Side| {
            let labels = Label::ALL.into_iter().filter(|label| label.side() == side);
            of(labels.map(|label| counts[label.index()]).sum())
        };
        Share {
            total,
            reporting: of(counts[Label::Reporting.index()]),
            quotation: of(counts[Label::Quotation.index()]),
            commentary: of(counts[Label::Commentary.index()]),
            call_to_action: of(counts[Label::CallToAction.index()]),
            news: side(Side::News),
            opinion: side(Side::Opinion),
        }
    }
}

impl Shares {
    /// Shares of an article whose blocks have these scores.
    pub fn of(article: &Article, scores: &[Option<Scores>]) -> Shares {
        let (mut words, mut paragraphs) = ([0; 4], [0; 4]);
        for (block, scores) in article.blocks().iter().zip(scores) {
            if let Some(scores) = scores {
                let label = scores.best().index();
                paragraphs[label] += 1;
                words[label] += count_words(&article.body(block));
            }
        }
        Shares {
            words: Share::new(words),
            paragraphs: Share::new(paragraphs),
        }
    }
}

/// Runs between white space that hold a letter or a digit.
pub fn count_words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_sides() {
        let share = Share::new([2, 1, 4, 1]);
        assert_eq!(share.total, 8);
        assert_eq!((share.news, share.opinion), (0.375, 0.625));
        assert_eq!(Share::new([0; 4]), Share::default());
        assert_eq!(count_words("It’s — a  well-known “case” … 7"), 5);
    }
}
