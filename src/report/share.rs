//! The report of shares: for reading, as JSON, and as a table for other programs.

use serde::Serialize;

use super::json;
use crate::evaluate::prevalence::{Estimate, Measure, Method, Share, Shift};
use crate::evaluate::{Bootstrap, Interval, Outcome};
use crate::label::{LABELS, Label};
use crate::visible;

/// Below this many validation paragraphs a label's errors are hardly known.
const FEW_PARAGRAPHS: usize = 30;
/// Below this many articles an interval is a rough one.
const FEW_ARTICLES: usize = 20;
/// Below this, scores like the corpus's would be rare if it differed in its shares only.
const SMALL: f64 = 0.01;

/// The shares of a corpus, and what they rest on.
#[derive(Clone, Debug, Serialize)]
pub struct Shares {
    /// The model's name.
    pub model: String,
    /// The validation set.
    pub validation: Validation,
    /// The columns that group.
    pub by: Vec<String>,
    /// How intervals were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<Bootstrap>,
    /// By words, by paragraphs, or both.
    pub measured: Vec<Measured>,
}

/// What shows how the model errs.
#[derive(Clone, Debug, Serialize)]
pub struct Validation {
    /// Where it comes from.
    pub name: String,
    /// Labelled paragraphs.
    pub paragraphs: usize,
    /// Articles they are from.
    pub articles: usize,
    /// Paragraphs by label, in the order of [`Label::ALL`].
    pub labels: [usize; LABELS],
}

/// Shares in one measure.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// What shares are of.
    pub measure: Measure,
    /// How the corpus differs from the validation set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift: Option<Shift>,
    /// All, then each group.
    pub groups: Vec<Group>,
}

/// Some articles and their shares.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// What they have in common, a value a column; of all, none.
    pub values: Vec<String>,
    /// Articles.
    pub articles: usize,
    /// Labelled paragraphs.
    pub paragraphs: usize,
    /// Their words.
    pub words: usize,
    /// The shares, a method each.
    pub estimates: Vec<Estimate>,
}

impl Validation {
    /// Counts validation paragraphs.
    pub fn new(name: String, outcomes: &[Outcome]) -> Validation {
        let mut articles: Vec<usize> = outcomes.iter().map(|outcome| outcome.article).collect();
        articles.sort_unstable();
        articles.dedup();
        let mut labels = [0; LABELS];
        for outcome in outcomes {
            labels[outcome.gold.index()] += 1;
        }
        Validation {
            name,
            paragraphs: outcomes.len(),
            articles: articles.len(),
            labels,
        }
    }
}

#[derive(Serialize)]
struct Object<'a> {
    #[serde(flatten)]
    shares: &'a Shares,
    warnings: Vec<String>,
}

impl Shares {
    /// What speaks against the figures.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        for (label, &paragraphs) in Label::ALL.iter().zip(&self.validation.labels) {
            if paragraphs < FEW_PARAGRAPHS {
                warnings.push(format!(
                    "only {paragraphs} validation paragraphs are labelled {label}: how the model errs on \
                     them is hardly known"
                ));
            }
        }
        if self.validation.articles < FEW_ARTICLES {
            warnings.push(format!(
                "the validation set has only {} articles",
                self.validation.articles
            ));
        }
        for measured in &self.measured {
            let by = measured.measure.name();
            if let Some(shift) = measured.shift {
                if shift.p_value < SMALL {
                    warnings.push(format!(
                        "by {by}, the corpus is unlike the validation set in more than its shares (p = \
                         {:.3}; {:.1} % of it does not fit): label some of it yourself and give it as \
                         --validation",
                        shift.p_value,
                        shift.misfit * 100.0
                    ));
                }
                if shift.matched_articles < FEW_ARTICLES as f64 {
                    warnings.push(format!(
                        "by {by}, few validation articles are like the corpus: they tell as much as {:.0} \
                         would",
                        shift.matched_articles
                    ));
                }
            }
            let few = measured
                .groups
                .iter()
                .filter(|group| group.articles < FEW_ARTICLES);
            let few = few.count();
            if few > 0 {
                warnings.push(format!(
                    "by {by}, {few} of {} rows rest on fewer than {FEW_ARTICLES} articles: their intervals \
                     are rough",
                    measured.groups.len()
                ));
            }
        }
        warnings
    }

    /// One object.
    pub fn json(&self) -> Vec<u8> {
        json::pretty(&Object {
            shares: self,
            warnings: self.warnings(),
        })
    }

    /// A line for each group, measure, method and label or side.
    ///
    /// # Panics
    /// Never: memory can be written to.
    pub fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut header: Vec<&str> = self.by.iter().map(String::as_str).collect();
        header.extend([
            "articles",
            "paragraphs",
            "words",
            "measure",
            "method",
            "label",
            "share",
            "low",
            "high",
        ]);
        let mut line = |record: &[String]| {
            writer
                .write_record(record)
                .expect("writing to memory does not fail");
        };
        line(
            &header
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>(),
        );
        for measured in &self.measured {
            for group in &measured.groups {
                for estimate in &group.estimates {
                    for (name, share) in named(estimate) {
                        let mut record = group.values.clone();
                        record.resize(self.by.len(), "(all)".to_owned());
                        let end = |end: fn(&Interval) -> f64| {
                            share
                                .interval
                                .as_ref()
                                .map_or(String::new(), |i| format!("{:.6}", end(i)))
                        };
                        record.extend([
                            group.articles.to_string(),
                            group.paragraphs.to_string(),
                            group.words.to_string(),
                            measured.measure.name().to_owned(),
                            estimate.method.to_string(),
                            name.to_owned(),
                            format!("{:.6}", share.value),
                            end(|interval| interval.low),
                            end(|interval| interval.high),
                        ]);
                        line(&record);
                    }
                }
            }
        }
        writer
            .into_inner()
            .expect("writing to memory does not fail")
    }

    /// For reading.
    pub fn table(&self) -> String {
        let mut out = String::new();
        for measured in &self.measured {
            self.measure_table(measured, &mut out);
            out.push('\n');
        }
        out.push_str(&format!(
            "counted: the labels as they are given. Corrected by {} paragraphs of {} articles ({}).\n",
            self.validation.paragraphs,
            self.validation.articles,
            visible::line(&self.validation.name)
        ));
        if let Some(bootstrap) = self.bootstrap {
            out.push_str(&format!(
                "Ranges hold the share of what the articles are drawn from in {} % of cases, if the model errs \
                 on them as on\nthe validation paragraphs ({} draws of whole articles on both sides).\n",
                bootstrap.level * 100.0,
                bootstrap.draws
            ));
        }
        for warning in self.warnings() {
            out.push_str(&format!("warning: {}\n", visible::line(&warning)));
        }
        out
    }

    fn measure_table(&self, measured: &Measured, out: &mut String) {
        let Some((all, groups)) = measured.groups.split_first() else {
            return;
        };
        out.push_str(&format!(
            "shares of {} in {} articles, {} paragraphs, {} words\n\n",
            measured.measure.name(),
            all.articles,
            all.paragraphs,
            all.words
        ));
        header(&format!("{:<16}", ""), all, out);
        let rows = all.estimates.iter().map(|estimate| named(estimate));
        let rows: Vec<[(&str, &Share); LABELS + 2]> = rows.collect();
        for place in 0..LABELS + 2 {
            let mut line = String::new();
            for of_method in &rows {
                let (name, share) = of_method[place];
                if line.is_empty() {
                    line = format!("{name:<16}");
                }
                line.push_str(&format!(" {:<22}", percent(share)));
            }
            put(&line, out);
        }
        if groups.is_empty() {
            return;
        }
        let names: Vec<String> = groups.iter().map(group_name).collect();
        let wide = names.iter().map(|name| name.chars().count()).max();
        let title = format!("opinion by {}", visible::line(&self.by.join(", ")));
        let wide = wide.unwrap_or(0).max(title.chars().count());
        out.push('\n');
        header(
            &format!("{title:<wide$} {:>8} {:>9}", "articles", "words"),
            all,
            out,
        );
        for (name, group) in names.iter().zip(groups) {
            let mut line = format!("{name:<wide$} {:>8} {:>9}", group.articles, group.words);
            for estimate in &group.estimates {
                line.push_str(&format!(" {:<22}", percent(&estimate.opinion)));
            }
            put(&line, out);
        }
    }
}

/// What a method is called beside so many others.
pub fn method_name(method: Method, methods: usize) -> &'static str {
    match (method, methods) {
        (Method::Count, _) => "counted",
        (_, 2) => "corrected",
        (method, _) => method.name(),
    }
}

/// The methods over their columns.
fn header(start: &str, group: &Group, out: &mut String) {
    let mut line = start.to_owned();
    for estimate in &group.estimates {
        let name = method_name(estimate.method, group.estimates.len());
        line.push_str(&format!(" {name:<22}"));
    }
    put(&line, out);
}

/// A line without the blanks at its end.
fn put(line: &str, out: &mut String) {
    out.push_str(line.trim_end());
    out.push('\n');
}

/// What a group is called.
pub fn group_name(group: &Group) -> String {
    if group.values.is_empty() {
        return "all".to_owned();
    }
    let values = group.values.iter().map(|value| match value.as_str() {
        "" => "(none)".to_owned(),
        value => super::evaluation::short(value),
    });
    values.collect::<Vec<_>>().join(", ")
}

/// `31.2 % 28.0–34.5`.
pub fn percent(share: &Share) -> String {
    let value = format!("{:.1} %", share.value * 100.0);
    match share.interval {
        None => value,
        Some(interval) => format!(
            "{value} {:.1}–{:.1}",
            interval.low * 100.0,
            interval.high * 100.0
        ),
    }
}

/// Every share of an estimate by name: the sides, opinion first, then the labels.
pub fn named(estimate: &Estimate) -> [(&'static str, &Share); LABELS + 2] {
    let [r, q, c, a] = &estimate.labels;
    let [rn, qn, cn, an] = Label::ALL.map(Label::name);
    [
        ("opinion", &estimate.opinion),
        ("news", &estimate.news),
        (rn, r),
        (qn, q),
        (cn, c),
        (an, a),
    ]
}
