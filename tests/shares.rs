//! Shares of corpora whose truth is known: whether intervals hold it as often as they say.
//!
//! The population are the articles of `data/`, with what the built-in model's cross-validation said of
//! them. Corpora are drawn from it article by article, in one of two ways that reach a wanted share of
//! opinion; the truth is the share that the draws tend to. The validation set is drawn from the same
//! population, evenly; or, as a harder trial, population and validation set are halves of the articles.

#![allow(clippy::unwrap_used)]

use copydesk::evaluate::{
    Bootstrap, Measure, Method, Outcome, Prevalence, Unlabelled, expectation_maximisation,
};
use copydesk::{Label, Model, Scores, Side};
use rand::distributions::{Distribution, WeightedIndex};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde_json::Value;

/// How corpora come to differ from the corpus that they are drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Choice {
    /// Articles are the likelier the more opinion they hold, smoothly.
    Tilted,
    /// Articles of mostly news and articles of mostly opinion are mixed.
    Mixed,
}

/// Where validation articles come from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Validation {
    /// Half as many draws as there are articles, from the population.
    Drawn,
    /// Half of the articles; the other half is the population. Its errors differ by chance from those of
    /// the validation half, of which no interval can know: it is a population of 907 articles.
    Half,
}

#[derive(Clone, Copy)]
struct Plan {
    validation: Validation,
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
            let half = articles.len() / 2;
            let (known, pool): (Vec<usize>, &[usize]) = match plan.validation {
                Validation::Half => (order[..half].to_vec(), &order[half..]),
                Validation::Drawn => {
                    let draw = |_| random.gen_range(0..articles.len());
                    ((0..half).map(draw).collect(), &order[..])
                }
            };
            let pool: Vec<&Vec<Outcome>> = pool.iter().map(|&a| &articles[a]).collect();
            let numbered = |(number, &a): (usize, &usize)| -> Vec<Outcome> {
                let rows = articles[a].iter();
                rows.map(|&row| Outcome {
                    article: number,
                    ..row
                })
                .collect()
            };
            let validation: Vec<Outcome> = known.iter().enumerate().flat_map(numbered).collect();
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
        "\n{} corpora of {} articles, {:?}, by {}, validation {:?}; shift test below 0.05 in {:.3}",
        plan.runs,
        plan.articles,
        plan.choice,
        plan.measure.name(),
        plan.validation,
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

/// Of 500 corpora, the interval of the default method holds the truth in 93 to 97 of a hundred, give or take
/// the two standard errors that 500 trials leave; of counted labels, in far fewer.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let plan = Plan {
        validation: Validation::Drawn,
        runs: 500,
        draws: 200,
        articles: 100,
        measure: Measure::Words,
        choice: Choice::Tilted,
        methods: &[Method::Count, Method::Matched],
    };
    let runs = simulate(&plan, 2);
    report(&plan, &runs);
    let (counted, matched) = (mean(&runs, 0, covered), mean(&runs, 1, covered));
    assert!((0.91..=0.99).contains(&matched), "{matched}");
    assert!(counted < 0.75, "{counted}");
    let bias = |method| mean(&runs, method, |run| run.value - run.truth).abs();
    assert!(bias(1) < 0.005 && bias(0) > 3.0 * bias(1));
}

/// Shares are QuaPy's (`tests/data/prevalence_reference.py`).
#[test]
fn shares_are_those_of_quapy() {
    let reference: Value =
        serde_json::from_str(include_str!("data/prevalence_reference.json")).unwrap();
    let rows = |value: &Value| -> Vec<[f64; 4]> {
        let rows = value.as_array().unwrap().iter();
        let part = |row: &Value, k: usize| row[k].as_f64().unwrap() / 10_000.0;
        rows.map(|row| std::array::from_fn(|k| part(row, k)))
            .collect()
    };
    let scores = |p: [f64; 4]| Scores::softmax(p.map(f64::ln));
    let known = rows(&reference["ten_thousandths"]);
    let gold: Vec<usize> = reference["gold"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| label.as_u64().unwrap() as usize)
        .collect();
    let validation: Vec<Outcome> = known
        .iter()
        .zip(&gold)
        .enumerate()
        .map(|(article, (&p, &gold))| Outcome {
            article,
            words: 1,
            gold: Label::ALL[gold],
            scores: scores(p),
            rule: Label::Reporting,
        })
        .collect();
    let prior: [f64; 4] = std::array::from_fn(|k| {
        gold.iter().filter(|&&label| label == k).count() as f64 / gold.len() as f64
    });
    for case in reference["cases"].as_array().unwrap() {
        let target = rows(&case["ten_thousandths"]);
        let unlabelled = target.iter().enumerate().map(|(article, &p)| Unlabelled {
            article,
            words: 1,
            scores: scores(p),
        });
        let unlabelled: Vec<Unlabelled> = unlabelled.collect();
        let prevalence = Prevalence::new(&unlabelled, &validation, Measure::Paragraphs).unwrap();
        let methods = [
            (Method::Count, "count"),
            (Method::ProbabilisticCount, "probabilistic"),
            (Method::AdjustedCount, "adjusted"),
            (Method::AdjustedProbabilisticCount, "adjusted_probabilistic"),
        ];
        let near = |got: f64, name: &str, k: usize| {
            let want = case[name][k].as_f64().unwrap();
            assert!((got - want).abs() < 1e-9, "{name} {k}: {got}, not {want}");
        };
        for (method, name) in methods {
            let estimate = prevalence.estimates(&[method], None).pop().unwrap();
            for k in 0..4 {
                near(estimate.labels[k].value, name, k);
            }
        }
        let weighted: Vec<(f64, [f64; 4])> = target.iter().map(|&p| (1.0, p)).collect();
        let em = expectation_maximisation(&weighted, &prior, 1e-13);
        for (k, share) in em.into_iter().enumerate() {
            near(share, "em", k);
        }
    }
}

#[test]
#[ignore = "prints the tables of docs/SHARES.md; takes minutes: cargo test --release --test shares -- --ignored --nocapture"]
fn tables() {
    let plan = |validation, choice, measure, articles| Plan {
        validation,
        runs: 500,
        draws: 1000,
        articles,
        measure,
        choice,
        methods: &Method::ALL,
    };
    let mut plans = Vec::new();
    for choice in [Choice::Tilted, Choice::Mixed] {
        for measure in Measure::ALL {
            plans.extend([200, 50, 20].map(|n| plan(Validation::Drawn, choice, measure, n)));
        }
    }
    plans.extend([200, 50].map(|n| plan(Validation::Half, Choice::Tilted, Measure::Words, n)));
    for plan in plans {
        report(&plan, &simulate(&plan, 1));
    }
}
