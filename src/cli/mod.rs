//! The command line: arguments in, files and streams out, and an exit code.

mod agree;
mod args;
mod check;
mod classify;
mod compare;
mod evaluate;
mod explain;
mod floor;
mod info;
mod input;
mod lines;
mod messages;
mod month;
mod output;
mod page;
mod pipeline;
mod progress;
mod render;
mod resume;
mod share;
mod split;
mod terminal;
mod train;
mod unpack;
mod walk;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use messages::Messages;

/// Parses the arguments, runs the command, and says how it went.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    terminal::obey(cli.color);
    let mut messages = Messages::default();
    let done = match &cli.command {
        Command::Classify(args) => classify::run(args, &mut messages),
        Command::Render(args) => render::run(args, &mut messages),
        Command::Split(args) => split::run(args),
        Command::Check(args) => check::run(args, &mut messages),
        Command::Train(args) => train::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Share(args) => share::run(args, &mut messages),
        Command::Agree(args) => agree::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Info(args) => info::run(args),
    };
    messages.exit_code(done)
}
