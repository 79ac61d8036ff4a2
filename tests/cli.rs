//! The command line: cases as files in `tests/cmd/`, the examples of README and docs, and what a
//! file cannot show.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use copydesk::Limits;
use copydesk::corpus::Corpus;

fn copydesk() -> Command {
    Command::new(env!("CARGO_BIN_EXE_copydesk"))
}

fn run(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = copydesk()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    let feeder = std::thread::spawn(move || {
        // A command that refuses its arguments does not read.
        let _ = input.write_all(&stdin);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn cases() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}

#[test]
fn examples_of_the_docs() {
    trycmd::TestCases::new().case("README.md").case("docs/*.md");
}

/// Bytes that are no text file, one after another: each is named, none stops the others.
#[test]
fn odd_files_are_named_and_the_others_done() {
    let folder = tempfile::tempdir().unwrap();
    let hollow = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let utf16: Vec<u8> = "The port closed.\r\nIt opened."
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let files = [
        put("empty.txt", b""),
        put("image.png", b"\x89PNG\r\n\x1a\n"),
        put("nul.bin", &[0; 500]),
        put("utf16.txt", &utf16),
        put("latin1.txt", b"The caf\xe9 closed."),
        put("good.txt", b"The port closed."),
        hollow.path().to_str().unwrap().to_owned(),
        "no-such-file.txt".to_owned(),
    ];
    let mut args = vec!["classify"];
    args.extend(files.iter().map(String::as_str));
    let output = run(&args, b"");
    assert_eq!(output.status.code(), Some(3));
    let errors = text(&output.stderr);
    for (name, what) in [
        ("empty.txt", "empty: nothing to label"),
        ("image.png", "is a PNG image, not text"),
        ("nul.bin", "is not text"),
        ("latin1.txt", "read as windows-1252, which is a guess"),
        ("no-such-file.txt", "cannot be read"),
        (files[6].as_str(), "folder has no file to read"),
    ] {
        assert!(
            errors
                .lines()
                .any(|line| line.contains(name) && line.contains(what)),
            "{name}: {what} in\n{errors}"
        );
    }
    let answers = text(&output.stdout);
    assert_eq!(answers.lines().count(), 4, "{answers}");
}

#[test]
fn a_broken_pipe_is_no_failure() {
    let page = "The port closed on Friday, the board said.\n".repeat(20_000);
    let mut child = copydesk()
        .args(["classify", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || stdin.write_all(page.as_bytes()));
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with('{'));
    let mut errors = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{errors}");
    assert_eq!(errors, "");
    feeder.join().unwrap().unwrap();
}

#[test]
fn output_that_cannot_be_written_is_exit_code_4_and_harms_nothing() {
    let output = run(
        &["classify", "-", "-o", "/no/such/folder/out.jsonl"],
        b"One.",
    );
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("/no/such/folder/out.jsonl"));
    if Path::new("/dev/full").exists() {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let status = copydesk()
            .args(["classify", "seeds/second-homes.txt"])
            .stdout(full)
            .stderr(Stdio::null())
            .status();
        assert_eq!(status.unwrap().code(), Some(4));
    }
}

/// A million rows, a hundred of them broken: an answer or a named error for each, in order. Memory
/// is watched where the system tells it.
#[test]
fn a_million_rows() {
    const ROWS: usize = 1_000_000;
    const EVERY: usize = 10_000;
    let mut child = copydesk()
        .args(["classify", "-", "--from", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
    let mut stdin = std::io::BufWriter::new(child.stdin.take().unwrap());
    let feeder = std::thread::spawn(move || {
        for row in 0..ROWS {
            if row % EVERY == EVERY / 2 {
                writeln!(stdin, "{{\"article\":\"A{}\",\"index\":{row},\"te", row / 7).unwrap();
            } else {
                let text = "The board voted on Tuesday to close the basin.";
                writeln!(
                    stdin,
                    "{{\"article\":\"A{}\",\"index\":{row},\"text\":\"{text}\"}}",
                    row / 7
                )
                .unwrap();
            }
        }
    });
    let mut stderr = child.stderr.take().unwrap();
    let errors = std::thread::spawn(move || {
        let mut errors = String::new();
        stderr.read_to_string(&mut errors).unwrap();
        errors
    });
    let mut answers = 0;
    let mut next = 0;
    let mut peak = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if next % EVERY == EVERY / 2 {
            next += 1;
        }
        let start = format!(
            "{{\"article\":\"A{}\",\"index\":{next},\"line\":{},",
            next / 7,
            next + 1
        );
        assert!(line.starts_with(&start), "{line} should start with {start}");
        if answers % 100_000 == 0 {
            peak = resident_kib(id).unwrap_or(0).max(peak);
        }
        next += 1;
        answers += 1;
    }
    assert_eq!(child.wait().unwrap().code(), Some(3));
    feeder.join().unwrap();
    let errors = errors.join().unwrap();
    assert_eq!(answers, ROWS - ROWS / EVERY);
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(lines.len(), ROWS / EVERY);
    for (number, line) in lines.iter().enumerate() {
        let row = number * EVERY + EVERY / 2 + 1;
        assert!(line.starts_with(&format!("copydesk: -:{row}: ")), "{line}");
    }
    println!("peak resident memory {} MiB", peak >> 10);
    // The rows together are 96 MB, and the answers 250 MB.
    assert!(peak < 120 << 10, "{peak} KiB");
}

fn resident_kib(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn the_same_bytes_at_any_thread_count() {
    let rows = std::fs::read("data/opinion.jsonl").unwrap();
    let one = run(&["classify", "-j", "1"], &rows);
    let two = run(&["classify", "-j", "3"], &rows);
    assert_eq!(one.status.code(), Some(0));
    assert!(!one.stdout.is_empty() && one.stdout == two.stdout);
}

/// The predictions of a leave-one-genre-out run: every labelled row once, with its label.
#[test]
fn predictions_hold_every_labelled_row() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("predictions.jsonl");
    let data = "tests/cmd/data/two-genres.jsonl";
    let args = [
        "evaluate",
        data,
        "--leave-out",
        "genre",
        "--min-articles",
        "1",
    ];
    let output = run(
        &[&args[..], &["--predictions", to.to_str().unwrap()]].concat(),
        b"",
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let rows = |path: &Path| -> Vec<serde_json::Value> {
        let lines = std::fs::read_to_string(path).unwrap();
        let rows = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        rows.collect()
    };
    let (given, got) = (rows(Path::new(data)), rows(&to));
    assert_eq!(given.len(), got.len());
    for (given, got) in given.iter().zip(&got) {
        assert_eq!(
            (&given["text"], &given["label"], &given["genre"]),
            (&got["text"], &got["gold"], &got["genre"])
        );
        let sum: f64 = got["probabilities"]
            .as_object()
            .unwrap()
            .values()
            .map(|p| p.as_f64().unwrap())
            .sum();
        assert!((sum - 1.0).abs() < 1e-9);
    }
}

/// A page that fails is named and listed, the others are written, and nothing lies outside the folder.
#[test]
fn render_writes_a_folder_with_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let pages = at("pages");
    std::fs::create_dir_all(folder.path().join("pages/sub")).unwrap();
    let put = |name: &str, text: &[u8]| {
        std::fs::write(folder.path().join("pages").join(name), text).unwrap();
    };
    put("b.txt", b"The port closed on Friday, the board said.");
    put(
        "a.md",
        b"# Port <i>closed</i>\n\nThe port closed on Friday, the board said.",
    );
    put("sub/b.txt", b"It is a shame.");
    put("broken.txt", b"\x89PNG\r\n\x1a\n");
    put("notes.log", b"not a page");
    let out = at("pages/out/");
    for round in 0..2 {
        let output = run(&["render", &pages, "-o", &out], b"");
        assert_eq!(output.status.code(), Some(3), "round {round}");
        let errors = text(&output.stderr);
        assert!(errors.contains("broken.txt: is a PNG image"), "{errors}");
        assert!(errors.contains("wrote 3 of 4 pages"), "{errors}");
        let mut names: Vec<String> = std::fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["a.html", "b-2.html", "b.html", "index.html"]);
    }
    let index = std::fs::read_to_string(format!("{out}index.html")).unwrap();
    assert!(index.contains("<a href=\"b-2.html\">"), "{index}");
    assert!(index.contains("Port &lt;i&gt;closed&lt;/i&gt;"), "{index}");
    assert!(index.contains("failed: is a PNG image"), "{index}");
    let html = folder.path().join("pages/c.html");
    std::fs::write(&html, "<p>The port closed on Friday, the board said.</p>").unwrap();
    let output = run(&["render", &pages, "-o", &pages], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("would be written over"));
    assert_eq!(std::fs::read(&html).unwrap().len(), 49);
}

/// Escape sequences in a page, its title and its file's name are shown, not sent, to either stream.
#[cfg(unix)]
#[test]
fn escape_sequences_are_not_passed_on() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let page = at("a\u{1b}[2J.txt");
    let title = "Ferry \u{1b}]0;owned\u{7} to stop";
    let body = "The ferry \u{1b}[31mwill stop in May\u{9b}2J, the council said on Tuesday.";
    std::fs::write(&page, format!("{title}\n\n{body}\n\n\u{e9}t\u{e9}.")).unwrap();
    let broken = at("b\u{1b}[2J\u{202e}.txt");
    std::fs::write(&broken, b"caf\xe9 \x1b[31m").unwrap();
    for args in [
        vec![
            "classify",
            &page,
            &broken,
            "no\u{1b}file",
            "--format",
            "table",
        ],
        vec!["explain", &page],
        vec!["explain", &broken],
        vec!["explain", "no\u{1b}file"],
    ] {
        let output = run(&args, b"");
        for stream in [&output.stdout, &output.stderr] {
            let stream = text(stream);
            assert!(
                stream
                    .chars()
                    .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
                "{args:?}: {stream:?}"
            );
        }
        assert!(!output.stdout.is_empty() || !output.stderr.is_empty());
    }
}

#[test]
fn colour_as_asked_for() {
    let brief = ["classify", "tests/cmd/data/brief.txt", "--format", "table"];
    let coloured = |args: &[&str], environment: &[(&str, &str)]| {
        let output = copydesk()
            .args(brief)
            .args(args)
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env("TERM", "xterm-256color")
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success());
        text(&output.stdout).contains("\u{1b}[38;5;32mreporting")
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("NO_COLOR", "1")]));
}

/// What most annotators said can be trained on and measured, and what they differ on can be read.
#[test]
fn the_majority_of_annotators_is_labelled_data() {
    let folder = tempfile::tempdir().unwrap();
    let (majority, differing) = (folder.path().join("m.jsonl"), folder.path().join("d.jsonl"));
    let data = |name: &str| format!("tests/cmd/data/coder-{name}.jsonl");
    let run = |files: &[String]| {
        let mut command = copydesk();
        command.arg("agree").args(files);
        command.arg("--majority").arg(&majority);
        command.arg("--disagreements").arg(&differing);
        command.output().unwrap()
    };
    let done = run(&[data("ada"), data("cem"), data("dot")]);
    assert!(done.status.success());
    let rows = Corpus::read(std::slice::from_ref(&majority), &Limits::default()).unwrap();
    let rows: Vec<_> = rows.rows().collect();
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row.label.is_some()));
    assert_eq!(rows.iter().filter(|row| row.hard).count(), 3);
    let lines = std::fs::read_to_string(&differing).unwrap();
    assert_eq!(lines.lines().count(), 3);
    // Two who differ have no majority.
    let done = run(&[data("ada"), data("cem")]);
    assert!(String::from_utf8_lossy(&done.stderr).contains("have no majority"));
    let rows = Corpus::read(std::slice::from_ref(&majority), &Limits::default()).unwrap();
    assert_eq!(rows.rows().filter(|row| row.label.is_none()).count(), 1);
}

/// The rows of all tables of a page, without their tags.
fn table_rows(html: &str) -> Vec<Vec<String>> {
    let bare = |cell: &str| -> String {
        let pieces = cell
            .split('<')
            .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
        pieces.collect::<Vec<_>>().concat()
    };
    let rows = html.split("<tr>").skip(1);
    rows.map(|row| {
        let row = row.split("</tr>").next().unwrap();
        let row = row
            .replace("<small>", "</th><th>")
            .replace("</th>", "</td>");
        row.split("</td>").map(bare).collect()
    })
    .collect()
}

/// Every figure of the JSON, in a row of the page.
#[test]
fn the_page_of_an_evaluation_says_what_its_json_says() {
    let report = |format: &str| {
        let args = "evaluate data/interview.jsonl --by genre --min-confidence 0.7 --format";
        let args: Vec<&str> = args.split(' ').chain([format, "--draws", "100"]).collect();
        let output = run(&args, b"");
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let json: serde_json::Value = serde_json::from_str(&report("json")).unwrap();
    let html = report("html");
    let rows = table_rows(&html);
    let holds = |cells: &[String]| {
        let found = rows.iter().any(|row| {
            let mut row = row.iter();
            cells.iter().all(|cell| row.any(|own| own == cell))
        });
        assert!(found, "{cells:?} in {rows:?}");
    };
    let number = |value: &serde_json::Value| format!("{:.4}", value.as_f64().unwrap());
    let interval = |json: &serde_json::Value, name: &str| {
        let interval = &json["intervals"][name];
        format!(
            "{} to {}",
            number(&interval["low"]),
            number(&interval["high"])
        )
    };
    for (name, figure) in [
        ("macro-F1", "macro_f1"),
        ("news/opinion macro-F1", "news_opinion_macro_f1"),
        ("accuracy", "accuracy"),
        ("Matthews correlation", "matthews_correlation"),
        ("log-loss", "log_loss"),
        ("Brier score", "brier_score"),
        ("calibration error", "calibration_error"),
    ] {
        let mut cells = vec![
            name.to_owned(),
            number(&json[figure]),
            interval(&json, figure),
        ];
        for baseline in ["majority", "quote_rule"] {
            if let Some(value) = json[baseline].get(figure) {
                cells.push(number(value));
            }
        }
        holds(&cells);
    }
    for (group, key) in [("labels", "label"), ("sides", "side")] {
        for class in json[group].as_array().unwrap() {
            let name = class[key].as_str().unwrap();
            let mut cells = vec![name.replace('_', " ")];
            for figure in ["precision", "recall", "f1"] {
                // The data hold no call to action to be found.
                if json["intervals"].get(format!("{name}_{figure}")).is_some() {
                    cells.push(number(&class[figure]));
                    cells.push(interval(&json, &format!("{name}_{figure}")));
                }
            }
            cells.push(class["support"].to_string());
            holds(&cells);
        }
    }
    for bin in json["reliability"].as_array().unwrap() {
        let mut cells = ["from", "confidence", "accuracy"]
            .map(|name| number(&bin[name]))
            .to_vec();
        let ends = ["low", "high"].map(|end| number(&bin["interval"][end]));
        cells.push(ends.join(" to "));
        cells.push(bin["paragraphs"].to_string());
        holds(&cells);
    }
    for step in json["confidences"].as_array().unwrap() {
        let from = format!("{:.2}", step["from"].as_f64().unwrap());
        holds(&[from, step["paragraphs"].to_string()]);
    }
    for point in json["coverage"].as_array().unwrap() {
        let names = [
            "coverage",
            "min_confidence",
            "accuracy",
            "news_opinion_accuracy",
        ];
        holds(&names.map(|name| number(&point[name])));
    }
    let group = &json["by"][0]["groups"][0];
    let mut cells = vec![group["value"].as_str().unwrap().to_owned()];
    for figure in ["macro_f1", "news_opinion_macro_f1", "accuracy"] {
        cells.extend([number(&group[figure]), interval(group, figure)]);
    }
    cells.push(group["paragraphs"].to_string());
    holds(&cells);
    let sure = &json["abstaining"];
    let said = format!(
        "macro-F1 {}, {}",
        number(&sure["macro_f1"]),
        interval(sure, "macro_f1")
    );
    assert!(html.contains(&said), "{said}");
    // A count of the matrix stands before its share of the row.
    for row in json["confusion"].as_array().unwrap() {
        for count in row.as_array().unwrap() {
            assert!(html.contains(&format!("<b>{count}</b> <span>")), "{count}");
        }
    }
    // Each paragraph comes with its reasons.
    assert_eq!(html.matches("<summary>Why?").count(), 40);
}

/// Two models on the same data: a row of the page for every figure of the JSON, and a line for every
/// paragraph that gets different labels.
#[test]
fn the_page_of_a_comparison_says_what_its_json_says() {
    let folder = tempfile::tempdir().unwrap();
    let differences = folder.path().join("differences.jsonl");
    let report = |format: &str| {
        let args =
            "compare built-in tests/data/version-3.copydesk data/interview.jsonl --draws 100";
        let more = ["--format", format, "--differences"];
        let args: Vec<&str> = args.split(' ').chain(more).collect();
        let output = run(&[&args[..], &[differences.to_str().unwrap()]].concat(), b"");
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let json: serde_json::Value = serde_json::from_str(&report("json")).unwrap();
    let rows = table_rows(&report("html"));
    let signed = |value: &serde_json::Value| match value.as_f64().unwrap() {
        near if near.abs() < 5e-5 => "0.0000".to_owned(),
        other => format!("{other:+.4}"),
    };
    let figures = json["figures"].as_array().unwrap();
    assert!(figures.len() > 15, "{}", figures.len());
    for figure in figures {
        let interval = &figure["interval"];
        let cells = [
            format!("{:.4}", figure["a"].as_f64().unwrap()),
            format!("{:.4}", figure["b"].as_f64().unwrap()),
            signed(&figure["difference"]),
            format!(
                "{} to {}",
                signed(&interval["low"]),
                signed(&interval["high"])
            ),
        ];
        assert!(
            rows.iter().any(|row| row.len() > 4 && row[1..5] == cells),
            "{cells:?}"
        );
        let [low, high] = ["low", "high"].map(|end| interval[end].as_f64().unwrap());
        let zero = low <= 0.0 && 0.0 <= high;
        assert_eq!(figure["holds_zero"].as_bool(), Some(zero), "{figure}");
    }
    let labels = &json["mcnemar"]["labels"];
    let names = ["both_right", "only_a_right", "only_b_right", "both_wrong"];
    let counts = names.map(|name| labels[name].as_u64().unwrap());
    assert_eq!(
        counts.iter().sum::<u64>(),
        json["paragraphs"].as_u64().unwrap()
    );
    let cells = counts.map(|count| count.to_string());
    assert!(
        rows.iter().any(|row| row.len() > 4 && row[1..5] == cells),
        "{cells:?}"
    );
    let lines = std::fs::read_to_string(&differences).unwrap();
    assert_eq!(
        lines.lines().count() as u64,
        json["differing"].as_u64().unwrap()
    );
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_ne!(row["label_a"], row["label_b"]);
    }
}
