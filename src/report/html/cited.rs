//! Labelled paragraphs that are worth reading: their text and place, the label given by hand, the
//! program's, and its reasons.

use super::escape::Html;
use super::{Why, chip, name, why};
use crate::corpus::{Corpus, LabelledArticle, LabelledParagraph};
use crate::label::Label;
use crate::model::Model;
use crate::outcome::Outcome;

/// Characters of a text that are shown; paragraphs are seldom longer.
const SHOWN: usize = 2000;

/// One of them.
pub struct Cited<'a> {
    article: &'a str,
    row: &'a LabelledParagraph,
    outcome: &'a Outcome,
    why: Option<Why>,
}

/// A part of the data, what a model says of it, and the model, where it is there to give reasons.
pub struct Source<'a> {
    /// Its articles.
    pub corpus: &'a Corpus,
    /// What the model says of each labelled paragraph, in order.
    pub outcomes: &'a [Outcome],
    /// The model.
    pub model: Option<&'a Model>,
}

/// The paragraphs that are chosen from the outcomes of all parts, one part after another.
pub fn cite<'a>(
    sources: &[Source<'a>],
    choose: impl Fn(&[Outcome]) -> Vec<usize>,
) -> Vec<Cited<'a>> {
    let outcomes: Vec<Outcome> = sources
        .iter()
        .flat_map(|source| source.outcomes)
        .copied()
        .collect();
    let rows: Vec<Row<'a>> = sources.iter().flat_map(rows).collect();
    choose(&outcomes)
        .into_iter()
        .filter_map(|at| rows.get(at))
        .map(Row::cited)
        .collect()
}

/// A labelled paragraph and where it is from.
struct Row<'a> {
    article: &'a LabelledArticle,
    block: usize,
    outcome: &'a Outcome,
    model: Option<&'a Model>,
}

fn rows<'a>(source: &Source<'a>) -> Vec<Row<'a>> {
    let model = source.model;
    let labelled = source.corpus.articles.iter().flat_map(|article| {
        let rows = article.paragraphs.iter().enumerate();
        rows.filter(|(_, row)| row.label.is_some())
            .map(move |(block, _)| (article, block))
    });
    labelled
        .zip(source.outcomes)
        .map(|((article, block), outcome)| Row {
            article,
            block,
            outcome,
            model,
        })
        .collect()
}

impl<'a> Row<'a> {
    fn cited(&self) -> Cited<'a> {
        let explanation = self.model.and_then(|model| {
            let article = self.article.to_article();
            model.explain(&article, self.block)
        });
        Cited {
            article: &self.article.id,
            row: &self.article.paragraphs[self.block],
            outcome: self.outcome,
            why: explanation.map(Why::from),
        }
    }
}

/// A section of them.
pub(super) fn paragraphs(
    html: &mut Html,
    title: &'static str,
    what: &'static str,
    cited: &[Cited<'_>],
) {
    if cited.is_empty() {
        return;
    }
    html.markup("<section>\n<h2>")
        .markup(title)
        .markup("</h2>\n<p class=\"note\">")
        .markup(what)
        .markup("</p>\n<ol class=\"cited\">\n");
    for cited in cited {
        cited.write(html);
    }
    html.markup("</ol>\n</section>\n");
}

impl Cited<'_> {
    fn write(&self, html: &mut Html) {
        let Outcome { gold, scores, .. } = *self.outcome;
        let given = scores.best();
        html.markup("<li class=\"block ")
            .markup(gold.name())
            .markup("\">\n<p class=\"labels\">by hand ");
        chip(html, gold);
        html.markup(", given ");
        chip(html, given);
        html.markup(if gold == given { " ✓" } else { " ✗" })
            .markup(" <span class=\"place\">")
            .text(&self.row.file)
            .markup(":")
            .text(&self.row.line.to_string())
            .markup(", article ")
            .text(self.article)
            .markup(if self.row.hard { ", marked hard" } else { "" })
            .markup("</span></p>\n<p dir=\"auto\">");
        match self.row.text.char_indices().nth(SHOWN) {
            Some((end, _)) => html.text(&self.row.text[..end]).markup("…"),
            None => html.text(&self.row.text),
        };
        html.markup("</p>\n<ul class=\"given\" role=\"list\">");
        for label in Label::ALL {
            html.markup("<li class=\"")
                .markup(label.name())
                .markup("\"><span class=\"chip\">")
                .markup(name(label))
                .markup("</span> ")
                .decimal(scores.get(label) * 100.0, 1)
                .markup(" %</li>");
        }
        html.markup("</ul>\n");
        if let Some(why) = &self.why {
            html.markup(
                "<details class=\"reasons\"><summary>Why?</summary>\n<div class=\"why\">\n",
            );
            why::probabilities(html, &scores);
            why.write(html);
            html.markup("</div></details>\n");
        }
        html.markup("</li>\n");
    }
}
