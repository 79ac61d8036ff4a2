//! The sample pages in `seeds/`: every block found, with its kind, and the labels of the built-in
//! model.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use copydesk::article::Format;
use copydesk::{Article, Limits, Model};

struct Expected {
    line: usize,
    kind: String,
    label: String,
    clear: bool,
    begins: String,
}

fn pages() -> Vec<(PathBuf, Vec<Expected>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(stem) = path.to_str().unwrap().strip_suffix(".expected.tsv") else {
            continue;
        };
        let page = ["txt", "md"].map(|extension| PathBuf::from(format!("{stem}.{extension}")));
        let page = page.into_iter().find(|page| page.exists()).unwrap();
        let rows = fs::read_to_string(&path).unwrap();
        let expected = rows
            .lines()
            .map(|row| {
                let fields: Vec<&str> = row.split('\t').collect();
                Expected {
                    line: fields[0].parse().unwrap(),
                    kind: fields[1].to_owned(),
                    label: fields[2].to_owned(),
                    clear: fields[3] == "clear",
                    begins: fields[4].to_owned(),
                }
            })
            .collect();
        pages.push((page, expected));
    }
    pages.sort_by(|a, b| a.0.cmp(&b.0));
    pages
}

fn read(page: &Path) -> Article {
    let bytes = fs::read(page).unwrap();
    let format = Format::detect(page.to_str(), &bytes);
    Article::from_bytes(&bytes, format, &Limits::default()).unwrap()
}

#[test]
fn every_block_is_found_with_its_kind() {
    let pages = pages();
    assert!(pages.len() >= 6);
    for (page, expected) in pages {
        let article = read(&page);
        let got: Vec<(usize, String, String)> = article
            .blocks()
            .iter()
            .map(|block| {
                let body = article.body(block);
                let words: Vec<&str> = body.split_whitespace().collect();
                (block.line, block.kind.name().to_owned(), words.join(" "))
            })
            .collect();
        for (got, want) in got.iter().zip(&expected) {
            assert_eq!(
                (got.0, &got.1),
                (want.line, &want.kind),
                "{}: {}",
                page.display(),
                got.2
            );
            assert!(
                got.2.starts_with(&want.begins),
                "{:?} {:?}",
                got.2,
                want.begins
            );
        }
        assert_eq!(got.len(), expected.len(), "{}", page.display());
    }
}

/// The pages were written after the corpus and by the same project, so this is a smoke alarm, not a
/// measurement.
#[test]
fn clear_paragraphs_get_their_labels() {
    let (mut right, mut all) = (0, 0);
    for (page, expected) in pages() {
        let article = read(&page);
        for (scores, want) in Model::builtin().classify(&article).iter().zip(&expected) {
            if let (Some(scores), true) = (scores, want.clear) {
                let got = scores.best().name();
                if got != want.label {
                    println!(
                        "{}:{}: {got}, not {}",
                        page.display(),
                        want.line,
                        want.label
                    );
                }
                right += usize::from(got == want.label);
                all += 1;
            }
        }
    }
    println!("{right} of {all} clear paragraphs right");
    assert!(right * 100 >= all * 93, "{right} of {all}");
}
