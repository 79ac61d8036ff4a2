//! Measurements on real pages that do not belong to the project. They stand in a folder beside it and
//! are skipped, with a word, where that folder is not there.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use copydesk::article::{Format, Kind};
use copydesk::corpus::Corpus;
use copydesk::evaluate::{Evaluation, Options};
use copydesk::features::page::PageWalk;
use copydesk::text::quote::quoted_share;
use copydesk::{Article, Label, Limits, Model};

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    // Straight to the stream: what `println!` prints, a passing test keeps to itself.
    let message = format!(
        "skipped: {} is not there
",
        path.display()
    );
    std::io::stderr().write_all(message.as_bytes()).unwrap();
    None
}

fn evaluate(path: PathBuf) -> Evaluation {
    let corpus = Corpus::read(&[path], &Limits::default()).unwrap();
    Evaluation::of_model(Model::builtin(), &corpus, &Options::default()).unwrap()
}

#[test]
fn built_in_model_on_real_paragraphs() {
    let Some(path) = shared("gold/dev.jsonl") else {
        return;
    };
    let figures = evaluate(path);
    let quotation = figures.labels[Label::Quotation.index()].figures.f1;
    println!(
        "macro-F1 {:.4}, news/opinion {:.4}, quotation {quotation:.4}",
        figures.macro_f1, figures.news_opinion_macro_f1
    );
    assert!(figures.macro_f1 >= 0.86);
    assert!(figures.news_opinion_macro_f1 >= 0.885);
    assert!(quotation >= 0.95);
}

/// The scanner alone, as the rule "a third of the words quoted", on real paragraphs with hand-marked
/// quotations.
#[test]
fn quoted_words_of_real_paragraphs() {
    let Some(path) = shared("gold/quotes.jsonl") else {
        return;
    };
    let mut articles: HashMap<String, Vec<(String, bool)>> = HashMap::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let quoted = row["quoted_share"].as_f64().unwrap() >= 1.0 / 3.0;
        let text = row["text"].as_str().unwrap().to_owned();
        let article = row["article"].as_str().unwrap().to_owned();
        articles.entry(article).or_default().push((text, quoted));
    }
    let mut walk = PageWalk::default();
    let (mut right, mut found, mut there) = (0, 0, 0);
    for rows in articles.values() {
        let texts = rows
            .iter()
            .map(|(text, _)| (text.as_str(), Kind::Paragraph, false));
        walk.walk(&Article::from_paragraphs(texts), |block, paragraph| {
            let says = quoted_share(paragraph.text, paragraph.quoted) >= 1.0 / 3.0;
            found += usize::from(says);
            there += usize::from(rows[block].1);
            right += usize::from(says && rows[block].1);
        });
    }
    let f1 = 2.0 * f64::from(right as u32) / f64::from((found + there) as u32);
    println!("quotation rule: {right} of {there} found, {found} said, F1 {f1:.4}");
    assert!(f1 >= 0.94);
}

/// Multiset of the runs of four words of a text.
fn shingles(text: &str) -> HashMap<Vec<String>, usize> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let mut shingles = HashMap::new();
    for run in words.windows(4) {
        let run = run.iter().map(|word| (*word).to_owned()).collect();
        *shingles.entry(run).or_default() += 1;
    }
    shingles
}

/// Precision and recall of the body of 50 real pages against bodies marked by hand, as the mean over
/// pages; the worst eight are printed.
#[test]
fn bodies_of_real_pages() {
    let Some(folder) = shared("pages") else {
        return;
    };
    let mut pages = Vec::new();
    let mut kept_recall = 0.0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some(name) = name.strip_suffix(".html.gz") else {
            continue;
        };
        let mut html = Vec::new();
        let file = fs::File::open(&path).unwrap();
        flate2::read::MultiGzDecoder::new(file)
            .read_to_end(&mut html)
            .unwrap();
        let article = Article::from_bytes(&html, Format::Html, &Limits::default()).unwrap();
        let body = |kinds: &[Kind]| -> HashMap<Vec<String>, usize> {
            let blocks = article.blocks().iter();
            let blocks = blocks.filter(|block| kinds.contains(&block.kind));
            let texts: Vec<&str> = blocks.map(|block| article.block_text(block)).collect();
            shingles(&texts.join("\n"))
        };
        let truth = fs::read_to_string(folder.join(format!("{name}.body.txt"))).unwrap();
        let truth = shingles(&truth);
        let found = |got: &HashMap<Vec<String>, usize>| -> f64 {
            let common = truth
                .iter()
                .map(|(run, &n)| n.min(got.get(run).copied().unwrap_or(0)));
            common.sum::<usize>() as f64
        };
        let size = |runs: &HashMap<Vec<String>, usize>| runs.values().sum::<usize>().max(1) as f64;
        let text = [Kind::Paragraph, Kind::ListItem, Kind::Heading];
        let got = body(&text);
        let (precision, recall) = (found(&got) / size(&got), found(&got) / size(&truth));
        kept_recall += found(&body(&[&text[..], &[Kind::Furniture]].concat())) / size(&truth);
        let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
        pages.push((f1, precision, recall, name.to_owned()));
    }
    pages.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (f1, precision, recall, name) in &pages[..8] {
        println!("{name}  F1 {f1:.3}  precision {precision:.3}  recall {recall:.3}");
    }
    let count = pages.len() as f64;
    let mean =
        |figure: fn(&(f64, f64, f64, String)) -> f64| pages.iter().map(figure).sum::<f64>() / count;
    let (f1, recall) = (mean(|page| page.0), kept_recall / count);
    println!(
        "pages {count}  F1 {f1:.3}  precision {:.3}  recall {:.3}, with furniture {recall:.3}",
        mean(|page| page.1),
        mean(|page| page.2)
    );
    assert!(f1 >= 0.97);
    assert!(recall >= 0.98);
}

#[test]
fn the_structure_of_the_page_that_started_the_project() {
    let Some(folder) = shared("seeds") else {
        return;
    };
    let page = fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let bytes = fs::read(page).unwrap();
    let article = Article::from_bytes(&bytes, Format::Text, &Limits::default()).unwrap();
    let count = |kind: Kind| {
        article
            .blocks()
            .iter()
            .filter(|block| block.kind == kind)
            .count()
    };
    assert_eq!(count(Kind::Title), 1);
    assert_eq!(count(Kind::Meta), 2);
    // A deck, three bare sub-headlines and two marked ones.
    assert_eq!(count(Kind::Heading), 6);
    // Three bullets and eleven numbered items.
    assert_eq!(count(Kind::ListItem), 14);
    let mut reasons: Vec<&str> = article
        .blocks()
        .iter()
        .filter_map(|block| block.reason.as_deref())
        .collect();
    reasons.sort_unstable();
    assert_eq!(
        reasons,
        [
            "related_link",
            "sign_up_button",
            "story_continues",
            "story_continues",
            "story_continues"
        ]
    );
    let button = article
        .blocks()
        .iter()
        .position(|block| block.reason.as_deref() == Some("sign_up_button"));
    let after = &article.blocks()[button.unwrap() + 1];
    assert!(
        article
            .block_text(after)
            .starts_with("The recent discussions")
    );
}
