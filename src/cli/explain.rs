//! `copydesk explain`: the terms and cues that carried each paragraph's label.

use copydesk::article::Article;
use copydesk::report::{json, table};
use copydesk::{Error, ErrorKind, Limits};

use super::args::{Explain, ReportFormat};
use super::input::{Content, Input, or_stdin, put_report};
use super::messages::{Failure, say};
use super::terminal;

pub(crate) fn run(args: &Explain) -> Result<(), Failure> {
    let limits = Limits::default();
    let (model, _) = args.model.load(&limits)?;
    let path = or_stdin(args.file.as_slice()).remove(0);
    let mut input = Input::open(&path)?;
    let Content::Page(format) = input.content(args.from)? else {
        return Err(Failure::Error(
            Error::new(ErrorKind::Parameter, "holds rows; explain takes one page")
                .in_file(&path)
                .hint("give it a text, Markdown or HTML page"),
        ));
    };
    let article = input
        .bytes(&limits)
        .and_then(|bytes| Article::from_bytes(&bytes, format, &limits))
        .map_err(|error| error.in_file(&path))?;
    for notice in article.notices() {
        say(format_args!("{}: {notice}", path.display()));
    }
    let mut explanations = model.session().explain(&article);
    if let Some(block) = args.block {
        if explanations.get(block).is_none_or(Option::is_none) {
            return Err(Failure::Error(
                Error::new(
                    ErrorKind::Parameter,
                    format!("block {block} is not one that gets a label"),
                )
                .in_file(&path)
                .hint("see the `block` numbers of `copydesk classify --format jsonl`"),
            ));
        }
        for (number, explanation) in explanations.iter_mut().enumerate() {
            if number != block {
                *explanation = None;
            }
        }
    }
    let report = match args.format {
        ReportFormat::Table => {
            let style = terminal::style(&args.output);
            table::explanations(&article, &explanations, args.top, style).into_bytes()
        }
        ReportFormat::Json => json::explanations(&article, &explanations),
    };
    put_report(&args.output, &report)
}
