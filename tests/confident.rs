//! Confident learning against cleanlab (`tests/data/reference/confident.py`), and on the corpus with
//! labels that were made wrong on purpose.

#![allow(clippy::unwrap_used)]

use copydesk::corpus::Corpus;
use copydesk::evaluate::confident::{
    calibrated, confident_joint, normalised_margin, off_diagonal, prune_by_noise_rate, thresholds,
};
use copydesk::train::{TrainParams, label_errors};
use copydesk::{Label, Limits};
use serde_json::Value;

fn marked(rows: &[bool]) -> Vec<usize> {
    (0..rows.len()).filter(|&row| rows[row]).collect()
}

#[test]
fn the_figures_are_those_of_cleanlab() {
    let reference = include_str!("data/reference/confident.json");
    let reference: Value = serde_json::from_str(reference).unwrap();
    let read = |case: &Value, field: &str| case[field].clone();
    for case in reference["cases"].as_array().unwrap() {
        let given: Vec<usize> = serde_json::from_value(read(case, "labels")).unwrap();
        let p: Vec<[f64; 4]> = serde_json::from_value(read(case, "probabilities")).unwrap();
        let want: [f64; 4] = serde_json::from_value(read(case, "thresholds")).unwrap();
        for (got, want) in thresholds(&given, &p).iter().zip(want) {
            // A class without rows is out of reach; cleanlab writes 2 for that.
            assert!((got - want).abs() < 1e-9 || want == 2.0 && got.is_infinite());
        }
        let joint: [[usize; 4]; 4] = serde_json::from_value(read(case, "joint")).unwrap();
        assert_eq!(confident_joint(&given, &p), joint);
        let want: [[usize; 4]; 4] = serde_json::from_value(read(case, "calibrated")).unwrap();
        assert_eq!(calibrated(&joint, &given), want);
        let margins: Vec<f64> = serde_json::from_value(read(case, "margins")).unwrap();
        for (row, want) in margins.iter().enumerate() {
            assert!((normalised_margin(given[row], &p[row]) - want).abs() < 1e-9);
        }
        let want: Vec<usize> = serde_json::from_value(read(case, "prune_by_noise_rate")).unwrap();
        assert_eq!(marked(&prune_by_noise_rate(&given, &p)), want);
        let want: Vec<usize> = serde_json::from_value(read(case, "confident_learning")).unwrap();
        assert_eq!(marked(&off_diagonal(&given, &p)), want);
    }
}

/// Every 33rd label of the corpus is made wrong: how many of those are found, how many of the first as many
/// findings are such labels, and how many of all findings. The corpus has errors and doubtful labels of its
/// own, so that precision is understated.
#[test]
fn labels_made_wrong_are_found() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let limits = Limits::default();
    let mut corpus = Corpus::read(&[folder], &limits).unwrap();
    let mut flipped = std::collections::HashSet::new();
    let rows = corpus.articles.iter_mut().flat_map(|a| &mut a.paragraphs);
    for (number, row) in rows.filter(|row| row.label.is_some()).enumerate() {
        if number % 33 == 7 {
            let label = row.label.unwrap().index();
            row.label = Label::from_index((label + 1 + number / 33 % 3) % 4);
            flipped.insert((row.file.clone(), row.line));
        }
    }
    let params = TrainParams::default().check().unwrap();
    let found = label_errors(&params, &corpus, &limits).unwrap();
    let right = |findings: &[copydesk::corpus::Finding]| {
        let places = findings.iter().filter_map(|finding| finding.place.clone());
        let right = places.filter(|p| flipped.contains(&(p.file.clone(), p.line)));
        right.count() as f64
    };
    let recall = right(&found) / flipped.len() as f64;
    let precision = right(&found) / found.len() as f64;
    let first = right(&found[..flipped.len()]) / flipped.len() as f64;
    println!(
        "{} labels made wrong, {} findings: recall {recall:.3}, precision {precision:.3}, of the first \
         {}: {first:.3}",
        flipped.len(),
        found.len(),
        flipped.len()
    );
    assert!(recall > 0.8 && precision > 0.42 && first > 0.65);
}
