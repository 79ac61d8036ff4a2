//! Floors: figures that must be reached, for scripts that stop where a model got worse.

use std::str::FromStr;

use copydesk::evaluate::Figure;

use super::messages::Failure;

/// `macro_f1=0.85`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Floor {
    figure: Figure,
    value: f64,
}

impl FromStr for Floor {
    type Err = String;

    fn from_str(text: &str) -> Result<Floor, String> {
        let (name, value) = text
            .split_once('=')
            .ok_or("it is written FIGURE=VALUE, such as macro_f1=0.85")?;
        let value = value
            .parse()
            .map_err(|_| format!("{value:?} is not a number"))?;
        Ok(Floor {
            figure: name.parse()?,
            value,
        })
    }
}

/// Fails where a figure falls short of its floor; of a loss, where it is above.
pub(crate) fn check(floors: &[Floor], figure: impl Fn(Figure) -> f64) -> Result<(), Failure> {
    checked(&short(floors, figure))
}

/// What is to be said of each figure that falls short.
pub(crate) fn short(floors: &[Floor], figure: impl Fn(Figure) -> f64) -> Vec<String> {
    let short = floors.iter().filter_map(|floor| {
        let value = figure(floor.figure);
        let (reached, side) = match floor.figure.is_loss() {
            true => (value <= floor.value, "above"),
            false => (value >= floor.value, "below"),
        };
        let message = format!("{} is {value:.4}, {side} {}", floor.figure, floor.value);
        (!reached).then_some(message)
    });
    short.collect()
}

/// Fails where there is something to be said.
pub(crate) fn checked(said: &[String]) -> Result<(), Failure> {
    match said.is_empty() {
        true => Ok(()),
        false => Err(Failure::Check(said.join("; "))),
    }
}
