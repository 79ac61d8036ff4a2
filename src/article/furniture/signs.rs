//! What speaks for a rule in a longer line: most lines are prose, and should not cost a look at all rules.

use memchr::memmem;

use super::SHORT_BYTES;
use super::rule::{Rule, ends_with_address};

/// What speaks for a rule in a longer line.
#[derive(Default)]
pub(super) struct Signs {
    /// Phrases that begin a line, by their first letter, the last for those of other alphabets.
    openings: [Vec<Opening>; 27],
    /// Parts of lines, without the first letter, which may be a capital.
    parts: Vec<memmem::Finder<'static>>,
    /// Whether some rule can know any line.
    patterns: bool,
}

/// How a line may begin.
struct Opening {
    first: char,
    /// The beginning of the phrase that is the same in any line with it, give or take case.
    sure: String,
    /// Whether a mark has to follow.
    link: bool,
}

/// What may stand before and after a phrase that is a whole line.
const BEFORE: [char; 12] = ['>', '»', '›', '→', '•', '▶', '[', '(', '*', '–', '-', ' '];
const AFTER: [char; 15] = [
    '>', '»', '›', '→', ']', ')', '*', ':', '!', '.', '…', '|', '-', '–', ' ',
];

/// A line without them.
pub(super) fn bare(line: &str) -> &str {
    line.trim_start_matches(BEFORE).trim_end_matches(AFTER)
}

/// Place in a list by first letters, with one for all that are no letters from a to z.
fn letter(first: char) -> usize {
    match first {
        'a'..='z' => first as usize - 'a' as usize,
        _ => 26,
    }
}

impl Signs {
    /// Takes in a rule that knows lines otherwise than as a whole.
    pub(super) fn add(&mut self, rule: &Rule) {
        self.patterns |= rule.pattern.is_some();
        let links = rule.link.iter().map(|phrase| (phrase, true));
        let starts = rule.starts.iter().map(|phrase| (phrase, false));
        for (phrase, link) in links.chain(starts) {
            let Some(first) = phrase.chars().next() else {
                continue;
            };
            // Apostrophes of lines may be curved, and only ASCII is compared without its case.
            let unsure = |c: char| !c.is_ascii() || c == '\'';
            let sure = phrase.split(unsure).next().unwrap_or_default().to_owned();
            self.openings[letter(first)].push(Opening { first, sure, link });
        }
        if let Some(part) = rule.all.first() {
            let rest = part.char_indices().nth(1).map_or("", |(at, _)| &part[at..]);
            self.parts.push(memmem::Finder::new(rest).into_owned());
        }
    }

    /// Whether a longer line shows a sign of a rule that knows longer lines: the mark after the phrase of a
    /// link, how it starts, or a word of it. Most do not, and are done with.
    pub(super) fn speak_for(&self, line: &str) -> bool {
        let bytes = line.as_bytes();
        let head = &bytes[..line.len().min(48)];
        memchr::memchr2(b':', b'|', head).is_some()
            || self.patterns
            || line.starts_with(['©', 'Ⓒ', '»', '›', '→'])
            || self.begins(line, false)
            || self.parts.iter().any(|part| part.find(bytes).is_some())
            // Arrows and dashes are marks of a link too.
            || !line.is_ascii() && self.speak_otherwise(line)
    }

    /// The same for a line that is not ASCII, and may have other marks than a colon and a bar.
    fn speak_otherwise(&self, line: &str) -> bool {
        line.ends_with([',', ':'])
            || !line.bytes().any(|byte| byte.is_ascii_alphanumeric())
            || self.begins(line, true)
            || ends_with_address(line)
            || bare(line).len() <= SHORT_BYTES
    }

    /// Whether a line begins as one of a rule may; `links` with those where a mark has to follow.
    fn begins(&self, line: &str, links: bool) -> bool {
        let Some(first) = line.chars().next() else {
            return false;
        };
        let first = match first {
            '’' => '\'',
            first => first.to_lowercase().next().unwrap_or(first),
        };
        self.openings[letter(first)].iter().any(|opening| {
            let head = line.as_bytes().get(..opening.sure.len());
            opening.first == first
                && (links || !opening.link)
                && head.is_some_and(|head| head.eq_ignore_ascii_case(opening.sure.as_bytes()))
        })
    }
}
