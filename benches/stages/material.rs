//! What is measured on: the labelled corpus, the seed pages, and pages of HTML made of the corpus.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use copydesk::article::Format;
use copydesk::corpus::Corpus;
use copydesk::features::Paragraph;
use copydesk::features::page::PageWalk;
use copydesk::{Article, Limits};

/// A path in the repository.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The labelled corpus.
pub(crate) static CORPUS: LazyLock<Corpus> =
    LazyLock::new(|| Corpus::read(&[path("data")], &Limits::default()).expect("data/ can be read"));

/// All paragraphs of the corpus, one a line, as one page.
pub(crate) static PAGE: LazyLock<String> = LazyLock::new(|| {
    let texts: Vec<&str> = CORPUS.rows().map(|row| row.text.as_str()).collect();
    texts.join("\n")
});

/// That page, read.
pub(crate) static ARTICLE: LazyLock<Article> = LazyLock::new(|| {
    Article::from_bytes(PAGE.as_bytes(), Format::Text, &Limits::default()).expect("text is read")
});

/// The seed pages, as they lie there.
pub(crate) static SEEDS: LazyLock<Vec<(Format, Vec<u8>)>> = LazyLock::new(|| {
    let files = std::fs::read_dir(path("seeds")).expect("seeds/ is there");
    let mut files: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    files.sort();
    let pages = files.iter().filter_map(|file| {
        let format = match file.extension()?.to_str()? {
            "txt" => Format::Text,
            "md" if file.file_name()? != "README.md" => Format::Markdown,
            _ => return None,
        };
        Some((format, std::fs::read(file).expect("a seed is read")))
    });
    pages.collect()
});

/// An article of the corpus as a page of HTML, with what usually stands around one.
fn html_page(title: &str, texts: &[&str]) -> String {
    const NAV: &str = "<nav class=\"menu\"><ul><li><a href=\"/\">Home</a></li><li><a href=\"/local\">Local</a></li>\
        <li><a href=\"/business\">Business</a></li><li><a href=\"/opinion\">Opinion</a></li></ul></nav>";
    const ASIDE: &str = "<aside class=\"related\"><h2>Related</h2><ul>\
        <li><a href=\"/a1\">Bridge repairs put back to spring</a></li>\
        <li><a href=\"/a2\">Library hours to change</a></li></ul></aside>";
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | The Lantern</title>\
        <style>body {{ margin: 0 }}</style><script>var page = {{ kind: \"article\" }};</script></head>\n<body>\
        <header>{NAV}</header><main><article><h1>{title}</h1><p class=\"byline\">By a staff writer</p>\n"
    );
    for (number, text) in texts.iter().enumerate() {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        html += &format!("<p>{text}</p>\n");
        if number == 2 {
            html += "<div class=\"share\"><button>Share</button><a href=\"#\">Print</a></div>\n";
        }
    }
    html + "</article>"
        + ASIDE
        + "</main><footer><p>About us</p><p>Privacy</p></footer></body></html>\n"
}

/// The first 300 articles of the corpus, a page of HTML each.
pub(crate) static HTML: LazyLock<Vec<String>> = LazyLock::new(|| {
    let articles = CORPUS.articles.iter().take(300);
    let pages = articles.map(|article| {
        let rows = article.paragraphs.iter();
        let texts: Vec<&str> = rows.map(|row| row.text.as_str()).collect();
        html_page(&format!("What stands in {}", article.id), &texts)
    });
    pages.collect()
});

/// Calls `each` with the paragraphs of the page, in order.
pub(crate) fn paragraphs(each: impl FnMut(usize, &Paragraph<'_>)) {
    PageWalk::default().walk(&ARTICLE, each);
}
