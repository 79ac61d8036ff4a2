//! Languages other than English: a model learns from labelled paragraphs of one, and a text of one is
//! known for what it is.

#![allow(clippy::unwrap_used)]

use copydesk::article::Format;
use copydesk::corpus::{Corpus, split};
use copydesk::evaluate::{Evaluation, Options};
use copydesk::text::Language;
use copydesk::train::{TrainParams, cross_validate};
use copydesk::{Article, Limits, Model};

/// German articles that were written for this test.
fn german() -> Corpus {
    let bytes = include_bytes!("data/german.jsonl");
    Corpus::from_bytes("german.jsonl", bytes, &Limits::default()).unwrap()
}

fn params(language: Language) -> TrainParams {
    TrainParams {
        language,
        folds: 0,
        ..TrainParams::default()
    }
}

fn cross_validated(language: Language) -> Evaluation {
    let corpus = german();
    let folds = split::folds(&corpus, 5, 1);
    let names: Vec<String> = folds.iter().map(usize::to_string).collect();
    let params = params(language).check().unwrap();
    let parts = cross_validate(&params, &corpus, &names, &Limits::default()).unwrap();
    let outcomes: Vec<_> = parts
        .iter()
        .flat_map(|part| part.outcomes.clone())
        .collect();
    Evaluation::new(&outcomes, &Options::default()).unwrap()
}

/// Two hundred paragraphs make a model that is much better than a guess, and German's own word lists
/// make a better one than those of a language that has none.
#[test]
fn german_is_learnt_from_two_hundred_paragraphs() {
    assert!(german().rows().filter(|row| row.label.is_some()).count() >= 200);
    let with_lists = cross_validated(Language::German);
    let without = cross_validated(Language::Dutch);
    println!(
        "macro-F1 {:.3}, news/opinion {:.3}; without word lists {:.3}, {:.3}; always the most frequent {:.3}",
        with_lists.macro_f1,
        with_lists.news_opinion_macro_f1,
        without.macro_f1,
        without.news_opinion_macro_f1,
        with_lists.majority.figures.macro_f1
    );
    assert!(with_lists.macro_f1 >= 0.8);
    assert!(with_lists.macro_f1 > without.macro_f1);
    assert!(with_lists.macro_f1 > 2.0 * with_lists.majority.figures.macro_f1);
}

#[test]
fn every_language_trains_saves_and_answers() {
    let corpus = german();
    for &language in Language::ALL {
        let params = params(language).check().unwrap();
        let (model, _) = params
            .fit(&corpus, &Limits::default(), &mut |_| {})
            .unwrap();
        let model = Model::from_bytes(&model.to_bytes(), &Limits::default()).unwrap();
        assert_eq!(model.space().language, language);
        let right = Evaluation::of_model(&model, &corpus, &Options::default())
            .unwrap()
            .accuracy;
        assert!(right >= 0.9, "{language}: {right}");
    }
}

#[test]
fn a_text_in_another_language_is_known_for_it() {
    let german = german();
    let mut english = Model::builtin().session();
    for article in &german.articles {
        english.classify(&article.to_article());
        assert_eq!(english.language(), Some("german"), "{}", article.id);
    }
    let (model, _) = params(Language::German)
        .check()
        .unwrap()
        .fit(&german, &Limits::default(), &mut |_| {})
        .unwrap();
    let mut session = model.session();
    for article in &german.articles {
        session.classify(&article.to_article());
        assert_eq!(session.language(), Some("german"), "{}", article.id);
    }
    let page =
        "The mayor has asked the council to look again at the plan for the old harbour bridge.";
    let page = Article::from_bytes(page.as_bytes(), Format::Text, &Limits::default()).unwrap();
    session.classify(&page);
    assert_eq!(session.language(), Some("english"));
}
