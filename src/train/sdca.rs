//! Multinomial logistic regression on sparse rows, by stochastic dual coordinate ascent.
//!
//! The objective, over n rows x with one-hot targets y, weights W and a free intercept b, is
//!
//! ```text
//! P(W, b) = sum_i [ log sum_k exp(W_k x_i + b_k) - (W x_i + b)_{y_i} ]  +  alpha/2 |W|^2
//! ```
//!
//! which is what linfa-logistic minimises too (`alpha` = 1/C of scikit-learn). Its dual has one
//! distribution q_i per row: with `W = sum_i (y_i - q_i) x_i^T / alpha` kept true, one row after
//! another is solved exactly for its q_i (`row`; Shalev-Shwartz & Zhang 2013, "Stochastic dual
//! coordinate ascent methods for regularized loss minimization"; for the multinomial loss Yu, Huang & Lin
//! 2011, "Dual coordinate descent methods for logistic regression and maximum entropy models").
//!
//! The intercept is not penalised, so the plain dual step does not reach it. Two things make it easy.
//! Rows are centred, implicitly: with `x_i - mean` in place of `x_i` the problem is the same (the
//! free intercept takes up `W mean`), but W and the intercept no longer do each other's work. And
//! after each epoch the intercept goes where the distributions, answering to it, would sum to the labels.
//!
//! What each row is off by when it is visited adds up to an estimate of the duality gap. Only where that
//! says that the tolerance is near, a pass over the rows certifies it ([`super::gap`]).

use std::ops::{AddAssign, Mul};

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::Array1;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::exp::total;
use super::gap::{Certificate, solve_singular};
use super::row::{Dual, Visit};
use crate::error::{Error, ErrorKind};
use crate::features::SparseMatrix;
use crate::label::LABELS;

/// One number a label.
pub type PerLabel = [f64; LABELS];

/// The solver with checked settings; [`super::SdcaParams`] makes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sdca {
    pub(super) alpha: f64,
    pub(super) tolerance: f64,
    pub(super) max_epochs: usize,
    pub(super) seed: u64,
}

/// How far the solution was after an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// The objective P.
    pub objective: f64,
    /// The distance to its minimum, at most.
    pub gap: f64,
    /// Whether both were computed for the weights reached; else they are estimates from the visits of the
    /// epoch, and `gap` bounds nothing.
    pub certified: bool,
}

/// A solution and the way to it.
#[derive(Clone, Debug)]
pub struct Solution {
    /// Weights, one row a feature.
    pub weights: Vec<PerLabel>,
    /// Intercepts; they sum to 0.
    pub intercept: PerLabel,
    /// What each epoch reached.
    pub epochs: Vec<Epoch>,
    /// Whether the tolerance was reached.
    pub converged: bool,
}

impl Fit<SparseMatrix, Array1<usize>, Error> for Sdca {
    type Object = Solution;

    fn fit(&self, dataset: &DatasetBase<SparseMatrix, Array1<usize>>) -> Result<Solution, Error> {
        let targets = dataset.targets.to_vec();
        if dataset.records.rows() != targets.len() || targets.iter().any(|&t| t >= LABELS) {
            return Err(Error::new(
                ErrorKind::Parameter,
                "there must be one target in 0..4 for every row",
            ));
        }
        Ok(self.solve(&dataset.records, &targets, &mut |_| {}))
    }
}

/// Up to this tolerance weights in single precision are fine enough, and half as many bytes to fetch.
const SINGLE: f64 = 1e-4;
/// Rows in a row that are visited together, at most: they are fetched in one stream. A small problem has
/// blocks of one row, since rows that stand together may be alike.
const BLOCK: usize = 16;
const BLOCKS: usize = 1024;
/// What share of an epoch's estimate is left as its gap at the end, where nothing is known yet.
const LEFT: f64 = 0.3;
/// Least probability that a row starts with.
const FAINTEST: f64 = 1e-9;
/// Intercept of a label without rows.
const ABSENT: f64 = -40.0;

impl Sdca {
    /// Minimises the objective over rows with targets in `0..4`.
    ///
    /// The same input gives the same bits: rows are visited in an order that only the seed decides,
    /// by one thread, because each row's step rests on the one before. `each_epoch` is told of every
    /// epoch as it ends.
    ///
    /// # Panics
    /// If there are not as many targets as rows.
    pub fn solve(
        &self,
        rows: &SparseMatrix,
        targets: &[usize],
        each_epoch: &mut dyn FnMut(Epoch),
    ) -> Solution {
        self.solve_from(rows, targets, None, each_epoch)
    }

    /// Like [`Sdca::solve`], from what other weights say of each row: distributions over the labels, such as
    /// those of a model that was trained on other rows. The optimum is the same; the nearer they are to its
    /// own, the fewer epochs it takes. Where they are worse than none, they are not used.
    ///
    /// # Panics
    /// If there are not as many targets, or distributions, as rows.
    pub fn solve_from(
        &self,
        rows: &SparseMatrix,
        targets: &[usize],
        start: Option<&[[f32; LABELS]]>,
        each_epoch: &mut dyn FnMut(Epoch),
    ) -> Solution {
        assert_eq!(rows.rows(), targets.len());
        if self.tolerance >= SINGLE {
            Ascent::<f32>::new(self, rows, targets).run(start, each_epoch)
        } else {
            Ascent::<f64>::new(self, rows, targets).run(start, each_epoch)
        }
    }
}

/// A number that weights are made of while they change.
trait Number: Copy + Default + AddAssign + Mul<Output = Self> + From<f32> + Into<f64> {
    fn rounded(x: f64) -> Self;
}

impl Number for f32 {
    fn rounded(x: f64) -> f32 {
        x as f32
    }
}

impl Number for f64 {
    fn rounded(x: f64) -> f64 {
        x
    }
}

/// The state of a run. `W = own + along * mean^T`, so that a step along a centred row touches the row's
/// columns only.
struct Ascent<'a, T> {
    settings: &'a Sdca,
    rows: &'a SparseMatrix,
    targets: &'a [usize],
    mean: Mean,
    /// Squared length of each centred row over alpha: how much a step changes the row's own scores.
    curvatures: Vec<f64>,
    duals: Vec<Dual>,
    own: Vec<[T; LABELS]>,
    along: PerLabel,
    /// `own * mean`.
    at_mean: PerLabel,
    /// That of the centred rows.
    intercept: PerLabel,
    certificate: Certificate<'a>,
}

/// What the visits of an epoch add up to.
#[derive(Default)]
struct Visits {
    loss: f64,
    gap: f64,
    /// Sum of the distributions.
    mass: PerLabel,
    /// How the mass moves with the intercept.
    ease: [PerLabel; LABELS],
}

impl<'a, T: Number> Ascent<'a, T> {
    fn new(settings: &'a Sdca, rows: &'a SparseMatrix, targets: &'a [usize]) -> Ascent<'a, T> {
        let mean = Mean::of(rows);
        let curvature = |i: usize| {
            let square = squared_length(rows.row(i)) - 2.0 * mean.with_row[i] + mean.square;
            square.max(0.0) / settings.alpha
        };
        let certificate = Certificate::new(rows, targets);
        let count = targets.len() as f64;
        Ascent {
            settings,
            rows,
            targets,
            curvatures: (0..rows.rows()).map(curvature).collect(),
            mean,
            duals: targets
                .iter()
                .map(|&target| Dual::certain(target))
                .collect(),
            own: vec![[T::default(); LABELS]; rows.columns()],
            along: [0.0; LABELS],
            at_mean: [0.0; LABELS],
            // The best one while all weights are 0.
            intercept: certificate.wanted().map(|wanted| match wanted > 0.0 {
                true => libm::log(wanted / count),
                false => ABSENT,
            }),
            certificate,
        }
    }

    fn run(
        mut self,
        start: Option<&[[f32; LABELS]]>,
        each_epoch: &mut dyn FnMut(Epoch),
    ) -> Solution {
        let mut order = Order::new(self.rows.rows(), self.settings.seed);
        let mut epochs: Vec<Epoch> = Vec::new();
        let mut left = LEFT;
        let warm = start.is_some_and(|start| self.warm_up(start));
        loop {
            let visits = self.visit_all(order.next());
            let estimate = Epoch {
                objective: visits.loss + self.settings.alpha / 2.0 * self.squared_weights(),
                gap: visits.gap,
                certified: false,
            };
            let last = epochs.len() + 1 == self.settings.max_epochs;
            // Visits of rows whose distributions know nothing yet say nothing of the gap.
            let near = (warm || !epochs.is_empty())
                && left * estimate.gap <= self.settings.tolerance * estimate.objective;
            if !(near || last) {
                self.move_intercept(&visits);
                each_epoch(estimate);
                epochs.push(estimate);
                continue;
            }
            let (weights, intercept, epoch) = self.certify();
            each_epoch(epoch);
            epochs.push(epoch);
            let converged = epoch.gap <= self.settings.tolerance * epoch.objective;
            if converged || last {
                let middle = intercept.iter().sum::<f64>() / LABELS as f64;
                return Solution {
                    weights,
                    intercept: intercept.map(|b| b - middle),
                    epochs,
                    converged,
                };
            }
            left = epoch.gap / estimate.gap.max(f64::MIN_POSITIVE);
        }
    }

    /// Takes the rows' distributions for its own, unless the weights that follow from them are further from the
    /// optimum than none at all.
    fn warm_up(&mut self, start: &[[f32; LABELS]]) -> bool {
        assert_eq!(start.len(), self.rows.rows());
        // Without weights the objective is that of the labels' frequencies, and the dual's is 0.
        let (_, _, nothing) = self.certify();
        let cold = self.intercept;
        for (i, q) in start.iter().enumerate() {
            let q = q.map(|q| f64::from(q).max(FAINTEST));
            let sum = total(q);
            self.move_row(i, Dual::new(q.map(|q| q / sum)));
        }
        let (_, _, reached) = self.certify();
        if reached.gap < nothing.gap {
            return true;
        }
        for i in 0..start.len() {
            self.duals[i] = Dual::certain(self.targets[i]);
        }
        self.own.fill([T::default(); LABELS]);
        (self.along, self.at_mean) = ([0.0; LABELS], [0.0; LABELS]);
        self.intercept = cold;
        false
    }

    /// Gives a row another distribution, and the weights that follow from it.
    fn move_row(&mut self, i: usize, dual: Dual) {
        let old = std::mem::replace(&mut self.duals[i], dual);
        let step = std::array::from_fn(|k| old.q[k] - dual.q[k]);
        self.step(i, step);
    }

    /// Follows the change of a row's distribution: its old one less its new one.
    #[inline]
    fn step(&mut self, i: usize, change: PerLabel) {
        let step = change.map(|change| change / self.settings.alpha);
        let with_mean = self.mean.with_row[i];
        self.along = std::array::from_fn(|k| self.along[k] - step[k]);
        self.at_mean = std::array::from_fn(|k| self.at_mean[k] + step[k] * with_mean);
        let step = step.map(T::rounded);
        for &(column, value) in self.rows.row(i) {
            let weight = &mut self.own[column as usize];
            for k in 0..LABELS {
                weight[k] += step[k] * T::from(value);
            }
        }
    }

    /// Visits each row once.
    fn visit_all(&mut self, order: &[u32]) -> Visits {
        let mut visits = Visits::default();
        for &i in order {
            let i = i as usize;
            let row = self.rows.row(i);
            let with_mean = self.mean.with_row[i];
            let own = dot(&self.own, row);
            let along_mean = with_mean - self.mean.square;
            let scores = std::array::from_fn(|k| {
                own[k] + (self.intercept[k] - self.at_mean[k] + self.along[k] * along_mean)
            });
            let dual = &mut self.duals[i];
            let visit = dual.visit(scores, self.curvatures[i]);
            visits.add(&visit, dual, self.targets[i]);
            self.step(i, visit.step);
        }
        visits
    }

    /// Moves the intercept to where the sum of the distributions would be that of the labels. They give
    /// way as the last visits did, each as if it were alone.
    fn move_intercept(&mut self, visits: &Visits) {
        let wanted = self.certificate.wanted();
        let excess = std::array::from_fn(|k| visits.mass[k] - wanted[k]);
        let step = solve_singular(visits.ease, excess);
        self.intercept =
            std::array::from_fn(|k| (self.intercept[k] - step[k].clamp(-2.0, 2.0)).max(ABSENT));
    }

    fn weight(&self, column: usize) -> PerLabel {
        let (own, mean) = (self.own[column], self.mean.columns[column]);
        std::array::from_fn(|k| own[k].into() + self.along[k] * mean)
    }

    fn squared_weights(&self) -> f64 {
        let weights = (0..self.own.len()).map(|column| self.weight(column));
        weights.map(|weight| total(weight.map(|w| w * w))).sum()
    }

    /// The weights reached, their best intercept, and how far they are from the optimum.
    fn certify(&mut self) -> (Vec<PerLabel>, PerLabel, Epoch) {
        let weights: Vec<PerLabel> = (0..self.own.len()).map(|c| self.weight(c)).collect();
        // The free intercept belongs to the rows as they are; the centred one is that plus W * mean.
        let to_centred: PerLabel =
            std::array::from_fn(|k| self.at_mean[k] + self.along[k] * self.mean.square);
        let start = std::array::from_fn(|k| self.intercept[k] - to_centred[k]);
        let best = self.certificate.best_intercept(&weights, start);
        let alpha = self.settings.alpha;
        let epoch = self
            .certificate
            .certify_duals(&weights, best, alpha, &self.duals);
        self.intercept = std::array::from_fn(|k| best[k] + to_centred[k]);
        (weights, best, epoch)
    }
}

impl Visits {
    #[inline]
    fn add(&mut self, visit: &Visit, dual: &Dual, target: usize) {
        // After its visit a row's distribution is the softmax of its scores.
        self.loss -= dual.log[target];
        self.gap += visit.gap;
        let of_all = 1.0 / total(visit.ease);
        for k in 0..LABELS {
            self.mass[k] += dual.q[k];
            self.ease[k][k] += visit.ease[k];
            for l in 0..LABELS {
                self.ease[k][l] -= visit.ease[k] * visit.ease[l] * of_all;
            }
        }
    }
}

/// `W x`.
#[inline]
fn dot<T: Number>(weights: &[[T; LABELS]], row: &[(u32, f32)]) -> PerLabel {
    let mut sum = [T::default(); LABELS];
    for &(column, value) in row {
        let weight = &weights[column as usize];
        for k in 0..LABELS {
            sum[k] += weight[k] * T::from(value);
        }
    }
    sum.map(T::into)
}

/// In what order rows are visited: blocks of rows in random order, and the rows of each.
struct Order {
    rows: usize,
    block: usize,
    blocks: Vec<u32>,
    order: Vec<u32>,
    random: ChaCha8Rng,
}

impl Order {
    fn new(rows: usize, seed: u64) -> Order {
        let block = (rows / BLOCKS).clamp(1, BLOCK);
        Order {
            rows,
            block,
            blocks: (0..rows.div_ceil(block) as u32).collect(),
            order: Vec::with_capacity(rows),
            random: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    /// The order of the next epoch.
    fn next(&mut self) -> &[u32] {
        self.blocks.shuffle(&mut self.random);
        self.order.clear();
        for &block in &self.blocks {
            let first = block as usize * self.block;
            let end = (first + self.block).min(self.rows);
            let place = self.order.len();
            self.order.extend(first as u32..end as u32);
            self.order[place..].shuffle(&mut self.random);
        }
        &self.order
    }
}

/// The mean row, and its products with each row.
struct Mean {
    columns: Vec<f64>,
    with_row: Vec<f64>,
    square: f64,
}

impl Mean {
    fn of(rows: &SparseMatrix) -> Mean {
        let n = rows.rows();
        let mut columns = vec![0.0; rows.columns()];
        for i in 0..n {
            for &(column, value) in rows.row(i) {
                columns[column as usize] += f64::from(value);
            }
        }
        columns.iter_mut().for_each(|sum| *sum /= n as f64);
        let product = |&(column, value): &(u32, f32)| columns[column as usize] * f64::from(value);
        let with_row = (0..n)
            .map(|i| rows.row(i).iter().map(product).sum())
            .collect();
        let square = columns.iter().map(|m| m * m).sum();
        Mean {
            columns,
            with_row,
            square,
        }
    }
}

fn squared_length(row: &[(u32, f32)]) -> f64 {
    row.iter().map(|&(_, v)| f64::from(v) * f64::from(v)).sum()
}
