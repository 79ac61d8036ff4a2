//! Shares of corpora whose truth is known: whether intervals hold it as often as they say.
//!
//! Corpora are made of what the built-in model's cross-validation said of the articles of `data/`: half of
//! the articles, chosen anew each time, are the validation set, the other half is what corpora are drawn
//! from, article by article, in one of two ways that reach a wanted share of opinion. The truth is the
//! share of opinion in what the corpus is drawn from.

#![allow(clippy::unwrap_used)]

use copydesk::evaluate::{Bootstrap, Measure, Method, Outcome, Prevalence, Unlabelled};
use copydesk::{Model, Side};
use rand::distributions::{Distribution, WeightedIndex};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// How corpora come to differ from the corpus that they are drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Choice {
    /// Articles are the likelier the more opinion they hold, smoothly.
    Tilted,
    /// Articles of mostly news and articles of mostly opinion are mixed.
    Mixed,
}

#[derive(Clone, Copy)]
struct Plan {
    runs: usize,
    draws: usize,
    articles: usize,
    measure: Measure,
    choice: Choice,
    methods: &'static [Method],
}

/// What one method said of one corpus.
struct Run {
    truth: f64,
    /// The share in the very articles drawn.
    drawn: f64,
    value: f64,
    low: f64,
    high: f64,
    p_value: f64,
}

/// Outcomes, article by article.
fn articles() -> Vec<Vec<Outcome>> {
    let mut articles: Vec<Vec<Outcome>> = Vec::new();
    for outcome in Model::builtin().validation().outcomes() {
        articles.resize_with(articles.len().max(outcome.article + 1), Vec::new);
        articles[outcome.article].push(outcome);
    }
    articles
}

/// Weight of opinion, and of all.
fn weights(article: &[Outcome], measure: Measure) -> (f64, f64) {
    let mut sums = (0.0, 0.0);
    for outcome in article {
        let weight = match measure {
            Measure::Words => outcome.words as f64,
            Measure::Paragraphs => 1.0,
        };
        sums.0 += weight * f64::from(u8::from(outcome.gold.side() == Side::Opinion));
        sums.1 += weight;
    }
    sums
}

/// Chances of articles under which a share of opinion is expected, and the share that was reached.
fn chances(pool: &[&Vec<Outcome>], plan: &Plan, wanted: f64) -> (Vec<f64>, f64) {
    let sums: Vec<(f64, f64)> = pool.iter().map(|a| weights(a, plan.measure)).collect();
    let share = |sums: &(f64, f64)| sums.0 / sums.1.max(1e-9);
    let opinion = sums.iter().filter(|s| share(s) > 0.5).count() as f64;
    let news = sums.len() as f64 - opinion;
    let at = |knob: f64| -> (Vec<f64>, f64) {
        let chances: Vec<f64> = sums
            .iter()
            .map(|s| match plan.choice {
                Choice::Tilted => (60.0 * (knob - 0.5) * (share(s) - 0.5)).exp(),
                Choice::Mixed if share(s) > 0.5 => knob / opinion,
                Choice::Mixed => (1.0 - knob) / news,
            })
            .collect();
        let of = |part: fn(&(f64, f64)) -> f64| -> f64 {
            chances.iter().zip(&sums).map(|(c, s)| c * part(s)).sum()
        };
        let reached = of(|s| s.0) / of(|s| s.1);
        (chances, reached)
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        match at(middle).1 < wanted {
            true => low = middle,
            false => high = middle,
        }
    }
    at(low)
}

fn simulate(plan: &Plan, seed: u64) -> Vec<Vec<Run>> {
    let articles = articles();
    (0..plan.runs)
        .into_par_iter()
        .map(|run| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(run as u64);
            let mut order: Vec<usize> = (0..articles.len()).collect();
            order.shuffle(&mut random);
            let (known, pool) = order.split_at(articles.len() / 2);
            let pool: Vec<&Vec<Outcome>> = pool.iter().map(|&a| &articles[a]).collect();
            let validation: Vec<Outcome> = known
                .iter()
                .flat_map(|&a| articles[a].iter().copied())
                .collect();
            let (chances, truth) = chances(&pool, plan, random.gen_range(0.05..0.8));
            let any = WeightedIndex::new(&chances).unwrap();
            let mut corpus = Vec::new();
            let (mut opinion, mut all) = (0.0, 0.0);
            for number in 0..plan.articles {
                let article = pool[any.sample(&mut random)];
                let sums = weights(article, plan.measure);
                opinion += sums.0;
                all += sums.1;
                corpus.extend(article.iter().map(|outcome| Unlabelled {
                    article: number,
                    words: outcome.words,
                    scores: outcome.scores,
                }));
            }
            let bootstrap = Bootstrap {
                draws: plan.draws,
                seed: run as u64,
                ..Bootstrap::default()
            };
            let prevalence = Prevalence::new(&corpus, &validation, plan.measure).unwrap();
            let shift = prevalence.shift(&bootstrap).unwrap();
            let estimates = prevalence.estimates(plan.methods, Some(&bootstrap));
            estimates
                .iter()
                .map(|estimate| {
                    let interval = estimate.opinion.interval.unwrap();
                    Run {
                        truth,
                        drawn: opinion / all,
                        value: estimate.opinion.value,
                        low: interval.low,
                        high: interval.high,
                        p_value: shift.p_value,
                    }
                })
                .collect()
        })
        .collect()
}

/// Mean of a figure of one method's runs.
fn mean(runs: &[Vec<Run>], method: usize, of: impl Fn(&Run) -> f64) -> f64 {
    runs.iter().map(|run| of(&run[method])).sum::<f64>() / runs.len() as f64
}

fn covered(run: &Run) -> f64 {
    f64::from(u8::from(run.low <= run.truth && run.truth <= run.high))
}

fn report(plan: &Plan, runs: &[Vec<Run>]) {
    println!(
        "\n{} corpora of {} articles, {:?}, by {}; shift test below 0.05 in {:.3}",
        plan.runs,
        plan.articles,
        plan.choice,
        plan.measure.name(),
        mean(runs, 0, |run| f64::from(u8::from(run.p_value < 0.05)))
    );
    println!(
        "| method | covers | covers the drawn | bias | RMSE | width | bias below 0.2 | bias above 0.6 |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (method, name) in plan.methods.iter().enumerate() {
        let bias = |keep: fn(f64) -> bool| {
            let kept = runs
                .iter()
                .map(|run| &run[method])
                .filter(|run| keep(run.truth));
            let kept: Vec<f64> = kept.map(|run| run.value - run.truth).collect();
            kept.iter().sum::<f64>() / kept.len() as f64
        };
        println!(
            "| {name} | {:.3} | {:.3} | {:+.4} | {:.4} | {:.4} | {:+.4} | {:+.4} |",
            mean(runs, method, covered),
            mean(runs, method, |run| f64::from(u8::from(
                run.low <= run.drawn && run.drawn <= run.high
            ))),
            bias(|_| true),
            mean(runs, method, |run| (run.value - run.truth).powi(2)).sqrt(),
            mean(runs, method, |run| run.high - run.low),
            bias(|truth| truth < 0.2),
            bias(|truth| truth > 0.6)
        );
    }
}

#[test]
#[ignore = "prints the tables of docs/SHARES.md; takes minutes: cargo test --release --test shares -- --ignored --nocapture"]
fn tables() {
    for choice in [Choice::Tilted, Choice::Mixed] {
        for measure in Measure::ALL {
            for articles in [20, 50, 200] {
                let plan = Plan {
                    runs: 500,
                    draws: 1000,
                    articles,
                    measure,
                    choice,
                    methods: &Method::ALL,
                };
                report(&plan, &simulate(&plan, 1));
            }
        }
    }
}
