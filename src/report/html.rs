//! Pages for a browser: what every HTML report shares. One file each, with its style inside, that
//! loads nothing and, but for the sorting of the index, runs nothing; a content security policy
//! says so to the browser.

mod body;
pub mod cited;
pub mod comparison;
pub mod escape;
pub mod evaluation;
pub mod index;
mod lang;
pub mod page;
mod pictures;
pub mod plot;
pub mod share;
mod why;

use std::sync::LazyLock;

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

use crate::label::{Label, Side};
use crate::shares::Share;
use escape::Html;

pub use why::Why;

/// How all reports look.
const STYLE: &str = concat!(
    include_str!("html/style.css"),
    include_str!("html/figures.css")
);

/// The style's hash for the content security policy.
static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLE));

/// What a content security policy knows inline content by.
fn hash(content: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(content.as_bytes()))
}

/// A label as running text has it.
fn name(label: Label) -> &'static str {
    match label {
        Label::CallToAction => "call to action",
        label => label.name(),
    }
}

/// What a label means, in short.
fn meaning(label: Label) -> &'static str {
    match label {
        Label::Reporting => {
            "what happened, what is, or who said what, without the author’s judgement"
        }
        Label::Quotation => "a source’s own words",
        Label::Commentary => "the author judges, interprets, argues or predicts",
        Label::CallToAction => "asks the reader to do something",
    }
}

fn share_of(share: &Share, label: Label) -> f64 {
    match label {
        Label::Reporting => share.reporting,
        Label::Quotation => share.quotation,
        Label::Commentary => share.commentary,
        Label::CallToAction => share.call_to_action,
    }
}

/// The start of a document, up to and including `<body>`. `script` is the one that may run.
fn open(html: &mut Html, title: &str, script: Option<&'static str>) {
    html.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .markup("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
        .text(&STYLE_HASH)
        .markup("'");
    if let Some(script) = script {
        html.markup("; script-src 'sha256-")
            .text(&hash(script))
            .markup("'");
    }
    html.markup("; base-uri 'none'; form-action 'none'\">\n")
        .markup("<meta name=\"referrer\" content=\"no-referrer\">\n")
        .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .markup("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
        .text(title)
        .markup(" – news and opinion</title>\n<style>")
        .markup(STYLE)
        .markup("</style>\n</head>\n<body>\n")
        .markup(PATTERNS);
}

/// The patterns that tell labels apart without colour.
const PATTERNS: &str = r#"<svg class="defs" width="0" height="0" aria-hidden="true"><defs>
<pattern id="pattern-quotation" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="6"/></pattern>
<pattern id="pattern-commentary" width="6" height="6" patternUnits="userSpaceOnUse"><circle cx="2" cy="2" r="1.3"/></pattern>
<pattern id="pattern-call_to_action" width="5" height="6" patternUnits="userSpaceOnUse"><rect width="1.6" height="6"/></pattern>
</defs></svg>
"#;

/// The legend's mark of a label.
fn swatch(html: &mut Html, label: Label) {
    html.markup("<svg class=\"swatch\" aria-hidden=\"true\">");
    segment(html, label, 0.0, 1.0);
    html.markup("</svg>");
}

/// A label in its colour.
fn chip(html: &mut Html, label: Label) {
    html.markup("<span class=\"")
        .markup(label.name())
        .markup("\"><span class=\"chip\">")
        .markup(name(label))
        .markup("</span></span>");
}

/// A stretch of a bar in the label's colour, and its pattern over it; reporting is plain.
fn segment(html: &mut Html, label: Label, start: f64, width: f64) {
    let layers = ["", "pattern "];
    let layers = if label == Label::Reporting {
        &layers[..1]
    } else {
        &layers[..]
    };
    for layer in layers {
        html.markup("<rect height=\"100%\" x=\"")
            .decimal(start * 100.0, 2)
            .markup("%\" width=\"")
            .decimal(width * 100.0, 2)
            .markup("%\" class=\"")
            .markup(layer)
            .markup(label.name())
            .markup("\"/>");
    }
}

/// The shares of the four labels side by side.
fn share_bar(html: &mut Html, share: &Share) {
    html.markup("<svg class=\"bar\" role=\"img\" aria-label=\"");
    for (number, label) in Label::ALL.into_iter().enumerate() {
        html.markup(if number > 0 { ", " } else { "" })
            .percent(share_of(share, label))
            .markup(" ")
            .markup(name(label));
    }
    html.markup("\">");
    let mut start = 0.0;
    for label in Label::ALL {
        let width = share_of(share, label);
        if width > 0.0 {
            segment(html, label, start, width);
        }
        start += width;
    }
    html.markup("</svg>\n");
}

/// What each label means.
fn meanings(html: &mut Html) {
    html.markup("<dl>\n");
    for label in Label::ALL {
        html.markup("<div><dt>");
        swatch(html, label);
        html.markup(name(label))
            .markup("</dt><dd>")
            .markup(meaning(label))
            .markup("</dd></div>\n");
    }
    html.markup("</dl>\n");
}

/// What stands at the foot of every page.
fn foot(html: &mut Html) {
    html.markup("<footer>\n<h2>How to read this</h2>\n");
    meanings(html);
    html.markup("<p>News is ")
        .markup(name(Label::Reporting))
        .markup(" and ")
        .markup(name(Label::Quotation))
        .markup("; opinion is ")
        .markup(name(Label::Commentary))
        .markup(" and ")
        .markup(name(Label::CallToAction))
        .markup(
            ". Shares are counted in words. A program labelled each paragraph by its words and \
             those around it. Single labels may be wrong; of the built-in model’s, about one in \
             twelve is, and more where it is unsure: do not accuse anybody on the strength of \
             one.</p>\n<p class=\"made\">Made by copydesk.</p>\n</footer>\n",
        );
}

fn side_share(share: &Share, side: Side) -> f64 {
    match side {
        Side::News => share.news,
        Side::Opinion => share.opinion,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Format};
    use crate::limits::Limits;
    use crate::model::Model;
    use crate::report::page::Page;

    fn page_of(doc: &str, text: &str, model: &str) -> String {
        let article =
            Article::from_bytes(text.as_bytes(), Format::Text, &Limits::default()).unwrap();
        let mut session = Model::builtin().session();
        let whys = session.explain_as(&article, Why::from);
        let scores = session.classify(&article);
        page::page(&page::View {
            page: &Page {
                doc,
                article: &article,
                scores: &scores,
                language: session.language(),
                drop_furniture: false,
            },
            whys: &whys,
            model,
            model_language: crate::text::Language::English,
            indexed: true,
        })
    }

    /// Names of the elements that a document opens.
    fn elements(html: &str) -> Vec<&str> {
        let end = |c: char| !c.is_ascii_alphanumeric();
        html.match_indices('<')
            .map(|(at, _)| &html[at + 1..])
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
            .map(|rest| &rest[..rest.find(end).unwrap_or(rest.len())])
            .collect()
    }

    const PAYLOADS: [&str; 9] = [
        "<script>document.title='ran'</script>",
        "<img src=x onerror=\"document.title='ran'\">",
        "</style><script>document.title='ran'</script>",
        "]]><script>document.title='ran'</script>",
        "<!--<script>",
        "\" onmouseover=\"document.title='ran'\" x=\"",
        "' autofocus onfocus='document.title=1",
        "[click](javascript:document.title='ran')",
        "**<b>bold</b>**",
    ];

    #[test]
    fn no_payload_makes_an_element_or_an_attribute() {
        for payload in PAYLOADS {
            let page = |word: &str| {
                let text = format!(
                    "Harbour {word} to close\n\nportnews.example {word} -- Friday, May 16, 2025, 11:05:33 AM Eastern Daylight Time\n\nCategories: Ports, {word}\n\n\
                     The harbour board {word} voted on Tuesday to close the inner basin, its chair said.\n\n## Part {word}\n\n> They {word} said nothing of it.\n\n- One {word} of the piers will stay open until the end of March.\n\nAdvertisement\n"
                );
                page_of(word, &text, word)
            };
            let (got, harmless) = (page(payload), page("word"));
            let count =
                |html: &str, name: &str| elements(html).iter().filter(|e| **e == name).count();
            for name in ["script", "img", "style", "a", "b", "meta"] {
                assert_eq!(
                    count(&got, name),
                    count(&harmless, name),
                    "{payload}: {name}"
                );
            }
            assert_eq!(got.matches("<!--").count(), 0);
            let bare = got.replace("&quot;", "").replace("&#39;", "");
            assert!(!bare.contains("=\"document.title"), "{payload}");
            assert!(!got.contains("href=\"java"), "{payload}");
        }
    }

    #[test]
    fn the_policy_knows_the_style_and_the_script_that_are_there() {
        let page = page_of(
            "a.txt",
            "Harbour\n\nThe harbour closed on Friday.\n",
            "built-in",
        );
        let between = |html: &str, start: &str, end: &str| {
            let rest = &html[html.find(start).unwrap() + start.len()..];
            rest[..rest.find(end).unwrap()].to_owned()
        };
        let style = between(&page, "<style>", "</style>");
        let policy = between(&page, "Security-Policy\" content=\"", "\">");
        assert!(policy.contains(&format!("style-src 'sha256-{}'", hash(&style))));
        assert!(!policy.contains("script-src") && !page.contains("<script"));
        let index = index::index(&[], "built-in");
        let script = between(&index, "<script>", "</script>");
        let policy = between(&index, "Security-Policy\" content=\"", "\">");
        assert!(policy.contains(&format!("script-src 'sha256-{}'", hash(&script))));
        // Known from outside: the hash of nothing.
        assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        for html in [&page, &index] {
            assert!(!html.contains(" style="));
            assert!(!html.contains("http://") && !html.contains("https://"));
        }
    }

    /// The colour of a variable within one part of the style.
    fn colour(part: &str, name: &str) -> [f64; 3] {
        let key = format!("--{name}: #");
        let hex = &part[part.find(&key).unwrap() + key.len()..];
        let hex = &hex[..hex.find(';').unwrap()];
        let long = if hex.len() == 3 {
            hex.chars().flat_map(|c| [c, c]).collect()
        } else {
            hex.to_owned()
        };
        [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&long[at..at + 2], 16).unwrap()) / 255.0)
    }

    /// WCAG 2: the contrast ratio of two colours.
    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let luminance = |rgb: [f64; 3]| {
            let [r, g, b] = rgb.map(|c| {
                if c <= 0.03928 {
                    c / 12.92
                } else {
                    ((c + 0.055) / 1.055).powf(2.4)
                }
            });
            0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
        };
        let (a, b) = (luminance(a), luminance(b));
        a.max(b) / a.min(b)
    }

    #[test]
    fn text_is_legible_in_light_dark_and_print() {
        let parts: Vec<&str> = STYLE.split("@media").collect();
        let is = |part: &&&str, start: &str| part.trim_start().starts_with(start);
        let light = parts[0];
        let dark = parts.iter().find(|p| is(p, "(prefers-color-scheme: dark)"));
        let print = parts.iter().find(|p| is(p, "print"));
        for part in [light, dark.unwrap(), print.unwrap()] {
            for ground in ["paper", "raised"].map(|name| colour(part, name)) {
                let inks = Label::ALL.map(|label| format!("{}-ink", label.name()));
                for ink in inks.iter().map(String::as_str).chain(["ink", "soft"]) {
                    let ratio = contrast(colour(part, ink), ground);
                    assert!(ratio >= 4.5, "{ink}: {ratio:.2}");
                }
                for label in Label::ALL {
                    let ratio = contrast(colour(part, label.name()), ground);
                    assert!(ratio >= 3.0, "band of {label}: {ratio:.2}");
                }
                // The darkest cells of the confusion matrix.
                let shares = STYLE.split("--share: ").skip(1);
                let shares = shares.map(|rest| rest.split('%').next().unwrap());
                let darkest = shares.map(|share| share.parse().unwrap());
                let share: f64 = darkest.fold(0.0, f64::max) / 100.0;
                for hue in ["reporting", "commentary"].map(|name| colour(part, name)) {
                    let cell = [0, 1, 2].map(|c| share * hue[c] + (1.0 - share) * ground[c]);
                    let ratio = contrast(colour(part, "ink"), cell);
                    assert!(share > 0.3 && ratio >= 4.5, "cell: {ratio:.2}");
                }
            }
        }
    }
}
