//! `copydesk render`: pages in, pages for a browser out, with an index where there are several.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use copydesk::classify::Session;
use copydesk::report::html::Why;
use copydesk::report::html::index::{Entry, Listed, index};
use copydesk::report::html::page::{View, page};
use copydesk::report::page::Page;
use copydesk::text::Language;
use copydesk::{Error, ErrorKind, Limits, Result, store};

use super::args::{Classify, OutputArg, ReadArgs, Render};
use super::input::{or_stdin, put_report};
use super::messages::{Failure, Messages, say};
use super::page as pages;

/// What the pages of one run have in common.
struct Press<'m, 'a> {
    session: Session<'m>,
    model: String,
    language: Language,
    read: &'a ReadArgs,
    indexed: bool,
}

impl Press<'_, '_> {
    /// Reads, labels and words one page. `file` is where it is to lie.
    fn page(&mut self, path: &Path, file: &str) -> Result<(String, Listed)> {
        let doc = path.display().to_string();
        let article = pages::read(path, self.read)?;
        let whys = self.session.explain_as(&article, Why::from);
        let scores = self.session.classify(&article);
        let made = Page {
            doc: &doc,
            article: &article,
            scores: &scores,
            language: self.session.language(),
            drop_furniture: false,
        };
        let html = page(&View {
            page: &made,
            whys: &whys,
            model: &self.model,
            model_language: self.language,
            indexed: self.indexed,
        });
        Ok((html, Listed::new(&made, file.to_owned())))
    }
}

pub(crate) fn run(args: &Render, messages: &mut Messages) -> Result<(), Failure> {
    let limits = Limits::default();
    let (model, name) = args.model.load(&limits)?;
    let mut press = Press {
        session: model.session(),
        model: name,
        language: model.space().language,
        read: &args.read,
        indexed: false,
    };
    let output = args.output.as_deref();
    if let [path] = args.pages.as_slice()
        && !path.is_dir()
        && !output.is_some_and(is_folder)
    {
        let (html, _) = press.page(path, "")?;
        let to = OutputArg {
            output: args.output.clone(),
        };
        return put_report(&to, html.as_bytes());
    }
    let Some(folder) = output else {
        return Err(usage(
            "several pages need a folder",
            "name one with -o FOLDER/",
        ));
    };
    let looks_like_page = folder
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("html") || e.eq_ignore_ascii_case("htm"));
    if folder.is_file() || (looks_like_page && !is_folder(folder)) {
        return Err(usage(
            &format!(
                "several pages do not go into one file, {}",
                folder.display()
            ),
            "name a folder with -o FOLDER/",
        ));
    }
    press.indexed = true;
    let mut inputs: Vec<PathBuf> = Vec::new();
    for path in &args.pages {
        if path.is_dir() {
            match pages::of_folder(path, Some(folder)) {
                Ok(found) => inputs.extend(found),
                Err(error) => messages.input_failed(&error),
            }
        } else {
            inputs.push(path.clone());
        }
    }
    press.edition(&inputs, folder, messages)
}

impl Press<'_, '_> {
    /// Writes a page an input, and their index.
    fn edition(
        &mut self,
        inputs: &[PathBuf],
        folder: &Path,
        messages: &mut Messages,
    ) -> Result<(), Failure> {
        let files = file_names(inputs);
        let index_file = folder.join("index.html");
        let read: HashSet<PathBuf> = inputs
            .iter()
            .filter_map(|path| fs::canonicalize(path).ok())
            .collect();
        let targets = files.iter().map(|file| folder.join(file));
        if let Some(path) = targets
            .chain([index_file.clone()])
            .find(|path| fs::canonicalize(path).is_ok_and(|path| read.contains(&path)))
        {
            return Err(usage(
                &format!("{} is an input and would be written over", path.display()),
                "name another folder with -o FOLDER/",
            ));
        }
        store::folder(folder)?;
        let mut entries = Vec::with_capacity(inputs.len());
        for (path, file) in inputs.iter().zip(&files) {
            let doc = path.display().to_string();
            let page = match self.page(path, file) {
                Ok((html, listed)) => {
                    store::write(&folder.join(file), html.as_bytes())?;
                    Ok(listed)
                }
                Err(error) => {
                    messages.input_failed(&error);
                    let reason = error.to_string();
                    let place = format!("{doc}: ");
                    Err(reason.strip_prefix(&place).unwrap_or(&reason).to_owned())
                }
            };
            entries.push(Entry { doc, page });
        }
        store::write(&index_file, index(&entries, &self.model).as_bytes())?;
        let done = entries.iter().filter(|entry| entry.page.is_ok()).count();
        say(format_args!(
            "wrote {done} of {} pages and {}",
            entries.len(),
            index_file.display()
        ));
        Ok(())
    }
}

/// The page of `copydesk classify --format html`.
pub(crate) fn one(args: &Classify) -> Result<(), Failure> {
    let files = or_stdin(&args.files);
    let [path] = files.as_slice() else {
        return Err(usage(
            "--format html takes one page",
            "for several, use copydesk render PAGE... -o FOLDER/",
        ));
    };
    let limits = Limits::default();
    let (model, name) = args.model.load(&limits)?;
    let mut press = Press {
        session: model.session(),
        model: name,
        language: model.space().language,
        read: &args.read,
        indexed: false,
    };
    let (html, _) = press.page(path, "")?;
    put_report(&args.output, html.as_bytes())
}

fn usage(what: &str, hint: &str) -> Failure {
    Failure::Error(Error::new(ErrorKind::Parameter, what).hint(hint))
}

/// Whether an output is meant as a folder: it is one, or its name ends like one.
fn is_folder(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes();
    path.is_dir()
        || name.ends_with(b"/")
        || name.ends_with(std::path::MAIN_SEPARATOR_STR.as_bytes())
}

/// Names that some systems keep for devices, and the index.
const TAKEN: [&str; 6] = ["index", "con", "prn", "aux", "nul", "clock$"];

/// The file of each input: its name without what is not plain ASCII, told from the others by a number.
fn file_names(inputs: &[PathBuf]) -> Vec<String> {
    const LONGEST: usize = 60;
    let mut taken: HashSet<String> = HashSet::new();
    let mut names = Vec::with_capacity(inputs.len());
    for path in inputs {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let mut name = String::new();
        for c in stem.chars().map(|c| c.to_ascii_lowercase()) {
            if c.is_ascii_alphanumeric() {
                name.push(c);
            } else if !name.is_empty() && !name.ends_with('-') {
                name.push('-');
            }
            if name.len() >= LONGEST {
                break;
            }
        }
        let name = name.trim_end_matches('-');
        let device = name.len() == 4
            && (name.starts_with("com") || name.starts_with("lpt"))
            && name.ends_with(|c: char| c.is_ascii_digit());
        let name = match name {
            "" => "page".to_owned(),
            name if device || TAKEN.contains(&name) => format!("page-{name}"),
            name => name.to_owned(),
        };
        let mut unique = name.clone();
        let mut number = 1;
        while !taken.insert(unique.clone()) {
            number += 1;
            unique = format!("{name}-{number}");
        }
        names.push(format!("{unique}.html"));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_plain_single_and_inside() {
        let long = "x".repeat(300);
        let inputs = [
            "a/Night Train.md",
            "b/night-train.txt",
            "../..",
            "index.html",
            "CON.txt",
            "com1.txt",
            "\"><script>.txt",
            "漢字.txt",
            "-",
            ".html",
            &long,
            "night-train-2.txt",
        ]
        .map(PathBuf::from);
        let names = file_names(&inputs);
        assert_eq!(
            &names[..10],
            [
                "night-train.html",
                "night-train-2.html",
                "page.html",
                "page-index.html",
                "page-con.html",
                "page-com1.html",
                "script.html",
                "page-2.html",
                "page-3.html",
                "html.html",
            ]
        );
        assert_eq!(names[10].len(), 65);
        assert_eq!(names[11], "night-train-2-2.html");
    }

    #[test]
    fn a_folder_by_its_name() {
        assert!(is_folder(Path::new("out/")));
        assert!(!is_folder(Path::new("out.html")));
        assert!(is_folder(Path::new("src")));
    }
}
