//! The report of a comparison of two models, for reading and as JSON.

use serde::Serialize;

use super::evaluation::{MAIN, name, short};
use super::json;
use super::page::Probabilities;
use crate::corpus::Corpus;
use crate::evaluate::{
    Bootstrap, Class, Comparison, Difference, Figure, Interval, McNemar, Outcome, Verdict,
};
use crate::label::Label;
use crate::visible;

/// Two models compared on all paragraphs, and on parts of them.
pub struct Compared<'a> {
    /// The name of the first model.
    pub model_a: &'a str,
    /// The name of the second.
    pub model_b: &'a str,
    /// On all.
    pub whole: Comparison,
    /// On each value of a column, for every column that was asked for.
    pub by: Vec<(String, Vec<(String, Comparison)>)>,
    /// The first of the paragraphs to which they give different labels.
    pub differing: Vec<Differing<'a>>,
}

/// A paragraph to which two models give different labels.
#[derive(Serialize)]
pub struct Differing<'a> {
    /// Id of its article.
    pub article: &'a str,
    /// Its place in the article.
    pub index: i64,
    /// The file it stands in.
    pub file: &'a str,
    /// The line of that file.
    pub line: u64,
    /// The label given by hand.
    pub gold: Label,
    /// The first model's label.
    pub label_a: Label,
    /// The second model's label.
    pub label_b: Label,
    /// What the first model says of all labels.
    pub probabilities_a: Probabilities,
    /// What the second model says of all labels.
    pub probabilities_b: Probabilities,
    /// The text.
    pub text: &'a str,
}

/// The paragraphs to which two models give different labels, in the order of the data.
pub fn differing<'a>(corpus: &'a Corpus, a: &[Outcome], b: &[Outcome]) -> Vec<Differing<'a>> {
    let rows = corpus.articles.iter().flat_map(|article| {
        let labelled = article.paragraphs.iter().filter(|row| row.label.is_some());
        labelled.map(move |row| (article, row))
    });
    let rows: Vec<_> = rows.collect();
    let places = crate::evaluate::comparison::differing(a, b);
    places
        .into_iter()
        .filter_map(|place| {
            let (article, row) = rows.get(place)?;
            Some(Differing {
                article: &article.id,
                index: row.index,
                file: &row.file,
                line: row.line,
                gold: a[place].gold,
                label_a: a[place].scores.best(),
                label_b: b[place].scores.best(),
                probabilities_a: Probabilities::new(&a[place].scores),
                probabilities_b: Probabilities::new(&b[place].scores),
                text: &row.text,
            })
        })
        .collect()
}

#[derive(Serialize)]
struct Object<'a> {
    model_a: &'a str,
    model_b: &'a str,
    #[serde(flatten)]
    whole: Figures<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by: Vec<Column<'a>>,
}

#[derive(Serialize)]
struct Figures<'a> {
    paragraphs: usize,
    articles: usize,
    differing: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    bootstrap: &'a Option<Bootstrap>,
    figures: Vec<DifferenceObject>,
    mcnemar: McNemars<'a>,
}

#[derive(Serialize)]
struct DifferenceObject {
    figure: String,
    a: f64,
    b: f64,
    difference: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<Interval>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holds_zero: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
}

#[derive(Serialize)]
struct McNemars<'a> {
    labels: &'a McNemar,
    news_opinion: &'a McNemar,
}

#[derive(Serialize)]
struct Column<'a> {
    column: &'a str,
    groups: Vec<Value<'a>>,
}

#[derive(Serialize)]
struct Value<'a> {
    value: &'a str,
    #[serde(flatten)]
    figures: Figures<'a>,
}

impl<'a> From<&'a Comparison> for Figures<'a> {
    fn from(comparison: &'a Comparison) -> Figures<'a> {
        let figures = comparison.figures.iter().map(|own| DifferenceObject {
            figure: own.figure.to_string(),
            a: own.a,
            b: own.b,
            difference: own.difference,
            interval: own.interval,
            holds_zero: own.interval.map(|interval| interval.holds(0.0)),
            verdict: own.verdict(),
        });
        Figures {
            paragraphs: comparison.paragraphs,
            articles: comparison.articles,
            differing: comparison.differing,
            bootstrap: &comparison.bootstrap,
            figures: figures.collect(),
            mcnemar: McNemars {
                labels: &comparison.labels,
                news_opinion: &comparison.sides,
            },
        }
    }
}

/// The figures that a table shows; JSON has all.
pub(super) fn shown() -> impl Iterator<Item = Figure> {
    let others = [
        Figure::Matthews,
        Figure::LogLoss,
        Figure::Brier,
        Figure::CalibrationError,
    ];
    let of_classes = Class::ALL.into_iter().map(Figure::F1);
    MAIN.into_iter().chain(others).chain(of_classes)
}

/// What an interval says, in words.
pub(super) fn verdict(difference: &Difference) -> &'static str {
    match difference.verdict() {
        Some(Verdict::Better) => "B is better",
        Some(Verdict::Open) => "holds 0: not told apart",
        Some(Verdict::Worse) => "B is worse",
        None => "",
    }
}

/// `+0.0123`; no sign before nothing.
pub(super) fn signed(number: f64) -> String {
    let number = if number.abs() < 5e-5 { 0.0 } else { number };
    match number == 0.0 {
        true => "0.0000".to_owned(),
        false => format!("{number:+.4}"),
    }
}

/// `-0.0041 to +0.0123`.
pub(super) fn signed_range(interval: &Interval) -> String {
    format!("{} to {}", signed(interval.low), signed(interval.high))
}

impl Compared<'_> {
    /// One object.
    pub fn json(&self) -> Vec<u8> {
        let by = self.by.iter().map(|(column, groups)| Column {
            column,
            groups: groups
                .iter()
                .map(|(value, comparison)| Value {
                    value,
                    figures: comparison.into(),
                })
                .collect(),
        });
        json::pretty(&Object {
            model_a: self.model_a,
            model_b: self.model_b,
            whole: (&self.whole).into(),
            by: by.collect(),
        })
    }

    /// For reading.
    pub fn table(&self) -> String {
        let mut out = format!(
            "A: {}\nB: {}\n{} paragraphs of {} articles; {} get different labels",
            visible::line(self.model_a),
            visible::line(self.model_b),
            self.whole.paragraphs,
            self.whole.articles,
            self.whole.differing
        );
        if let Some(bootstrap) = self.whole.bootstrap {
            out.push_str(&format!(
                "\nranges: where B less A lies with {} % confidence ({} draws of whole articles, the \
                 same for both)",
                bootstrap.level * 100.0,
                bootstrap.draws
            ));
        }
        out.push_str("\n\n");
        self.figures(&mut out);
        self.tests(&mut out);
        for (column, groups) in &self.by {
            by(&visible::line(column), groups, &mut out);
        }
        self.paragraphs(&mut out);
        out
    }

    fn figures(&self, out: &mut String) {
        out.push_str(&format!(
            "{:<22} {:>7} {:>7} {:>8}   range\n",
            "", "A", "B", "B less A"
        ));
        for difference in shown().filter_map(|figure| self.whole.get(figure)) {
            let interval = difference.interval.as_ref();
            let line = format!(
                "{:<22} {:>7.4} {:>7.4} {:>8}   {:<19}  {}",
                name(difference.figure),
                difference.a,
                difference.b,
                signed(difference.difference),
                interval.map_or(String::new(), signed_range),
                verdict(difference)
            );
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }

    fn tests(&self, out: &mut String) {
        out.push_str(&format!(
            "\n{:<22} {:>10} {:>12} {:>12} {:>10}   p\n",
            "McNemar’s exact test", "both right", "only A right", "only B right", "both wrong"
        ));
        for (name, test) in [
            ("label", &self.whole.labels),
            ("news or opinion", &self.whole.sides),
        ] {
            out.push_str(&format!(
                "{name:<22} {:>10} {:>12} {:>12} {:>10}   {}\n",
                test.both_right,
                test.only_a_right,
                test.only_b_right,
                test.both_wrong,
                p_value(test.p_value)
            ));
        }
        out.push_str(CAVEAT);
        out.push('\n');
    }

    fn paragraphs(&self, out: &mut String) {
        const WIDEST: usize = 90;
        if self.differing.is_empty() {
            return;
        }
        out.push_str(&format!(
            "\n{} of {} paragraphs with different labels\n",
            self.differing.len(),
            self.whole.differing
        ));
        for row in &self.differing {
            let text = visible::line(row.text);
            let text = match text.char_indices().nth(WIDEST) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text.into_owned(),
            };
            out.push_str(&format!(
                "{}:{}: by hand {}, A {}, B {}\n    {text}\n",
                visible::line(row.file),
                row.line,
                row.gold,
                row.label_a,
                row.label_b
            ));
        }
    }
}

/// What is to be known of the test.
pub(super) const CAVEAT: &str = "p: how likely so uneven a split is if neither is better. The test takes paragraphs for independent,\n\
     which those of one article are not, so that p comes out too small; the ranges allow for that.";

/// A probability with as many digits as it needs.
pub(super) fn p_value(p: f64) -> String {
    if p < 1e-4 {
        "below 0.0001".to_owned()
    } else {
        format!("{p:.4}")
    }
}

/// A line a group.
fn by(column: &str, groups: &[(String, Comparison)], out: &mut String) {
    let names: Vec<_> = groups.iter().map(|(value, _)| short(value)).collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let wide = longest.unwrap_or(0).max(16);
    out.push_str(&format!("\n{column:<wide$}"));
    for figure in MAIN {
        out.push_str(&format!(" {:<31}", format!("{}, B less A", name(figure))));
    }
    out.push_str(" paragraphs  articles\n");
    for (name, (_, comparison)) in names.iter().zip(groups) {
        out.push_str(&format!("{name:<wide$}"));
        for figure in MAIN {
            let cell = comparison.get(figure).map_or(String::new(), |own| {
                let interval = own.interval.as_ref();
                let range = interval.map_or(String::new(), signed_range);
                format!("{} {range}", signed(own.difference))
            });
            out.push_str(&format!(" {cell:<31}"));
        }
        out.push_str(&format!(
            " {:>10} {:>9}\n",
            comparison.paragraphs, comparison.articles
        ));
    }
}
