//! The report of a comparison of two models: how far each figure differs, and where the labels do.

use super::escape::Html;
use super::evaluation::{grouped, how_drawn, named};
use super::plot::{Dot, DotChart, Unit};
use super::{chip, meanings, open};
use crate::evaluate::{Comparison, Figure, Verdict};
use crate::report::comparison::{
    CAVEAT, Compared, Differing, p_value, shown, signed, signed_range, verdict,
};
use crate::report::evaluation::{MAIN, name};

/// The report as one file. `data` names the data.
pub fn comparison(compared: &Compared<'_>, data: &[String]) -> String {
    let mut html = Html::default();
    let title = format!("{} against {}", compared.model_b, compared.model_a);
    open(&mut html, &title, None);
    html.markup("<main class=\"report\">\n");
    head(&mut html, compared, data, &title);
    html.markup("<section>\n<h2>Differences</h2>\n");
    figures(&mut html, &compared.whole);
    html.markup("</section>\n");
    tests(&mut html, &compared.whole);
    for (column, groups) in &compared.by {
        html.markup("<section>\n<h2>By ")
            .text(column)
            .markup("</h2>\n");
        by(&mut html, column, groups);
        html.markup("</section>\n");
    }
    paragraphs(&mut html, compared);
    html.markup("</main>\n<footer class=\"report\">\n<h2>The labels</h2>\n");
    meanings(&mut html);
    html.markup("<p class=\"made\">Made by copydesk.</p>\n</footer>\n</body>\n</html>\n");
    html.into_string()
}

fn head(html: &mut Html, compared: &Compared<'_>, data: &[String], title: &str) {
    let whole = &compared.whole;
    html.markup("<header>\n<h1>")
        .text(title)
        .markup("</h1>\n<p class=\"lead\">Two models labelled the same <b>")
        .text(&grouped(whole.paragraphs as u64))
        .markup("</b> paragraphs of <b>")
        .text(&grouped(whole.articles as u64))
        .markup("</b> articles, whose labels given by hand are known. A is <b>")
        .text(compared.model_a)
        .markup("</b>, B is <b>")
        .text(compared.model_b)
        .markup("</b>. Data: <b>")
        .text(&data.join(", "))
        .markup("</b>.</p>\n<p class=\"lead\">");
    match &whole.bootstrap {
        Some(bootstrap) => {
            how_drawn(html, bootstrap);
            html.markup(" Both models are measured on the same draws.");
        }
        None => {
            html.markup("No intervals were drawn: whether a difference is chance is not known.");
        }
    }
    html.markup("</p>\n<div class=\"headline\">\n");
    for difference in MAIN.into_iter().filter_map(|figure| whole.get(figure)) {
        html.markup("<p><b>")
            .text(&signed(difference.difference))
            .markup("</b> ")
            .text(&name(difference.figure))
            .markup("<span>")
            .text(verdict(difference))
            .markup("</span></p>\n");
    }
    html.markup("</div>\n</header>\n");
}

fn figures(html: &mut Html, whole: &Comparison) {
    html.markup("<p class=\"note\">B less A. Where the line of a figure crosses the dashed one, its interval holds 0, and the data do not tell the two apart. Of log-loss, Brier score and calibration error, less is better.</p>\n<figure>\n");
    let rows = shown().filter_map(|figure| whole.get(figure)).map(|own| {
        let dot = Dot {
            class: match own.verdict() {
                Some(Verdict::Better) => "news",
                Some(Verdict::Worse) => "opinion",
                Some(Verdict::Open) | None => "plain",
            },
            value: own.difference,
            interval: own.interval,
        };
        let interval = own.interval.as_ref();
        let interval = interval.map_or(String::new(), |i| format!(", {}", signed_range(i)));
        let title = format!("{} {}{interval}", name(own.figure), signed(own.difference));
        (name(own.figure), vec![dot], title)
    });
    DotChart {
        label: "The difference of each figure, B less A, with its interval; the numbers stand in the \
                table below",
        axis: "B less A; blue: B is better, orange: B is worse",
        unit: Unit::Number,
        mark: Some(0.0),
        rows: rows.collect(),
    }
    .draw(html);
    html.markup("</figure>\n<div class=\"scroll\"><table class=\"figures\">\n<thead><tr><th scope=\"col\">figure</th><th scope=\"col\">A</th><th scope=\"col\">B</th><th scope=\"col\">B less A</th><th scope=\"col\">interval</th><th scope=\"col\"></th></tr></thead>\n<tbody>\n");
    for own in &whole.figures {
        html.markup("<tr><th scope=\"row\">")
            .text(&name(own.figure))
            .markup("</th><td>")
            .decimal(own.a, 4)
            .markup("</td><td>")
            .decimal(own.b, 4)
            .markup("</td><td><b>")
            .text(&signed(own.difference))
            .markup("</b></td><td>");
        if let Some(interval) = &own.interval {
            html.text(&signed_range(interval));
        }
        html.markup("</td><td>")
            .text(verdict(own))
            .markup("</td></tr>\n");
    }
    html.markup("</tbody></table></div>\n");
}

fn tests(html: &mut Html, whole: &Comparison) {
    html.markup("<section>\n<h2>Who is right where one is wrong</h2>\n<div class=\"scroll\"><table class=\"figures\">\n<thead><tr><th scope=\"col\">McNemar’s exact test</th><th scope=\"col\">both right</th><th scope=\"col\">only A right</th><th scope=\"col\">only B right</th><th scope=\"col\">both wrong</th><th scope=\"col\">p</th></tr></thead>\n<tbody>\n");
    for (name, test) in [("label", &whole.labels), ("news or opinion", &whole.sides)] {
        html.markup("<tr><th scope=\"row\">")
            .text(name)
            .markup("</th>");
        for count in [
            test.both_right,
            test.only_a_right,
            test.only_b_right,
            test.both_wrong,
        ] {
            html.markup("<td>").text(&grouped(count)).markup("</td>");
        }
        html.markup("<td>")
            .text(&p_value(test.p_value))
            .markup("</td></tr>\n");
    }
    html.markup("</tbody></table></div>\n<p class=\"note\">")
        .text(CAVEAT)
        .markup("</p>\n</section>\n");
}

/// Dots and whiskers of the first figure for each group, and a table of the main ones.
fn by(html: &mut Html, column: &str, groups: &[(String, Comparison)]) {
    let rows = groups.iter().take(super::evaluation::DRAWN);
    let rows = rows.filter_map(|(value, comparison)| {
        let own = comparison.get(Figure::MacroF1)?;
        let dot = Dot {
            class: "plain",
            value: own.difference,
            interval: own.interval,
        };
        let title = format!("{}: {}", named(value), signed(own.difference));
        Some((named(value), vec![dot], title))
    });
    html.markup("<figure>\n");
    DotChart {
        label: &format!("Difference of macro-F1 for each {column}, B less A; the numbers stand in the table below"),
        axis: "macro-F1, B less A",
        unit: Unit::Number,
        mark: Some(0.0),
        rows: rows.collect(),
    }
    .draw(html);
    html.markup("</figure>\n<div class=\"scroll\"><table class=\"figures many\">\n<thead><tr><th scope=\"col\">")
        .text(column)
        .markup("</th>");
    for figure in MAIN {
        html.markup("<th scope=\"col\">")
            .text(&name(figure))
            .markup(", B less A</th>");
    }
    html.markup(
        "<th scope=\"col\">paragraphs</th><th scope=\"col\">articles</th></tr></thead>\n<tbody>\n",
    );
    for (value, comparison) in groups {
        html.markup("<tr><th scope=\"row\">")
            .text(&named(value))
            .markup("</th>");
        for figure in MAIN {
            html.markup("<td>");
            let own = comparison.get(figure);
            if let Some(own) = own {
                html.text(&signed(own.difference));
            }
            if let Some(interval) = own.and_then(|own| own.interval.as_ref()) {
                html.markup("<small>")
                    .text(&signed_range(interval))
                    .markup("</small>");
            }
            html.markup("</td>");
        }
        html.markup("<td>")
            .text(&grouped(comparison.paragraphs as u64))
            .markup("</td><td>")
            .text(&grouped(comparison.articles as u64))
            .markup("</td></tr>\n");
    }
    html.markup("</tbody></table></div>\n");
}

fn paragraphs(html: &mut Html, compared: &Compared<'_>) {
    if compared.differing.is_empty() {
        return;
    }
    html.markup("<section>\n<h2>Where the labels differ</h2>\n<p class=\"note\">")
        .text(&grouped(compared.differing.len() as u64))
        .markup(" of ")
        .text(&grouped(compared.whole.differing as u64))
        .markup(" paragraphs, in the order of the data.</p>\n<ol class=\"cited\">\n");
    for row in &compared.differing {
        paragraph(html, row);
    }
    html.markup("</ol>\n</section>\n");
}

fn paragraph(html: &mut Html, row: &Differing<'_>) {
    html.markup("<li class=\"block ")
        .markup(row.gold.name())
        .markup("\">\n<p class=\"labels\">");
    for (who, label) in [
        ("by hand ", row.gold),
        (", A ", row.label_a),
        (", B ", row.label_b),
    ] {
        html.markup(who);
        chip(html, label);
    }
    html.markup(" <span class=\"place\">")
        .text(row.file)
        .markup(":")
        .text(&row.line.to_string())
        .markup(", article ")
        .text(row.article)
        .markup("</span></p>\n<p dir=\"auto\">")
        .text(row.text)
        .markup("</p>\n</li>\n");
}
