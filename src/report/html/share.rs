//! The report of shares: how much of a corpus is opinion, as counted and as corrected.

use super::escape::Html;
use super::evaluation::{DRAWN, grouped};
use super::plot::{Dot, DotChart, Unit};
use super::{meanings, open};
use crate::evaluate::prevalence::{Estimate, Method};
use crate::report::share::{Group, Measured, Shares, group_name, method_name, named, percent};

/// The report as one file.
pub fn shares(shares: &Shares) -> String {
    let mut html = Html::default();
    let title = "Shares of news and opinion";
    open(&mut html, title, None);
    html.markup("<main class=\"report\">\n<header>\n<h1>")
        .text(title)
        .markup("</h1>\n");
    lead(&mut html, shares);
    html.markup("</header>\n");
    for measured in &shares.measured {
        html.markup("<section>\n<h2>By ")
            .text(measured.measure.name())
            .markup("</h2>\n");
        whole(&mut html, measured);
        if measured.groups.len() > 1 {
            html.markup("<h3>Opinion by ")
                .text(&shares.by.join(", "))
                .markup("</h3>\n");
            groups(&mut html, &measured.groups[1..]);
        }
        html.markup("</section>\n");
    }
    html.markup("</main>\n<footer class=\"report\">\n<h2>The labels</h2>\n");
    meanings(&mut html);
    html.markup("<p class=\"made\">Made by copydesk.</p>\n</footer>\n</body>\n</html>\n");
    html.into_string()
}

fn lead(html: &mut Html, shares: &Shares) {
    html.markup("<p class=\"lead\">Labelled by <b>")
        .text(&shares.model)
        .markup("</b>. “Counted” takes its labels as they are; the others correct for its errors, as <b>")
        .text(&grouped(shares.validation.paragraphs as u64))
        .markup("</b> paragraphs of <b>")
        .text(&grouped(shares.validation.articles as u64))
        .markup("</b> articles show them whose labels are known (")
        .text(&shares.validation.name)
        .markup("). They hold if the model errs on this corpus as it does there.</p>\n");
    if let Some(bootstrap) = &shares.bootstrap {
        html.markup("<p class=\"lead\">An interval holds the share of what the articles are drawn from with ")
            .decimal(bootstrap.level * 100.0, 0)
            .markup("\u{a0}% confidence. To find it, the articles and those of the validation set were drawn at random again, each by themselves, ")
            .text(&grouped(bootstrap.draws as u64))
            .markup(" times.</p>\n");
    }
    for warning in shares.warnings() {
        html.markup("<p class=\"lead\"><b>Warning:</b> ")
            .text(&warning)
            .markup(".</p>\n");
    }
}

/// Dots of each method in one row.
fn dots<'a>(estimates: impl Iterator<Item = (&'a Estimate, usize)>) -> Vec<Dot> {
    estimates
        .map(|(estimate, place)| {
            let (_, share) = named(estimate)[place];
            Dot {
                class: match estimate.method {
                    Method::Count => "plain",
                    _ if matches!(place, 1..=3) => "news",
                    _ => "opinion",
                },
                value: share.value,
                interval: share.interval,
            }
        })
        .collect()
}

fn chart(html: &mut Html, label: &str, rows: Vec<(String, Vec<Dot>, String)>) {
    html.markup("<p class=\"note\">The upper dot of a row, without colour, is counted; the coloured ones are corrected.</p>\n<figure>\n");
    let axis = "share of the corpus";
    let unit = Unit::Percent;
    let mark = None;
    DotChart {
        label,
        axis,
        unit,
        mark,
        rows,
    }
    .draw(html);
    html.markup("</figure>\n");
}

/// Every share of the whole corpus.
fn whole(html: &mut Html, measured: &Measured) {
    let Some(all) = measured.groups.first() else {
        return;
    };
    html.markup("<p class=\"note\">")
        .text(&grouped(all.articles as u64))
        .markup(" articles, ")
        .text(&grouped(all.paragraphs as u64))
        .markup(" paragraphs, ")
        .text(&grouped(all.words as u64))
        .markup(" words.</p>\n");
    let Some(first) = all.estimates.first() else {
        return;
    };
    let names: Vec<&str> = named(first).iter().map(|(name, _)| *name).collect();
    let rows = names.iter().enumerate().map(|(place, name)| {
        let dots = dots(all.estimates.iter().map(|estimate| (estimate, place)));
        (
            name.replace('_', " "),
            dots,
            title(name, &all.estimates, place),
        )
    });
    let label = "The share of each label and side, counted and corrected, with intervals; the numbers stand \
                 in the table below";
    chart(html, label, rows.collect());
    head(html, "", &all.estimates);
    for (place, name) in names.iter().enumerate() {
        row(html, &name.replace('_', " "), None, &all.estimates, place);
    }
    html.markup("</tbody></table></div>\n");
}

/// The share of opinion in each group.
fn groups(html: &mut Html, groups: &[Group]) {
    let rows = groups.iter().take(DRAWN).map(|group| {
        let name = group_name(group);
        let dots = dots(group.estimates.iter().map(|estimate| (estimate, 0)));
        let title = title(&name, &group.estimates, 0);
        (name, dots, title)
    });
    let label = "The share of opinion in each group, counted and corrected, with intervals; the numbers \
                 stand in the table below";
    chart(html, label, rows.collect());
    if groups.len() > DRAWN {
        html.markup("<p class=\"note\">The first ")
            .text(&DRAWN.to_string())
            .markup(" are drawn.</p>\n");
    }
    if let Some(first) = groups.first() {
        head(html, "articles", &first.estimates);
    }
    for group in groups {
        row(
            html,
            &group_name(group),
            Some(group.articles),
            &group.estimates,
            0,
        );
    }
    html.markup("</tbody></table></div>\n");
}

fn title(name: &str, estimates: &[Estimate], place: usize) -> String {
    let each = estimates.iter().map(|estimate| {
        let name = method_name(estimate.method, estimates.len());
        format!("{name} {}", percent(named(estimate)[place].1))
    });
    format!("{name}: {}", each.collect::<Vec<_>>().join("; "))
}

fn head(html: &mut Html, second: &str, estimates: &[Estimate]) {
    html.markup(
        "<div class=\"scroll\"><table class=\"figures\">\n<thead><tr><th scope=\"col\"></th>",
    );
    if !second.is_empty() {
        html.markup("<th scope=\"col\">")
            .text(second)
            .markup("</th>");
    }
    for estimate in estimates {
        html.markup("<th scope=\"col\">")
            .text(method_name(estimate.method, estimates.len()))
            .markup("</th>");
    }
    html.markup("</tr></thead>\n<tbody>\n");
}

fn row(html: &mut Html, name: &str, articles: Option<usize>, estimates: &[Estimate], place: usize) {
    html.markup("<tr><th scope=\"row\">")
        .text(name)
        .markup("</th>");
    if let Some(articles) = articles {
        html.markup("<td>")
            .text(&grouped(articles as u64))
            .markup("</td>");
    }
    for estimate in estimates {
        html.markup("<td>")
            .text(&percent(named(estimate)[place].1))
            .markup("</td>");
    }
    html.markup("</tr>\n");
}
