//! What the command line reads: compressed files, folders, patterns.

#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

fn classify(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .arg("classify")
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn rows(count: usize) -> String {
    (0..count)
        .map(|n| format!("{{\"id\":{n},\"text\":\"The board met on {n} May and voted.\"}}\n"))
        .collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn compressed_files_give_what_the_plain_ones_give() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let rows = rows(300);
    let (head, tail) = rows.split_at(rows.len() / 2);
    put("rows.jsonl", rows.as_bytes());
    put("one.jsonl.gz", &gz(rows.as_bytes()));
    // Several members and frames in one file.
    put(
        "two.jsonl.gz",
        &[gz(head.as_bytes()), gz(tail.as_bytes())].concat(),
    );
    let zst = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    put("one.jsonl.zst", &zst(&rows));
    put("two.jsonl.zst", &[zst(head), zst(tail)].concat());
    // The first bytes tell, not the name.
    put("plain-name.jsonl", &gz(rows.as_bytes()));
    let plain = classify(folder.path(), &["rows.jsonl"]);
    assert_eq!(plain.status.code(), Some(0));
    for name in [
        "one.jsonl.gz",
        "two.jsonl.gz",
        "one.jsonl.zst",
        "two.jsonl.zst",
        "plain-name.jsonl",
    ] {
        let packed = classify(folder.path(), &[name]);
        assert_eq!(packed.status.code(), Some(0), "{name}");
        assert!(packed.stdout == plain.stdout, "{name}");
    }
    put("page.html.gz", &gz(b"<html><body><article><p>The bridge was closed on Monday, the police said.</p></article></body></html>"));
    let page = classify(folder.path(), &["page.html.gz"]);
    assert!(text(&page.stdout).contains("\"The bridge was closed on Monday, the police said.\""));
}

#[test]
fn what_could_be_read_of_a_damaged_file_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let packed = [
        gz(rows(3000).as_bytes()),
        zstd::encode_all(rows(30_000).as_bytes(), 1).unwrap(),
    ];
    for (name, packed) in ["cut.jsonl.gz", "cut.jsonl.zst"].iter().zip(packed) {
        std::fs::write(folder.path().join(name), &packed[..packed.len() * 2 / 3]).unwrap();
        let output = classify(folder.path(), &[name]);
        assert_eq!(output.status.code(), Some(3));
        let error = text(&output.stderr);
        assert!(error.contains("damaged or cut off"), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(text(&output.stdout).lines().count() > 100, "{name}");
    }
}

#[test]
fn folders_are_walked_and_patterns_matched() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("pages/deep")).unwrap();
    for name in [
        "pages/b.txt",
        "pages/a.md",
        "pages/deep/c.txt",
        "pages/.hidden.txt",
        "pages/data.bin",
        "pages/deep/photo.jpg",
    ] {
        std::fs::write(folder.path().join(name), "The pool will close in May.").unwrap();
    }
    let docs = |output: &Output| -> Vec<String> {
        text(&output.stdout)
            .lines()
            .map(|line| {
                let value: serde_json::Value = serde_json::from_str(line).unwrap();
                value["doc"].as_str().unwrap().to_owned()
            })
            .collect()
    };
    let output = classify(folder.path(), &["pages"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        docs(&output),
        ["pages/a.md", "pages/b.txt", "pages/deep/c.txt"]
    );
    assert_eq!(
        text(&output.stderr),
        "copydesk: pages: files of other kinds left out: 2, the first pages/data.bin\n"
    );
    let output = classify(folder.path(), &["pages/**/*.txt"]);
    assert_eq!(docs(&output), ["pages/b.txt", "pages/deep/c.txt"]);
    let output = classify(folder.path(), &["pages/*.csv"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("no file has such a name"));
}
