//! Furniture: words of the page that are not of the article, set aside by named rules.
//!
//! Precision before recall: a rule must never set prose aside. Most rules therefore know whole lines
//! only. Buttons that stand directly against the next paragraph ("Sign Our PetitionThe recent …"),
//! without a space, are cut off it. The built-in rules stand in `furniture/rules.toml`; files of the same
//! form add to them.

mod rule;
mod signs;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::error::{Error, ErrorKind, Result};
use rule::File;
pub use rule::Rule;
use signs::{Signs, bare};

/// Longer lines are prose to every rule.
const LINE_BYTES: usize = 240;

/// Longer lines are looked at only when something in them speaks for a rule: most are prose.
const SHORT_BYTES: usize = 100;

/// The built-in rules.
const BUILT_IN: &str = include_str!("furniture/rules.toml");

/// Rules that know furniture: the built-in ones, and those of users before them. Cheap to clone, and by
/// default to make: the built-in ones are read when they are asked for the first time.
#[derive(Clone, Default)]
pub struct Rules(Option<Arc<Set>>);

/// Id of the rule that set a block aside.
pub type RuleId = Arc<str>;

struct Set {
    rules: Vec<(RuleId, Rule)>,
    /// Phrases that are whole lines, and their rules.
    phrases: HashMap<String, usize, foldhash::fast::FixedState>,
    /// Phrases that are cut off paragraphs, by their first letter, longest first.
    glued: [Vec<(String, usize)>; 26],
    /// Rules that know lines in other ways.
    others: Vec<usize>,
    signs: Signs,
}

static DEFAULT: LazyLock<Set> = LazyLock::new(|| {
    let rules = parse(BUILT_IN).expect("the built-in rules are checked by a test");
    Set::of(rules.rule.into_iter().map(toml::Spanned::into_inner))
});

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.set().rules.iter().map(|(id, _)| id))
            .finish()
    }
}

/// Line, from 1, of a byte of a text.
fn line_of(text: &str, byte: usize) -> u64 {
    1 + text
        .bytes()
        .take(byte)
        .filter(|byte| *byte == b'\n')
        .count() as u64
}

fn parse(text: &str) -> Result<File> {
    toml::from_str(text).map_err(|error| {
        let named = Error::new(
            ErrorKind::Data,
            format!("no file of rules: {}", error.message()),
        );
        let named = match error.span() {
            Some(span) => named.at_line(line_of(text, span.start)),
            None => named,
        };
        named.caused_by(error)
    })
}

impl Set {
    fn of(rules: impl IntoIterator<Item = Rule>) -> Set {
        let mut set = Set {
            rules: Vec::new(),
            phrases: HashMap::default(),
            glued: Default::default(),
            others: Vec::new(),
            signs: Signs::default(),
        };
        for (number, rule) in rules.into_iter().enumerate() {
            for phrase in rule.whole.iter().chain(&rule.button) {
                set.phrases.entry(phrase.clone()).or_insert(number);
            }
            for phrase in &rule.button {
                let letter = phrase.as_bytes()[0].wrapping_sub(b'a');
                set.glued[usize::from(letter).min(25)].push((phrase.clone(), number));
            }
            set.signs.add(&rule);
            if !(rule.link.is_empty() && rule.starts.is_empty() && rule.all.is_empty())
                || rule.shape.is_some()
                || rule.pattern.is_some()
            {
                set.others.push(number);
            }
            set.rules.push((rule.id.as_str().into(), rule));
        }
        for phrases in &mut set.glued {
            phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        set
    }
}

impl Rules {
    fn made_of(rules: impl IntoIterator<Item = Rule>) -> Rules {
        Rules(Some(Arc::new(Set::of(rules))))
    }

    fn set(&self) -> &Set {
        match &self.0 {
            Some(set) => set,
            None => &DEFAULT,
        }
    }

    /// These rules, and before them those of a file in TOML; docs/READING.md says what it may hold.
    ///
    /// # Errors
    /// [`ErrorKind::Data`], with the line, where the file cannot be read as rules, an id stands twice or is
    /// not there to be disabled, or a rule does not know its example or knows its counter-example.
    pub fn with(&self, toml: &str) -> Result<Rules> {
        let File { disable, rule } = parse(toml)?;
        let mut rules: Vec<Rule> = Vec::new();
        for spanned in rule {
            let line = line_of(toml, spanned.span().start);
            let rule = spanned.into_inner();
            let wrong = |what: String| {
                Error::new(ErrorKind::Data, format!("rule {:?} {what}", rule.id)).at_line(line)
            };
            if let Some(fault) = rule.fault() {
                return Err(wrong(format!("is not valid: {fault}")));
            }
            if rules
                .iter()
                .chain(self.rules())
                .any(|other| other.id == rule.id)
            {
                return Err(wrong("is there twice".to_owned()).hint("give it another id"));
            }
            let alone = Rules::made_of([rule.clone()]);
            if alone.rule_for(&rule.example).is_none() {
                return Err(wrong("does not know its example".to_owned()).hint(
                    "lines above 240 bytes are never set aside; phrases need the right words",
                ));
            }
            if alone.rule_for(&rule.counter_example).is_some() {
                return Err(
                    wrong("sets its counter-example aside".to_owned()).hint("make it narrower")
                );
            }
            rules.push(rule);
        }
        if let Some(id) = disable
            .iter()
            .find(|id| self.rules().all(|rule| rule.id != **id))
        {
            return Err(
                Error::new(ErrorKind::Data, format!("`disable` names no rule: {id:?}"))
                    .hint("the ids stand in the `reason` of furniture blocks"),
            );
        }
        let kept = self
            .rules()
            .filter(|rule| !disable.contains(&rule.id))
            .cloned();
        Ok(Rules::made_of(rules.into_iter().chain(kept)))
    }

    /// All rules, in the order in which they are asked.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.set().rules.iter().map(|(_, rule)| rule)
    }

    fn id(&self, number: usize) -> RuleId {
        self.set().rules[number].0.clone()
    }

    /// The id of the rule that sets a line aside. The line must be trimmed.
    pub fn rule_for(&self, line: &str) -> Option<RuleId> {
        if line.len() > LINE_BYTES || line.len() > SHORT_BYTES && !self.set().signs.speak_for(line)
        {
            return None;
        }
        let lower = match line.is_ascii() {
            true => line.to_ascii_lowercase(),
            false => line.to_lowercase().replace('’', "'"),
        };
        let bare = bare(&lower);
        // A full stop makes a sentence of a phrase: only single words and names of buttons end with one.
        let is_sentence = lower.ends_with('.') && !lower.ends_with("...") && bare.contains(' ');
        if !is_sentence && let Some(&number) = self.set().phrases.get(bare) {
            return Some(self.id(number));
        }
        let mut others = self.set().others.iter();
        let number = others.find(|&&number| self.set().rules[number].1.fits(line, &lower))?;
        Some(self.id(*number))
    }

    /// A button at the start of a paragraph, without a space before the paragraph's own first letter: the
    /// button's length in bytes and its rule.
    pub fn glued_start(&self, text: &str) -> Option<(usize, RuleId)> {
        let first = text.as_bytes().first()?;
        if !first.is_ascii_uppercase() {
            return None;
        }
        self.set().glued[usize::from(first - b'A')]
            .iter()
            .find_map(|(phrase, number)| {
                let head = text.as_bytes().get(..phrase.len())?;
                let next = text.get(phrase.len()..)?.chars().next()?;
                let glued = next.is_uppercase() || matches!(next, '"' | '“' | '‘');
                // In a run of capitals the next capital may be of the same word.
                let shouted = head[1..].iter().all(|byte| !byte.is_ascii_lowercase());
                (glued && !shouted && head.eq_ignore_ascii_case(phrase.as_bytes()))
                    .then(|| (phrase.len(), self.id(*number)))
            })
    }

    /// A button at the end of a paragraph, directly after its final mark: where the button starts, and its
    /// rule.
    pub fn glued_end(&self, text: &str) -> Option<(usize, RuleId)> {
        const LONGEST: usize = 48;
        if !text.ends_with(|c: char| c.is_ascii_lowercase()) {
            return None;
        }
        let from = text.len().saturating_sub(LONGEST);
        let from = (from..text.len()).find(|&at| text.is_char_boundary(at))?;
        let tail = &text[from..];
        let mark = tail.rfind(['.', '!', '?', '”', '"', '’'])?;
        let start = mark + tail[mark..].chars().next()?.len_utf8();
        let button = &tail[start..];
        let letter = button
            .as_bytes()
            .first()
            .filter(|byte| byte.is_ascii_uppercase())?;
        let mut phrases = self.set().glued[usize::from(letter - b'A')].iter();
        let (_, number) = phrases.find(|(phrase, _)| button.eq_ignore_ascii_case(phrase))?;
        Some((from + start, self.id(*number)))
    }
}

#[cfg(test)]
mod tests;
