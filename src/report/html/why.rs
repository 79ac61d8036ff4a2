//! What a paragraph unfolds to: the four probabilities, and the terms and cues that carried its label.

use super::escape::Html;
use super::name;
use crate::label::{Label, Scores};
use crate::model::Explanation;

/// Terms and cues that are shown of a paragraph; the others are summed up.
const SHOWN: usize = 8;

/// What is kept of an explanation.
pub struct Why {
    label: Label,
    against: Label,
    lead: f64,
    rows: Vec<(String, f64)>,
}

impl From<Explanation> for Why {
    fn from(explanation: Explanation) -> Why {
        let mut parts = explanation.parts.into_iter();
        let mut rows: Vec<(String, f64)> = parts
            .by_ref()
            .take(SHOWN)
            .map(|part| (part.name, part.share))
            .collect();
        let (count, sum) = parts.fold((0, 0.0), |(n, sum), part| (n + 1, sum + part.share));
        if count > 0 {
            rows.push((format!("{count} other terms and cues"), sum));
        }
        rows.push(("neighbouring paragraphs".to_owned(), explanation.context));
        rows.push(("intercept".to_owned(), explanation.intercept));
        Why {
            label: explanation.label,
            against: explanation.against,
            lead: explanation.lead,
            rows,
        }
    }
}

/// The four probabilities as bars.
pub(super) fn probabilities(html: &mut Html, scores: &Scores) {
    html.markup("<table class=\"odds\"><caption>Probabilities</caption>\n");
    for label in Label::ALL {
        let probability = scores.get(label);
        html.markup("<tr><th scope=\"row\">")
            .markup(name(label))
            .markup("</th><td><svg aria-hidden=\"true\"><rect class=\"")
            .markup(label.name())
            .markup("\" height=\"100%\" width=\"")
            .decimal(probability * 100.0, 1)
            .markup("%\"/></svg></td><td>")
            .decimal(probability * 100.0, 1)
            .markup("%</td></tr>\n");
    }
    html.markup("</table>\n");
}

impl Why {
    /// The sum that lies between the label and the second, term by term.
    pub(super) fn write(&self, html: &mut Html) {
        html.markup("<table class=\"terms\"><caption>Why ")
            .markup(name(self.label))
            .markup(" rather than ")
            .markup(name(self.against))
            .markup(": log-odds of ")
            .decimal(self.lead, 2)
            .markup("</caption>\n");
        let shares = self.rows.iter().map(|(_, share)| share.abs());
        let largest = shares.fold(f64::MIN_POSITIVE, f64::max);
        for (name, share) in &self.rows {
            let width = share.abs() / largest * 50.0;
            let start = if *share < 0.0 { 50.0 - width } else { 50.0 };
            html.markup("<tr><th scope=\"row\">")
                .text(name)
                .markup("</th><td><svg aria-hidden=\"true\"><rect class=\"")
                .markup(if *share < 0.0 { "contra" } else { "pro" })
                .markup("\" height=\"100%\" x=\"")
                .decimal(start, 1)
                .markup("%\" width=\"")
                .decimal(width, 1)
                .markup("%\"/><rect class=\"zero\" height=\"100%\" x=\"50%\" width=\"1\"/></svg></td><td>")
                .markup(if *share < 0.0 { "−" } else { "+" })
                .decimal(share.abs(), 2)
                .markup("</td></tr>\n");
        }
        html.markup("</table>\n");
    }
}
