//! `copydesk agree`: how far annotators who labelled the same paragraphs agree.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use copydesk::corpus::{Corpus, LabelledArticle, LabelledParagraph};
use copydesk::evaluate::Bootstrap;
use copydesk::evaluate::agreement::{
    Coincidences, Unit, agreement, alpha, coefficient, coincidences, crossed, kappa, merged,
};
use copydesk::report::agreement::{Agreement, Disagreement, MajorityRow, Pair, majority_lines};
use copydesk::{Error, ErrorKind, Label, Limits, Result};

use super::args::{IntervalArgs, OutputArg, ReportFormat};
use super::input::{keep_apart, put_report};
use super::messages::{Failure, say};

/// `copydesk agree`.
#[derive(Args, Debug)]
pub(crate) struct Agree {
    /// Labelled paragraphs: a file for each annotator, or files whose rows name the annotator
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The column that names the annotator; where the rows have it, files are read together
    #[arg(long, value_name = "NAME", default_value = "annotator")]
    annotator_column: String,
    /// Write the paragraphs on which annotators differ to this file, as JSON lines
    #[arg(long, value_name = "FILE")]
    disagreements: Option<PathBuf>,
    /// Write all rows with the label that most annotators gave to this file, to train on: those not
    /// labelled alike are marked hard, those without a majority have no label
    #[arg(long, value_name = "FILE")]
    majority: Option<PathBuf>,
    /// Show so many of the paragraphs on which annotators differ
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// End with exit code 1 where a figure is below this: alpha, news_opinion_alpha or agreement; may be
    /// given several times
    #[arg(long, value_name = "FIGURE=VALUE", value_parser = floor)]
    fail_under: Vec<(String, f64)>,
    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = Bootstrap::default().seed)]
    seed: u64,
    #[command(flatten)]
    intervals: IntervalArgs,
    /// Write output as this
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "table")]
    format: ReportFormat,
    #[command(flatten)]
    output: OutputArg,
}

const FIGURES: [&str; 3] = ["alpha", "news_opinion_alpha", "agreement"];

fn floor(text: &str) -> Result<(String, f64), String> {
    let parts = text.split_once('=');
    let (name, value) = parts.ok_or("it is written FIGURE=VALUE, such as alpha=0.8")?;
    if !FIGURES.contains(&name) {
        return Err(format!(
            "no figure {name:?}; there are {}",
            FIGURES.join(", ")
        ));
    }
    match value.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((name.to_owned(), value)),
        _ => Err(format!("{value:?} is not a number")),
    }
}

pub(crate) fn run(args: &Agree) -> Result<(), Failure> {
    let outputs = [&args.disagreements, &args.majority, &args.output.output];
    keep_apart(&args.files, &outputs)?;
    let annotators = annotators(args, &Limits::default())?;
    let paragraphs = paragraphs(&annotators)?;
    let names: Vec<String> = annotators.iter().map(|(name, _)| name.clone()).collect();
    let bootstrap = args.intervals.bootstrap(args.seed);
    let report = measure(&names, &paragraphs, bootstrap)?;
    let put = |path: &Option<PathBuf>, lines: &dyn Fn() -> Vec<u8>| match path {
        None => Ok(()),
        Some(_) => put_report(
            &OutputArg {
                output: path.clone(),
            },
            &lines(),
        ),
    };
    put(&args.disagreements, &|| report.disagreement_lines())?;
    let majority = |paragraph| majority(paragraph, &args.annotator_column);
    let mut rows: Vec<MajorityRow> = paragraphs.iter().map(majority).collect();
    // What holds for an article stands in its first row.
    for place in (1..rows.len()).rev() {
        if rows[place].article == rows[place - 1].article {
            rows[place].columns.clear();
        }
    }
    let labelled = |paragraph: &&Paragraph<'_>| paragraph.unit.labels.iter().flatten().count() > 0;
    let undecided = paragraphs.iter().filter(labelled).count()
        - rows.iter().filter(|row| row.label.is_some()).count();
    put(&args.majority, &|| majority_lines(&rows))?;
    if args.majority.is_some() && undecided > 0 {
        say(format_args!(
            "{undecided} paragraphs have no majority: their rows are without a label"
        ));
    }
    let bytes = match args.format {
        ReportFormat::Table => report.table(args.top).into_bytes(),
        ReportFormat::Json => report.json(),
    };
    put_report(&args.output, &bytes)?;
    check(&args.fail_under, &report)
}

fn check(floors: &[(String, f64)], report: &Agreement) -> Result<(), Failure> {
    let short: Vec<String> = floors
        .iter()
        .filter_map(|(name, floor)| {
            let value = match name.as_str() {
                "alpha" => report.alpha.value,
                "news_opinion_alpha" => report.news_opinion_alpha.value,
                _ => report.agreement.value,
            };
            match value {
                Some(value) if value >= *floor => None,
                Some(value) => Some(format!("{name} is {value:.4}, below {floor}")),
                None => Some(format!("{name} is not defined")),
            }
        })
        .collect();
    match short.is_empty() {
        true => Ok(()),
        false => Err(Failure::Check(short.join("; "))),
    }
}

/// The annotators by name, each with what they labelled: as the rows name them, or else a file each.
fn annotators(args: &Agree, limits: &Limits) -> Result<Vec<(String, Corpus)>> {
    let column = &args.annotator_column;
    let mut by = Corpus::read_by(&args.files, column, limits);
    if let Ok(parts) = &mut by
        && !parts.contains_key("")
    {
        return match parts.len() {
            1 => Err(Error::new(
                ErrorKind::Data,
                format!("all rows have the same `{column}`"),
            )
            .hint("agreement needs the labels of at least two annotators")),
            _ => {
                // A file without any row adds nothing, and is no file of labels.
                for path in &args.files {
                    Corpus::read_by(std::slice::from_ref(path), column, limits)
                        .map_err(|error| error.in_file(path))?;
                }
                Ok(std::mem::take(parts).into_iter().collect())
            }
        };
    }
    if args.files.len() == 1 {
        // What is wrong with the rows comes first.
        by?;
        let message = format!("one file, whose rows do not all have a column `{column}`");
        return Err(Error::new(ErrorKind::Parameter, message).hint(
            "give a file for each annotator, or name the column that names them (--annotator-column)",
        ));
    }
    let mut by = Some(by);
    let mut annotators: Vec<(String, Corpus)> = Vec::new();
    for path in &args.files {
        let mut parts = Corpus::read_by(std::slice::from_ref(path), column, limits)
            .map_err(|error| error.in_file(path))?;
        let own = parts.remove("").filter(|_| parts.is_empty());
        let Some(corpus) = own else {
            // Rows that name annotators, and are bad when all files are read together.
            by.take().transpose()?;
            let message = format!("has rows with a column `{column}`, and others have none");
            return Err(Error::new(ErrorKind::Data, message).in_file(path));
        };
        let stem = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        let mut name = stem.unwrap_or_default();
        if annotators.iter().any(|(other, _)| *other == name) {
            name = path.display().to_string();
        }
        while annotators.iter().any(|(other, _)| *other == name) {
            name.push('+');
        }
        annotators.push((name, corpus));
    }
    Ok(annotators)
}

/// A paragraph as the first annotator who has it has it, and all labels.
struct Paragraph<'a> {
    article: &'a LabelledArticle,
    row: &'a LabelledParagraph,
    unit: Unit,
}

/// All paragraphs, by article and index, articles in the order in which they were first seen.
fn paragraphs(annotators: &[(String, Corpus)]) -> Result<Vec<Paragraph<'_>>> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all: BTreeMap<(usize, i64), Paragraph<'_>> = BTreeMap::new();
    for (place, (_, corpus)) in annotators.iter().enumerate() {
        for article in &corpus.articles {
            let next = numbers.len();
            let number = *numbers.entry(&article.id).or_insert(next);
            for row in &article.paragraphs {
                let paragraph = all.entry((number, row.index)).or_insert_with(|| Paragraph {
                    article,
                    row,
                    unit: Unit {
                        article: number,
                        labels: vec![None; annotators.len()],
                    },
                });
                let first = paragraph.row;
                if first.text.trim() != row.text.trim() {
                    let message = format!(
                        "article {:?}, index {}: the text is another one than at {}:{}",
                        article.id, row.index, first.file, first.line
                    );
                    return Err(Error::new(ErrorKind::Data, message)
                        .at_line(row.line)
                        .in_file(&row.file)
                        .hint("annotators must label the same paragraphs under the same numbers"));
                }
                paragraph.unit.labels[place] = row.label;
            }
        }
    }
    Ok(all.into_values().collect())
}

fn measure(
    names: &[String],
    paragraphs: &[Paragraph<'_>],
    bootstrap: Option<Bootstrap>,
) -> Result<Agreement> {
    let labels = |paragraph: &Paragraph<'_>| paragraph.unit.labels.iter().flatten().count();
    let shared: Vec<&Paragraph<'_>> = paragraphs.iter().filter(|p| labels(p) > 1).collect();
    if shared.is_empty() {
        return Err(Error::new(
            ErrorKind::Data,
            "no paragraph was labelled by two annotators",
        )
        .hint("paragraphs are the same where `article` and `index` are"));
    }
    // One part an article; those without a shared paragraph count for nothing.
    let mut articles: BTreeMap<usize, Vec<&Unit>> = BTreeMap::new();
    for paragraph in &shared {
        articles
            .entry(paragraph.unit.article)
            .or_default()
            .push(&paragraph.unit);
    }
    let articles: Vec<Vec<&Unit>> = articles.into_values().collect();
    let sums = |of: &dyn Fn(&[&Unit]) -> Coincidences| -> Vec<Coincidences> {
        articles.iter().map(|units| of(units)).collect()
    };
    let bootstrap_or_not = bootstrap.as_ref();
    let coincidences_of = |units: &[&Unit]| coincidences(units.iter().copied());
    let by_article = sums(&coincidences_of);
    let part = |class: &(dyn Fn(Label) -> usize + Sync)| {
        coefficient(
            &by_article,
            |sums| alpha(&merged(sums, class)),
            bootstrap_or_not,
        )
    };
    let mut pairs = Vec::new();
    for other in 0..names.len() {
        for one in 0..other {
            let both = sums(&|units| crossed(units.iter().copied(), one, other));
            let count = both.iter().flatten().flatten().sum::<f64>();
            pairs.push(Pair {
                one: names[one].clone(),
                other: names[other].clone(),
                paragraphs: count as usize,
                crossed: both.iter().fold(Coincidences::default(), |mut sums, part| {
                    for (cell, more) in sums.iter_mut().flatten().zip(part.iter().flatten()) {
                        *cell += more;
                    }
                    sums
                }),
                agreement: coefficient(&both, agreement, bootstrap_or_not),
                kappa: coefficient(&both, kappa, bootstrap_or_not),
            });
        }
    }
    Ok(Agreement {
        annotators: names.to_vec(),
        paragraphs: paragraphs.iter().filter(|p| labels(p) > 0).count(),
        shared: shared.len(),
        articles: articles.len(),
        bootstrap: bootstrap.filter(|_| articles.len() > 1),
        agreement: coefficient(&by_article, agreement, bootstrap_or_not),
        alpha: coefficient(&by_article, alpha, bootstrap_or_not),
        news_opinion_alpha: part(&|label| label.side() as usize),
        labels: Label::ALL
            .into_iter()
            .map(|own| (own.name(), part(&move |label| usize::from(label == own))))
            .collect(),
        pairs,
        coincidences: coincidences(shared.iter().map(|paragraph| &paragraph.unit)),
        disagreements: disagreements(names, &shared),
    })
}

/// The paragraphs that were not labelled alike, those on which the fewest pairs agree first.
fn disagreements(names: &[String], shared: &[&Paragraph<'_>]) -> Vec<Disagreement> {
    let mut rows: Vec<(f64, Disagreement)> = shared
        .iter()
        .filter_map(|paragraph| {
            let agreed = agreement(&coincidences([&paragraph.unit]))?;
            let labels = names.iter().zip(&paragraph.unit.labels);
            let labels = labels.filter_map(|(name, label)| Some((name.clone(), (*label)?)));
            let row = Disagreement {
                article: paragraph.article.id.clone(),
                index: paragraph.row.index,
                labels: labels.collect(),
                text: paragraph.row.text.clone(),
            };
            (agreed < 1.0).then_some((agreed, row))
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// A row with the label that most gave it.
fn majority(paragraph: &Paragraph<'_>, annotator_column: &str) -> MajorityRow {
    let mut counts = [0usize; Label::ALL.len()];
    for label in paragraph.unit.labels.iter().flatten() {
        counts[label.index()] += 1;
    }
    let given: usize = counts.iter().sum();
    let most = counts.iter().copied().max().unwrap_or(0);
    let best: Vec<Label> = Label::ALL
        .into_iter()
        .filter(|label| most > 0 && counts[label.index()] == most)
        .collect();
    let row = paragraph.row;
    let mut columns = paragraph.article.columns.clone();
    columns.remove(annotator_column);
    MajorityRow {
        article: paragraph.article.id.clone(),
        index: row.index,
        kind: row.kind.name(),
        label: match best.as_slice() {
            [label] => Some(*label),
            _ => None,
        },
        hard: row.hard || given > most,
        block_quote: row.block_quote,
        text: row.text.clone(),
        columns,
    }
}
