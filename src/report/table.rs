//! Reports for reading: text in columns.

use crate::article::Article;
use crate::corpus::Corpus;
use crate::label::Label;
use crate::model::{Calibration, Explanation, Model};
use crate::report::page::{BlockRow, Page};
use crate::report::screen;
use crate::report::style::Style;
use crate::shares::Share;
use crate::visible;

/// Columns of a page's text.
pub(super) const TEXT_COLUMNS: usize = 76;

/// The beginning of a text, on one line.
pub(super) fn clip(text: &str, columns: usize) -> String {
    let text = visible::text(text);
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used + length + 1 > columns {
            line.push('…');
            break;
        }
        if used > 0 {
            line.push(' ');
        }
        line.push_str(word);
        used += length + 1;
    }
    line
}

/// A page: its blocks, then its shares. Where the width is known, blocks are wrapped to it; where it
/// is not, each is clipped to a line, so that other programs find as many lines as blocks.
pub fn page(page: &Page<'_>, style: Style) -> String {
    if let Some(width) = style.width {
        return screen::page(page, style, width);
    }
    let mut out = format!("{}\n", visible::line(page.doc));
    for block in page.rows() {
        out.push_str(&row(&block, style));
    }
    let shares = page.shares();
    out.push_str(&format!(
        "\n       {} words: {}\n",
        shares.words.total,
        share_line(&shares.words)
    ));
    out
}

/// One block, clipped to a line.
pub fn row(row: &BlockRow<'_>, style: Style) -> String {
    let what = row.label.map_or(row.kind.name(), Label::name);
    let what = style.paint(Style::of(row.kind, row.label), &format!("{what:<14}"));
    let confidence = row
        .confidence
        .map_or(String::new(), |p| format!("{:3.0}%", p * 100.0));
    let text = clip(row.text, TEXT_COLUMNS);
    let text = style.paint(Style::of_text(row.kind), &text);
    format!("{:>5}  {what} {confidence:>4}  {text}\n", row.line)
}

pub(super) fn share_line(share: &Share) -> String {
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    format!(
        "{} news ({} reporting, {} quotation), {} opinion ({} commentary, {} call to action)",
        percent(share.news),
        percent(share.reporting),
        percent(share.quotation),
        percent(share.opinion),
        percent(share.commentary),
        percent(share.call_to_action)
    )
}

/// What labelled data hold, in one line.
pub fn corpus(corpus: &Corpus) -> String {
    let counts = corpus.label_counts();
    let total: usize = counts.iter().sum();
    let by_label: Vec<String> = Label::ALL
        .iter()
        .zip(counts)
        .map(|(label, count)| format!("{count} {label}"))
        .collect();
    format!(
        "{} articles, {total} labelled paragraphs: {}",
        corpus.articles.len(),
        by_label.join(", ")
    )
}

/// Why each block got its label: the `top` largest shares, and the sum of the others.
pub fn explanations(
    article: &Article,
    explanations: &[Option<Explanation>],
    top: usize,
    style: Style,
) -> String {
    let mut out = String::new();
    let blocks = article.blocks().iter().zip(explanations);
    for (number, (block, explanation)) in blocks.enumerate() {
        let Some(explanation) = explanation else {
            continue;
        };
        let text = article.block_text(block);
        let text = match style.width {
            Some(width) => screen::wrap(text, width, "  "),
            None => format!("  {}", clip(text, TEXT_COLUMNS + 14)),
        };
        let name = |label: Label| style.paint(Style::of(block.kind, Some(label)), label.name());
        out.push_str(&format!(
            "block {number}, line {}: {} before {}, by {:.2}\n{text}\n",
            block.line,
            name(explanation.label),
            name(explanation.against),
            explanation.lead
        ));
        let mut line = |share: f64, name: &str| {
            out.push_str(&format!("  {share:>+7.2}  {}\n", visible::line(name)));
        };
        let (shown, others) = explanation.parts.split_at(explanation.parts.len().min(top));
        for part in shown {
            line(part.share, &part.name);
        }
        if !others.is_empty() {
            let sum = others.iter().map(|part| part.share).sum();
            line(sum, &format!("{} other terms and cues", others.len()));
        }
        line(explanation.context, "neighbouring paragraphs");
        line(explanation.intercept, "intercept");
        out.push('\n');
    }
    out
}

fn calibration(model: &Model) -> String {
    let error = |error: Option<f64>| error.map_or("?".to_owned(), |error| format!("{error:.4}"));
    let held_out = model.card().held_out.as_ref();
    let errors = held_out.map_or(String::new(), |held_out| {
        format!(
            "; calibration error {}, before {}",
            error(held_out.calibration_error),
            error(held_out.uncalibrated_error)
        )
    });
    match model.calibration() {
        Calibration::None => "none".to_owned(),
        Calibration::Temperature { factor } => {
            format!("temperature scaling, factor {factor:.4}{errors}")
        }
        Calibration::Matrix { .. } => format!("matrix scaling{errors}"),
    }
}

/// What a model is.
pub fn info(name: &str, model: &Model) -> String {
    let card = model.card();
    let space = model.space();
    let context = model.context();
    let total: usize = card.paragraphs.iter().sum();
    let mut rows = vec![
        ("model", name.to_owned()),
        ("language", space.language.to_string()),
        (
            "features",
            format!(
                "{} ({} terms), {} surface cues",
                space.vocabulary.len(),
                space.vocabulary.terms().len(),
                space.columns() - space.vocabulary.len()
            ),
        ),
        (
            "trained on",
            format!("{total} paragraphs of {} articles", card.articles),
        ),
    ];
    for (label, count) in Label::ALL.iter().zip(card.paragraphs) {
        rows.push(("", format!("{count:>6} {label}")));
    }
    rows.extend([
        ("data digest", card.data_digest.clone()),
        (
            "solver",
            format!(
                "{}, alpha {}, tolerance {}, seed {}, features in {} articles or more",
                card.solver, card.alpha, card.tolerance, card.seed, card.min_articles
            ),
        ),
        (
            "objective",
            format!(
                "{:.3}, within {:.1e} of the optimum",
                card.objective,
                card.gap / card.objective
            ),
        ),
        (
            "context",
            format!("strength {}, reach {}", context.strength, context.reach),
        ),
    ]);
    rows.push(("calibration", calibration(model)));
    if let Some(prior) = card.opinion_prior {
        rows.push((
            "prior",
            format!("opinion {prior}, instead of the data's share"),
        ));
    }
    if let Some(held_out) = &card.held_out {
        rows.push((
            "held out",
            format!(
                "{} paragraphs of {} articles{}: macro-F1 {:.3}, news/opinion {:.3}, accuracy {:.3}",
                held_out.paragraphs,
                held_out.articles,
                held_out.folds.map_or(String::new(), |n| format!(", in {n} folds")),
                held_out.macro_f1,
                held_out.news_opinion_macro_f1,
                held_out.accuracy
            ),
        ));
    }
    rows.iter()
        .map(|(name, value)| format!("{name:<12} {}\n", visible::line(value)))
        .collect()
}
