//! Confident learning against cleanlab (`tests/data/reference/confident.py`), and on the corpus with
//! labels that were made wrong on purpose.

#![allow(clippy::unwrap_used)]

use copydesk::evaluate::confident::{
    calibrated, confident_joint, normalised_margin, off_diagonal, prune_by_noise_rate, thresholds,
};
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
