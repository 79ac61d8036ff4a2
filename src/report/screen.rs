//! A page on a terminal: blocks wrapped to its width, and a bar of the shares.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use super::page::Page;
use super::style::Style;
use super::table::share_line;
use crate::article::Kind;
use crate::label::Label;
use crate::shares::Share;
use crate::visible;

/// Columns before the text: line, what it is, confidence.
const MARGIN: usize = 28;
/// Lines longer than this are hard to read, however wide the terminal.
const WIDEST: usize = 100;
/// With less than this for the text, it goes below its label.
const NARROWEST: usize = 40;
/// A label below this probability is marked.
const UNSURE: f64 = 0.6;

/// A text wrapped to a width, each line behind an indent, without characters that steer.
pub(super) fn wrap(text: &str, width: usize, indent: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let options = Options::new(width.clamp(indent.len() + 8, indent.len() + WIDEST))
        .initial_indent(indent)
        .subsequent_indent(indent)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::fill(&visible::text(&text), options)
}

/// The whole page.
pub(super) fn page(page: &Page<'_>, style: Style, width: usize) -> String {
    let title = anstyle::Style::new().bold().underline();
    let mut out = format!("{}\n\n", style.paint(title, &visible::line(page.doc)));
    let beside = width >= MARGIN + NARROWEST;
    let indent = " ".repeat(if beside { MARGIN } else { 7 });
    for row in page.rows() {
        let block = &page.article.blocks()[row.block];
        if row.kind == Kind::Heading {
            out.push('\n');
        }
        let what = row.label.map_or(row.kind.name(), Label::name);
        let what = style.paint(Style::of(row.kind, row.label), &format!("{what:<14}"));
        let confidence = row.confidence.map_or(String::new(), |p| {
            let mark = if p < UNSURE { "?" } else { "" };
            format!("{:.0}%{mark}", p * 100.0)
        });
        out.push_str(&format!("{:>5}  {what} {confidence:>4}", row.line));
        let text = if block.block_quote {
            // Wrapped anew, the marks of the page's own lines would stand in the middle.
            wrap(&format!("> {}", page.article.body(block)), width, &indent)
        } else {
            wrap(row.text, width, &indent)
        };
        let text = if beside {
            out.push_str("  ");
            text.trim_start()
        } else {
            out.push('\n');
            text.as_str()
        };
        // Each line by itself: a style that runs over the indent would colour it too.
        for (number, line) in text.lines().enumerate() {
            if number > 0 {
                out.push('\n');
            }
            let bare = line.trim_start();
            out.push_str(&line[..line.len() - bare.len()]);
            out.push_str(&style.paint(Style::of_text(row.kind), bare));
        }
        out.push('\n');
    }
    let words = page.shares().words;
    let summary = format!("{} words: {}", words.total, share_line(&words));
    out.push_str(&format!(
        "\n{}\n{}\n",
        bar(&words, style, width),
        wrap(&summary, width, "       ")
    ));
    out
}

/// Cells of each label: the shares in whole cells that fill the bar, the largest remainders rounded
/// up.
fn cells(share: &Share, width: usize) -> [usize; 4] {
    let exact = [
        share.reporting,
        share.quotation,
        share.commentary,
        share.call_to_action,
    ]
    .map(|share| share * width as f64);
    let mut cells = exact.map(|cells| cells as usize);
    let mut order = [0, 1, 2, 3];
    order.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()));
    let missing = exact.iter().sum::<f64>().round() as usize;
    let missing = missing.saturating_sub(cells.iter().sum());
    for &label in order.iter().take(missing) {
        cells[label] += 1;
    }
    cells
}

/// The shares as one bar. Each label has its own shade besides its hue, and its name where it fits.
fn bar(share: &Share, style: Style, width: usize) -> String {
    const SHADES: [char; 4] = ['█', '▓', '▒', '░'];
    let width = width.saturating_sub(14).clamp(8, WIDEST);
    let mut out = String::from("       ");
    for (label, cells) in Label::ALL.into_iter().zip(cells(share, width)) {
        let shade = SHADES[label.index()].to_string().repeat(cells);
        out.push_str(&style.paint(Style::of_label(label), &shade));
    }
    let mut used = usize::MAX;
    for label in Label::ALL {
        let entry = format!("{} {}", SHADES[label.index()], label.name());
        let columns = entry.chars().count() + 2;
        if used.saturating_add(columns) > width + 14 {
            out.push_str("\n     ");
            used = 5;
        }
        out.push_str("  ");
        out.push_str(&style.paint(Style::of_label(label), &entry));
        used += columns;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Format};
    use crate::limits::Limits;
    use crate::model::Model;
    use proptest::prelude::*;

    fn shown(text: &str, doc: &str, style: Style) -> String {
        let article =
            Article::from_bytes(text.as_bytes(), Format::Text, &Limits::default()).unwrap();
        let scores = Model::builtin().classify(&article);
        crate::report::table::page(
            &Page {
                doc,
                article: &article,
                scores: &scores,
                language: None,
                drop_furniture: false,
            },
            style,
        )
    }

    const PAGE: &str = "Ferry to stop\n\nThe ferry will stop in May, the council of the three islands said on Tuesday after a long evening.\n\n\
        It is a disgrace that nobody was asked, and 漢字漢字漢字漢字漢字漢字漢字漢字 says so.\n\nAdvertisement\n";

    #[test]
    fn every_word_is_shown_within_the_width() {
        for width in [20, 50, 70, 90, 300] {
            let style = Style {
                color: false,
                width: Some(width),
            };
            let got = shown(PAGE, "ferry.txt", style);
            for word in PAGE.split_whitespace().filter(|word| word.is_ascii()) {
                assert!(got.contains(word), "{word} in\n{got}");
            }
            if width >= 50 {
                let widest = got.lines().map(textwrap::core::display_width).max();
                assert!(widest.unwrap() <= width, "{widest:?} {width}\n{got}");
            }
        }
    }

    #[test]
    fn escape_sequences_of_a_page_do_not_reach_the_terminal() {
        let text = "Ferry \u{1b}]0;owned\u{7} to stop\n\nThe ferry \u{1b}[31m will \u{9b}2J stop in May, the council said.\n";
        for width in [None, Some(80)] {
            let style = Style {
                color: false,
                width,
            };
            let got = shown(text, "a\u{1b}[2J\nb.txt", style);
            assert!(got.chars().all(|c| c == '\n' || !c.is_control()), "{got:?}");
            assert!(got.starts_with("a␛[2J␊b.txt\n"), "{got:?}");
            assert!(got.contains("ferry ␛[31m will"), "{got:?}");
        }
    }

    #[test]
    fn colour_adds_escape_sequences_and_nothing_else() {
        for width in [None, Some(80)] {
            let plain = shown(
                PAGE,
                "ferry.txt",
                Style {
                    color: false,
                    width,
                },
            );
            let coloured = shown(PAGE, "ferry.txt", Style { color: true, width });
            assert!(
                coloured.contains("\u{1b}[1m\u{1b}[38;5;32mreporting"),
                "{coloured:?}"
            );
            let mut bare = String::new();
            let mut parts = coloured.split("\u{1b}[");
            bare.push_str(parts.next().unwrap());
            for part in parts {
                bare.push_str(part.split_once('m').unwrap().1);
            }
            assert_eq!(bare, plain);
        }
    }

    proptest! {
        #[test]
        fn the_bar_is_filled(odds in prop::array::uniform4(0.01..1.0f64), width in 8usize..101) {
            let sum: f64 = odds.iter().sum();
            let [reporting, quotation, commentary, call_to_action] = odds.map(|o| o / sum);
            let share = Share { total: 1, reporting, quotation, commentary, call_to_action, news: 0.0, opinion: 0.0 };
            let cells = cells(&share, width);
            prop_assert_eq!(cells.iter().sum::<usize>(), width);
        }
    }
}
