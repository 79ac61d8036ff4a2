//! One page by name, for the commands that take pages and no rows; and the pages of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use copydesk::article::Article;
use copydesk::{Error, ErrorKind, Result};

use super::args::ReadArgs;
use super::input::{Content, Input};
use super::messages::say;

/// Reads a page, and says what was repaired in it.
pub(crate) fn read(path: &Path, read: &ReadArgs) -> Result<Article> {
    let mut input = Input::open(path)?;
    let Content::Page(format) = input.content(read.from)? else {
        return Err(Error::new(ErrorKind::Parameter, "holds rows, not one page")
            .in_file(path)
            .hint("give a text, Markdown or HTML page"));
    };
    let reader = read.reader()?;
    let article = input
        .bytes(&reader.limits)
        .and_then(|bytes| reader.read(&bytes, format))
        .map_err(|error| error.in_file(path))?;
    for notice in article.notices() {
        say(format_args!("{}: {notice}", path.display()));
    }
    Ok(article)
}

/// Names of files in a folder that are taken for pages.
const EXTENSIONS: [&str; 4] = ["html", "htm", "txt", "md"];

/// The pages of a folder and of those in it, sorted by name. The folder `but` is left out; links to
/// folders are not followed, since they can lead in a circle.
pub(crate) fn of_folder(folder: &Path, but: Option<&Path>) -> Result<Vec<PathBuf>> {
    let mut pages = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let cannot = |error: std::io::Error| {
            Error::new(ErrorKind::Read, format!("folder cannot be read: {error}"))
                .in_file(&folder)
                .caused_by(error)
        };
        for entry in fs::read_dir(&folder).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            let path = entry.path();
            if entry.file_type().map_err(cannot)?.is_dir() {
                let left_out = but.is_some_and(|but| {
                    fs::canonicalize(&path)
                        .is_ok_and(|path| Some(path) == fs::canonicalize(but).ok())
                });
                if !left_out {
                    folders.push(path);
                }
            } else if path
                .extension()
                .and_then(|extension| extension.to_str())
                .is_some_and(|e| EXTENSIONS.iter().any(|known| e.eq_ignore_ascii_case(known)))
            {
                pages.push(path);
            }
        }
    }
    pages.sort();
    if pages.is_empty() {
        return Err(Error::new(
            ErrorKind::Empty,
            "folder has no .html, .htm, .txt or .md file",
        )
        .in_file(folder));
    }
    Ok(pages)
}
