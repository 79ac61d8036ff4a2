//! The sparse solver against its reference, and its own promises: the same optimum as
//! linfa-logistic, a gap that is a true bound, and the same bits every time.

#![allow(clippy::unwrap_used)]

use copydesk::ErrorKind;
use copydesk::features::SparseMatrix;
use copydesk::train::{Reference, Sdca, SdcaParams, Solution};
use linfa::DatasetBase;
use linfa::ParamGuard;
use linfa::traits::Fit;
use ndarray::Array1;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Rows of length 1 with two dozen values each, of columns whose frequency falls like that of
/// words, and labels that depend on them with noise: the shape of the real problem.
fn problem(rows: usize, columns: usize, seed: u64) -> (SparseMatrix, Vec<usize>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let signs: Vec<usize> = (0..columns).map(|_| rng.gen_range(0..4)).collect();
    let mut matrix = SparseMatrix::new(columns);
    let mut targets = Vec::new();
    for _ in 0..rows {
        let mut row: Vec<(u32, f32)> = Vec::new();
        let mut votes = [0.0f32, 0.3, 0.6, 1.2];
        while row.len() < 24 {
            let column = ((columns as f64).powf(rng.r#gen::<f64>()) - 1.0) as u32;
            if row.iter().all(|&(taken, _)| taken != column) {
                row.push((column, rng.gen_range(0.5..1.5)));
                votes[signs[column as usize]] += rng.gen_range(0.0..1.0);
            }
        }
        let length = row.iter().map(|(_, v)| v * v).sum::<f32>().sqrt();
        row.iter_mut().for_each(|(_, v)| *v /= length);
        let best = (0..4).max_by(|&a, &b| votes[a].total_cmp(&votes[b]));
        targets.push(best.unwrap());
        matrix.push(&row);
    }
    (matrix, targets)
}

fn solver(alpha: f64, tolerance: f64) -> Sdca {
    let params = SdcaParams::default().alpha(alpha).tolerance(tolerance);
    params.max_epochs(5000).check().unwrap()
}

fn solve(matrix: &SparseMatrix, targets: &[usize], alpha: f64, tolerance: f64) -> Solution {
    solver(alpha, tolerance).solve(matrix, targets, &mut |_| {})
}

fn largest_difference(a: &Solution, b: &Solution) -> f64 {
    let centred = |solution: &Solution| -> Vec<f64> {
        let rows = solution.weights.iter().chain([&solution.intercept]);
        rows.flat_map(|row| {
            let mean = row.iter().sum::<f64>() / 4.0;
            row.map(|value| value - mean)
        })
        .collect()
    };
    let pairs = centred(a).into_iter().zip(centred(b));
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn reaches_the_optimum_of_linfa_logistic() {
    let (matrix, targets) = problem(2000, 1000, 7);
    let ours = solve(&matrix, &targets, 1.0, 1e-12);
    assert!(ours.converged);
    let reference = Reference {
        alpha: 1.0,
        tolerance: 1e-6,
        max_iterations: 1000,
        dense_bytes: 1 << 30,
    };
    let theirs = reference.solve(&matrix, &targets).unwrap();
    let difference = largest_difference(&ours, &theirs);
    println!("largest difference of a coefficient: {difference:.1e}");
    assert!(difference <= 1e-4, "{difference}");
}

#[test]
fn the_gap_bounds_the_distance_to_the_optimum() {
    let (matrix, targets) = problem(600, 300, 3);
    for alpha in [0.1, 1.0, 10.0] {
        let best = solve(&matrix, &targets, alpha, 1e-13);
        let optimum = best.epochs.last().unwrap().objective;
        let rough = solve(&matrix, &targets, alpha, 1e-4);
        for epoch in rough.epochs.iter().filter(|epoch| epoch.certified) {
            let distance = epoch.objective - optimum;
            assert!(
                distance <= epoch.gap + 1e-9 * optimum,
                "{distance} > {}",
                epoch.gap
            );
        }
    }
}

/// Four rows, one a label, with nothing in them: the optimum is known. All labels are equally
/// likely, so every weight and intercept is 0 and the loss is 4 ln 4.
#[test]
fn closed_form_without_features() {
    let mut matrix = SparseMatrix::new(1);
    (0..4).for_each(|_| matrix.push(&[]));
    let solution = solve(&matrix, &[0, 1, 2, 3], 1.0, 1e-10);
    let objective = solution.epochs.last().unwrap().objective;
    assert!((objective - 4.0 * 4f64.ln()).abs() < 1e-9, "{objective}");
    assert!(solution.intercept.iter().all(|b| b.abs() < 1e-9));
}

/// Intercepts alone reproduce the labels' frequencies: differences of their logarithms.
#[test]
fn closed_form_of_the_intercept() {
    let mut matrix = SparseMatrix::new(1);
    let targets: Vec<usize> = [0; 8]
        .into_iter()
        .chain([1; 4])
        .chain([2; 2])
        .chain([3])
        .collect();
    targets.iter().for_each(|_| matrix.push(&[]));
    let b = solve(&matrix, &targets, 1.0, 1e-10).intercept;
    for (k, ratio) in [(1, 2f64), (2, 4.0), (3, 8.0)] {
        assert!((b[0] - b[k] - ratio.ln()).abs() < 1e-8, "{b:?}");
    }
}

/// The gradient of the objective, summed up from its formula without the solver's own code.
#[test]
fn gradient_vanishes_at_the_solution() {
    let (matrix, targets) = problem(200, 50, 11);
    let alpha = 0.5;
    let solution = solve(&matrix, &targets, alpha, 1e-13);
    let mut gradient: Vec<[f64; 4]> = solution
        .weights
        .iter()
        .map(|w| w.map(|w| alpha * w))
        .collect();
    let mut intercept = [0.0; 4];
    for (i, &target) in targets.iter().enumerate() {
        let mut odds = solution.intercept;
        for &(column, value) in matrix.row(i) {
            for (k, odds) in odds.iter_mut().enumerate() {
                *odds += solution.weights[column as usize][k] * f64::from(value);
            }
        }
        let total: f64 = odds.iter().map(|z| z.exp()).sum();
        for k in 0..4 {
            let excess = odds[k].exp() / total - f64::from(u8::from(k == target));
            intercept[k] += excess;
            for &(column, value) in matrix.row(i) {
                gradient[column as usize][k] += excess * f64::from(value);
            }
        }
    }
    let largest = gradient
        .iter()
        .flatten()
        .chain(&intercept)
        .fold(0f64, |m, g| m.max(g.abs()));
    assert!(largest < 1e-5, "{largest}");
}

#[test]
fn the_same_bits_every_time_and_through_the_trait_of_linfa() {
    let (matrix, targets) = problem(300, 200, 5);
    let first = solve(&matrix, &targets, 1.0, 1e-3);
    let data = DatasetBase::new(matrix.clone(), Array1::from(targets.clone()));
    let again = solver(1.0, 1e-3).fit(&data).unwrap();
    assert_eq!(first.weights, again.weights);
    assert_eq!(first.epochs, again.epochs);
    // Another order of rows ends near the same point, not on the same bits.
    let params = SdcaParams::default().alpha(1.0).tolerance(1e-12).seed(9);
    let other = params
        .max_epochs(5000)
        .check()
        .unwrap()
        .solve(&matrix, &targets, &mut |_| {});
    let exact = solve(&matrix, &targets, 1.0, 1e-12);
    assert_ne!(exact.weights, other.weights);
    assert!(largest_difference(&exact, &other) < 1e-4);
}

#[test]
fn a_label_without_rows_is_never_given() {
    let (matrix, targets) = problem(200, 100, 2);
    let targets: Vec<usize> = targets.iter().map(|&target| target.min(2)).collect();
    let solution = solve(&matrix, &targets, 1.0, 1e-4);
    assert!(solution.converged);
    assert!(solution.intercept[3] < solution.intercept[0] - 10.0);
}

#[test]
fn huge_and_tiny_values_end_in_finite_weights() {
    for scale in [1e-6f32, 1e4] {
        let mut matrix = SparseMatrix::new(2);
        for i in 0..40u32 {
            matrix.push(&[(i % 2, scale)]);
        }
        let targets: Vec<usize> = (0..40).map(|i| i % 2).collect();
        let solution = solve(&matrix, &targets, 1.0, 1e-6);
        assert!(solution.weights.iter().flatten().all(|w| w.is_finite()));
    }
}

#[test]
fn the_reference_refuses_what_it_cannot_do() {
    let (matrix, targets) = problem(100, 50, 1);
    let reference = Reference {
        alpha: 1.0,
        tolerance: 1e-3,
        max_iterations: 1000,
        dense_bytes: 1000,
    };
    let error = reference.solve(&matrix, &targets).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("100 x 50"), "{error}");
    let reference = Reference {
        dense_bytes: 1 << 20,
        ..reference
    };
    let error = reference.solve(&matrix, &vec![2; 100]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Solver);
}
