//! The table of several pages, sortable by column.

use super::escape::Html;
use super::{foot, open, share_bar};
use crate::article::Article;
use crate::label::Scores;
use crate::report::page::Page;
use crate::shares::Share;

/// The script that sorts. Without it the pages stand in the order of the inputs.
const SORT: &str = include_str!("sort.js");

/// One input and what became of it.
pub struct Entry {
    /// What the input is called.
    pub doc: String,
    /// Its page, or why there is none.
    pub page: std::result::Result<Listed, String>,
}

/// What the table shows of a page.
pub struct Listed {
    /// The name of its file, in the same folder.
    pub file: String,
    title: Option<String>,
    source: Option<String>,
    date: Option<String>,
    share: Share,
    confidence: Option<f64>,
}

impl Listed {
    /// What is to be shown of a page that is written to `file`.
    pub fn new(page: &Page<'_>, file: String) -> Listed {
        let article: &Article = page.article;
        let own = |field: Option<&str>| field.map(str::to_owned);
        Listed {
            file,
            title: own(article.title()),
            source: own(article.source()),
            date: own(article.date()),
            share: page.shares().words,
            confidence: mean_confidence(page.scores),
        }
    }
}

/// The mean probability of the labels that were given.
fn mean_confidence(scores: &[Option<Scores>]) -> Option<f64> {
    let (count, sum) = scores
        .iter()
        .flatten()
        .fold((0_u32, 0.0), |(count, sum), scores| {
            (count + 1, sum + scores.get(scores.best()))
        });
    (count > 0).then(|| sum / f64::from(count))
}

/// The columns, and how each sorts.
const COLUMNS: [(&str, &str); 8] = [
    ("Page", "text"),
    ("Source", "text"),
    ("Date", "date"),
    ("Words", "number"),
    ("News", "number"),
    ("Opinion", "number"),
    ("Shares", ""),
    ("Confidence", "number"),
];

/// The index as one file.
pub fn index(entries: &[Entry], model: &str) -> String {
    let mut html = Html::default();
    open(&mut html, "All pages", Some(SORT));
    let done = entries.iter().filter(|entry| entry.page.is_ok()).count();
    html.markup("<main class=\"wide\">\n<header>\n<h1>News and opinion</h1>\n<p class=\"origin\">")
        .number(done)
        .markup(if done == 1 { " page" } else { " pages" });
    if done < entries.len() {
        html.markup(", ")
            .number(entries.len() - done)
            .markup(" failed");
    }
    html.markup(" · model ")
        .text(model)
        .markup("</p>\n</header>\n<table class=\"index\">\n<thead><tr>");
    for (name, sort) in COLUMNS {
        html.markup("<th scope=\"col\"");
        if !sort.is_empty() {
            html.markup(" data-sort=\"").markup(sort).markup("\"");
        }
        html.markup(">").markup(name).markup("</th>");
    }
    html.markup("</tr></thead>\n<tbody>\n");
    for entry in entries {
        row(&mut html, entry);
    }
    html.markup("</tbody>\n</table>\n</main>\n");
    foot(&mut html);
    html.markup("<script>")
        .markup(SORT)
        .markup("</script>\n</body>\n</html>\n");
    html.into_string()
}

fn row(html: &mut Html, entry: &Entry) {
    let listed = match &entry.page {
        Ok(listed) => listed,
        Err(reason) => {
            html.markup("<tr class=\"failed\"><th scope=\"row\">")
                .text(&entry.doc)
                .markup("</th><td colspan=\"7\">failed: ")
                .text(reason)
                .markup("</td></tr>\n");
            return;
        }
    };
    html.markup("<tr><th scope=\"row\" dir=\"auto\"><a href=\"")
        .text(&listed.file)
        .markup("\">")
        .text(listed.title.as_deref().unwrap_or(&entry.doc))
        .markup("</a></th>");
    for (name, field) in [("source", &listed.source), ("date", &listed.date)] {
        html.markup("<td class=\"")
            .markup(name)
            .markup("\">")
            .text(field.as_deref().unwrap_or_default())
            .markup("</td>");
    }
    html.markup("<td class=\"number words\">")
        .number(listed.share.total)
        .markup("</td><td class=\"number news\">")
        .percent(listed.share.news)
        .markup("</td><td class=\"number opinion\">")
        .percent(listed.share.opinion)
        .markup("</td><td class=\"share\">");
    share_bar(html, &listed.share);
    html.markup("</td><td class=\"number sure\">");
    if let Some(confidence) = listed.confidence {
        html.percent(confidence);
    }
    html.markup("</td></tr>\n");
}
