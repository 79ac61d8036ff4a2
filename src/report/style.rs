//! How text reports are styled: in colour or not, and how wide. Whoever calls says so; nothing here
//! looks at terminals or the environment.

use anstyle::{Ansi256Color, Color, Effects};

use crate::article::Kind;
use crate::corpus::Severity;
use crate::label::Label;

/// How a text report looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences colour it.
    pub color: bool,
    /// Columns of the terminal; `None` where the report is not for one.
    pub width: Option<usize>,
}

impl Style {
    /// The style of what a block is: its label in the hue of the HTML page, or its kind.
    pub(super) fn of(kind: Kind, label: Option<Label>) -> anstyle::Style {
        match label {
            Some(label) => Style::of_label(label).effects(Effects::BOLD),
            None => Style::of_text(kind),
        }
    }

    /// A label's hue: middle tones, which can be read on black and on white.
    pub(super) fn of_label(label: Label) -> anstyle::Style {
        let hue = match label {
            Label::Reporting => 32,
            Label::Quotation => 29,
            Label::Commentary => 166,
            Label::CallToAction => 133,
        };
        anstyle::Style::new().fg_color(Some(Color::Ansi256(Ansi256Color(hue))))
    }

    /// The style of a block's own text.
    pub(super) fn of_text(kind: Kind) -> anstyle::Style {
        match kind {
            Kind::Title | Kind::Heading => anstyle::Style::new().bold(),
            Kind::Meta | Kind::Furniture => anstyle::Style::new().dimmed(),
            Kind::Paragraph | Kind::ListItem => anstyle::Style::new(),
        }
    }

    /// How grave a finding is.
    pub(super) fn of_severity(severity: Severity) -> anstyle::Style {
        let bold = anstyle::Style::new().bold();
        match severity {
            Severity::Error => bold.fg_color(Some(Color::Ansi256(Ansi256Color(160)))),
            Severity::Warning => bold.fg_color(Some(Color::Ansi256(Ansi256Color(166)))),
            Severity::Note => bold,
        }
    }

    /// A text in a style, if there is colour.
    pub(super) fn paint(self, style: anstyle::Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}
