//! What the terminal can show, from the command line, the environment and the terminal itself.

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};
use copydesk::report::style::Style;

use super::args::{Color, OutputArg};

/// Columns where neither the terminal nor the environment tells.
const USUAL_WIDTH: usize = 80;

/// Notes what `--color` said.
pub(crate) fn obey(color: Color) {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
}

/// The style of a report that goes to this output.
pub(crate) fn style(to: &OutputArg) -> Style {
    let to_stdout = to.output.is_none();
    let color = match ColorChoice::global() {
        ColorChoice::Auto => to_stdout && AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        choice => choice != ColorChoice::Never,
    };
    let width = (to_stdout && io::stdout().is_terminal()).then(width);
    Style { color, width }
}

fn width() -> usize {
    let told = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let columns = || std::env::var("COLUMNS").ok()?.trim().parse().ok();
    told.filter(|&width| width > 0)
        .or_else(columns)
        .filter(|&width| width > 0)
        .unwrap_or(USUAL_WIDTH)
}
