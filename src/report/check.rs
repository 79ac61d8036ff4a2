//! What is wrong with labelled data: a table for reading, one JSON object, or a line a finding.

use serde::Serialize;

use super::json;
use super::page::Probabilities;
use super::style::Style;
use super::table::{self, TEXT_COLUMNS, clip};
use crate::corpus::check::{Place, Suspicion};
use crate::corpus::{Corpus, Finding, FindingKind, Severity};
use crate::label::Label;
use crate::visible;

/// Findings that `train` says in full; of more it says how many there are of each kind.
const FULL: usize = 5;

/// Findings, in the order of their kinds, and the training data they are about.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The good rows of the training data.
    pub data: &'a Corpus,
    /// What was found.
    pub findings: &'a [Finding],
}

#[derive(Serialize)]
struct Row<'a> {
    finding: FindingKind,
    severity: Severity,
    file: Option<&'a str>,
    line: Option<u64>,
    what: &'a str,
    advice: &'static str,
    others: &'a [Place],
    text: Option<&'a str>,
    #[serde(flatten)]
    model: Option<ModelSays>,
}

#[derive(Serialize)]
struct ModelSays {
    given: Label,
    suggested: Label,
    probabilities: Probabilities,
    margin: f64,
}

#[derive(Serialize)]
struct Count {
    finding: FindingKind,
    severity: Severity,
    count: usize,
}

#[derive(Serialize)]
struct Object<'a> {
    articles: usize,
    paragraphs: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    verdict: String,
    counts: Vec<Count>,
    findings: Vec<Row<'a>>,
}

impl<'a> Row<'a> {
    fn new(finding: &'a Finding) -> Row<'a> {
        let says = |suspicion: &Suspicion| ModelSays {
            given: suspicion.given,
            suggested: suspicion.suggested,
            probabilities: Probabilities::new(&suspicion.scores),
            margin: (suspicion.margin * 1e6).round() / 1e6,
        };
        Row {
            finding: finding.kind,
            severity: finding.kind.severity(),
            file: finding.place.as_ref().map(|place| place.file.as_str()),
            line: finding.place.as_ref().map(|place| place.line),
            what: &finding.what,
            advice: finding.kind.advice(),
            others: &finding.others,
            text: Some(finding.text.as_str()).filter(|text| !text.is_empty()),
            model: finding.suspicion.as_ref().map(says),
        }
    }
}

impl Checked<'_> {
    /// Findings of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        let all = self.findings.iter();
        all.filter(|finding| finding.kind.severity() == severity)
            .count()
    }

    fn groups(&self) -> impl Iterator<Item = &[Finding]> {
        self.findings.chunk_by(|a, b| a.kind == b.kind)
    }

    /// How many there are of each severity, and what that means, in one line.
    pub fn verdict(&self) -> String {
        let [errors, warnings, notes] = Severity::ALL.map(|severity| self.count(severity));
        let counted = counted(&[(errors, "error"), (warnings, "warning"), (notes, "note")]);
        match (errors, warnings, notes) {
            (0, 0, 0) => "nothing found: fit for training".to_owned(),
            (0, 0, _) => format!("{counted}: fit for training; the notes are worth a look"),
            (0, ..) => format!("{counted}: mend what the warnings name, or know why it stands"),
            _ => format!("{counted}: mend the errors before training"),
        }
    }

    /// For reading: kind by kind, the first `top` of each, 0 for all.
    pub fn table(&self, top: usize, style: Style) -> String {
        let mut out = format!("{}\n", table::corpus(self.data));
        for group in self.groups() {
            let kind = group[0].kind;
            let severity = kind.severity();
            out.push_str(&format!(
                "\n{}  {}: {}\n         {}\n",
                style.paint(
                    Style::of_severity(severity),
                    &format!("{:<7}", severity.name())
                ),
                kind.title(),
                group.len(),
                kind.advice()
            ));
            let shown = match top {
                0 => group.len(),
                top => top.min(group.len()),
            };
            for finding in &group[..shown] {
                out.push_str(&format!("  {}\n", visible::line(&finding.to_string())));
                if !finding.text.is_empty() {
                    let text = clip(&finding.text, TEXT_COLUMNS);
                    out.push_str(&format!("      {}\n", visible::line(&text)));
                }
            }
            if shown < group.len() {
                out.push_str(&format!("  and {} more\n", group.len() - shown));
            }
        }
        out.push_str(&format!("\n{}\n", self.verdict()));
        out
    }

    /// One object with everything.
    pub fn json(&self) -> Vec<u8> {
        let [errors, warnings, notes] = Severity::ALL.map(|severity| self.count(severity));
        json::pretty(&Object {
            articles: self.data.articles.len(),
            paragraphs: self.data.label_counts().iter().sum(),
            errors,
            warnings,
            notes,
            verdict: self.verdict(),
            counts: self
                .groups()
                .map(|group| Count {
                    finding: group[0].kind,
                    severity: group[0].kind.severity(),
                    count: group.len(),
                })
                .collect(),
            findings: self.findings.iter().map(Row::new).collect(),
        })
    }

    /// One line a finding.
    pub fn json_lines(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for finding in self.findings {
            json::line(&Row::new(finding), &mut out);
        }
        out
    }
}

/// `2 errors, 1 warning`, without what there is none of.
fn counted(counts: &[(usize, &str)]) -> String {
    let some = counts.iter().filter(|(count, _)| *count > 0);
    let some = some.map(|(count, name)| match count {
        1 => format!("1 {name}"),
        _ => format!("{count} {name}s"),
    });
    some.collect::<Vec<String>>().join(", ")
}

/// What training says of the data before it learns from them: errors and warnings in full where they are
/// few, else how many there are of each kind. Notes are left to `copydesk check`.
pub fn brief(findings: &[Finding]) -> Vec<String> {
    let grave: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.kind.severity() != Severity::Note)
        .collect();
    if grave.len() <= FULL {
        return grave
            .iter()
            .map(|finding| format!("note: {finding}"))
            .collect();
    }
    let groups = grave.chunk_by(|a, b| a.kind == b.kind);
    let groups = groups.map(|group| format!("{} × {}", group.len(), group[0].kind.title()));
    let groups: Vec<String> = groups.collect();
    vec![format!(
        "note: found in the data: {}; `copydesk check` names each",
        groups.join(", ")
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::LabelledParagraph;
    use crate::corpus::check::{NEAR, check};
    use crate::label::Scores;
    use crate::limits::Limits;

    fn data() -> Corpus {
        let rows =
            "article,index,label,text\nA,0,reporting,one\nA,1,reporting,one\nA,2,commentary,two\n";
        Corpus::from_bytes("x.csv", rows.as_bytes(), &Limits::default()).unwrap()
    }

    fn label_error(row: &LabelledParagraph) -> Finding {
        let scores = Scores::softmax([0.6f64, 0.1, 0.25, 0.05].map(f64::ln));
        let suspicion = Suspicion {
            given: Label::Commentary,
            suggested: Label::Reporting,
            scores,
            margin: 0.325,
        };
        Finding::label_error(row, suspicion)
    }

    #[test]
    fn a_likely_label_error_says_what_the_model_says() {
        let data = data();
        let finding = label_error(&data.articles[0].paragraphs[2]);
        let what = "x.csv:4: labelled commentary; from the other articles: reporting 60 %, commentary 25 %";
        assert_eq!(finding.to_string(), what);
        let findings = [finding];
        let checked = Checked {
            data: &data,
            findings: &findings,
        };
        let line: serde_json::Value = serde_json::from_slice(&checked.json_lines()).unwrap();
        assert_eq!(line["finding"], "label_error");
        assert_eq!(line["severity"], "note");
        assert_eq!((&line["file"], &line["line"]), (&"x.csv".into(), &4.into()));
        assert_eq!(line["given"], "commentary");
        assert_eq!(line["suggested"], "reporting");
        assert_eq!(line["probabilities"]["reporting"], 0.6);
        assert_eq!(line["margin"], 0.325);
        assert_eq!(line["text"], "two");
        let verdict = "1 note: fit for training; the notes are worth a look";
        assert_eq!(checked.verdict(), verdict);
        assert!(
            checked
                .table(1, Style::default())
                .ends_with(&format!("{verdict}\n"))
        );
    }

    #[test]
    fn training_is_told_all_of_a_few_and_counts_of_many() {
        let data = data();
        let mut findings = check(&data, None, NEAR);
        findings.push(label_error(&data.articles[0].paragraphs[2]));
        let few = brief(&findings);
        assert_eq!(few.len(), 5);
        assert_eq!(few[0], "note: x.csv:2: the same text at x.csv:3");
        findings.insert(1, findings[0].clone());
        let counts = "note: found in the data: 2 × same text, 4 × too few rows of a label; \
                      `copydesk check` names each";
        assert_eq!(brief(&findings), [counts]);
    }
}
