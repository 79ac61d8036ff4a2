//! `copydesk info`: what a model is.

use copydesk::Limits;
use copydesk::report::{json, table};

use super::args::{Info, ReportFormat};
use super::input::{model, put_report};
use super::messages::Failure;

pub(crate) fn run(args: &Info) -> Result<(), Failure> {
    let limits = Limits::default();
    let name = args
        .model
        .as_ref()
        .map_or("built-in".to_owned(), |path| path.display().to_string());
    let model = model(args.model.as_deref(), &limits)?;
    let report = match args.format {
        ReportFormat::Table => table::info(&name, &model).into_bytes(),
        ReportFormat::Json => json::info(&name, &model),
    };
    put_report(&args.output, &report)
}
