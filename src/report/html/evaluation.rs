//! The report of an evaluation: what was measured, its figures with their intervals, and the
//! paragraphs that are worth reading.

use super::cited::{Cited, paragraphs};
use super::escape::Html;
use super::plot::{Dot, DotChart, Unit};
use super::{meanings, name as label_name, open, pictures};
use crate::evaluate::{Baseline, Bootstrap, Evaluation, Figure, Interval};
use crate::report::evaluation::{Evaluated, Group, MAIN, OTHERS, name};

/// What was measured.
pub enum Measured<'a> {
    /// One model, by its name.
    Model {
        /// Its name.
        name: &'a str,
        /// Whether these are the data that it was trained on.
        on_its_own_data: bool,
    },
    /// Training, in so many parts drawn at random.
    Parts(usize),
    /// Training, with each value of a column left out in turn.
    LeftOut(&'a str),
}

/// What the report is made of.
pub struct View<'a> {
    /// What was measured.
    pub measured: Measured<'a>,
    /// The names of the data.
    pub data: &'a [String],
    /// The figures.
    pub evaluated: &'a Evaluated,
    /// The paragraphs whose label by hand has the least probability.
    pub worst: &'a [Cited<'a>],
    /// The paragraphs whose given label has the least probability.
    pub least_sure: &'a [Cited<'a>],
}

/// The report as one file.
pub fn evaluation(view: &View<'_>) -> String {
    let mut html = Html::default();
    let title = match view.measured {
        Measured::Model { name, .. } => format!("Evaluation of {name}"),
        Measured::Parts(_) | Measured::LeftOut(_) => "Evaluation of training".to_owned(),
    };
    open(&mut html, &title, None);
    html.markup("<main class=\"report\">\n");
    let pooled = &view.evaluated.pooled;
    head(&mut html, view, &title);
    main_figures(&mut html, pooled);
    pictures::classes(&mut html, pooled);
    pictures::confusion(&mut html, pooled);
    pictures::reliability(&mut html, pooled);
    pictures::coverage(&mut html, pooled);
    if !view.evaluated.parts.is_empty() {
        html.markup("<section>\n<h2>Part by part</h2>\n");
        spread(&mut html, view.evaluated);
        groups(&mut html, "part", &view.evaluated.parts);
        html.markup("</section>\n");
    }
    for (column, of_column) in &view.evaluated.by {
        html.markup("<section>\n<h2>By ")
            .text(column)
            .markup("</h2>\n");
        groups(&mut html, column, of_column);
        html.markup("</section>\n");
    }
    paragraphs(
        &mut html,
        "Worst paragraphs",
        "Where the label given by hand has the least probability. Some of these are errors of the \
         program, some of the hand.",
        view.worst,
    );
    paragraphs(
        &mut html,
        "Most uncertain paragraphs",
        "Where the program is least sure of the label that it gives.",
        view.least_sure,
    );
    html.markup("</main>\n<footer class=\"report\">\n<h2>The labels</h2>\n");
    meanings(&mut html);
    html.markup("<p class=\"made\">Made by copydesk.</p>\n</footer>\n</body>\n</html>\n");
    html.into_string()
}

fn head(html: &mut Html, view: &View<'_>, title: &str) {
    let pooled = &view.evaluated.pooled;
    html.markup("<header>\n<h1>")
        .text(title)
        .markup("</h1>\n<p class=\"lead\">");
    match view.measured {
        Measured::Model { name, .. } => html
            .markup("The model <b>")
            .text(name)
            .markup("</b> labelled "),
        Measured::Parts(parts) => html
            .markup("The articles were put into ")
            .number(parts)
            .markup(
                " parts, and each part was labelled by a model that had learnt from the others: ",
            ),
        Measured::LeftOut(column) => html
            .markup("The articles were put into parts by <b>")
            .text(column)
            .markup(
                "</b>, and each part was labelled by a model that had learnt from the others: ",
            ),
    };
    html.markup("<b>")
        .text(&grouped(pooled.paragraphs as u64))
        .markup("</b> paragraphs of <b>")
        .text(&grouped(pooled.articles as u64))
        .markup("</b> articles, whose labels given by hand are known. Data: <b>")
        .text(&view.data.join(", "))
        .markup("</b>.</p>\n");
    if let Measured::Model {
        on_its_own_data: true,
        ..
    } = view.measured
    {
        html.markup("<p class=\"warning\" role=\"note\">The model was trained on these very data: the figures say nothing of new articles.</p>\n");
    }
    html.markup("<p class=\"lead\">");
    match &pooled.bootstrap {
        Some(bootstrap) => how_drawn(html, bootstrap),
        None => {
            html.markup("No intervals were drawn: how far the figures would move with other articles is not known.");
        }
    }
    html.markup("</p>\n<div class=\"headline\">\n");
    for figure in MAIN {
        html.markup("<p><b>")
            .decimal(pooled.get(figure), 3)
            .markup("</b> ")
            .text(&name(figure));
        if let Some(interval) = pooled.interval(figure) {
            html.markup(" <span>")
                .text(&range(&interval, 3))
                .markup("</span>");
        }
        html.markup("</p>\n");
    }
    html.markup("</div>\n</header>\n");
}

/// What an interval is, in words.
pub(super) fn how_drawn(html: &mut Html, bootstrap: &Bootstrap) {
    html.markup("An interval says where a figure lies with ")
        .text(&plain(bootstrap.level * 100.0))
        .markup("\u{a0}% confidence, if other articles of the same kind had been taken. To find it, as many articles were drawn at random from these, ")
        .text(&grouped(bootstrap.draws as u64))
        .markup(" times (bootstrap, bias-corrected and accelerated, seed ")
        .text(&bootstrap.seed.to_string())
        .markup("). Whole articles are drawn, since the paragraphs of one are alike.");
}

/// What the figures mean, a line each.
fn meaning(figure: Figure) -> &'static str {
    match figure {
        Figure::Accuracy => "share of paragraphs labelled right",
        Figure::MacroF1 => "mean F1 of the labels, each counting once",
        Figure::NewsOpinionMacroF1 => "mean F1 of news and opinion",
        Figure::Matthews => "correlation of labels by hand and given ones; 0 is chance, 1 is best",
        Figure::LogLoss => "mean of −ln p of the right label; 0 is best",
        Figure::Brier => {
            "mean squared distance of the probabilities from the truth; 0 is best, 2 is worst"
        }
        Figure::CalibrationError => "mean distance between confidence and accuracy; 0 is best",
        Figure::Precision(_) => "of those given the label, the share that is of it",
        Figure::Recall(_) => "of those of the label, the share that is given it",
        Figure::F1(_) => "harmonic mean of precision and recall",
    }
}

fn main_figures(html: &mut Html, pooled: &Evaluation) {
    html.markup("<section>\n<h2>Main figures</h2>\n<div class=\"scroll\"><table class=\"figures\">\n<thead><tr><th scope=\"col\">figure</th><th scope=\"col\">value</th><th scope=\"col\">interval</th><th scope=\"col\">always ")
        .markup(label_name(pooled.majority.label))
        .markup("</th><th scope=\"col\">quote rule</th></tr></thead>\n<tbody>\n");
    for figure in MAIN.into_iter().chain(OTHERS) {
        html.markup("<tr><th scope=\"row\">")
            .text(&name(figure))
            .markup("<small>")
            .markup(meaning(figure))
            .markup("</small></th><td><b>")
            .decimal(pooled.get(figure), 4)
            .markup("</b></td><td>");
        if let Some(interval) = pooled.interval(figure) {
            html.text(&range(&interval, 4));
        }
        html.markup("</td>");
        for baseline in [&pooled.majority.figures, &pooled.quote_rule] {
            html.markup("<td>");
            if let Some(value) = of_baseline(baseline, figure) {
                html.decimal(value, 4);
            }
            html.markup("</td>");
        }
        html.markup("</tr>\n");
    }
    html.markup("</tbody></table></div>\n<p class=\"note\">Two rules that need no training, to compare with: always the most frequent label, and “a third in quotation marks is quotation, the rest is reporting”.</p>\n</section>\n");
}

fn of_baseline(baseline: &Baseline, figure: Figure) -> Option<f64> {
    match figure {
        Figure::Accuracy => Some(baseline.accuracy),
        Figure::MacroF1 => Some(baseline.macro_f1),
        Figure::NewsOpinionMacroF1 => Some(baseline.news_opinion_macro_f1),
        _ => None,
    }
}

fn spread(html: &mut Html, evaluated: &Evaluated) {
    html.markup("<ul class=\"spread\">\n");
    for figure in MAIN {
        let spread = evaluated.spread(figure);
        html.markup("<li>")
            .text(&name(figure))
            .markup(": mean over the parts ")
            .decimal(spread.mean, 4)
            .markup(", standard deviation ")
            .decimal(spread.standard_deviation, 4)
            .markup(", from ")
            .decimal(spread.least, 4)
            .markup(" to ")
            .decimal(spread.greatest, 4)
            .markup("</li>\n");
    }
    html.markup("</ul>\n");
}

/// Groups that are drawn; a table holds any number.
pub(super) const DRAWN: usize = 60;

/// Dots and whiskers of each group, and a table of the same.
fn groups(html: &mut Html, column: &str, groups: &[Group]) {
    html.markup("<div class=\"pair\">\n");
    for (figure, class) in [
        (Figure::MacroF1, "plain"),
        (Figure::NewsOpinionMacroF1, "plain"),
    ] {
        let rows = groups.iter().take(DRAWN).map(|(value, figures)| {
            let dot = Dot {
                class,
                value: figures.get(figure),
                interval: figures.interval(figure),
            };
            let title = format!("{value}: {}", with_range(figures, figure, 3));
            (named(value), vec![dot], title)
        });
        html.markup("<figure>\n");
        DotChart {
            label: &format!(
                "{} of each {column}; the numbers stand in the table below",
                name(figure)
            ),
            axis: &name(figure),
            unit: Unit::Number,
            mark: None,
            rows: rows.collect(),
        }
        .draw(html);
        html.markup("</figure>\n");
    }
    html.markup("</div>\n");
    if groups.len() > DRAWN {
        html.markup("<p class=\"note\">The first ")
            .number(DRAWN)
            .markup(" are drawn.</p>\n");
    }
    html.markup(
        "<div class=\"scroll\"><table class=\"figures many\">\n<thead><tr><th scope=\"col\">",
    )
    .text(column)
    .markup("</th>");
    for figure in MAIN {
        html.markup("<th scope=\"col\">")
            .text(&name(figure))
            .markup("</th>");
    }
    html.markup(
        "<th scope=\"col\">paragraphs</th><th scope=\"col\">articles</th></tr></thead>\n<tbody>\n",
    );
    for (value, figures) in groups {
        html.markup("<tr><th scope=\"row\">")
            .text(&named(value))
            .markup("</th>");
        for figure in MAIN {
            html.markup("<td>").decimal(figures.get(figure), 4);
            if let Some(interval) = figures.interval(figure) {
                html.markup("<small>")
                    .text(&range(&interval, 4))
                    .markup("</small>");
            }
            html.markup("</td>");
        }
        html.markup("<td>")
            .text(&grouped(figures.paragraphs as u64))
            .markup("</td><td>")
            .text(&grouped(figures.articles as u64))
            .markup("</td></tr>\n");
    }
    html.markup("</tbody></table></div>\n");
}

pub(super) fn named(value: &str) -> String {
    if value.is_empty() { "(empty)" } else { value }.to_owned()
}

/// `0.87 to 0.93`.
pub(super) fn range(interval: &Interval, digits: usize) -> String {
    format!("{:.digits$} to {:.digits$}", interval.low, interval.high)
}

/// `macro-F1 0.902, 0.87 to 0.93`.
pub(super) fn with_range(figures: &Evaluation, figure: Figure, digits: usize) -> String {
    let interval = figures.interval(figure);
    let interval = interval.map_or(String::new(), |i| format!(", {}", range(&i, digits)));
    format!(
        "{} {:.digits$}{interval}",
        name(figure),
        figures.get(figure)
    )
}

/// `19,290`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number without the noise of its last bits: `95`, `99.5`.
fn plain(number: f64) -> String {
    ((number * 1e6).round() / 1e6).to_string()
}
