//! The figures of an evaluation drawn: precision and recall, confusion, reliability, coverage.

use super::escape::Html;
use super::evaluation::{grouped, range, with_range};
use super::name as label_name;
use super::plot::{Anchor, Plot, Scale, Unit, WIDTH, numbers};
use crate::evaluate::{Class, Evaluation, Figure};
use crate::label::Label;
use crate::report::evaluation::{MAIN, is_defined, name};

fn class_name(class: Class) -> &'static str {
    match class {
        Class::Label(label) => label_name(label),
        Class::Side(side) => side.name(),
    }
}

fn of_class(class: Class) -> [(&'static str, Figure); 3] {
    [
        ("precision", Figure::Precision(class)),
        ("recall", Figure::Recall(class)),
        ("F1", Figure::F1(class)),
    ]
}

fn support(figures: &Evaluation, class: Class) -> u64 {
    match class {
        Class::Label(label) => figures.labels[label.index()].figures.support,
        Class::Side(side) => figures.sides[side as usize].figures.support,
    }
}

/// Bars of precision, recall and F1, a picture a label and side.
pub(super) fn classes(html: &mut Html, figures: &Evaluation) {
    html.markup("<section>\n<h2>Labels and sides</h2>\n<p class=\"note\">Precision: of the paragraphs given a label, the share that is of it. Recall: of the paragraphs of a label, the share that is given it. F1 is their harmonic mean.");
    if figures.bootstrap.is_some() {
        html.markup(" The lines over the bars are the intervals.");
    }
    html.markup("</p>\n<div class=\"classes\">\n");
    let mut rows = Vec::new();
    for class in Class::ALL {
        let known = |figure| is_defined(figures, figure);
        html.markup("<figure>\n<figcaption>")
            .markup(class_name(class))
            .markup(" <span>")
            .text(&grouped(support(figures, class)))
            .markup(" paragraphs</span></figcaption>\n");
        let said = of_class(class).map(|(_, figure)| match known(figure) {
            true => with_range(figures, figure, 3),
            false => format!("{}: nothing to take it of", name(figure)),
        });
        let mut plot = Plot::open(html, 88.0, &said.join("; "));
        let x = Scale::new(0.0, 1.0, 66.0, WIDTH - 50.0);
        for tick in x.ticks() {
            plot.line("grid", (x.at(tick), 2.0), (x.at(tick), 86.0));
        }
        for (at, (word, figure)) in of_class(class).into_iter().enumerate() {
            let top = 6.0 + 28.0 * at as f64;
            plot.titled(&said[at], |plot| {
                plot.text("name", 58.0, top + 14.0, Anchor::End, word);
                if !known(figure) {
                    plot.text("tick", 70.0, top + 14.0, Anchor::Start, "–");
                    return;
                }
                let value = figures.get(figure);
                plot.bar(class.name(), (x.at(0.0), x.at(value)), (top, top + 20.0));
                if let Some(interval) = figures.interval(figure) {
                    plot.whisker("halo", x.at(interval.low), x.at(interval.high), top + 10.0);
                    plot.whisker("over", x.at(interval.low), x.at(interval.high), top + 10.0);
                }
                let written = format!("{value:.3}");
                plot.text("value", WIDTH, top + 14.0, Anchor::End, &written);
            });
        }
        plot.close();
        html.markup("</figure>\n");
        let mut row = vec![class_name(class).to_owned()];
        for (_, figure) in of_class(class) {
            let interval = figures.interval(figure);
            row.push(match known(figure) {
                true => format!("{:.4}", figures.get(figure)),
                false => "–".to_owned(),
            });
            let interval = interval.filter(|_| known(figure));
            row.push(interval.map_or(String::new(), |i| range(&i, 4)));
        }
        row.push(support(figures, class).to_string());
        rows.push(row);
    }
    html.markup("</div>\n");
    let heads = [
        "",
        "precision",
        "interval",
        "recall",
        "interval",
        "F1",
        "interval",
        "paragraphs",
    ];
    numbers(html, &heads, &rows);
    html.markup("</section>\n");
}

/// Classes of shades, by tenths of a row.
const SHADES: [&str; 11] = [
    "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10",
];

/// The confusion matrix as a table whose cells are the darker the more of their row they hold.
pub(super) fn confusion(html: &mut Html, figures: &Evaluation) {
    html.markup("<section>\n<h2>Which label is taken for which</h2>\n<p class=\"note\">A row holds the paragraphs of one label, as given by hand; the columns are the labels that the program gave. Blue is right, orange wrong; per cent are of the row.</p>\n<div class=\"scroll\"><table class=\"confusion\">\n<thead><tr><th scope=\"col\">by hand ↓ given →</th>");
    for label in Label::ALL {
        html.markup("<th scope=\"col\">")
            .markup(label_name(label))
            .markup("</th>");
    }
    html.markup("<th scope=\"col\">all</th></tr></thead>\n<tbody>\n");
    for (gold, row) in Label::ALL.into_iter().zip(figures.confusion) {
        let all: u64 = row.iter().sum();
        html.markup("<tr><th scope=\"row\">")
            .markup(label_name(gold))
            .markup("</th>");
        for (given, count) in Label::ALL.into_iter().zip(row) {
            let share = count as f64 / all.max(1) as f64;
            html.markup("<td class=\"")
                .markup(if gold == given { "right " } else { "wrong " })
                .markup(SHADES[(share * 10.0).ceil() as usize])
                .markup("\"><b>")
                .text(&grouped(count))
                .markup("</b> <span>")
                .decimal(share * 100.0, 1)
                .markup(" %</span></td>");
        }
        html.markup("<td class=\"all\">")
            .text(&grouped(all))
            .markup("</td></tr>\n");
    }
    html.markup("</tbody></table></div>\n</section>\n");
}

/// Confidence against accuracy, over the histogram of confidences.
pub(super) fn reliability(html: &mut Html, figures: &Evaluation) {
    html.markup("<section>\n<h2>Can its confidence be trusted?</h2>\n<p class=\"note\">Paragraphs in the order of the program’s confidence, in bins of as many each. On the dashed line, a confidence of 80 % is right in 80 of 100 cases; below it, the program is surer than it should be. Here, ")
        .text(&with_range(figures, Figure::CalibrationError, 4))
        .markup(": the mean distance from that line, which chance alone keeps above 0.</p>\n<figure>\n");
    let bins = &figures.reliability;
    let ends = bins.iter().flat_map(|bin| {
        let low = bin.interval.map_or(bin.accuracy, |interval| interval.low);
        [bin.from, bin.confidence, bin.accuracy, low]
    });
    let least = Scale::of(ends.chain([1.0]), 0.0, 1.0);
    let least = least.ticks().first().copied().unwrap_or(0.0).max(0.0);
    let (left, right, top, bottom) = (48.0, WIDTH - 12.0, 30.0, 300.0);
    let x = Scale::new(least, 1.0, left, right);
    let y = Scale::new(least, 1.0, bottom, top);
    let label = format!(
        "Reliability diagram of {} bins: accuracy against confidence, and how many paragraphs have \
         what confidence; the numbers stand in the table below",
        bins.len()
    );
    let mut plot = Plot::open(html, 410.0, &label);
    plot.y_axis(&y, left, right, Unit::Percent, "labelled right");
    for tick in x.ticks() {
        plot.line("grid", (x.at(tick), top), (x.at(tick), bottom));
    }
    plot.line("mark", (x.at(least), y.at(least)), (x.at(1.0), y.at(1.0)));
    for bin in bins {
        let interval = bin.interval.map_or(String::new(), |i| {
            format!(", {:.1} to {:.1} %", i.low * 100.0, i.high * 100.0)
        });
        let title = format!(
            "{} paragraphs, confidence {:.1} %: {:.1} % right{interval}",
            bin.paragraphs,
            bin.confidence * 100.0,
            bin.accuracy * 100.0
        );
        plot.titled(&title, |plot| {
            if let Some(interval) = bin.interval {
                plot.upright(
                    "reporting",
                    x.at(bin.confidence),
                    y.at(interval.low),
                    y.at(interval.high),
                );
            }
            plot.dot("reporting", x.at(bin.confidence), y.at(bin.accuracy));
        });
    }
    histogram(&mut plot, figures, &x, bottom + 14.0, bottom + 62.0);
    plot.close();
    html.markup("</figure>\n");
    let rows: Vec<Vec<String>> = bins
        .iter()
        .map(|bin| {
            vec![
                format!("{:.4}", bin.from),
                format!("{:.4}", bin.confidence),
                format!("{:.4}", bin.accuracy),
                bin.interval.map_or(String::new(), |i| range(&i, 4)),
                bin.paragraphs.to_string(),
            ]
        })
        .collect();
    let heads = [
        "bin from",
        "confidence",
        "accuracy",
        "interval",
        "paragraphs",
    ];
    numbers(html, &heads, &rows);
    let steps: Vec<Vec<String>> = figures
        .confidences
        .iter()
        .map(|step| vec![format!("{:.2}", step.from), step.paragraphs.to_string()])
        .collect();
    numbers(html, &["confidence from", "paragraphs"], &steps);
    html.markup("</section>\n");
}

fn histogram(plot: &mut Plot<'_>, figures: &Evaluation, x: &Scale, top: f64, bottom: f64) {
    let steps = &figures.confidences;
    let most = steps.iter().map(|step| step.paragraphs).max().unwrap_or(0);
    let height = Scale::new(0.0, most.max(1) as f64, bottom, top);
    for (at, step) in steps.iter().enumerate() {
        let to = steps.get(at + 1).map_or(1.0, |next| next.from);
        if x.at(to) <= x.at(step.from) {
            continue;
        }
        let title = format!(
            "confidence {:.0} to {:.0} %: {} paragraphs",
            step.from * 100.0,
            to * 100.0,
            step.paragraphs
        );
        plot.titled(&title, |plot| {
            let wide = (x.at(step.from) + 0.5, x.at(to) - 0.5);
            plot.bar("under", wide, (bottom, height.at(step.paragraphs as f64)));
        });
    }
    let most = grouped(most as u64);
    plot.text("tick", 42.0, top + 8.0, Anchor::End, &most);
    plot.text("tick", 42.0, bottom, Anchor::End, "0");
    plot.x_axis(
        x,
        bottom,
        bottom,
        Unit::Percent,
        "confidence; grey: paragraphs that have it",
    );
}

/// Accuracy of the surest paragraphs.
pub(super) fn coverage(html: &mut Html, figures: &Evaluation) {
    html.markup("<section>\n<h2>What if it may leave the unsure ones to people?</h2>\n<p class=\"note\">From the left, the surest paragraphs only; at the right, all of them. The small numbers are the confidence from which paragraphs count.</p>\n<figure>\n");
    let points = &figures.coverage;
    let values = points
        .iter()
        .flat_map(|point| [point.accuracy, point.news_opinion_accuracy]);
    let (left, right, top, bottom) = (48.0, WIDTH - 12.0, 30.0, 240.0);
    let x = Scale::new(0.0, 1.0, left, right);
    let y = Scale::of(values.chain([1.0]), bottom, top);
    let label = "Coverage curve: accuracy, and accuracy of news against opinion, of the surest \
                 paragraphs against their share; the numbers stand in the table below";
    let mut plot = Plot::open(html, 278.0, label);
    plot.y_axis(&y, left, right, Unit::Percent, "labelled right");
    plot.x_axis(
        &x,
        top,
        bottom,
        Unit::Percent,
        "share of paragraphs that it labels",
    );
    plot.curve(
        "news",
        points.iter().map(|p| (x.at(p.coverage), y.at(p.accuracy))),
    );
    let sides = points
        .iter()
        .map(|p| (x.at(p.coverage), y.at(p.news_opinion_accuracy)));
    plot.curve("opinion", sides);
    let mut labelled = 0.0;
    for point in points {
        let title = format!(
            "confidence from {:.3}: {:.1} % of paragraphs, {:.1} % right, {:.1} % on the right side",
            point.min_confidence,
            point.coverage * 100.0,
            point.accuracy * 100.0,
            point.news_opinion_accuracy * 100.0
        );
        let (across, up) = (x.at(point.coverage), y.at(point.accuracy));
        plot.titled(&title, |plot| {
            plot.dot("news", across, up);
            plot.dot("opinion hollow", across, y.at(point.news_opinion_accuracy));
            if point.coverage >= labelled + 0.199 || point.coverage == 1.0 {
                // Rounded up, it would take in fewer.
                let least = (point.min_confidence * 1000.0).floor() / 1000.0;
                let written = format!("≥ {least:.3}");
                let below = (up + 18.0).min(bottom - 4.0);
                plot.text("tick", across - 2.0, below, Anchor::End, &written);
                labelled = point.coverage;
            }
        });
    }
    plot.close();
    html.markup("<p class=\"key\"><svg class=\"swatch plot\" aria-hidden=\"true\"><line class=\"news\" x1=\"0\" x2=\"100%\" y1=\"50%\" y2=\"50%\"/></svg>four labels <svg class=\"swatch plot\" aria-hidden=\"true\"><line class=\"opinion hollow\" x1=\"0\" x2=\"100%\" y1=\"50%\" y2=\"50%\"/></svg>news against opinion</p>\n</figure>\n");
    let rows: Vec<Vec<String>> = points
        .iter()
        .map(|point| {
            vec![
                format!("{:.4}", point.coverage),
                format!("{:.4}", point.min_confidence),
                format!("{:.4}", point.accuracy),
                format!("{:.4}", point.news_opinion_accuracy),
            ]
        })
        .collect();
    let heads = [
        "share labelled",
        "confidence from",
        "accuracy",
        "news/opinion accuracy",
    ];
    numbers(html, &heads, &rows);
    abstaining(html, figures);
    html.markup("</section>\n");
}

fn abstaining(html: &mut Html, figures: &Evaluation) {
    let Some(sure) = &figures.abstaining else {
        return;
    };
    html.markup("<p>With labels from confidence ")
        .text(&sure.min_confidence.to_string())
        .markup(" only, ")
        .text(&grouped(sure.uncertain as u64))
        .markup(" paragraphs stay uncertain and ")
        .decimal(sure.coverage * 100.0, 1)
        .markup(" % are labelled:</p>\n<ul class=\"spread\">\n");
    let values = [sure.macro_f1, sure.news_opinion_macro_f1, sure.accuracy];
    for (figure, value) in MAIN.into_iter().zip(values) {
        html.markup("<li>")
            .text(&name(figure))
            .markup(" ")
            .decimal(value, 4);
        if let Some(interval) = sure.intervals.get(&figure.to_string()) {
            html.markup(", ").text(&range(interval, 4));
        }
        html.markup("</li>\n");
    }
    html.markup("</ul>\n");
}
