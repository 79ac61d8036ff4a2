//! One side of a page as clean text: its news, or its opinion.

use super::page::Page;
use crate::article::{Article, Block, Kind};
use crate::label::{Scores, Side};
use crate::shares::count_words;

/// How the part is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Plain text: no marks but those of list items.
    Text,
    /// Markdown: headings, lists and block quotes keep their marks.
    Markdown,
}

/// One side of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The title, source and date, and the paragraphs of the side with the headlines above them.
    pub text: String,
    /// How many paragraphs and list items it holds.
    pub paragraphs: usize,
    /// Their words.
    pub words: usize,
}

/// The paragraphs of one side, in order. A headline stands before the first of them that follows it, and
/// not at all where none does. Furniture is left out.
pub fn part(page: &Page<'_>, side: Side, markup: Markup) -> Part {
    let article = page.article;
    let mut part = Part {
        text: String::new(),
        paragraphs: 0,
        words: 0,
    };
    let mut put = |text: &str| {
        if !part.text.is_empty() {
            part.text.push_str("\n\n");
        }
        part.text.push_str(text);
    };
    if let Some(title) = article.title() {
        put(&match markup {
            Markup::Text => title.to_owned(),
            Markup::Markdown => format!("# {title}"),
        });
    }
    let origin: Vec<&str> = article.source().into_iter().chain(article.date()).collect();
    if !origin.is_empty() {
        put(&origin.join(" · "));
    }
    // Headlines that stand directly above each other stay together.
    let mut headings: Vec<&Block> = Vec::new();
    let mut between = false;
    let (mut paragraphs, mut words) = (0, 0);
    for (block, scores) in article.blocks().iter().zip(page.scores) {
        if block.kind == Kind::Heading {
            if std::mem::take(&mut between) {
                headings.clear();
            }
            headings.push(block);
        }
        let Some(label) = scores.as_ref().map(Scores::best) else {
            continue;
        };
        between = true;
        if label.side() != side {
            continue;
        }
        for heading in headings.drain(..) {
            put(&written(article, heading, markup));
        }
        put(&written(article, block, markup));
        paragraphs += 1;
        words += count_words(&article.body(block));
    }
    if !part.text.is_empty() {
        part.text.push('\n');
    }
    part.paragraphs = paragraphs;
    part.words = words;
    part
}

/// A block as the part shows it.
fn written(article: &Article, block: &Block, markup: Markup) -> String {
    let whole = article.block_text(block);
    let body = article.body(block);
    match (markup, block.kind) {
        (_, Kind::ListItem) => whole.to_owned(),
        (Markup::Text, _) => body.into_owned(),
        (Markup::Markdown, Kind::Heading) => format!("## {body}"),
        (Markup::Markdown, _) if block.block_quote => {
            let lines: Vec<String> = body.lines().map(|line| format!("> {line}")).collect();
            lines.join("\n")
        }
        (Markup::Markdown, _) => {
            let lines: Vec<String> = body.lines().map(escaped).collect();
            lines.join("\n")
        }
    }
}

/// A line of prose that Markdown would take for a headline, a list or a quotation.
fn escaped(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && line[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    if line.starts_with(['#', '>', '-', '+', '*', '=', '~', '|']) {
        return format!("\\{line}");
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Format;
    use crate::limits::Limits;
    use crate::model::Model;

    fn parts(text: &str, markup: Markup) -> [Part; 2] {
        let article =
            Article::from_bytes(text.as_bytes(), Format::Text, &Limits::default()).unwrap();
        let scores = Model::builtin().classify(&article);
        let page = Page {
            doc: "page",
            article: &article,
            scores: &scores,
            language: None,
            drop_furniture: false,
        };
        Side::ALL.map(|side| part(&page, side, markup))
    }

    /// Every labelled paragraph of the seeds lands in exactly one part.
    #[test]
    fn each_paragraph_lands_in_one_part() {
        for entry in std::fs::read_dir("seeds").unwrap() {
            let path = entry.unwrap().path();
            if !path.extension().is_some_and(|e| e == "txt" || e == "md") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let article =
                Article::from_bytes(text.as_bytes(), Format::Text, &Limits::default()).unwrap();
            let [news, opinion] = parts(&text, Markup::Text);
            let labelled: Vec<&Block> = article
                .blocks()
                .iter()
                .filter(|block| block.kind.is_labelled())
                .collect();
            assert_eq!(news.paragraphs + opinion.paragraphs, labelled.len());
            for block in labelled {
                let shown = written(&article, block, Markup::Text);
                let found = [&news, &opinion].map(|part| {
                    part.text
                        .split("\n\n")
                        .any(|piece| piece.trim_end() == shown)
                });
                assert!(found[0] != found[1], "{}: {shown}", path.display());
            }
        }
    }

    #[test]
    fn headlines_stand_over_their_own_and_furniture_goes() {
        let page = "Ferry to stop\nharbour.example -- Sunday, August 17, 2025\n\n### The vote\n\n\
            The ferry will stop in May, the council said on Tuesday after a vote of five to two.\n\nAdvertisement\n\n\
            ### What it means\n\nIt is a disgrace, and it shows how little those in power think of us.\n";
        let [news, opinion] = parts(page, Markup::Markdown);
        assert_eq!(
            news.text,
            "# Ferry to stop\n\nharbour.example · Sunday, August 17, 2025\n\n## The vote\n\n\
             The ferry will stop in May, the council said on Tuesday after a vote of five to two.\n"
        );
        assert!(opinion.text.ends_with("## What it means\n\nIt is a disgrace, and it shows how little those in power think of us.\n"));
        assert!(!opinion.text.contains("The vote"));
        assert_eq!((news.paragraphs, opinion.paragraphs), (1, 1));
    }

    #[test]
    fn a_headline_under_a_headline_keeps_it() {
        let page = "Ferry to stop\n\n## The ferry\n\n### The vote\n\n\
            The ferry will stop in May, the council said on Tuesday after a vote of five to two.\n\n\
            ### What it means\n\nIt is a disgrace, and it shows how little those in power think of us.\n";
        let [news, opinion] = parts(page, Markup::Markdown);
        assert!(
            news.text
                .contains("## The ferry\n\n## The vote\n\nThe ferry will")
        );
        assert!(!opinion.text.contains("The vote"));
    }

    #[test]
    fn prose_does_not_turn_into_marks() {
        for (line, want) in [
            ("# 5", "\\# 5"),
            ("2019. A year", "2019\\. A year"),
            ("- so", "\\- so"),
            ("No", "No"),
        ] {
            assert_eq!(escaped(line), want);
        }
    }
}
