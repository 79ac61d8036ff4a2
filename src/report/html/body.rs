//! The blocks of an article in reading order, each as what it is on the page.

use super::escape::Html;
use super::page::View;
use super::{lang, name, why};
use crate::article::{Block, Kind};
use crate::label::Scores;
use crate::report::inline::{Piece, pieces};

/// A label below this probability is marked.
const UNSURE: f64 = 0.6;

/// Writes all blocks, but for those that the head of the page already shows.
pub(super) fn blocks(html: &mut Html, view: &View<'_>) {
    let article = view.page.article;
    let spoken = lang::tag(view.page.language);
    let (mut in_list, mut in_body) = (false, false);
    for (number, block) in article.blocks().iter().enumerate() {
        let scores = view.page.scores.get(number).and_then(Option::as_ref);
        let item = block.kind == Kind::ListItem;
        if in_list != item {
            html.markup(if item {
                "<ul role=\"list\">\n"
            } else {
                "</ul>\n"
            });
            in_list = item;
        }
        in_body |= block.kind.is_labelled();
        if !in_body && in_head(view, block) {
            continue;
        }
        let body = article.body(block);
        match block.kind {
            Kind::Title | Kind::Heading => {
                let deck = !in_body && !article.block_text(block).starts_with('#');
                html.markup(if deck { "<p class=\"deck\"" } else { "<h2" });
                text(html, spoken, &body);
                html.markup(if deck { "</p>\n" } else { "</h2>\n" });
            }
            Kind::Meta => {
                html.markup("<p class=\"meta\"");
                text(html, spoken, &body);
                html.markup("</p>\n");
            }
            Kind::Furniture => {
                html.markup("<p class=\"furniture\"");
                text(html, spoken, &body);
                html.markup(" <span class=\"rule\"><span class=\"unseen\">set aside as </span>");
                if let Some(reason) = &block.reason {
                    html.text(reason);
                } else {
                    html.markup("furniture");
                }
                html.markup("</span></p>\n");
            }
            Kind::Paragraph | Kind::ListItem => {
                labelled(html, view, number, block, scores, spoken);
            }
        }
    }
    if in_list {
        html.markup("</ul>\n");
    }
}

fn labelled(
    html: &mut Html,
    view: &View<'_>,
    number: usize,
    block: &Block,
    scores: Option<&Scores>,
    spoken: &'static str,
) {
    let article = view.page.article;
    let item = block.kind == Kind::ListItem;
    let label = scores.map(Scores::best);
    html.markup(if item { "<li" } else { "<div" })
        .markup(" id=\"block-")
        .number(number)
        .markup("\" class=\"block ")
        .markup(label.map_or("unlabelled", |label| label.name()))
        .markup("\">\n");
    if block.block_quote {
        html.markup("<blockquote>");
    }
    let body = article.body(block);
    html.markup("<p");
    if item {
        let whole = article.block_text(block);
        let marker = whole.strip_suffix(&*body).unwrap_or_default().trim();
        html.markup(" class=\"item\"");
        language(html, spoken);
        html.markup("><span class=\"marker\">");
        match marker {
            "*" | "-" | "+" | "–" => html.markup("•"),
            marker => html.text(marker),
        };
        html.markup("</span> ");
        inline(html, &body);
    } else {
        text(html, spoken, &body);
    }
    html.markup("</p>");
    if block.block_quote {
        html.markup("</blockquote>");
    }
    html.markup("\n");
    if let (Some(scores), Some(label)) = (scores, label) {
        let confidence = scores.get(label);
        let unsure = confidence < UNSURE;
        html.markup("<details><summary><span class=\"chip\">")
            .markup(name(label))
            .markup("</span> <span class=\"confidence\">")
            .percent(confidence)
            .markup(if unsure {
                "</span> <span class=\"unsure\">unsure</span>"
            } else {
                "</span>"
            })
            .markup("<span class=\"unseen\">: why?</span></summary>\n<div class=\"why\">\n");
        why::probabilities(html, scores);
        if let Some(why) = view.whys.get(number).and_then(Option::as_ref) {
            why.write(html);
        }
        html.markup("</div></details>\n");
    }
    html.markup(if item { "</li>\n" } else { "</div>\n" });
}

/// The rest of a start tag, and a text with its marks as emphasis.
fn text(html: &mut Html, spoken: &'static str, body: &str) {
    language(html, spoken);
    html.markup(">");
    inline(html, body);
}

/// The document is in English, so only another language needs saying.
fn language(html: &mut Html, spoken: &'static str) {
    html.markup(" dir=\"auto\"");
    if spoken != "en" {
        html.markup(" lang=\"").markup(spoken).markup("\"");
    }
}

/// Addresses are shown on pointing, and never made links: a page is to be read, not to be followed.
fn inline(html: &mut Html, body: &str) {
    for piece in pieces(body) {
        match piece {
            Piece::Plain(text) => html.text(text),
            Piece::Strong(text) => html.markup("<strong>").text(text).markup("</strong>"),
            Piece::Link(text, to) => html
                .markup("<span class=\"link\" title=\"")
                .text(to)
                .markup("\">")
                .text(text)
                .markup("</span>"),
        };
    }
}

/// Whether a block before the text says nothing but what the head of the page says too.
fn in_head(view: &View<'_>, block: &Block) -> bool {
    let article = view.page.article;
    match block.kind {
        Kind::Title => article.title() == Some(&*article.body(block)),
        Kind::Meta => {
            let mut rest = article.block_text(block).to_owned();
            let fields = article.source().into_iter().chain(article.date());
            let mut found = false;
            for field in fields.chain(article.categories()) {
                if let Some(at) = rest.find(field) {
                    rest.replace_range(at..at + field.len(), "");
                    found = true;
                }
            }
            // What stays of `Categories: `, `Published: ` and the dashes between.
            found && rest.chars().filter(|c| c.is_alphanumeric()).count() <= 12
        }
        _ => false,
    }
}
