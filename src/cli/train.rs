//! `copydesk train`: labelled paragraphs in, a model file out.

use std::time::Instant;

use copydesk::corpus::{self, Corpus, Stream};
use copydesk::model::{Calibration, Model};
use copydesk::report::{self, table};
use copydesk::store;
use copydesk::train::{FitReport, Progress, ValidTrainParams};
use copydesk::{Error, Limits};

use super::args::Train;
use super::input;
use super::messages::{Failure, say};

pub(crate) fn run(args: &Train) -> Result<(), Failure> {
    let limits = Limits::default();
    let params = args.settings.params().check()?;
    let start = Instant::now();
    let old = args.warm_start.as_deref();
    let old = old
        .map(|path| input::model(Some(path), &limits))
        .transpose()?;
    let old = old.as_deref();
    let (model, report) = args.threads.install(|| match needs_corpus(args) {
        true => fit_corpus(args, &params, old, &limits),
        false => {
            let mut stream = Stream::new(&args.data, &limits);
            let done = params.fit_articles(&mut stream, old, &limits, &mut tell());
            match done {
                Err(_) if stream.is_scattered() => fit_corpus(args, &params, old, &limits),
                done => done,
            }
        }
    })?;
    let bytes = model.to_bytes();
    store::write(&args.output, &bytes)?;
    if let Some(figures) = &report.held_out {
        say(format_args!(
            "cross-validated: accuracy {:.4}, macro-F1 {:.4}, news/opinion macro-F1 {:.4}, calibration error {:.4}{}",
            figures.accuracy,
            figures.macro_f1,
            figures.news_opinion_macro_f1,
            figures.calibration_error.unwrap_or(f64::NAN),
            match (model.calibration(), figures.uncalibrated_error) {
                (Calibration::None, _) | (_, None) => String::new(),
                (_, Some(before)) => format!(" (before calibration {before:.4})"),
            }
        ));
    }
    if params.get().compact.is_some() {
        say(match (&report.before_compact, &report.held_out) {
            (Some(full), Some(small)) => format!(
                "made small: accuracy {:.4} instead of {:.4}, macro-F1 {:.4} instead of {:.4}, cross-validated",
                small.accuracy, full.accuracy, small.macro_f1, full.macro_f1
            ),
            _ => "made small; what that costs was not measured: use --folds 5".to_owned(),
        });
    }
    if !report.converged {
        say(format_args!(
            "stopped before the duality gap reached {}; use more --max-epochs or a larger --alpha",
            params.get().tolerance
        ));
    }
    say(format_args!(
        "wrote {} ({} bytes) in {:.2} s",
        args.output.display(),
        bytes.len(),
        start.elapsed().as_secs_f64()
    ));
    Ok(())
}

/// Whether something is asked for that needs the data in memory as a whole.
fn needs_corpus(args: &Train) -> bool {
    !args.no_check || args.settings.folds > 0
}

fn fit_corpus(
    args: &Train,
    params: &ValidTrainParams,
    old: Option<&Model>,
    limits: &Limits,
) -> Result<(Model, FitReport), Error> {
    let corpus = Corpus::read(&args.data, limits)?;
    say(format_args!("read {}", table::corpus(&corpus)));
    if !args.no_check {
        let findings = corpus::check_briefly(&corpus, corpus::check::NEAR);
        for line in report::check::brief(&findings) {
            say(line);
        }
    }
    params.fit_from(&corpus, old, limits, &mut tell())
}

/// Says how training goes.
fn tell() -> impl FnMut(Progress) {
    let start = Instant::now();
    let mut epochs = 0;
    move |progress| {
        let seconds = start.elapsed().as_secs_f64();
        match progress {
            Progress::CrossValidated => say(format_args!("cross-validated, {seconds:.2} s")),
            Progress::Features {
                articles,
                rows,
                features,
                cues,
                stored,
            } => say(format_args!(
                "{features} features and {cues} cues from {articles} articles; {rows} rows hold {stored} values"
            )),
            Progress::Epoch(epoch) => {
                epochs += 1;
                let about = if epoch.certified { "" } else { "about " };
                say(format_args!(
                    "epoch {epochs:>3}  objective {about}{:.3}  duality gap {about}{:.1e} of it  {seconds:.2} s",
                    epoch.objective,
                    epoch.gap / epoch.objective
                ));
            }
        }
    }
}
