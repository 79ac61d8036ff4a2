//! Plain lines on the command line: each line of output answers its line of input, whatever the bytes.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use copydesk::{Label, Model};
use proptest::prelude::*;

fn labels() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command.args(["classify", "--from", "lines", "--format", "labels"]);
    command
}

/// Exit code, answers and messages of a run over one file.
fn run(file: &Path, more: &[&str]) -> (Option<i32>, Vec<u8>, String) {
    let output = labels().arg(file).args(more).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), output.stdout, errors)
}

/// Lines as the shell counts them.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    let whole = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    match bytes.is_empty() {
        true => Vec::new(),
        false => whole.split(|&byte| byte == b'\n').collect(),
    }
}

fn parse(answer: &[u8]) -> Option<(Label, f64)> {
    let (label, share) = std::str::from_utf8(answer).unwrap().split_once('\t')?;
    Some((label.parse().unwrap(), share.parse().unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_line_of_output_answers_its_line_of_input(
        given in prop::collection::vec(prop_oneof![
            4 => "[A-Za-z ,.“”’0-9]{0,60}".prop_map(String::into_bytes),
            1 => Just(b"The council voted on Tuesday.\r".to_vec()),
            1 => "[ \t\r\u{a0}]{0,3}".prop_map(String::into_bytes),
            2 => prop::collection::vec(any::<u8>().prop_filter("line feed", |b| *b != b'\n'), 0..40),
        ], 0..60),
        ends in any::<bool>(),
        threads in 1u8..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lines");
        let mut bytes = given.join(&b'\n');
        // What begins like a mark or a compressed file is one.
        bytes.insert(0, b'.');
        if ends {
            bytes.push(b'\n');
        }
        std::fs::write(&file, &bytes).unwrap();
        let (code, output, errors) = run(&file, &["-j", &threads.to_string()]);
        let (given, answers) = (lines(&bytes), lines(&output));
        prop_assert_eq!(given.len(), answers.len());
        let mut session = Model::builtin().session();
        let mut bad = Vec::new();
        for (number, (given, answer)) in given.iter().zip(answers).enumerate() {
            let given = given.strip_suffix(b"\r").unwrap_or(given);
            match std::str::from_utf8(given) {
                Ok(text) if text.trim().is_empty() => prop_assert!(answer.is_empty()),
                Ok(text) => {
                    let scores = session.score(text);
                    let (label, share) = parse(answer).unwrap();
                    prop_assert_eq!(label, scores.best());
                    prop_assert!((share - scores.get(label)).abs() < 5.1e-5);
                }
                Err(_) => {
                    prop_assert!(answer.is_empty());
                    bad.push(format!("lines:{}: line is not UTF-8", number + 1));
                }
            }
        }
        prop_assert_eq!(code, Some(if bad.is_empty() { 0 } else { 3 }));
        prop_assert_eq!(errors.lines().count(), bad.len());
        for (said, bad) in errors.lines().zip(bad) {
            prop_assert!(said.contains(&bad), "{said:?}");
        }
    }
}

/// A text of many blocks, with an empty line and a bad one now and then.
fn long() -> Vec<u8> {
    let line = |n: usize| match n % 97 {
        5 => b"\n".to_vec(),
        6 => b"caf\xe9\r\n".to_vec(),
        _ => format!("Item {n}: the council met and voted {} times.\n", n % 13).into_bytes(),
    };
    (0..40_000).flat_map(line).collect()
}

#[test]
fn compressed_in_pieces_and_at_any_thread_count_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text = long();
    std::fs::write(at("lines"), &text).unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&text).unwrap();
    std::fs::write(at("lines.gz"), gz.finish().unwrap()).unwrap();
    std::fs::write(at("lines.zst"), zstd::encode_all(&text[..], 1).unwrap()).unwrap();
    let (code, one, errors) = run(&at("lines"), &["-j1"]);
    assert_eq!(code, Some(3));
    assert_eq!(lines(&one).len(), 40_000);
    let bad = (0..40_000).filter(|n| n % 97 == 6).count();
    assert_eq!(errors.lines().count(), bad);
    for name in ["lines", "lines.gz", "lines.zst"] {
        let (_, answers, said) = run(&at(name), &["-j3"]);
        assert!(answers == one, "{name}");
        assert_eq!(said, errors.replace("/lines:", &format!("/{name}:")));
    }
    // Two files are answered one after the other.
    let both = labels().arg(at("lines")).arg(at("lines.gz")).output();
    assert!(both.unwrap().stdout == [one.clone(), one].concat());
}

/// Whoever sends a line and waits has the answer before the stream ends.
#[test]
fn a_line_is_answered_when_it_comes() {
    for threads in ["1", "2"] {
        let mut child = labels()
            .args(["-j", threads])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        for text in [
            "The ferry was closed on Monday.\n",
            "\n",
            "It is a disgrace.\n",
        ] {
            stdin.write_all(text.as_bytes()).unwrap();
            let mut answer = String::new();
            stdout.read_line(&mut answer).unwrap();
            assert!(answer.ends_with('\n'));
            assert_eq!(answer.trim().is_empty(), text.trim().is_empty());
        }
        drop(stdin);
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn a_broken_pipe_is_no_failure() {
    for threads in ["1", "2"] {
        let mut child = labels()
            .args(["-j", threads])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let text = "The port closed on Friday, the board said.\n".repeat(50_000);
        // Whoever has had enough reads no more of it.
        let feeder = std::thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
        let mut first = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut first).unwrap();
        drop(stdout);
        let mut errors = String::new();
        let mut stderr = child.stderr.take().unwrap();
        stderr.read_to_string(&mut errors).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{errors}");
        assert_eq!(errors, "");
        feeder.join().unwrap();
    }
}

/// A line above the cap is named, and those after it keep their places.
#[test]
fn a_line_that_is_too_long() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines");
    let mut text = b"The ferry was closed on Monday.\n".to_vec();
    text.resize(text.len() + (64 << 20) + 1, b'x');
    text.extend_from_slice(b"\nSign the petition today.\n");
    std::fs::write(&file, text).unwrap();
    let (code, answers, errors) = run(&file, &[]);
    assert_eq!(code, Some(3));
    let answers: Vec<bool> = lines(&answers).iter().map(|line| line.is_empty()).collect();
    assert_eq!(answers, [false, true, false]);
    assert!(
        errors.contains("lines:2: line of 67108865 bytes; at most 67108864 are read"),
        "{errors}"
    );
}

#[test]
fn a_run_that_was_stopped_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text = long();
    std::fs::write(at("lines"), &text).unwrap();
    let (_, whole, _) = run(&at("lines"), &[]);
    let out = at("out");
    let resumed = [
        "-o",
        out.to_str().unwrap(),
        "--resume",
        "--checkpoint",
        "1000",
    ];
    let mut kills = 0;
    loop {
        let mut child = labels()
            .arg(at("lines"))
            .args(resumed)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let noted = || std::fs::read(at("out.progress")).unwrap_or_default();
        let before = noted();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if kills < 4 && noted() != before {
                kills += 1;
                child.kill().unwrap();
            }
            std::thread::sleep(std::time::Duration::from_micros(200));
        };
        if let Some(code) = status.code() {
            assert_eq!(code, 3);
            break;
        }
    }
    assert!(std::fs::read(&out).unwrap() == whole);
    assert!(kills > 0);
}
