//! Outcomes of a model on labelled articles.

use std::ops::Range;

use crate::corpus::Corpus;
use crate::features::page::PageWalk;
use crate::label::Label;
use crate::model::Model;
use crate::outcome::Outcome;
use crate::shares::count_words;

/// What a model says of every labelled paragraph, in corpus order; articles are numbered as in the
/// corpus.
pub fn outcomes(model: &Model, corpus: &Corpus) -> Vec<Outcome> {
    let mut session = model.session();
    let mut walk = PageWalk::default();
    let mut outcomes = Vec::new();
    for (number, labelled) in corpus.articles.iter().enumerate() {
        let article = labelled.to_article();
        let scores = session.classify(&article);
        walk.walk(&article, |block, paragraph| {
            if let (Some(gold), Some(scores)) = (labelled.paragraphs[block].label, scores[block]) {
                outcomes.push(Outcome {
                    article: number,
                    words: count_words(paragraph.text),
                    gold,
                    scores,
                    rule: quote_rule(paragraph.text, paragraph.quoted),
                });
            }
        });
    }
    outcomes
}

fn quote_rule(text: &str, quoted: &[Range<u32>]) -> Label {
    let quoted: u32 = quoted.iter().map(|range| range.end - range.start).sum();
    match 3 * quoted as usize >= text.len() {
        true => Label::Quotation,
        false => Label::Reporting,
    }
}
