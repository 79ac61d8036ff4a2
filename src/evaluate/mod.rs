//! Evaluation: figures from gold labels and scores, and how far each can be trusted.

pub mod agreement;
pub mod bootstrap;
pub mod calibration;
pub mod comparison;
pub mod confident;
pub mod confusion;
pub mod coverage;
pub mod evaluation;
pub mod extremes;
pub mod figure;
mod left_out;
pub mod mcnemar;
pub mod outcome;
pub mod prevalence;
pub mod sample;

pub use crate::outcome::Outcome;
pub use bootstrap::{Bootstrap, Interval, jackknife};
pub use calibration::{Bin, Step};
pub use comparison::{Comparison, Difference, Verdict};
pub use confusion::{Confusion, Prf};
pub use coverage::{Point, coverage};
pub use evaluation::{
    Abstaining, Baseline, Evaluation, LabelFigures, Majority, Options, SideFigures, Spread,
};
pub use figure::{Class, Figure, Figures};
pub use mcnemar::McNemar;
pub use outcome::outcomes;
pub use prevalence::{
    Estimate, Measure, Method, Prevalence, Share, Shift, Unlabelled, adjusted,
    expectation_maximisation,
};
pub use sample::Sample;
