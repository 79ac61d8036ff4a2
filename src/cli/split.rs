//! `copydesk split`: the news part and the opinion part of a page, each to a file.

use std::path::{Path, PathBuf};

use copydesk::report::page::Page;
use copydesk::report::split::{Markup, part};
use copydesk::{Error, ErrorKind, Limits, Side};

use super::args::{OutputArg, Split, SplitMarkup};
use super::input::{put_report, same_file};
use super::messages::{Failure, say};
use super::page;

const STDOUT: &str = "-";

pub(crate) fn run(args: &Split) -> Result<(), Failure> {
    let wanted = [(Side::News, &args.news), (Side::Opinion, &args.opinion)];
    let wanted: Vec<(Side, &PathBuf)> = wanted
        .into_iter()
        .filter_map(|(side, file)| Some((side, file.as_ref()?)))
        .collect();
    if let [(_, news), (_, opinion)] = wanted.as_slice()
        && same_file(news, opinion)
    {
        return Err(usage("--news and --opinion name the same file", news));
    }
    if let Some((_, file)) = wanted
        .iter()
        .find(|(_, file)| file.as_os_str() != STDOUT && same_file(file, &args.page))
    {
        return Err(usage("is the page itself and would be written over", file));
    }
    let (model, _) = args.model.load(&Limits::default())?;
    let article = page::read(&args.page, &args.read)?;
    let scores = model.classify(&article);
    let page = Page {
        doc: "",
        article: &article,
        scores: &scores,
        language: None,
        drop_furniture: true,
    };
    for (side, file) in wanted {
        let markdown = file
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("md") || e.eq_ignore_ascii_case("markdown"));
        let markup = match args.to {
            Some(SplitMarkup::Markdown) => Markup::Markdown,
            None if markdown => Markup::Markdown,
            _ => Markup::Text,
        };
        let part = part(&page, side, markup);
        let to = OutputArg {
            output: (file.as_os_str() != STDOUT).then(|| file.clone()),
        };
        put_report(&to, part.text.as_bytes())?;
        say(format_args!(
            "{}: {side}, {} paragraph{}, {} words",
            file.display(),
            part.paragraphs,
            if part.paragraphs == 1 { "" } else { "s" },
            part.words
        ));
    }
    Ok(())
}

fn usage(what: &str, file: &Path) -> Failure {
    Failure::Error(
        Error::new(ErrorKind::Parameter, what)
            .in_file(file)
            .hint("name another file"),
    )
}
