//! Promises of the reader: every byte that is not blank lies in exactly one block, whatever the input.

#![allow(clippy::unwrap_used)]

use copydesk::article::{Format, Kind};
use copydesk::{Article, ErrorKind, Limits};
use proptest::prelude::*;

fn read(text: &str) -> Article {
    Article::from_bytes(text.as_bytes(), Format::Text, &Limits::default()).unwrap()
}

/// What holds for the blocks of any text.
fn check(article: &Article) -> Result<(), TestCaseError> {
    let text = article.text();
    let mut at = 0;
    for block in article.blocks() {
        let span = &block.span;
        prop_assert!(
            span.start >= at && span.end > span.start,
            "{span:?} after {at}"
        );
        let between = &text[at..span.start];
        prop_assert!(
            between.chars().all(char::is_whitespace),
            "lost: {between:?}"
        );
        let content = &text[span.clone()];
        prop_assert_eq!(content.trim(), content);
        prop_assert_eq!(block.line, text[..span.start].matches('\n').count() + 1);
        prop_assert_eq!(block.reason.is_some(), block.kind == Kind::Furniture);
        prop_assert!(content.ends_with(&*article.body(block)) || block.block_quote);
        at = span.end;
    }
    prop_assert!(
        text[at..].chars().all(char::is_whitespace),
        "lost: {:?}",
        &text[at..]
    );
    Ok(())
}

/// Lines in the shapes that the rules look for.
fn line() -> impl Strategy<Value = String> {
    let shapes = [
        "Story continues below this ad",
        "Story continues below this adThe port",
        "Sign Our PetitionThe vote is close.",
        "It closed on Friday.Advertisement",
        "Also Read: | Another story",
        "* * *",
        "> quoted words",
        ">",
        "> > twice",
        "* a point",
        "1. **Do:** - **Action:** Start now",
        "**1. Pray.** Then go",
        "# A heading",
        "###",
        "```",
        "Dear friend,",
        "In solidarity,",
        "Jane Doe",
        "harbour.example -- Sunday, August 17, 2025",
        "Categories: Ports, Trade",
        "By Jane Doe",
        "What now?",
        "A bare sub-headline",
        "The board met on Tuesday and voted to close the inner basin, said its chair.",
        "and went on to say that nothing had been decided",
        "“We did not know,” he said.",
        "\u{a0}\u{2003}",
        "é\u{301}\u{200d}ß",
        "",
        "   ",
    ];
    prop_oneof![
        8 => prop::sample::select(shapes.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_byte_is_lost_from_pages_of_lines(lines in prop::collection::vec(line(), 1..14), end in prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"])) {
        let text = lines.join(end);
        for format in [Format::Text, Format::Markdown] {
            match Article::from_bytes(text.as_bytes(), format, &Limits::default()) {
                Ok(article) => check(&article)?,
                Err(error) => prop_assert!(error.kind() == ErrorKind::Empty && text.trim().is_empty()),
            }
        }
    }

    #[test]
    fn any_bytes_give_blocks_or_a_named_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(article) = Article::from_bytes(&bytes, Format::Text, &Limits::default()) {
            check(&article)?;
        }
    }

    #[test]
    fn rows_come_back_one_block_each(rows in prop::collection::vec("(\\PC|\n){0,30}", 0..8)) {
        let article = Article::from_paragraphs(rows.iter().map(|row| (row.as_str(), Kind::Paragraph, false)));
        let back: Vec<&str> = article.blocks().iter().map(|block| article.block_text(block)).collect();
        prop_assert_eq!(back, rows);
    }

    #[test]
    fn any_html_is_read_or_refused(html in "(<(p|div|h2|ul|li|blockquote|a|b)>|</(p|div|ul|li|a|b)>|[a-z .,]{1,12}|&amp;|<!--){0,60}") {
        if let Ok(article) = Article::from_bytes(html.as_bytes(), Format::Html, &Limits::default()) {
            check(&article)?;
        }
    }
}

fn kinds(text: &str) -> Vec<(Kind, String)> {
    let article = read(text);
    let blocks = article.blocks().iter();
    blocks
        .map(|block| (block.kind, article.block_text(block).to_owned()))
        .collect()
}

#[test]
fn one_paragraph_a_line_or_wrapped_lines() {
    let lines = "The port closed on Friday.\nShips waited outside.\nIt opened on Monday.";
    assert_eq!(kinds(lines).len(), 3);
    let wrapped = "The port was closed on Friday after a\nship ran aground in the narrow part of\nthe channel.\n\nIt opened again\non Monday.";
    let paragraphs: Vec<String> = kinds(wrapped).into_iter().map(|(_, text)| text).collect();
    assert_eq!(paragraphs.len(), 2);
    assert!(paragraphs[0].ends_with("of\nthe channel."));
}

#[test]
fn a_single_line_is_a_paragraph_and_prose_is_no_title() {
    assert_eq!(kinds("Port to close")[0].0, Kind::Paragraph);
    assert_eq!(
        kinds("The port will close on Friday.\n\nShips must wait.")[0].0,
        Kind::Paragraph
    );
    assert_eq!(
        kinds("Port to close on Friday\n\nShips must wait.")[0].0,
        Kind::Title
    );
}

#[test]
fn short_lines_that_give_an_address_or_break_off_are_no_headlines() {
    let prose = "The board met on Tuesday and voted to close the inner basin, said its chair.";
    for (line, kind) in [
        ("What the board wants", Kind::Heading),
        (
            "See the appeal page here: DonateForTheBasin.com",
            Kind::Paragraph,
        ),
        ("“The board shall not –", Kind::Paragraph),
        ("The basin stays open.", Kind::Paragraph),
    ] {
        let page = format!("Basin to close\n\n{prose} It is old.\n\n{line}\n\n{prose}");
        assert_eq!(kinds(&page)[2], (kind, line.to_owned()));
    }
}

#[test]
fn the_head_of_a_page_is_told() {
    let article = read(
        "Port to close\nharbour.example -- Sunday, August 17, 2025\nCategories: Ports, Sea Trade\n\nThe port will close on Friday, the board said.\n",
    );
    assert_eq!(article.title(), Some("Port to close"));
    assert_eq!(article.source(), Some("harbour.example"));
    assert_eq!(article.date(), Some("Sunday, August 17, 2025"));
    assert_eq!(article.categories(), ["Ports", "Sea Trade"]);
}

#[test]
fn block_quotes_join_and_lose_their_marks() {
    let article = read(
        "The letter says:\n\n> We did not know\n> of the leak.\n>\n> We are sorry.\n\nNobody signed it.",
    );
    let quotes: Vec<String> = article
        .blocks()
        .iter()
        .filter(|block| block.block_quote)
        .map(|block| article.body(block).into_owned())
        .collect();
    assert_eq!(quotes, ["We did not know\nof the leak.", "We are sorry."]);
}

#[test]
fn a_page_of_one_long_line_and_one_of_many_short_ones() {
    let long = "word ".repeat(200_000);
    assert_eq!(read(&long).blocks().len(), 1);
    let many = "A line.\n".repeat(100_000);
    assert_eq!(read(&many).blocks().len(), 100_000);
}
