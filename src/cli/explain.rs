//! `copydesk explain`: the terms and cues that carried each paragraph's label.

use copydesk::report::{json, table};
use copydesk::{Error, ErrorKind, Limits};

use super::args::{Explain, ReportFormat};
use super::input::{or_stdin, put_report};
use super::messages::Failure;
use super::page;
use super::terminal;

pub(crate) fn run(args: &Explain) -> Result<(), Failure> {
    let limits = Limits::default();
    let (model, _) = args.model.load(&limits)?;
    let path = or_stdin(args.file.as_slice()).remove(0);
    let article = page::read(&path, &args.read)?;
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
