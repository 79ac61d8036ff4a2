//! Tests of the rules that know furniture.

use super::*;
use proptest::prelude::*;

fn id(line: &str) -> Option<String> {
    Rules::default().rule_for(line).map(|id| id.to_string())
}

#[test]
fn every_rule_knows_its_example_and_no_rule_the_counter_example() {
    for rule in Rules::default().rules() {
        assert_eq!(rule.fault(), None, "{}", rule.id);
        assert_eq!(id(&rule.example), Some(rule.id.clone()), "{}", rule.example);
        assert_eq!(id(&rule.counter_example), None, "{}", rule.counter_example);
        assert!(!rule.reason.is_empty() && !rule.language.is_empty());
    }
}

#[test]
fn ids_are_unique() {
    let rules = Rules::default();
    let mut ids: Vec<&str> = rules.rules().map(|rule| rule.id.as_str()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

const OWN: &str = r#"
disable = ["salutation"]

[[rule]]
id = "tide_table"
reason = "is the harbour's tide table"
language = "en"
example = "High water 12.41"
counter_example = "High water came at noon, the harbour master said."
pattern = "(high|low) water [0-9.]+"
"#;

#[test]
fn own_rules_come_first_and_others_can_be_disabled() {
    let rules = Rules::default().with(OWN).unwrap();
    assert_eq!(
        rules.rule_for("Low water 3.15").as_deref(),
        Some("tide_table")
    );
    assert_eq!(rules.rule_for("Dear friends,"), None);
    assert_eq!(
        rules.rule_for("Advertisement").as_deref(),
        Some("advertisement")
    );
    assert!(Rules::default().rule_for("Low water 3.15").is_none());
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line() {
    for (from, to, line, what) in [
        ("12.41", "at noon", 4, "does not know its example"),
        (
            "came at noon, the harbour master said.",
            "9",
            4,
            "sets its counter-example aside",
        ),
        ("tide_table", "advertisement", 4, "is there twice"),
        ("[0-9.]+", "[0-9.+", 10, "no file of rules"),
        ("pattern", "patern", 10, "no file of rules"),
        (
            "pattern = \"(high|low) water [0-9.]+\"",
            "",
            4,
            "knows no line",
        ),
        (
            "pattern = \"(high|low) water [0-9.]+\"",
            "starts = [\"High water 1\"]",
            4,
            "lower case",
        ),
        ("language = \"en\"", "", 4, "no file of rules"),
    ] {
        let error = Rules::default().with(&OWN.replace(from, to)).unwrap_err();
        assert_eq!(error.line(), Some(line), "{error}");
        assert!(error.to_string().contains(what), "{error}");
    }
    let error = Rules::default()
        .with("disable = [\"no_such\"]")
        .unwrap_err();
    assert!(error.to_string().contains("no_such"), "{error}");
}

#[test]
fn buttons_glued_to_paragraphs() {
    let rules = Rules::default();
    let glued_start = |text: &str| rules.glued_start(text).map(|(at, id)| (at, id.to_string()));
    let glued_end = |text: &str| rules.glued_end(text).map(|(at, id)| (at, id.to_string()));
    let glued = glued_start("Sign Our PetitionThe recent vote");
    assert_eq!(
        glued,
        Some(("Sign Our Petition".len(), "sign_up_button".to_owned()))
    );
    let long = glued_start("Story continues below this adThe port");
    assert_eq!(
        long.map(|(length, _)| length),
        Some("Story continues below this ad".len())
    );
    for prose in [
        "Sign our petition today",
        "Sign Our Petitioners",
        "Take actions",
        "ADVERTISEMENTS RUN",
        "The vote",
    ] {
        assert_eq!(glued_start(prose), None, "{prose}");
    }
    assert_eq!(
        glued_end("It closed.Advertisement"),
        Some((10, "advertisement".to_owned()))
    );
    assert_eq!(glued_end("He likes an Advertisement"), None);
    assert_eq!(glued_end("Advertisement"), None);
}

/// The same by asking all rules, whatever the line shows.
fn by_all_rules(rules: &Rules, line: &str) -> Option<RuleId> {
    let lower = line.to_lowercase().replace('’', "'");
    let is_sentence = lower.ends_with('.') && !lower.ends_with("...") && bare(&lower).contains(' ');
    let phrase = rules
        .set()
        .phrases
        .get(bare(&lower))
        .filter(|_| !is_sentence);
    let mut others = rules.set().others.iter();
    let number = phrase.or_else(|| others.find(|&&n| rules.set().rules[n].1.fits(line, &lower)))?;
    Some(rules.id(*number))
}

proptest! {
    /// Looking for signs first loses nothing: lines that are not ASCII have all marks of links, and of the
    /// others the colon and the bar.
    #[test]
    fn signs_lose_no_line(
        (rule, phrase) in prop::sample::select(Rules::default().rules().cloned().collect::<Vec<_>>())
            .prop_flat_map(|rule| {
                let phrases: Vec<String> = [&rule.link, &rule.starts, &rule.all, &rule.words, &rule.button]
                    .into_iter()
                    .flatten()
                    .cloned()
                    .chain(["the harbour".to_owned()])
                    .collect();
                (Just(rule), prop::sample::select(phrases))
            }),
        before in "[>»→(* ]{0,2}",
        mark in prop::sample::select(vec![": ", "|", " » ", " → ", " – ", " ", "", ", "]),
        prose in "([a-zé’]{1,9} ){9,22}",
        end in prop::sample::select(vec!["", ".", ",", ":", " http://example.org/1", "…"]),
        capital in any::<bool>(),
        curved in any::<bool>(),
    ) {
        let mut phrase = phrase;
        if capital {
            let rest = phrase.split_off(phrase.chars().next().map_or(0, char::len_utf8));
            phrase = phrase.to_uppercase() + &rest;
        }
        if curved {
            phrase = phrase.replace('\'', "’");
        }
        let line = format!("{before}{phrase}{mark}{prose}{}{end}", rule.language);
        let line = line.trim();
        if line.len() <= LINE_BYTES && (!line.is_ascii() || mark.contains([':', '|'])) {
            let rules = Rules::default();
            prop_assert_eq!(rules.rule_for(line), by_all_rules(&rules, line), "{}", line);
        }
    }
}
