//! Rendered pages in a real browser: nothing that a page holds runs there, and the style and the
//! sorting script, which may, do.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The browser, or the reason why there is none to ask.
fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let known = ["chromium", "chromium-browser", "google-chrome"];
    let found = named.or_else(|| {
        std::env::split_paths(&paths)
            .flat_map(|folder| known.map(|name| folder.join(name)))
            .find(|path| path.is_file())
    });
    if found.is_none() {
        println!(
            "skipped: no chromium, chromium-browser or google-chrome in PATH, nor CHROMIUM set"
        );
    }
    found
}

/// What a browser made of a file: its document after everything has run, and its console.
fn dump(browser: &Path, file: &Path, more: &[&str]) -> (String, String) {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--enable-logging=stderr",
            "--v=0",
            "--virtual-time-budget=2000",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(more)
        .arg("--dump-dom")
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let console = String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .collect::<Vec<_>>()
        .join("\n");
    (dom, console)
}

fn render(args: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .arg("render")
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Each would leave a mark in the document: a title, an attribute or an element.
const PAYLOADS: [&str; 12] = [
    "<script>document.title='PWNED'</script>",
    "<img src=x onerror=\"document.body.dataset.pwned=1\">",
    "<svg onload=\"document.body.dataset.pwned=1\"></svg>",
    "</style><script>document.title='PWNED'</script>",
    "</title><script>document.title='PWNED'</script>",
    "--><script>document.title='PWNED'</script><!--",
    "]]><script>document.title='PWNED'</script>",
    "\" autofocus tabindex=1 onfocus=\"document.body.dataset.pwned=1",
    "' onmouseover='document.body.dataset.pwned=1",
    "[see](javascript:document.title='PWNED')",
    "[see](\"onclick=\"document.title='PWNED')",
    "<iframe src=\"javascript:parent.document.title='PWNED'\"></iframe>",
];

/// A page with a payload everywhere a page can hold text.
fn hostile(payload: &str) -> String {
    format!(
        "Harbour {payload} to close\n\nportnews.example {payload} -- Friday, May 16, 2025, 11:05:33 AM Eastern Daylight Time\n\n\
         Categories: Ports, {payload}\n\nThe harbour board {payload} voted on Tuesday to close the inner basin, its chair said.\n\n\
         ## What {payload} it means\n\n> We {payload} had no other way, and we said so to everybody who asked us.\n\n\
         - One {payload} pier will stay open until the end of March, the board said.\n\n\
         {payload}\n\nAdvertisement\n\nIt is a shame {payload} that nobody asked the fishermen.\n"
    )
}

#[test]
fn nothing_of_a_page_runs() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("pages");
    std::fs::create_dir(&pages).unwrap();
    for (number, payload) in PAYLOADS.iter().enumerate() {
        std::fs::write(pages.join(format!("{number:02}.txt")), hostile(payload)).unwrap();
    }
    // The name of a file is text of the page too.
    let name = "99 <img src=x onerror=document.title='PWNED'>.txt";
    std::fs::write(pages.join(name), hostile("\u{202e}\u{1b}[31m")).unwrap();
    let out = folder.path().join("out");
    render(&[
        pages.to_str().unwrap(),
        "-o",
        &format!("{}/", out.display()),
    ]);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len(), PAYLOADS.len() + 2);
    for file in files {
        let (dom, console) = dump(&browser, &file, &[]);
        let index = file.ends_with("index.html");
        let name = file.display();
        assert!(dom.contains("<main"), "{name}: {dom}");
        assert!(!dom.contains("<title>PWNED"), "{name}");
        assert!(!dom.contains("data-pwned"), "{name}");
        assert_eq!(dom.matches("<script").count(), usize::from(index), "{name}");
        for element in ["<img", "<iframe"] {
            assert!(!dom.contains(element), "{name}: {element}");
        }
        // Had the policy stopped our own style or script, the console would say so.
        assert_eq!(console, "", "{name}");
    }
}

/// Labelled rows with a payload in every field that holds text, and in the file's own name.
#[test]
fn nothing_of_labelled_data_runs() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut rows = String::new();
    let control = "\u{202e}\u{1b}[31m\u{0}";
    for (number, payload) in PAYLOADS.iter().chain([&control]).enumerate() {
        for (index, label) in ["reporting", "commentary"].iter().enumerate() {
            let row = serde_json::json!({
                "article": format!("{number}{payload}"),
                "index": index,
                "label": label,
                "outlet": payload,
                *payload: payload,
                "text": format!("It {payload} is a shame that nobody asked."),
            });
            rows.push_str(&format!("{row}\n"));
        }
    }
    let data = folder
        .path()
        .join("9 <img src=x onerror=document.title='PWNED'>.jsonl");
    std::fs::write(&data, rows).unwrap();
    let page = folder.path().join("report.html");
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .arg("evaluate")
        .arg(&data)
        .args(["--format", "html", "--by", "outlet", "--draws", "100", "-o"])
        .arg(&page)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let compared = folder.path().join("compared.html");
    let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["compare", "built-in", "tests/data/version-3.copydesk"])
        .arg(&data)
        .args(["--format", "html", "--by", "outlet", "--draws", "100", "-o"])
        .arg(&compared)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    for (page, holds) in [
        (page, "Worst paragraphs"),
        (compared, "Where the labels differ"),
    ] {
        let (dom, console) = dump(&browser, &page, &[]);
        assert!(dom.contains(holds), "{dom}");
        assert!(!dom.contains("<title>PWNED") && !dom.contains("data-pwned"));
        for element in ["<script", "<img", "<iframe"] {
            assert!(!dom.contains(element), "{element}");
        }
        assert_eq!(console, "");
    }
}

/// The script gives each heading of a sortable column a button, which only shows if it ran.
#[test]
fn the_index_can_be_sorted() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let out = format!("{}/", folder.path().display());
    render(&["seeds/night-train.md", "seeds/second-homes.txt", "-o", &out]);
    let (dom, console) = dump(&browser, &folder.path().join("index.html"), &[]);
    assert_eq!(console, "");
    assert_eq!(dom.matches("<button type=\"button\">").count(), 7, "{dom}");
    let (night, homes) = (dom.find("night-train.html"), dom.find("second-homes.html"));
    assert!(night.unwrap() < homes.unwrap());
}

/// A policy that did not let the style through would leave the page as the browser's default: black
/// on white. The picture's size tells: a PNG of the styled page differs from that of the bare one.
#[test]
fn the_style_is_applied() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    render(&["seeds/night-train.md", "-o", page.to_str().unwrap()]);
    let html = std::fs::read_to_string(&page).unwrap();
    let bare = folder.path().join("bare.html");
    std::fs::write(&bare, html.replacen("sha256-", "sha256-A", 1)).unwrap();
    let (_, console) = dump(&browser, &bare, &[]);
    assert!(console.contains("Content Security Policy"), "{console}");
    let shot = |file: &Path| {
        let png = file.with_extension("png");
        let screenshot = format!("--screenshot={}", png.display());
        dump(&browser, file, &[&screenshot, "--window-size=800,600"]);
        std::fs::read(png).unwrap()
    };
    let (styled, plain) = (shot(&page), shot(&bare));
    assert!(styled.len() > 5_000, "{} bytes: blank?", styled.len());
    assert_ne!(styled, plain);
}
