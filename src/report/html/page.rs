//! One article, coloured by label.

use super::escape::Html;
use super::{Why, body, foot, lang, name, open, share_bar, share_of, side_share, swatch};
use crate::label::{Label, Side};
use crate::report::page::Page;
use crate::text::Language;

/// What a page is made of.
pub struct View<'a> {
    /// The article and its labels.
    pub page: &'a Page<'a>,
    /// Why each block got its label.
    pub whys: &'a [Option<Why>],
    /// The name of the model.
    pub model: &'a str,
    /// The language that the model knows.
    pub model_language: Language,
    /// Whether an `index.html` lies beside the page.
    pub indexed: bool,
}

/// The page as one file.
pub fn page(view: &View<'_>) -> String {
    let article = view.page.article;
    let title = article.title().unwrap_or(view.page.doc);
    let mut html = Html::default();
    open(&mut html, title, None);
    if view.indexed {
        html.markup("<nav><a href=\"index.html\">← All pages</a></nav>\n");
    }
    html.markup("<main>\n");
    head(&mut html, view, title);
    html.markup("<article>\n");
    body::blocks(&mut html, view);
    html.markup("</article>\n</main>\n");
    foot(&mut html);
    html.markup("</body>\n</html>\n");
    html.into_string()
}

fn head(html: &mut Html, view: &View<'_>, title: &str) {
    let article = view.page.article;
    html.markup("<header>\n");
    let categories = article.categories();
    if !categories.is_empty() {
        html.markup("<p class=\"categories\" dir=\"auto\">")
            .text(&categories.join(" · "))
            .markup("</p>\n");
    }
    html.markup("<h1 dir=\"auto\"");
    let spoken = lang::tag(view.page.language);
    if spoken != "en" {
        html.markup(" lang=\"").markup(spoken).markup("\"");
    }
    html.markup(">").text(title).markup("</h1>\n");
    let origin: Vec<&str> = article.source().into_iter().chain(article.date()).collect();
    if !origin.is_empty() {
        html.markup("<p class=\"origin\" dir=\"auto\">")
            .text(&origin.join(" · "))
            .markup("</p>\n");
    }
    shares(html, view);
    html.markup("<p class=\"file\">File <b>")
        .text(view.page.doc)
        .markup("</b>, model <b>")
        .text(view.model)
        .markup("</b>, language <b>")
        .text(view.page.language.unwrap_or("unknown"))
        .markup("</b>. Open a label to see what carried it.</p>\n");
    if let Some(spoken) = view.page.language
        && spoken != view.model_language.name()
    {
        html.markup("<p class=\"warning\" role=\"note\">The text looks ")
            .text(spoken)
            .markup(", the model knows ")
            .text(view.model_language.name())
            .markup(": its labels mean little here.</p>\n");
    }
    html.markup("</header>\n");
}

fn shares(html: &mut Html, view: &View<'_>) {
    let share = view.page.shares().words;
    if share.total == 0 {
        html.markup(
            "<p class=\"warning\" role=\"note\">No paragraph of this page has a label.</p>\n",
        );
        return;
    }
    html.markup("<section class=\"shares\" aria-label=\"Shares by words\">\n<p class=\"sides\">");
    for side in Side::ALL {
        html.markup("<span class=\"")
            .markup(side.name())
            .markup("\"><b>")
            .percent(side_share(&share, side))
            .markup("</b> ")
            .markup(side.name())
            .markup("</span> ");
    }
    html.markup("<span class=\"total\">")
        .number(share.total)
        .markup(" words</span></p>\n");
    share_bar(html, &share);
    html.markup("<ul class=\"legend\" role=\"list\">\n");
    for label in Label::ALL {
        html.markup("<li class=\"")
            .markup(label.name())
            .markup("\">");
        swatch(html, label);
        html.markup("<span class=\"chip\">")
            .markup(name(label))
            .markup("</span> <b>")
            .percent(share_of(&share, label))
            .markup("</b></li>\n");
    }
    html.markup("</ul>\n</section>\n");
}
