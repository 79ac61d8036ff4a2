//! The report of an evaluation, for reading and as JSON.

use serde::Serialize;

use super::json;
use crate::evaluate::{Baseline, Class, Evaluation, Figure, Interval, Spread};
use crate::label::Label;
use crate::visible;

/// The figures that stand for the others where there is little room.
pub(super) const MAIN: [Figure; 3] = [
    Figure::MacroF1,
    Figure::NewsOpinionMacroF1,
    Figure::Accuracy,
];
/// The other figures of all labels together.
pub const OTHERS: [Figure; 4] = [
    Figure::Matthews,
    Figure::LogLoss,
    Figure::Brier,
    Figure::CalibrationError,
];
/// Shares of the paragraphs at which a table shows the coverage curve.
const COVERAGES: [f64; 5] = [1.0, 0.95, 0.9, 0.8, 0.5];

/// Figures of all paragraphs, and of parts of them.
pub struct Evaluated {
    /// Of all.
    pub pooled: Evaluation,
    /// Of each part of a cross-validation; empty where one model was measured.
    pub parts: Vec<Group>,
    /// Of each value of a column, for every column that was asked for.
    pub by: Vec<(String, Vec<Group>)>,
}

/// A name, and the figures of what bears it.
pub type Group = (String, Evaluation);

#[derive(Serialize)]
struct Object<'a> {
    #[serde(flatten)]
    pooled: &'a Evaluation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartObject<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spread: Vec<SpreadObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by: Vec<ByObject<'a>>,
}

#[derive(Serialize)]
struct PartObject<'a> {
    part: &'a str,
    #[serde(flatten)]
    figures: &'a Evaluation,
}

#[derive(Serialize)]
struct SpreadObject {
    figure: String,
    #[serde(flatten)]
    spread: Spread,
}

#[derive(Serialize)]
struct ByObject<'a> {
    column: &'a str,
    groups: Vec<GroupObject<'a>>,
}

#[derive(Serialize)]
struct GroupObject<'a> {
    value: &'a str,
    #[serde(flatten)]
    figures: &'a Evaluation,
}

impl Evaluated {
    /// How a figure spreads over the parts, of which there must be some.
    pub(super) fn spread(&self, figure: Figure) -> Spread {
        let values: Vec<f64> = self
            .parts
            .iter()
            .map(|(_, part)| part.get(figure))
            .collect();
        Spread::of(&values)
    }

    /// One object.
    pub fn json(&self) -> Vec<u8> {
        let parts = self.parts.iter();
        let spread = Figure::all().filter(|_| !self.parts.is_empty());
        let by = self.by.iter();
        json::pretty(&Object {
            pooled: &self.pooled,
            parts: parts
                .map(|(part, figures)| PartObject { part, figures })
                .collect(),
            spread: spread
                .map(|figure| SpreadObject {
                    figure: figure.to_string(),
                    spread: self.spread(figure),
                })
                .collect(),
            by: by
                .map(|(column, groups)| ByObject {
                    column,
                    groups: groups
                        .iter()
                        .map(|(value, figures)| GroupObject { value, figures })
                        .collect(),
                })
                .collect(),
        })
    }

    /// For reading.
    pub fn table(&self) -> String {
        let mut out = evaluation(&self.pooled);
        if !self.parts.is_empty() {
            groups("part", &self.parts, &mut out);
            out.push('\n');
            for figure in MAIN {
                let spread = self.spread(figure);
                out.push_str(&format!(
                    "{:<22} over the parts: mean {:.4}, standard deviation {:.4}, {:.4} to {:.4}\n",
                    name(figure),
                    spread.mean,
                    spread.standard_deviation,
                    spread.least,
                    spread.greatest
                ));
            }
        }
        for (column, of_column) in &self.by {
            groups(&visible::line(column), of_column, &mut out);
        }
        out
    }
}

/// A figure as running text has it.
pub(super) fn name(figure: Figure) -> String {
    match figure {
        Figure::Accuracy => "accuracy".into(),
        Figure::MacroF1 => "macro-F1".into(),
        Figure::NewsOpinionMacroF1 => "news/opinion macro-F1".into(),
        Figure::Matthews => "Matthews correlation".into(),
        Figure::LogLoss => "log-loss".into(),
        Figure::Brier => "Brier score".into(),
        Figure::CalibrationError => "calibration error".into(),
        Figure::Precision(class) => format!("{} precision", class.name()),
        Figure::Recall(class) => format!("{} recall", class.name()),
        Figure::F1(class) => format!("{} F1", class.name()),
    }
}

/// `0.871–0.927`, or nothing where none was drawn.
fn range(interval: Option<Interval>, digits: usize) -> String {
    interval.map_or(String::new(), |interval| {
        format!("{:.digits$}–{:.digits$}", interval.low, interval.high)
    })
}

fn evaluation(figures: &Evaluation) -> String {
    let mut out = format!(
        "{} paragraphs of {} articles",
        figures.paragraphs, figures.articles
    );
    if let Some(bootstrap) = figures.bootstrap {
        out.push_str(&format!(
            "; ranges: where a figure lies with {} % confidence ({} draws of whole articles)",
            bootstrap.level * 100.0,
            bootstrap.draws
        ));
    }
    out.push_str("\n\n");
    classes(figures, &mut out);
    confusion(figures, &mut out);
    whole(figures, &mut out);
    covered(figures, &mut out);
    out
}

fn classes(figures: &Evaluation, out: &mut String) {
    let drawn = figures.bootstrap.is_some();
    let width = if drawn { 20 } else { 10 };
    out.push_str(&format!(
        "{:<16} {:<width$} {:<width$} {:<width$} {:>10}\n",
        "", "precision", "recall", "F1", "paragraphs"
    ));
    let supports = figures.labels.iter().map(|row| row.figures.support);
    let supports = supports.chain(figures.sides.iter().map(|row| row.figures.support));
    for (class, support) in Class::ALL.into_iter().zip(supports) {
        if class == Class::ALL[Label::ALL.len()] {
            out.push('\n');
        }
        out.push_str(&format!("{:<16}", class.name()));
        for figure in [
            Figure::Precision(class),
            Figure::Recall(class),
            Figure::F1(class),
        ] {
            let cell = match is_defined(figures, figure) {
                true => format!(
                    "{:.3} {}",
                    figures.get(figure),
                    range(figures.interval(figure), 3)
                ),
                false => "–".to_owned(),
            };
            out.push_str(&format!(" {cell:<width$}"));
        }
        out.push_str(&format!(" {support:>10}\n"));
    }
}

/// Whether there is anything to take the figure of: nothing is found where nothing is.
pub(super) fn is_defined(figures: &Evaluation, figure: Figure) -> bool {
    let count = |class: Class, of: fn(usize, usize) -> (usize, usize)| -> u64 {
        let labels = Label::ALL.into_iter().filter(|&label| class.holds(label));
        let cells =
            labels.flat_map(|label| (0..Label::ALL.len()).map(move |k| of(label.index(), k)));
        cells
            .map(|(gold, given)| figures.confusion[gold][given])
            .sum()
    };
    match figure {
        Figure::Precision(class) => count(class, |own, other| (other, own)) > 0,
        Figure::Recall(class) | Figure::F1(class) => count(class, |own, other| (own, other)) > 0,
        _ => true,
    }
}

fn confusion(figures: &Evaluation, out: &mut String) {
    let [r, q, c, a] = Label::ALL.map(Label::name);
    out.push_str(&format!(
        "\n{:<16} {r:>10} {q:>10} {c:>11} {a:>15}\n",
        "gold / predicted"
    ));
    for (label, row) in Label::ALL.iter().zip(figures.confusion) {
        out.push_str(&format!(
            "{label:<16} {:>10} {:>10} {:>11} {:>15}\n",
            row[0], row[1], row[2], row[3]
        ));
    }
}

fn whole(figures: &Evaluation, out: &mut String) {
    let majority = &figures.majority;
    let width = if figures.bootstrap.is_some() { 15 } else { 0 };
    let always = format!("always {}", majority.label);
    out.push_str(&format!(
        "\n{:<22} {:>6} {:<width$}  {always:<21}  quote rule\n",
        "", "model", ""
    ));
    let baseline = |figure: Figure, baseline: &Baseline| match figure {
        Figure::Accuracy => Some(baseline.accuracy),
        Figure::MacroF1 => Some(baseline.macro_f1),
        Figure::NewsOpinionMacroF1 => Some(baseline.news_opinion_macro_f1),
        _ => None,
    };
    for figure in MAIN.into_iter().chain(OTHERS) {
        let mut line = format!(
            "{:<22} {:>6.4} {:<width$}",
            name(figure),
            figures.get(figure),
            range(figures.interval(figure), 4)
        );
        let always = baseline(figure, &majority.figures);
        let rule = baseline(figure, &figures.quote_rule);
        if let (Some(always), Some(rule)) = (always, rule) {
            line.push_str(&format!("  {always:<21.4}  {rule:.4}"));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

fn covered(figures: &Evaluation, out: &mut String) {
    out.push_str("\nsurest paragraphs   from confidence   accuracy   news/opinion accuracy\n");
    for share in COVERAGES {
        let mut points = figures.coverage.iter();
        if let Some(point) = points.find(|point| point.coverage >= share - 1e-9) {
            out.push_str(&format!(
                "{:>15.0} % {:>18.3} {:>10.4} {:>23.4}\n",
                point.coverage * 100.0,
                point.min_confidence,
                point.accuracy,
                point.news_opinion_accuracy
            ));
        }
    }
    if let Some(sure) = &figures.abstaining {
        out.push_str(&format!(
            "\nlabels from confidence {} only: {} paragraphs uncertain, {:.1} % labelled\n",
            sure.min_confidence,
            sure.uncertain,
            sure.coverage * 100.0
        ));
        for (figure, value) in
            MAIN.into_iter()
                .zip([sure.macro_f1, sure.news_opinion_macro_f1, sure.accuracy])
        {
            let interval = sure.intervals.get(&figure.to_string()).copied();
            let line = format!("{:<22} {value:.4} {}", name(figure), range(interval, 4));
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

/// A name that leaves room for figures.
pub(super) fn short(name: &str) -> String {
    const WIDEST: usize = 36;
    let name = visible::line(name);
    match name.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None if name.is_empty() => "(empty)".to_owned(),
        None => name.into(),
    }
}

/// A line a group.
fn groups(title: &str, groups: &[Group], out: &mut String) {
    let names: Vec<String> = groups.iter().map(|(name, _)| short(name)).collect();
    let longest = names.iter().map(|name| name.chars().count()).max();
    let wide = longest.unwrap_or(0).max(16);
    out.push_str(&format!(
        "\n{title:<wide$} {:<22} {:<22} {:<22} {:>10} {:>9}\n",
        "macro-F1", "news/opinion macro-F1", "accuracy", "paragraphs", "articles"
    ));
    for (name, (_, figures)) in names.iter().zip(groups) {
        out.push_str(&format!("{name:<wide$}"));
        for figure in MAIN {
            let cell = format!(
                "{:.4} {}",
                figures.get(figure),
                range(figures.interval(figure), 3)
            );
            out.push_str(&format!(" {cell:<22}"));
        }
        out.push_str(&format!(
            " {:>10} {:>9}\n",
            figures.paragraphs, figures.articles
        ));
    }
}
