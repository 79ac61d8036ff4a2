//! The figures of an evaluation against scikit-learn's, frozen in `tests/data/metrics_reference.json`
//! (the script beside it wrote them and names the version).

#![allow(clippy::unwrap_used)]

use copydesk::evaluate::agreement::{self, Unit};
use copydesk::evaluate::{Bootstrap, Evaluation, Options, Outcome, Prf};
use copydesk::{Label, Scores};
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("data/metrics_reference.json")).unwrap()
}

fn outcomes(reference: &Value) -> Vec<Outcome> {
    let gold = reference["gold"].as_array().unwrap();
    let rows = reference["ten_thousandths"].as_array().unwrap();
    gold.iter()
        .zip(rows)
        .map(|(gold, row)| {
            let mut odds = [0.0; 4];
            for (odds, parts) in odds.iter_mut().zip(row.as_array().unwrap()) {
                *odds = (parts.as_f64().unwrap() / 10_000.0).ln();
            }
            Outcome {
                article: 0,
                words: 1,
                rule: Label::Reporting,
                gold: Label::from_index(gold.as_u64().unwrap() as usize).unwrap(),
                scores: Scores::softmax(odds),
            }
        })
        .collect()
}

fn same(got: f64, want: &Value, what: &str) {
    let want = want.as_f64().unwrap();
    assert!((got - want).abs() <= 1e-12, "{what}: {got}, not {want}");
}

fn same_prf(got: &Prf, want: &Value) {
    let name = want["name"].as_str().unwrap();
    same(got.precision, &want["precision"], name);
    same(got.recall, &want["recall"], name);
    same(got.f1, &want["f1"], name);
    assert_eq!(Some(got.support), want["support"].as_u64(), "{name}");
}

#[test]
fn every_figure_is_that_of_scikit_learn() {
    let reference = reference();
    let figures = Evaluation::new(&outcomes(&reference), &Options::default()).unwrap();
    assert_eq!(figures.paragraphs, 200);
    same(figures.accuracy, &reference["accuracy"], "accuracy");
    same(figures.macro_f1, &reference["macro_f1"], "macro-F1");
    same(
        figures.news_opinion_macro_f1,
        &reference["news_opinion_macro_f1"],
        "news/opinion",
    );
    same(figures.log_loss, &reference["log_loss"], "log-loss");
    same(figures.brier_score, &reference["brier"], "Brier score");
    same(
        figures.matthews_correlation,
        &reference["matthews"],
        "Matthews correlation",
    );
    same(
        figures.calibration_error,
        &reference["calibration_error"],
        "calibration error",
    );
    for (got, want) in figures
        .labels
        .iter()
        .zip(reference["per_label"].as_array().unwrap())
    {
        assert_eq!(got.label.name(), want["name"]);
        same_prf(&got.figures, want);
    }
    for (got, want) in figures
        .sides
        .iter()
        .zip(reference["per_side"].as_array().unwrap())
    {
        assert_eq!(got.side.name(), want["name"]);
        same_prf(&got.figures, want);
    }
    assert_eq!(
        serde_json::to_value(figures.confusion).unwrap(),
        reference["confusion"]
    );
    let bins = reference["reliability"].as_array().unwrap();
    assert_eq!(figures.reliability.len(), bins.len());
    for (got, want) in figures.reliability.iter().zip(bins) {
        assert_eq!(Some(got.paragraphs as u64), want["count"].as_u64());
        same(got.confidence, &want["confidence"], "confidence");
        same(got.accuracy, &want["accuracy"], "accuracy");
    }
    let (majority, baseline) = (&figures.majority, &reference["baseline"]);
    assert_eq!(majority.label.name(), baseline["label"]);
    same(
        majority.figures.accuracy,
        &baseline["accuracy"],
        "majority accuracy",
    );
    same(
        majority.figures.macro_f1,
        &baseline["macro_f1"],
        "majority macro-F1",
    );
    same(
        majority.figures.news_opinion_macro_f1,
        &baseline["news_opinion_macro_f1"],
        "majority news/opinion",
    );
}

#[test]
fn the_order_of_paragraphs_does_not_matter() {
    let mut outcomes = outcomes(&reference());
    let forward = Evaluation::new(&outcomes, &Options::default()).unwrap();
    outcomes.reverse();
    let backward = Evaluation::new(&outcomes, &Options::default()).unwrap();
    assert_eq!(forward.confusion, backward.confusion);
    assert!((forward.log_loss - backward.log_loss).abs() < 1e-12);
    assert!((forward.calibration_error - backward.calibration_error).abs() < 1e-12);
}

/// The ends of bias-corrected and accelerated intervals are scipy's
/// (`tests/data/bootstrap_reference.py`).
#[test]
fn intervals_are_those_of_scipy() {
    let reference: Value =
        serde_json::from_str(include_str!("data/bootstrap_reference.json")).unwrap();
    let numbers = |values: &Value| -> Vec<f64> {
        let values = values.as_array().unwrap().iter();
        values.map(|value| value.as_f64().unwrap()).collect()
    };
    for case in reference["cases"].as_array().unwrap() {
        let bootstrap = Bootstrap {
            level: case["level"].as_f64().unwrap(),
            ..Bootstrap::default()
        };
        let interval = bootstrap.interval(
            case["value"].as_f64().unwrap(),
            &numbers(&case["draws"]),
            &numbers(&case["left_out"]),
        );
        // The normal distribution's quantiles differ in the twelfth digit.
        for (got, want) in [(interval.low, &case["low"]), (interval.high, &case["high"])] {
            assert!((got - want.as_f64().unwrap()).abs() < 1e-9);
        }
    }
}

/// Agreement is that of the packages krippendorff and scikit-learn
/// (`tests/data/agreement_reference.py`).
#[test]
fn agreement_is_that_of_the_packages() {
    let reference: Value =
        serde_json::from_str(include_str!("data/agreement_reference.json")).unwrap();
    for case in reference["cases"].as_array().unwrap() {
        let annotators = case["labels"].as_array().unwrap();
        let count = annotators[0].as_array().unwrap().len();
        let label = |annotator: &Value, unit: usize| {
            let label = annotator[unit].as_u64()?;
            Label::from_index(label as usize)
        };
        let units: Vec<Unit> = (0..count)
            .map(|unit| Unit {
                article: unit,
                labels: annotators.iter().map(|a| label(a, unit)).collect(),
            })
            .collect();
        let alpha = agreement::alpha(&agreement::coincidences(&units)).unwrap();
        assert!((alpha - case["alpha"].as_f64().unwrap()).abs() < 1e-12);
        for pair in case["kappa"].as_array().unwrap() {
            let place = |k: usize| pair[k].as_u64().unwrap() as usize;
            let crossed = agreement::crossed(&units, place(0), place(1));
            let kappa = agreement::kappa(&crossed).unwrap();
            assert!((kappa - pair[2].as_f64().unwrap()).abs() < 1e-12);
        }
    }
}
