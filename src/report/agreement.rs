//! The report of agreement between annotators, for reading and as JSON, and its lists of paragraphs.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::json;
use super::table::clip;
use crate::evaluate::agreement::{Coefficient, Coincidences};
use crate::evaluate::{Bootstrap, Interval};
use crate::label::Label;
use crate::visible;

/// Columns of a text in a list.
const TEXT_COLUMNS: usize = 70;

/// How far annotators agree. Fields are only ever added.
#[derive(Clone, Debug, Serialize)]
pub struct Agreement {
    /// Their names.
    pub annotators: Vec<String>,
    /// Paragraphs that anyone labelled.
    pub paragraphs: usize,
    /// Those that two or more labelled, from which all figures come.
    pub shared: usize,
    /// Articles that these are from.
    pub articles: usize,
    /// How intervals were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<Bootstrap>,
    /// Share of paired labels that are the same.
    pub agreement: Coefficient,
    /// Krippendorff's alpha over the four labels.
    pub alpha: Coefficient,
    /// The same over news and opinion.
    pub news_opinion_alpha: Coefficient,
    /// Of each label against the others.
    pub labels: BTreeMap<&'static str, Coefficient>,
    /// Each two annotators.
    pub pairs: Vec<Pair>,
    /// How often one label stood beside another, in the order of [`Label::ALL`], each pair of labels twice.
    pub coincidences: Coincidences,
    /// The paragraphs on which annotators differ, the most divided first.
    pub disagreements: Vec<Disagreement>,
}

/// Two annotators.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// One of them.
    pub one: String,
    /// The other.
    pub other: String,
    /// Paragraphs that both labelled.
    pub paragraphs: usize,
    /// Share of them labelled alike.
    pub agreement: Coefficient,
    /// Cohen's kappa.
    pub kappa: Coefficient,
    /// How often a label of the one (row) met a label of the other (column).
    pub crossed: Coincidences,
}

/// A paragraph that was not labelled alike.
#[derive(Clone, Debug, Serialize)]
pub struct Disagreement {
    /// Its article.
    pub article: String,
    /// Its place there.
    pub index: i64,
    /// What each annotator who labelled it gave it.
    pub labels: BTreeMap<String, Label>,
    /// Its text.
    pub text: String,
}

/// One paragraph with the label that most annotators gave it, as a row to train on.
#[derive(Clone, Debug)]
pub struct MajorityRow {
    /// Its article.
    pub article: String,
    /// Its place there.
    pub index: i64,
    /// What it is on the page.
    pub kind: &'static str,
    /// The label of most; `None` where none has most, and for context.
    pub label: Option<Label>,
    /// Whether not all gave it.
    pub hard: bool,
    /// Whether the page prints it as a block quote.
    pub block_quote: bool,
    /// Its text.
    pub text: String,
    /// What else its article's rows say.
    pub columns: BTreeMap<String, String>,
}

impl Agreement {
    /// One object.
    pub fn json(&self) -> Vec<u8> {
        json::pretty(self)
    }

    /// For reading, with so many of the paragraphs on which annotators differ.
    pub fn table(&self, top: usize) -> String {
        let mut out = format!(
            "{} paragraphs of {} articles, labelled by two or more of {} annotators ({} by any)\n",
            self.shared,
            self.articles,
            self.annotators.len(),
            self.paragraphs
        );
        if let Some(bootstrap) = self.bootstrap {
            out.push_str(&format!(
                "ranges: where a figure lies with {} % confidence ({} draws of whole articles)\n",
                bootstrap.level * 100.0,
                bootstrap.draws
            ));
        }
        out.push('\n');
        let mut line = |name: &str, coefficient: &Coefficient| {
            out.push_str(&format!("{name:<35} {}\n", shown(coefficient)));
        };
        line("same label", &self.agreement);
        line("Krippendorff's alpha, four labels", &self.alpha);
        line(
            "Krippendorff's alpha, news/opinion",
            &self.news_opinion_alpha,
        );
        for label in Label::ALL {
            if let Some(coefficient) = self.labels.get(label.name()) {
                line(&format!("  {label} against the others"), coefficient);
            }
        }
        out.push_str(&format!(
            "\n{:<32} {:>10}  {:<22} {}\n",
            "pair", "paragraphs", "same label", "Cohen's kappa"
        ));
        for pair in &self.pairs {
            let name = format!(
                "{} and {}",
                visible::line(&pair.one),
                visible::line(&pair.other)
            );
            let kappa = shown(&pair.kappa);
            let agreement = shown(&pair.agreement);
            out.push_str(&format!(
                "{name:<32} {:>10}  {agreement:<22} {kappa}\n",
                pair.paragraphs
            ));
        }
        self.means(&mut out);
        self.crossed(&mut out);
        self.differing(top, &mut out);
        out
    }

    /// For several annotators, how kappa stands for each on the mean.
    fn means(&self, out: &mut String) {
        if self.annotators.len() < 3 {
            return;
        }
        for name in &self.annotators {
            let own = self
                .pairs
                .iter()
                .filter(|pair| pair.one == *name || pair.other == *name);
            let kappas: Vec<f64> = own.filter_map(|pair| pair.kappa.value).collect();
            if !kappas.is_empty() {
                let mean = kappas.iter().sum::<f64>() / kappas.len() as f64;
                let name = format!("{} and the others, mean", visible::line(name));
                out.push_str(&format!("{name:<32} {:>10}  {:<22} {mean:.4}\n", "", ""));
            }
        }
    }

    fn crossed(&self, out: &mut String) {
        let (table, what) = match self.pairs.as_slice() {
            [pair] => {
                let (one, other) = (visible::line(&pair.one), visible::line(&pair.other));
                (
                    &pair.crossed,
                    format!("labels of {one} (rows) and {other} (columns)"),
                )
            }
            _ => {
                let what = "labels beside each other, each pair once a way";
                (&self.coincidences, what.to_owned())
            }
        };
        out.push_str(&format!("\n{what}\n"));
        out.push_str(&format!("{:<16}", ""));
        for label in Label::ALL {
            out.push_str(&format!(" {label:>14}"));
        }
        out.push('\n');
        for (label, row) in Label::ALL.iter().zip(table) {
            out.push_str(&format!("{label:<16}"));
            for cell in row {
                out.push_str(&format!(" {cell:>14.1}"));
            }
            out.push('\n');
        }
    }

    fn differing(&self, top: usize, out: &mut String) {
        let count = self.disagreements.len();
        if count == 0 {
            out.push_str("\nannotators differ on no paragraph\n");
            return;
        }
        out.push_str(&format!("\nannotators differ on {count} paragraphs"));
        out.push_str(&match count > top {
            true => format!("; the {top} most divided:\n"),
            false => ", the most divided first:\n".to_owned(),
        });
        for row in self.disagreements.iter().take(top) {
            let labels = row.labels.iter();
            let labels = labels.map(|(name, label)| format!("{}: {label}", visible::line(name)));
            out.push_str(&format!(
                "  {}, {}  {}\n      {}\n",
                visible::line(&row.article),
                row.index,
                labels.collect::<Vec<_>>().join(", "),
                clip(&row.text, TEXT_COLUMNS)
            ));
        }
    }

    /// The paragraphs on which annotators differ, a JSON line each.
    pub fn disagreement_lines(&self) -> Vec<u8> {
        let mut lines = Vec::new();
        for row in &self.disagreements {
            json::line(row, &mut lines);
        }
        lines
    }
}

/// `1.0` for full agreement, `0.812 0.78–0.84` else.
fn shown(coefficient: &Coefficient) -> String {
    match (coefficient.value, coefficient.interval) {
        (None, _) => "not defined: there is nothing to tell apart".to_owned(),
        (Some(1.0), _) => "1.0".to_owned(),
        (Some(value), None) => format!("{value:.4}"),
        (Some(value), Some(Interval { low, high })) => format!("{value:.4} {low:.3}–{high:.3}"),
    }
}

/// Labelled rows, a JSON line each.
pub fn majority_lines(rows: &[MajorityRow]) -> Vec<u8> {
    let mut lines = Vec::new();
    for row in rows {
        let mut object = Map::new();
        object.insert("article".into(), row.article.clone().into());
        object.insert("index".into(), row.index.into());
        object.insert("kind".into(), row.kind.into());
        object.insert(
            "label".into(),
            row.label.map_or(Value::Null, |label| label.name().into()),
        );
        if row.hard {
            object.insert("hard".into(), true.into());
        }
        if row.block_quote {
            object.insert("block_quote".into(), true.into());
        }
        object.insert("text".into(), row.text.clone().into());
        for (name, value) in &row.columns {
            object.insert(name.clone(), value.clone().into());
        }
        json::line(&object, &mut lines);
    }
    lines
}
