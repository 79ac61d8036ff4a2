//! Tests of the HTML reader: what structure comes out, what is set aside, what is taken back, and pages
//! made to hurt.

use proptest::prelude::*;

use super::prune::prune;
use super::*;
use crate::article::{Article, Format};
use crate::limits::Limits;

const PROSE: &str = "The harbour board voted on Tuesday to close the inner basin for dredging, said its chair, and the work is to begin in March.";

fn article(body: &str) -> Article {
    let html =
        format!("<html><head><title>Basin to close</title></head><body>{body}</body></html>");
    Article::from_bytes(html.as_bytes(), Format::Html, &Limits::default()).unwrap()
}

/// Kind, reason and text of the blocks after the title.
fn blocks(body: &str) -> Vec<(Kind, Option<String>, String)> {
    let article = article(body);
    let blocks = article.blocks().iter().skip(1);
    blocks
        .map(|block| {
            (
                block.kind,
                block.reason.as_ref().map(ToString::to_string),
                article.block_text(block).to_owned(),
            )
        })
        .collect()
}

/// The kind, and the reason, of the block with this text, which must be there once.
fn of(body: &str, text: &str) -> (Kind, Option<String>) {
    let blocks = blocks(body);
    let mut found = blocks.iter().filter(|(_, _, block)| block.contains(text));
    let (kind, reason, _) = found
        .next()
        .unwrap_or_else(|| panic!("{text} is lost: {blocks:#?}"));
    assert!(found.next().is_none(), "{text} is there twice: {blocks:#?}");
    (*kind, reason.clone())
}

#[test]
fn structure_is_kept() {
    let page = format!(
        "<nav><a href='/'>Home</a></nav><article><h1>Basin to close</h1><p>{PROSE}</p><h2>What it costs</h2>\
         <p>{PROSE} Again.</p><ul><li>One pier</li><li>Two cranes</li></ul><ol><li>First the pier</li><li><p>Then the cranes</p><p>and then the locks.</p></li></ol>\
         <blockquote><p>We were never asked.</p></blockquote><p>{PROSE} Once more.</p>\
         <figure><img src=x><figcaption>The basin at low tide</figcaption></figure>\
         <table><tr><th>Year</th><th>Ships</th></tr><tr><td>2024</td><td>311</td></tr></table><p>{PROSE} The end.</p></article>"
    );
    for (text, kind) in [
        ("## What it costs", Kind::Heading),
        ("- One pier", Kind::ListItem),
        ("1. First the pier", Kind::ListItem),
        ("2. Then the cranes", Kind::ListItem),
        ("and then the locks.", Kind::Paragraph),
        ("> We were never asked.", Kind::Paragraph),
        ("The basin at low tide", Kind::Meta),
        ("2024 | 311", Kind::Paragraph),
    ] {
        assert_eq!(of(&page, text), (kind, None), "{text}");
    }
    let article = article(&page);
    assert_eq!(article.title(), Some("Basin to close"));
    assert!(!article.text().contains("Home"));
    let quotes = article.blocks().iter().filter(|block| block.block_quote);
    assert_eq!(quotes.count(), 1);
}

#[test]
fn two_line_breaks_part_paragraphs_and_one_does_not() {
    let page = format!(
        "<div>{PROSE}<br><br>{PROSE} Again.<br>It rained.<br/> <br/>{PROSE} The end.</div>"
    );
    let texts: Vec<String> = blocks(&page).into_iter().map(|(_, _, text)| text).collect();
    let want = [
        PROSE.to_owned(),
        format!("{PROSE} Again.\nIt rained."),
        format!("{PROSE} The end."),
    ];
    assert_eq!(texts, want);
}

#[test]
fn boxes_links_and_buttons_are_set_aside() {
    let page = format!(
        "<article><p>{PROSE}</p><p><a href='/x'>A storm took the old pier</a></p><p>{PROSE} Again.</p>\
         <div class='story-related-box'><p>The ferry was late for the third time this week, said the line.</p></div>\
         <button>Show all</button><div class='newsletter-signup'>Our letter, each Friday</div>\
         <p>{PROSE} <a href='/y'>With a link</a>.</p></article>"
    );
    for (text, reason) in [
        ("A storm took the old pier", "link_only"),
        ("The ferry was late", "related_links"),
        ("Show all", "button"),
        ("Our letter", "newsletter_box"),
    ] {
        assert_eq!(
            of(&page, text),
            (Kind::Furniture, Some(reason.to_owned())),
            "{text}"
        );
    }
    assert_eq!(of(&page, "With a link").0, Kind::Paragraph);
}

#[test]
fn a_wrapper_named_like_a_box_is_no_box() {
    let page = format!(
        "<div class='social promo'><p>{PROSE}</p><p>{PROSE} Again.</p><p>{PROSE} The end.</p></div>"
    );
    assert!(
        blocks(&page)
            .iter()
            .all(|(kind, _, _)| *kind == Kind::Paragraph)
    );
}

/// What readability tools lose: a short first or last paragraph, one that opens with a quote mark, a post,
/// paragraphs in boxes of their own.
#[test]
fn no_paragraph_of_the_article_is_lost() {
    let paragraphs = format!("<p>{PROSE}</p>").repeat(3);
    for (page, text) in [
        (
            format!("<article><p>It rained all night.</p>{paragraphs}</article>"),
            "It rained",
        ),
        (
            format!("<article>{paragraphs}<p>It rained all night.</p></article>"),
            "It rained",
        ),
        (
            format!(
                "<article>{paragraphs}<p>“It rained all night,” she said.</p>{paragraphs}</article>"
            ),
            "It rained",
        ),
        (
            format!(
                "<article>{paragraphs}<div class='social-embed'><blockquote class='tweet'><p>What a night at the old pier, all of us wet <a href=x>pic</a></p></blockquote></div>{paragraphs}</article>"
            ),
            "What a night",
        ),
        (
            format!(
                "<div class=page>{}</div>",
                format!("<div class=card><div class=c><p>{PROSE}</p></div></div>").repeat(3)
                    + "<div class=card><div class=c><p>The finding stood on Monday in the <a href=x>journal of the harbour</a>.</p></div></div>"
                    + &format!("<div class=card><div class=c><p>{PROSE} The end.</p></div></div>")
            ),
            "journal of the harbour",
        ),
    ] {
        let blocks = blocks(&page);
        assert!(
            blocks
                .iter()
                .any(|(kind, _, block)| *kind == Kind::Paragraph && block.contains(text)),
            "{text} is lost: {blocks:#?}"
        );
    }
}

#[test]
fn what_is_hidden_is_not_read() {
    let page = format!(
        "<article><p>{PROSE}</p><p style='Display : none'>Unseen one.</p><p hidden>Unseen two.</p><p aria-hidden=true>Unseen three.</p><p>{PROSE} Again.</p></article>"
    );
    assert!(!article(&page).text().contains("Unseen"));
}

#[test]
fn the_date_is_found_where_the_page_states_it() {
    for (head, date) in [
        (
            "<meta itemprop='datePublished dateCreated' content='2019-11-18T17:56:27Z'>",
            Some("2019-11-18T17:56:27Z"),
        ),
        (
            "<meta property='article:published_time' content='2019-11-18'>",
            Some("2019-11-18"),
        ),
        (
            "<script type='application/ld+json'>{\"@type\":\"ClaimReview\",\"datePublished\": \"2019-11-17\"}</script>",
            Some("2019-11-17"),
        ),
        (
            "<meta property='article:published_time' content='0001-01-01T00:00:00Z'>",
            None,
        ),
    ] {
        let html = format!(
            "<html><head><title>Basin</title>{head}</head><body><p>{PROSE}</p><p>{PROSE}</p></body></html>"
        );
        let article =
            Article::from_bytes(html.as_bytes(), Format::Html, &Limits::default()).unwrap();
        assert_eq!(article.date(), date, "{head}");
    }
    let page = article(&format!(
        "<time datetime='2019-11-16'>Saturday</time><p>{PROSE}</p><p>{PROSE}</p>"
    ));
    assert_eq!(page.date(), Some("2019-11-16"));
}

#[test]
fn a_page_without_article_is_named() {
    let error = Article::from_bytes(
        b"<html><body></body></html>",
        Format::Html,
        &Limits::default(),
    )
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Empty);
}

/// Pages that are made to hurt end, and their prose is still there.
#[test]
fn hostile_pages_are_read() {
    let prose = format!("<p>{PROSE}</p>").repeat(20);
    let attributes: String = (0..100_000).map(|number| format!(" a{number}=1")).collect();
    for page in [
        format!("{}{prose}", "<div>".repeat(10_000)),
        format!("{}{prose}", "<b>".repeat(10_000)),
        format!("{}{prose}", "<a href=x>".repeat(10_000)),
        format!("{}{prose}", "<ul><li>x ".repeat(10_000)),
        format!("{}{prose}", "<table><tr><td>".repeat(2_000)),
        format!("<div{attributes}>{prose}</div>"),
        format!("{prose}{}", "<".repeat(100_000)),
        format!("{prose}<!--{}", "<!--".repeat(50_000)),
        format!("{prose}<script>{}", "</scrip".repeat(50_000)),
        format!("{prose}{}", "</div>".repeat(50_000)),
    ] {
        assert!(
            article(&page).text().contains("The harbour board voted"),
            "{page:.40}"
        );
    }
}

#[test]
fn markup_is_pruned() {
    for (html, want) in [
        ("a<!-- <p>x --> b<!-->c<!--->d", "a bcd"),
        (
            "<p class=a onclick='x>y' id = \"b\">t</p >",
            "<p class=a id = \"b\">t</p>",
        ),
        ("<script>if (a</b) x('</p>')</script><p>t", "<p>t"),
        ("<style>p{}</style>t<b>u</b><STRONG>v</STRONG>", "tuv"),
        ("<svg><title>x</title></svg>t", " t"),
        ("<title>a <b> c</title>t", "<title>a <b> c</title>t"),
        ("1 < 2 <p", "1 &lt; 2 "),
        ("<p style=\"DISPLAY: none\">t", "<p hidden>t"),
        (
            "<script type='application/ld+json'>{}</script>",
            "<script type=\"application/ld+json\">{}</script>",
        ),
        ("<a href=x/y>t</a>", "<a href=x/y>t</a>"),
    ] {
        assert_eq!(prune(html), want, "{html}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A parser reads the same text out of the pruned page as out of the page.
    #[test]
    fn pruning_keeps_the_text(html in "(<(p|div|h2|ul|li|table|tr|td|b|em|span|a href=x|p class='a>b'|br|img alt=\"<\")>|</(p|div|ul|li|table|td|b|em|span|a)>|[a-z .,]{1,12}|&amp;|<!-- [a-z<>]{0,8} -->|<script>[a-z<>/]{0,9}</script>| < |\\PC){0,60}") {
        let letters = |html: &str| {
            let document = Document::from(html);
            for node in document.select("script").nodes() {
                node.remove_from_parent();
            }
            let mut letters: Vec<char> = document.text().chars().filter(|c| c.is_alphanumeric()).collect();
            letters.sort_unstable();
            letters
        };
        prop_assert_eq!(letters(&prune(&html)), letters(&html));
    }

    #[test]
    fn any_markup_is_pruned_without_end_or_panic(html in "[<>/!a-z\"'= é-]{0,200}") {
        prop_assert!(prune(&html).len() <= html.len() * 4 + 64);
    }
}
