//! The command line as typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use copydesk::article::Encoding;
use copydesk::evaluate::Bootstrap;
use copydesk::features::FeatureSet;
use copydesk::model::{Compact, Context};
use copydesk::rows::Columns;
use copydesk::text::Language;
use copydesk::train::{Calibrator, Solver, TrainParams};

use super::agree::Agree;
use super::check::Check;
use super::compare::Compare;
use super::evaluate::Evaluate;
use super::share::Share;

/// Separates news from opinion: labels each paragraph of an article as reporting, quotation,
/// commentary or call to action.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Colour tables on a terminal, always or never; auto obeys NO_COLOR, CLICOLOR_FORCE and TERM
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN"
    )]
    pub(crate) color: Color,
}

/// When tables are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal that can
    Auto,
    /// Also in files and pipes
    Always,
    /// Nowhere
    Never,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 a check that was asked for failed; 2 wrong usage; 3 some inputs failed and were named, \
the others are done; 4 output could not be written.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Label the paragraphs of articles
    Classify(Classify),
    /// Show pages in a browser, coloured by label
    Render(Render),
    /// Write the news and the opinion of a page to two files
    Split(Split),
    /// Look for what is wrong with labelled paragraphs
    Check(Check),
    /// Learn a model from labelled paragraphs
    Train(Box<Train>),
    /// Measure a model on labelled paragraphs
    Evaluate(Box<Evaluate>),
    /// Compare two models on the same labelled paragraphs
    Compare(Box<Compare>),
    /// Estimate how much of a corpus each label makes up, corrected for the model's errors
    Share(Box<Share>),
    /// Measure how far annotators of the same paragraphs agree
    Agree(Box<Agree>),
    /// Show what carried each paragraph's label
    Explain(Explain),
    /// Show what a model is: its data, settings and figures
    Info(Info),
}

/// Which model answers.
#[derive(Args, Debug)]
pub(crate) struct ModelArg {
    /// Use this model file instead of the built-in model
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
}

/// Where output goes.
#[derive(Args, Debug)]
pub(crate) struct OutputArg {
    /// Write to this file, as a whole or not at all, instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How input is read.
#[derive(Args, Debug)]
pub(crate) struct ReadArgs {
    /// Read input as this [default: by name and content]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<InputFormat>,
    /// Read input in this encoding, such as windows-1252, shift_jis or koi8-r [default: by byte order
    /// mark, declaration and content; rows: UTF-8]
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<Encoding>,
    /// Furniture rules of your own, asked before the built-in ones; see docs/READING.md
    #[arg(long, value_name = "FILE")]
    pub(crate) furniture_rules: Option<PathBuf>,
}

/// How many threads work.
#[derive(Args, Debug)]
pub(crate) struct ThreadsArg {
    /// Number of threads [default: one a core]; the output is the same at any number
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

/// How intervals are drawn.
#[derive(Args, Debug)]
#[command(next_help_heading = "Intervals")]
pub(crate) struct IntervalArgs {
    /// Draw the articles this many times for the intervals; 0 for none
    #[arg(long, value_name = "N", default_value_t = Bootstrap::default().draws, value_parser = draws)]
    pub(crate) draws: usize,
    /// How sure an interval is to hold the true figure
    #[arg(long, value_name = "X", default_value_t = Bootstrap::default().level, value_parser = share)]
    pub(crate) level: f64,
}

impl IntervalArgs {
    /// The bootstrap they stand for.
    pub(crate) fn bootstrap(&self, seed: u64) -> Option<Bootstrap> {
        (self.draws > 0).then_some(Bootstrap {
            draws: self.draws,
            seed,
            level: self.level,
        })
    }
}

fn draws(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Ok(0),
        Ok(draws) if (100..=1_000_000).contains(&draws) => Ok(draws),
        _ => Err("it must be 0, or from 100 to 1000000".into()),
    }
}

/// A number between 0 and 1.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("it must be above 0 and below 1".into()),
    }
}

/// Forms of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// Plain text
    Text,
    /// Markdown
    Markdown,
    /// HTML
    Html,
    /// JSON lines: articles (`text` or `paragraphs`, `id`) or paragraphs (`article`, `index`, `text`)
    Jsonl,
    /// CSV with a header line and the same columns
    Csv,
    /// TSV with a header line and the same columns
    Tsv,
    /// Plain lines, each a text of its own; `classify` alone takes them
    Lines,
}

/// Forms of output of `classify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// For reading
    Table,
    /// One object an article, with shares
    Json,
    /// One line a block
    Jsonl,
    /// One line a block
    Csv,
    /// One line a block
    Tsv,
    /// Label and probability alone: one line a labelled block or, of --from lines, a line
    Labels,
    /// Attributes for the Dolma toolkit: one line a document, of rows with `text`
    Dolma,
    /// One page for a browser; for several, see `copydesk render`
    Html,
}

/// Forms of output of the commands that measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MeasuredFormat {
    /// For reading
    Table,
    /// One JSON object
    Json,
    /// One page for a browser, with figures
    Html,
}

/// Forms of output of the other commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For reading
    Table,
    /// One JSON object
    Json,
}

/// Which columns of rows are read; the others pass through.
#[derive(Args, Debug)]
#[command(next_help_heading = "Rows")]
pub(crate) struct ColumnArgs {
    /// The column that holds the text [default: text]; in JSON also a path such as page.body
    #[arg(long, value_name = "NAME")]
    pub(crate) text_column: Option<String>,
    /// The column that holds the page as HTML [default: html, where there is no text]
    #[arg(long, value_name = "NAME", conflicts_with = "text_column")]
    pub(crate) html_column: Option<String>,
    /// The column that holds the article's id [default: id]
    #[arg(long, value_name = "NAME")]
    pub(crate) id_column: Option<String>,
    /// The column that holds the headline, where the text does not begin with it [default: title,
    /// with html]
    #[arg(long, value_name = "NAME")]
    pub(crate) title_column: Option<String>,
}

impl ColumnArgs {
    /// The names.
    pub(crate) fn names(&self) -> Columns {
        Columns {
            id: self.id_column.clone(),
            text: self.text_column.clone(),
            html: self.html_column.clone(),
            title: self.title_column.clone(),
        }
    }
}

/// `copydesk classify`.
#[derive(Args, Debug)]
pub(crate) struct Classify {
    /// Pages or files of rows, also as .gz or .zst; folders of them; patterns such as 'pages/*.html';
    /// `-` or nothing is standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// Write output as this [default: table on a terminal, jsonl otherwise]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<PageFormat>,
    /// Leave furniture out of the output; the other blocks keep their numbers
    #[arg(
        long,
        conflicts_with = "per_article",
        overrides_with = "keep_furniture"
    )]
    pub(crate) drop_furniture: bool,
    /// Keep furniture in the output, which is the default
    #[arg(long, overrides_with = "drop_furniture")]
    pub(crate) keep_furniture: bool,
    /// Write one row an article, with its shares, instead of one a block
    #[arg(long)]
    pub(crate) per_article: bool,
    /// With -o: keep what is done in FILE.partial and FILE.progress, and go on there when a run that
    /// was stopped is started again
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,
    /// With --resume: keep what is done after every so many rows
    #[arg(long, value_name = "ROWS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) checkpoint: u64,
    /// Show no progress; without it, that is shown where standard error is a terminal and the output
    /// goes elsewhere
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) columns: ColumnArgs,
    #[command(flatten)]
    pub(crate) model: ModelArg,
    #[command(flatten)]
    pub(crate) output: OutputArg,
    #[command(flatten)]
    pub(crate) threads: ThreadsArg,
}

/// `copydesk render`.
#[derive(Args, Debug)]
pub(crate) struct Render {
    /// Pages, or folders of them (.html, .htm, .txt, .md); `-` is standard input
    #[arg(required = true, value_name = "PAGE")]
    pub(crate) pages: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// Write one page to this file, or several with an index.html to this folder [default: one page to
    /// standard output]
    #[arg(short, long, value_name = "FILE_OR_FOLDER")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) model: ModelArg,
}

/// Forms of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SplitMarkup {
    /// Plain text
    Text,
    /// Markdown
    Markdown,
}

/// `copydesk split`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("parts").required(true).multiple(true))]
pub(crate) struct Split {
    /// A page; `-` is standard input
    #[arg(value_name = "PAGE")]
    pub(crate) page: PathBuf,
    /// Write what is reported and quoted to this file; `-` is standard output
    #[arg(long, value_name = "FILE", group = "parts")]
    pub(crate) news: Option<PathBuf>,
    /// Write commentary and calls to action to this file; `-` is standard output
    #[arg(long, value_name = "FILE", group = "parts")]
    pub(crate) opinion: Option<PathBuf>,
    /// Write as this [default: Markdown where FILE ends in .md, else text]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: Option<SplitMarkup>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) model: ModelArg,
}

/// `copydesk train`.
#[derive(Args, Debug)]
pub(crate) struct Train {
    /// Labelled paragraphs: .jsonl, .csv or .tsv files, or folders of them
    #[arg(required = true, value_name = "DATA")]
    pub(crate) data: Vec<PathBuf>,
    /// Write the model to this file
    #[arg(short, long, value_name = "MODEL")]
    pub(crate) output: PathBuf,
    /// Do not look for what is wrong with the data; see `copydesk check`
    #[arg(long)]
    pub(crate) no_check: bool,
    /// Start from this model, which saves time where the data have changed little since it was trained
    #[arg(long, value_name = "MODEL")]
    pub(crate) warm_start: Option<PathBuf>,
    /// Settings of the training
    #[command(flatten)]
    pub(crate) settings: TrainSettings,
    #[command(flatten)]
    pub(crate) threads: ThreadsArg,
}

/// Settings that `train` and the cross-validation of `evaluate` share; the defaults are those of the built-in model.
#[derive(Args, Debug)]
#[command(next_help_heading = "Training")]
pub(crate) struct TrainSettings {
    /// Language of the texts: english, german, french …
    #[arg(long, default_value = "english", value_name = "NAME")]
    pub(crate) language: Language,
    /// What is read of a paragraph
    #[arg(long, value_enum, default_value = "style")]
    pub(crate) features: FeatureSetName,
    /// How weights are found
    #[arg(long, value_enum, default_value = "sdca")]
    pub(crate) solver: SolverName,
    /// Strength of the L2 penalty (1/C of scikit-learn)
    #[arg(long, default_value_t = TrainParams::default().alpha, value_name = "X")]
    pub(crate) alpha: f64,
    /// Stop at this duality gap, relative to the objective
    #[arg(long, default_value_t = TrainParams::default().tolerance, value_name = "X")]
    pub(crate) tolerance: f64,
    /// Stop after this many epochs
    #[arg(long, default_value_t = TrainParams::default().max_epochs, value_name = "N")]
    pub(crate) max_epochs: usize,
    /// Keep features that occur in at least this many articles [default: one in 150, from 2 to 8]
    #[arg(long, visible_alias = "min-df", value_name = "N")]
    pub(crate) min_articles: Option<u32>,
    /// Keep at most this many features
    #[arg(long, default_value_t = TrainParams::default().max_features, value_name = "N")]
    pub(crate) max_features: usize,
    /// How much neighbours count, 0 for not at all
    #[arg(long, default_value_t = TrainParams::default().context.strength, value_name = "X")]
    pub(crate) context_strength: f64,
    /// Paragraphs over which a neighbour's weight falls to 1/e
    #[arg(long, default_value_t = TrainParams::default().context.reach, value_name = "X")]
    pub(crate) context_reach: f64,
    /// Share of opinion among the paragraphs that the model will meet [default: that of the data]
    #[arg(long, value_name = "X")]
    pub(crate) opinion_prior: Option<f64>,
    /// Parts of the cross-validation that comes first, to measure the model, to calibrate it, and to know
    /// how it errs; 0 for none
    #[arg(long, default_value_t = TrainParams::default().folds, value_name = "N")]
    pub(crate) folds: usize,
    /// How probabilities are made frequencies
    #[arg(long, value_enum, default_value = "temperature")]
    pub(crate) calibration: CalibrationName,
    /// Make the model small: keep the features that matter most, and weights of few bits
    #[arg(long)]
    pub(crate) compact: bool,
    /// With --compact: keep at most this many features
    #[arg(long, value_name = "N", default_value_t = 20_000, requires = "compact")]
    pub(crate) compact_features: usize,
    /// With --compact: bits of a weight, 8 or 16
    #[arg(long, value_name = "BITS", default_value_t = 8, requires = "compact")]
    pub(crate) weight_bits: u32,
    /// Seed of everything random
    #[arg(long, default_value_t = TrainParams::default().seed, value_name = "N")]
    pub(crate) seed: u64,
}

/// Names of the sets of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FeatureSetName {
    /// How it is written, with names and numbers masked: for news and opinion
    Style,
    /// Its words and pairs of words: for subjects, and to compare with plain text classifiers
    Words,
}

/// Names of the ways to calibrate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CalibrationName {
    /// Not at all
    None,
    /// By temperature scaling, which changes no label
    Temperature,
    /// By matrix scaling, which fits data like those of training better, and others worse
    Matrix,
}

/// Names of the solvers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SolverName {
    /// Dual coordinate ascent on sparse rows, with a certified gap
    Sdca,
    /// linfa-logistic on the dense matrix, for small problems
    Linfa,
}

impl TrainSettings {
    /// The parameters they stand for.
    pub(crate) fn params(&self) -> TrainParams {
        TrainParams {
            language: self.language,
            features: match self.features {
                FeatureSetName::Style => FeatureSet::Style,
                FeatureSetName::Words => FeatureSet::Words,
            },
            solver: match self.solver {
                SolverName::Sdca => Solver::Sdca,
                SolverName::Linfa => Solver::Linfa,
            },
            alpha: self.alpha,
            tolerance: self.tolerance,
            max_epochs: self.max_epochs,
            seed: self.seed,
            min_articles: self.min_articles,
            max_features: self.max_features,
            context: Context {
                strength: self.context_strength,
                reach: self.context_reach,
            },
            opinion_prior: self.opinion_prior,
            calibrator: match self.calibration {
                CalibrationName::None => Calibrator::None,
                CalibrationName::Temperature => Calibrator::Temperature,
                CalibrationName::Matrix => Calibrator::Matrix,
            },
            compact: self.compact.then_some(Compact {
                features: self.compact_features,
                bits: self.weight_bits,
            }),
            folds: self.folds,
        }
    }
}

/// `copydesk explain`.
#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// A page; `-` or nothing is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// Explain only the block with this number
    #[arg(long, value_name = "N")]
    pub(crate) block: Option<usize>,
    /// Show this many terms and cues a paragraph; the others are summed up
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) top: usize,
    /// Write output as this
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "table")]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) model: ModelArg,
    #[command(flatten)]
    pub(crate) output: OutputArg,
}

/// `copydesk info`.
#[derive(Args, Debug)]
pub(crate) struct Info {
    /// A model file [default: the built-in model]
    #[arg(value_name = "MODEL")]
    pub(crate) model: Option<PathBuf>,
    /// Write output as this
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "table")]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) output: OutputArg,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
