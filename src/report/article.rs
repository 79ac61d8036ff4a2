//! One row an article: what it says of itself, its shares, and how sure its labels are.

use serde_json::Value;

use super::page::{Page, Probabilities};
use crate::shares::Share;
use crate::visible;

/// Names of the fields, in order.
pub const FIELDS: [&str; 20] = [
    "doc",
    "title",
    "source",
    "date",
    "language",
    "words",
    "paragraphs",
    "words_reporting",
    "words_quotation",
    "words_commentary",
    "words_call_to_action",
    "words_news",
    "words_opinion",
    "paragraphs_reporting",
    "paragraphs_quotation",
    "paragraphs_commentary",
    "paragraphs_call_to_action",
    "paragraphs_news",
    "paragraphs_opinion",
    "confidence",
];

/// The values, in the order of [`FIELDS`].
pub fn values(page: &Page<'_>) -> [Value; 20] {
    let shares = page.shares();
    let share = |share: &Share| {
        [
            share.reporting,
            share.quotation,
            share.commentary,
            share.call_to_action,
            share.news,
            share.opinion,
        ]
        .map(number)
    };
    let [wr, wq, wc, wa, wn, wo] = share(&shares.words);
    let [pr, pq, pc, pa, pn, po] = share(&shares.paragraphs);
    [
        page.doc.into(),
        page.article.title().into(),
        page.article.source().into(),
        page.article.date().into(),
        page.language.into(),
        shares.words.total.into(),
        shares.paragraphs.total.into(),
        wr,
        wq,
        wc,
        wa,
        wn,
        wo,
        pr,
        pq,
        pc,
        pa,
        pn,
        po,
        mean_confidence(page).map_or(Value::Null, number),
    ]
}

/// Shares and probabilities are given in millionths.
fn number(value: f64) -> Value {
    ((value * 1e6).round() / 1e6).into()
}

fn mean_confidence(page: &Page<'_>) -> Option<f64> {
    let confidences: Vec<f64> = page
        .scores
        .iter()
        .flatten()
        .map(|scores| Probabilities::new(scores).get(scores.best()))
        .collect();
    match confidences.len() {
        0 => None,
        count => Some(confidences.iter().sum::<f64>() / count as f64),
    }
}

/// The row as a JSON object.
pub fn object(page: &Page<'_>) -> impl serde::Serialize + use<> {
    Ordered(values(page))
}

struct Ordered([Value; 20]);

impl serde::Serialize for Ordered {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(FIELDS.iter().zip(&self.0))
    }
}

/// The row as texts.
pub fn texts(page: &Page<'_>) -> Vec<String> {
    let text = |value: Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    };
    values(page).into_iter().map(text).collect()
}

/// The first lines of a table.
pub const TABLE_HEADER: &str =
    "  words  news  opinion  reporting  quotation  commentary  call_to_action\n";

/// The row for reading.
pub fn table_line(page: &Page<'_>) -> String {
    let shares = page.shares().words;
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    format!(
        "{:>7} {:>5} {:>8} {:>10} {:>10} {:>11} {:>15}  {}\n",
        shares.total,
        percent(shares.news),
        percent(shares.opinion),
        percent(shares.reporting),
        percent(shares.quotation),
        percent(shares.commentary),
        percent(shares.call_to_action),
        visible::line(page.doc)
    )
}
