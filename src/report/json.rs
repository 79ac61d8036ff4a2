//! Pages as JSON: one line a block, or one object an article.

use serde::Serialize;

use super::page::{BlockRow, Page, Probabilities};
use super::rest;
use crate::article::Article;
use crate::corpus::Corpus;
use crate::evaluate::Outcome;
use crate::label::Label;
use crate::model::{Calibration, Card, Context, Explanation, Model};
use crate::shares::Shares;
use crate::text::Language;

/// Writes a value and a line feed.
pub fn line(value: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(&mut *out, value).expect("writing to memory does not fail");
    out.push(b'\n');
}

/// One block, on a line.
pub fn block(row: &BlockRow<'_>, out: &mut Vec<u8>) {
    rest::block(row, &[], out);
}

/// One line a block.
pub fn blocks(page: &Page<'_>, out: &mut Vec<u8>) {
    for row in page.rows() {
        block(&row, out);
    }
}

#[derive(Serialize)]
struct ArticleObject<'a> {
    doc: &'a str,
    title: Option<&'a str>,
    source: Option<&'a str>,
    date: Option<&'a str>,
    categories: Vec<&'a str>,
    language: Option<&'a str>,
    model: &'a str,
    shares: Shares,
    blocks: Vec<BlockRow<'a>>,
}

/// One object: what the page says of itself, its shares, and its blocks. `model` names the model.
pub fn article(page: &Page<'_>, model: &str, out: &mut Vec<u8>) {
    let object = ArticleObject {
        doc: page.doc,
        title: page.article.title(),
        source: page.article.source(),
        date: page.article.date(),
        categories: page.article.categories(),
        language: page.language,
        model,
        shares: page.shares(),
        blocks: page.rows().collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &object).expect("writing to memory does not fail");
}

/// A value as an indented object with a line feed.
pub fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut out = serde_json::to_vec_pretty(value).expect("writing to memory does not fail");
    out.push(b'\n');
    out
}

#[derive(Serialize)]
struct PredictionRow<'a> {
    article: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    genre: Option<&'a str>,
    index: i64,
    gold: Label,
    label: Label,
    probabilities: Probabilities,
    text: &'a str,
}

/// One line a labelled paragraph: the label that it was given by hand, and what a model says.
pub fn predictions(corpus: &Corpus, outcomes: &[Outcome], out: &mut Vec<u8>) {
    let rows = corpus.articles.iter().flat_map(|article| {
        let labelled = article.paragraphs.iter().filter(|row| row.label.is_some());
        labelled.map(move |row| (article, row))
    });
    for ((article, row), outcome) in rows.zip(outcomes) {
        let row = PredictionRow {
            article: &article.id,
            genre: article.columns.get("genre").map(String::as_str),
            index: row.index,
            gold: outcome.gold,
            label: outcome.scores.best(),
            probabilities: Probabilities::new(&outcome.scores),
            text: &row.text,
        };
        line(&row, out);
    }
}

#[derive(Serialize)]
struct ExplainedBlock<'a> {
    block: usize,
    line: usize,
    text: &'a str,
    #[serde(flatten)]
    explanation: &'a Explanation,
}

/// The explained blocks of a page.
pub fn explanations(article: &Article, explanations: &[Option<Explanation>]) -> Vec<u8> {
    let blocks: Vec<ExplainedBlock<'_>> = article
        .blocks()
        .iter()
        .zip(explanations)
        .enumerate()
        .filter_map(|(number, (block, explanation))| {
            Some(ExplainedBlock {
                block: number,
                line: block.line,
                text: article.block_text(block),
                explanation: explanation.as_ref()?,
            })
        })
        .collect();
    pretty(&blocks)
}

#[derive(Serialize)]
struct ModelObject<'a> {
    model: &'a str,
    language: Language,
    terms: usize,
    features: usize,
    cues: usize,
    context: Context,
    calibration: Calibration,
    validation: usize,
    card: &'a Card,
}

/// What a model is.
pub fn info(name: &str, model: &Model) -> Vec<u8> {
    let space = model.space();
    pretty(&ModelObject {
        model: name,
        language: space.language,
        terms: space.vocabulary.terms().len(),
        features: space.vocabulary.len(),
        cues: space.columns() - space.vocabulary.len(),
        context: model.context(),
        calibration: model.calibration(),
        validation: model.validation().len(),
        card: model.card(),
    })
}
