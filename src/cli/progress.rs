//! How far a command is, on standard error where a person looks at it.

use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};

/// The one bar: messages, which come from everywhere, step round it.
static BAR: OnceLock<ProgressBar> = OnceLock::new();

/// Bytes read and time left, where sizes are known.
const SIZED: &str = "{bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left{msg}";
/// Bytes read of a stream without a size.
const UNSIZED: &str = "{spinner} {bytes}, {bytes_per_sec}{msg}";

/// Shows a bar for reading these files, if standard error is a terminal.
pub(crate) fn show(files: &[PathBuf]) {
    if !io::stderr().is_terminal() {
        return;
    }
    let sizes: Option<u64> = files
        .iter()
        .map(|file| Some(std::fs::metadata(file).ok()?.len()))
        .sum();
    let bar = match sizes {
        Some(size) => ProgressBar::new(size),
        None => ProgressBar::new_spinner(),
    };
    let template = if sizes.is_some() { SIZED } else { UNSIZED };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    BAR.get_or_init(|| bar);
}

/// Counts what is read from a file.
pub(crate) fn counted(reader: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
    match BAR.get() {
        Some(bar) => Box::new(bar.wrap_read(reader)),
        None => reader,
    }
}

/// Says how many articles are done.
pub(crate) fn articles(done: u64) {
    if let Some(bar) = BAR.get() {
        let seconds = bar.elapsed().as_secs_f64().max(1e-3);
        bar.set_message(format!(
            ", {done} articles, {:.0} a second",
            done as f64 / seconds
        ));
    }
}

/// Does something, such as writing a message, while the bar is out of the way.
pub(crate) fn aside<T>(work: impl FnOnce() -> T) -> T {
    match BAR.get() {
        Some(bar) => bar.suspend(work),
        None => work(),
    }
}

/// Takes the bar away.
pub(crate) fn clear() {
    if let Some(bar) = BAR.get() {
        bar.finish_and_clear();
    }
}
