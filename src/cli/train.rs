//! `copydesk train`: labelled paragraphs in, a model file out.

use std::time::Instant;

use copydesk::corpus::{self, Corpus};
use copydesk::model::{Calibration, Model};
use copydesk::report::{self, table};
use copydesk::store;
use copydesk::train::{FitReport, Progress, ValidTrainParams};
use copydesk::{Error, Limits};

use super::args::Train;
use super::messages::{Failure, say};

pub(crate) fn run(args: &Train) -> Result<(), Failure> {
    let limits = Limits::default();
    let params = args.settings.params().check()?;
    let start = Instant::now();
    let corpus = Corpus::read(&args.data, &limits)?;
    say(format_args!("read {}", table::corpus(&corpus)));
    let findings = args
        .threads
        .install(|| corpus::check(&corpus, None, corpus::check::NEAR));
    for line in report::check::brief(&findings) {
        say(line);
    }
    let (model, report) = args.threads.install(|| fit(&params, &corpus, &limits))?;
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

fn fit(
    params: &ValidTrainParams,
    corpus: &Corpus,
    limits: &Limits,
) -> Result<(Model, FitReport), Error> {
    let start = Instant::now();
    let mut epochs = 0;
    params.fit(corpus, limits, &mut |progress| {
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
    })
}
