//! Runs that are killed and started again: not a byte of the output differs.

#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rand::{Rng, SeedableRng};

const ROWS: usize = 4000;
/// Kills of each run.
const KILLS: usize = 20;

fn start(folder: &Path, args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .arg("classify")
        .args(args)
        .current_dir(folder)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).unwrap();
}

/// Rows with an article of paragraphs here, a broken one there.
fn json_rows() -> String {
    let row = |n: usize| match n % 40 {
        7 => "{\"broken\":\n".to_owned(),
        10 | 11 | 13 => format!(
            "{{\"article\":\"P{}\",\"index\":{n},\"text\":\"The clerk read item {n}.\"}}\n",
            n / 40
        ),
        12 => "{\"article\":5}\n".to_owned(),
        _ => format!(
            "{{\"id\":{n},\"text\":\"Pool {n} to close\\n\\nThe board met and voted {n} times.\\n\\nIt is a disgrace.\",\"n\":{n}.0}}\n"
        ),
    };
    (0..ROWS).map(row).collect()
}

fn csv_rows() -> String {
    let row = |n: usize| match n % 40 {
        7 => "too,many,fields,here\n".to_owned(),
        9 => format!("{n},\"a stray one,x\n"),
        _ => format!("{n},\"The board met,\nand voted {n} times.\",Post {n}\n"),
    };
    let rows: String = (0..ROWS).map(row).collect();
    format!("id,text,outlet\n{rows}")
}

/// Runs with the arguments, killed again and again, and gives the number of kills.
fn killed(folder: &Path, args: &[&str], random: &mut impl Rng) -> usize {
    let partial = folder.join("out.partial");
    let length = || std::fs::metadata(&partial).map_or(0, |meta| meta.len());
    let mut kills = 0;
    loop {
        let mut child = start(folder, args);
        let until = length() + random.gen_range(0..30_000);
        let delay = Duration::from_micros(random.gen_range(0..6000));
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if kills < KILLS && length() > until {
                std::thread::sleep(delay);
                child.kill().unwrap();
                break match child.wait().unwrap() {
                    status if status.code().is_some() => Some(status),
                    _ => None,
                };
            }
            std::thread::sleep(Duration::from_micros(200));
        };
        match ended {
            // Broken rows were named, if not in this run.
            Some(status) => {
                assert_eq!(status.code(), Some(3));
                return kills;
            }
            None => kills += 1,
        }
    }
}

#[test]
fn a_run_killed_again_and_again_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    put(folder, "rows.jsonl", json_rows().as_bytes());
    put(folder, "rows.csv", csv_rows().as_bytes());
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(json_rows().as_bytes()).unwrap();
    put(folder, "packed.jsonl.gz", &gz.finish().unwrap());
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(20);
    let mut kills = 0;
    for args in [
        &["rows.jsonl", "-j1"][..],
        &["packed.jsonl.gz", "--format", "csv"],
        &["rows.csv", "rows.jsonl", "--format", "csv"],
        &["rows.csv", "--per-article"],
        &["rows.jsonl", "--format", "dolma"],
    ] {
        let status = start(folder, &[args, &["-o", "whole"]].concat()).wait();
        assert_eq!(status.unwrap().code(), Some(3));
        let resumed = [args, &["-o", "out", "--resume", "--checkpoint", "16"]].concat();
        kills += killed(folder, &resumed, &mut random);
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
        assert!(read("out") == read("whole"), "{args:?}");
        assert!(!folder.join("out.partial").exists() && !folder.join("out.progress").exists());
        std::fs::remove_file(folder.join("out")).unwrap();
    }
    assert!(kills >= 50, "{kills} kills");
}

#[test]
fn another_run_does_not_go_on_with_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    put(folder, "rows.jsonl", json_rows().as_bytes());
    let resumed = ["rows.jsonl", "-o", "out", "--resume", "--checkpoint", "16"];
    let mut child = start(folder, &resumed);
    while !folder.join("out.progress").exists() {
        std::thread::sleep(Duration::from_micros(200));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let refused = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .arg("classify")
            .args(args)
            .current_dir(folder)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let other = [&resumed[..], &["--format", "csv"]].concat();
    assert!(refused(&other).contains("out.progress: the run that was stopped had other settings"));
    put(folder, "rows.jsonl", b"{\"text\":\"Short.\"}\n");
    assert!(refused(&resumed).contains("had other inputs; remove out.progress to begin anew"));
    let table = [&resumed[..], &["--format", "table"]].concat();
    assert!(refused(&table).contains("needs an output of lines"));
    let stdin = ["-", "-o", "out", "--resume"];
    assert!(refused(&stdin).contains("cannot read standard input again"));
}
