//! Figures as inline SVG: scales, axes and marks, and the chart of dots with whiskers. Marks have
//! classes, never styles of their own, so that theme and print decide on colours; a word of any input
//! goes through [`Html::text`].

use super::escape::Html;
use crate::evaluate::Interval;

/// Width of a figure in its own units. On a phone a unit is about a pixel.
pub const WIDTH: f64 = 400.0;
/// Most steps between the ticks of an axis.
const STEPS: f64 = 5.0;
/// Characters of a name beside a row of dots; longer ones are cut, and whole on pointing.
const NAME: usize = 24;

/// A straight line from numbers to places in a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
    step: f64,
}

/// How the numbers of an axis are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As they are.
    Number,
    /// In per cent.
    Percent,
}

impl Scale {
    /// The scale that puts `low` at `start` and `high` at `end`. Numbers beyond are put at the ends.
    pub fn new(low: f64, high: f64, start: f64, end: f64) -> Scale {
        Scale {
            low,
            high,
            start,
            end,
            step: step(high - low),
        }
    }

    /// The scale from one tick to another that holds all values; of none, from 0 to 1.
    pub fn of(values: impl IntoIterator<Item = f64>, start: f64, end: f64) -> Scale {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if low == high {
            let room = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
            (low, high) = (low - room, high + room);
        }
        let step = step(high - low);
        // A value on a tick, as computed, may lie a hair beside it.
        let low = (low / step + 1e-9).floor() * step;
        let high = (high / step - 1e-9).ceil() * step;
        Scale {
            low,
            high,
            start,
            end,
            step,
        }
    }

    /// Where a number lies.
    pub fn at(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        let share = if share.is_nan() { 0.0 } else { share };
        self.start + share.clamp(0.0, 1.0) * (self.end - self.start)
    }

    /// Round numbers in its range.
    pub fn ticks(&self) -> Vec<f64> {
        let first = (self.low / self.step - 1e-9).ceil() as i64;
        let last = (self.high / self.step + 1e-9).floor() as i64;
        (first..=last).map(|k| k as f64 * self.step).collect()
    }

    /// A tick as it is written.
    fn written(&self, tick: f64, unit: Unit) -> String {
        let (value, step) = match unit {
            Unit::Number => (tick, self.step),
            Unit::Percent => (tick * 100.0, self.step * 100.0),
        };
        let decimals = (-step.log10() - 1e-9).ceil().max(0.0) as usize;
        let sign = if tick < 0.0 { "−" } else { "" };
        let unit = if unit == Unit::Percent { " %" } else { "" };
        format!("{sign}{:.decimals$}{unit}", value.abs())
    }
}

/// The least of 1, 2 and 5 times a power of ten that steps over a range in few steps.
fn step(range: f64) -> f64 {
    let least = range.abs() / STEPS;
    if !least.is_normal() {
        return 1.0;
    }
    let power = 10f64.powf(least.log10().floor());
    let factors = [1.0, 2.0, 5.0, 10.0];
    let fits = factors
        .into_iter()
        .find(|factor| factor * power >= least * (1.0 - 1e-9));
    fits.unwrap_or(10.0) * power
}

/// Where a text stands in relation to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// A figure in the making.
pub struct Plot<'h> {
    html: &'h mut Html,
}

impl<'h> Plot<'h> {
    /// Begins a figure of [`WIDTH`] and a height. `label` says in words what it shows.
    pub fn open(html: &'h mut Html, height: f64, label: &str) -> Plot<'h> {
        html.markup("<svg class=\"plot\" role=\"img\" viewBox=\"0 0 ")
            .decimal(WIDTH, 0)
            .markup(" ")
            .decimal(height, 0)
            .markup("\" aria-label=\"")
            .text(label)
            .markup("\">\n");
        Plot { html }
    }

    /// Ends it.
    pub fn close(self) {
        self.html.markup("</svg>\n");
    }

    /// Marks that show a text when they are pointed at.
    pub fn titled(&mut self, title: &str, draw: impl FnOnce(&mut Plot<'_>)) {
        self.html
            .markup("<g><title>")
            .text(title)
            .markup("</title>");
        draw(&mut Plot { html: self.html });
        self.html.markup("</g>\n");
    }

    /// The horizontal axis: its ticks as lines from `top` to `bottom`, and their numbers below, with
    /// its name.
    pub fn x_axis(&mut self, x: &Scale, top: f64, bottom: f64, unit: Unit, name: &str) {
        for tick in x.ticks() {
            self.line("grid", (x.at(tick), top), (x.at(tick), bottom));
            let written = x.written(tick, unit);
            self.text("tick", x.at(tick), bottom + 14.0, Anchor::Middle, &written);
        }
        let middle = (x.start + x.end) / 2.0;
        self.text("axis", middle, bottom + 31.0, Anchor::Middle, name);
    }

    /// The vertical axis: its ticks as lines from `left` to `right`, their numbers at the left, and its
    /// name above.
    pub fn y_axis(&mut self, y: &Scale, left: f64, right: f64, unit: Unit, name: &str) {
        for tick in y.ticks() {
            self.line("grid", (left, y.at(tick)), (right, y.at(tick)));
            let written = y.written(tick, unit);
            self.text("tick", left - 6.0, y.at(tick) + 4.0, Anchor::End, &written);
        }
        let top = y.start.min(y.end);
        self.text("axis", 0.0, top - 12.0, Anchor::Start, name);
    }

    /// A filled box.
    pub fn bar(&mut self, class: &'static str, x: (f64, f64), y: (f64, f64)) {
        self.html.markup("<rect class=\"").markup(class);
        self.attribute("\" x=\"", x.0.min(x.1));
        self.attribute("\" y=\"", y.0.min(y.1));
        self.attribute("\" width=\"", (x.1 - x.0).abs());
        self.attribute("\" height=\"", (y.1 - y.0).abs());
        self.html.markup("\"/>");
    }

    /// A dot.
    pub fn dot(&mut self, class: &'static str, x: f64, y: f64) {
        self.html.markup("<circle r=\"4\" class=\"").markup(class);
        self.attribute("\" cx=\"", x);
        self.attribute("\" cy=\"", y);
        self.html.markup("\"/>");
    }

    /// A straight line.
    pub fn line(&mut self, class: &'static str, from: (f64, f64), to: (f64, f64)) {
        self.html.markup("<line class=\"").markup(class);
        self.attribute("\" x1=\"", from.0);
        self.attribute("\" y1=\"", from.1);
        self.attribute("\" x2=\"", to.0);
        self.attribute("\" y2=\"", to.1);
        self.html.markup("\"/>");
    }

    /// A line through points.
    pub fn curve(&mut self, class: &'static str, points: impl IntoIterator<Item = (f64, f64)>) {
        self.html.markup("<polyline class=\"").markup(class);
        self.html.markup("\" points=\"");
        for (x, y) in points {
            self.attribute("", x);
            self.attribute(",", y);
            self.html.markup(" ");
        }
        self.html.markup("\"/>\n");
    }

    /// An interval along the horizontal axis, with ends.
    pub fn whisker(&mut self, class: &'static str, from: f64, to: f64, y: f64) {
        const END: f64 = 3.0;
        self.line(class, (from, y), (to, y));
        for x in [from, to] {
            self.line(class, (x, y - END), (x, y + END));
        }
    }

    /// An interval along the vertical axis.
    pub fn upright(&mut self, class: &'static str, x: f64, from: f64, to: f64) {
        self.line(class, (x, from), (x, to));
    }

    /// Text on a base line.
    pub fn text(&mut self, class: &'static str, x: f64, y: f64, anchor: Anchor, text: &str) {
        self.html.markup("<text class=\"").markup(class);
        self.html.markup(match anchor {
            Anchor::Start => "",
            Anchor::Middle => "\" text-anchor=\"middle",
            Anchor::End => "\" text-anchor=\"end",
        });
        self.attribute("\" x=\"", x);
        self.attribute("\" y=\"", y);
        self.html.markup("\">").text(text).markup("</text>\n");
    }

    fn attribute(&mut self, name: &'static str, value: f64) {
        self.html.markup(name).decimal(value, 1);
    }
}

/// One dot of a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Class of its marks: the name of a label or a side, `plain`, or one of these and ` hollow`.
    pub class: &'static str,
    /// Its value; a row shows no dot that is no number.
    pub value: f64,
    /// The interval around it, where there is one.
    pub interval: Option<Interval>,
}

/// A chart of dots with whiskers, a row a name.
pub struct DotChart<'a> {
    /// What it shows, in words.
    pub label: &'a str,
    /// The name of its axis.
    pub axis: &'a str,
    /// How its numbers are written.
    pub unit: Unit,
    /// A value that is marked by a line, such as no difference, and is always in range.
    pub mark: Option<f64>,
    /// Rows, each with its dots one below another, and what is shown on pointing at it.
    pub rows: Vec<(String, Vec<Dot>, String)>,
}

impl DotChart<'_> {
    /// Draws it.
    pub fn draw(&self, html: &mut Html) {
        const TOP: f64 = 8.0;
        const BELOW: f64 = 10.0;
        let height = |dots: &[Dot]| 12.0 + 10.0 * dots.len().max(1) as f64;
        let bottom = TOP + self.rows.iter().map(|row| height(&row.1)).sum::<f64>() + BELOW;
        let longest = self.rows.iter().map(|row| row.0.chars().count()).max();
        let left = 20.0 + 6.2 * longest.unwrap_or(0).min(NAME) as f64;
        let dots = self.rows.iter().flat_map(|row| &row.1);
        let ends = dots.flat_map(|dot| {
            let interval = dot.interval;
            let ends = [interval.map(|i| i.low), interval.map(|i| i.high)];
            ends.into_iter().flatten().chain([dot.value])
        });
        let x = Scale::of(ends.chain(self.mark), left, WIDTH - 20.0);
        let mut plot = Plot::open(html, bottom + 38.0, self.label);
        plot.x_axis(&x, TOP, bottom, self.unit, self.axis);
        if let Some(mark) = self.mark {
            plot.line("mark", (x.at(mark), TOP), (x.at(mark), bottom));
        }
        let mut top = TOP;
        for (name, dots, title) in &self.rows {
            let middle = top + height(dots) / 2.0;
            let first = middle - 5.0 * (dots.len().max(1) - 1) as f64;
            plot.titled(title, |plot| {
                plot.text("name", left - 10.0, middle + 4.0, Anchor::End, &cut(name));
                for (number, dot) in dots.iter().enumerate() {
                    let y = first + 10.0 * number as f64;
                    if let Some(interval) = dot.interval {
                        plot.whisker(dot.class, x.at(interval.low), x.at(interval.high), y);
                    }
                    if dot.value.is_finite() {
                        plot.dot(dot.class, x.at(dot.value), y);
                    }
                }
            });
            top += height(dots);
        }
        plot.close();
    }
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(NAME) {
        Some(_) => name.chars().take(NAME - 1).chain(['…']).collect(),
        None => name.to_owned(),
    }
}

/// The numbers of a figure as a table, folded up: for whoever cannot see it or wants to copy them. The
/// first cell of a row is its name.
pub fn numbers(html: &mut Html, heads: &[&str], rows: &[Vec<String>]) {
    html.markup("<details class=\"numbers\"><summary>The numbers as a table</summary>\n<div class=\"scroll\"><table>\n<thead><tr>");
    for head in heads {
        html.markup("<th scope=\"col\">").text(head).markup("</th>");
    }
    html.markup("</tr></thead>\n<tbody>\n");
    for row in rows {
        html.markup("<tr>");
        for (at, cell) in row.iter().enumerate() {
            match at {
                0 => html.markup("<th scope=\"row\">").text(cell).markup("</th>"),
                _ => html.markup("<td>").text(cell).markup("</td>"),
            };
        }
        html.markup("</tr>\n");
    }
    html.markup("</tbody></table></div></details>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round_numbers() {
        let ticks = |low, high| -> Vec<String> {
            let scale = Scale::of([low, high], 0.0, 100.0);
            let ticks = scale.ticks();
            ticks
                .iter()
                .map(|&tick| scale.written(tick, Unit::Number))
                .collect()
        };
        assert_eq!(ticks(0.0, 1.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(
            ticks(0.83, 0.91),
            ["0.82", "0.84", "0.86", "0.88", "0.90", "0.92"]
        );
        assert_eq!(
            ticks(-0.031, 0.012),
            ["−0.04", "−0.03", "−0.02", "−0.01", "0.00", "0.01", "0.02"]
        );
        assert_eq!(ticks(0.0, 730.0), ["0", "200", "400", "600", "800"]);
        assert_eq!(
            ticks(0.5, 0.5),
            ["0.44", "0.46", "0.48", "0.50", "0.52", "0.54", "0.56"]
        );
        let none = Scale::of([f64::NAN, f64::INFINITY], 0.0, 1.0);
        assert_eq!((none.ticks().len(), none.at(f64::NAN)), (6, 0.0));
        let percent = Scale::of([0.0, 0.012], 0.0, 1.0);
        assert_eq!(percent.written(0.005, Unit::Percent), "0.5 %");
    }

    #[test]
    fn scales_are_straight_and_hold_to_their_ends() {
        let scale = Scale::new(0.25, 1.0, 40.0, 340.0);
        assert_eq!(
            (scale.at(0.25), scale.at(0.5), scale.at(1.0)),
            (40.0, 140.0, 340.0)
        );
        assert_eq!((scale.at(-7.0), scale.at(f64::MAX)), (40.0, 340.0));
        let ticks = scale.ticks();
        assert!(
            (ticks[0] - 0.4).abs() < 1e-12 && ticks.len() == 4,
            "{ticks:?}"
        );
        let down = Scale::new(0.0, 1.0, 100.0, 0.0);
        assert_eq!(down.at(0.25), 75.0);
    }

    #[test]
    fn names_are_text_and_nothing_else() {
        let mut html = Html::default();
        let name = "<script>\" onload=\"x".to_owned();
        let dot = Dot {
            class: "plain",
            value: f64::NAN,
            interval: None,
        };
        DotChart {
            label: &name,
            axis: &name,
            unit: Unit::Percent,
            mark: Some(0.0),
            rows: vec![
                (name.clone(), vec![dot], name.clone()),
                (String::new(), vec![], name.clone()),
            ],
        }
        .draw(&mut html);
        numbers(&mut html, &[&name], &[vec![name.clone(), name.clone()]]);
        let html = html.into_string();
        assert!(
            !html.contains("<script") && !html.contains("\" onload"),
            "{html}"
        );
        assert!(!html.contains("<circle") && !html.contains("NaN"), "{html}");
    }

    proptest! {
        #[test]
        fn every_value_lies_between_the_ends(values in prop::collection::vec(-1e9..1e9f64, 1..20)) {
            let scale = Scale::of(values.iter().copied(), 10.0, 90.0);
            let ticks = scale.ticks();
            prop_assert!((2..=9).contains(&ticks.len()), "{ticks:?}");
            for value in values {
                let at = scale.at(value);
                prop_assert!((10.0..=90.0).contains(&at));
                let back = scale.low + (at - 10.0) / 80.0 * (scale.high - scale.low);
                prop_assert!((back - value).abs() <= 1e-6 * (scale.high - scale.low));
            }
            prop_assert!(ticks.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
