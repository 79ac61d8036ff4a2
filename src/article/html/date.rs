//! The date of a page where the library does not find it: microdata, any JSON-LD, a `time` element.

use dom_query::Document;
use memchr::memmem;

/// A longer value is no date.
const LONGEST: usize = 40;

/// The date on which the page says that it was published.
pub(super) fn date(document: &Document) -> Option<String> {
    let attribute = |selector: &str, name: &str| {
        let found = document.select(selector);
        found
            .nodes()
            .iter()
            .find_map(|node| dated(&node.attr(name)?))
    };
    attribute("meta[itemprop~=datePublished]", "content")
        .or_else(|| in_json_ld(document))
        .or_else(|| attribute("time[itemprop~=datePublished]", "datetime"))
        .or_else(|| attribute("time[datetime]", "datetime"))
}

/// Of whatever type the thing that it describes is.
fn in_json_ld(document: &Document) -> Option<String> {
    let scripts = document.select("script");
    scripts.nodes().iter().find_map(|script| {
        let text = script.text();
        let at = memmem::find(text.as_bytes(), b"\"datePublished\"")?;
        let value = text[at..].split('"').nth(3)?;
        dated(value)
    })
}

/// A value that holds a year of our time.
pub(super) fn dated(value: &str) -> Option<String> {
    let value = value.trim();
    let years = value.split(|c: char| !c.is_ascii_digit());
    let mut years =
        years.filter(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20")));
    (value.len() <= LONGEST && years.next().is_some()).then(|| value.to_owned())
}
