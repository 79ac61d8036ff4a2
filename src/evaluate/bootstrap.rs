//! The bootstrap: how far a figure would move if other articles had been drawn.
//!
//! Whole articles are drawn, not paragraphs: paragraphs of one article share subject, author and
//! neighbours, and intervals that take them for independent come out too narrow (Field & Welsh 2007,
//! "Bootstrapping clustered data").

use rand::SeedableRng;
use rand::distributions::{Distribution, Uniform};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

/// How intervals are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bootstrap {
    /// Number of draws, at least 1.
    pub draws: usize,
    /// Seed of the draws; the same seed gives the same intervals at any number of threads.
    pub seed: u64,
    /// How often an interval is to hold the true value, above 0 and below 1.
    pub level: f64,
}

impl Default for Bootstrap {
    fn default() -> Bootstrap {
        Bootstrap {
            draws: 1000,
            seed: 1,
            level: 0.95,
        }
    }
}

impl Bootstrap {
    /// One draw of as many articles as there are, with replacement: `weights` becomes how often each
    /// was drawn. Every draw has a random stream of its own.
    pub fn draw(&self, number: usize, weights: &mut [u32]) {
        weights.fill(0);
        if weights.is_empty() {
            return;
        }
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(number as u64);
        let any = Uniform::from(0..weights.len());
        for _ in 0..weights.len() {
            weights[any.sample(&mut random)] += 1;
        }
    }

    /// What `figures` makes of every draw from `articles` articles, in order. It is given how often
    /// each article was drawn.
    pub fn run<T: Send>(&self, articles: usize, figures: impl Fn(&[u32]) -> T + Sync) -> Vec<T> {
        (0..self.draws)
            .into_par_iter()
            .map_init(
                || vec![0; articles],
                |weights, number| {
                    self.draw(number, weights);
                    figures(weights)
                },
            )
            .collect()
    }

    /// What `figures` makes of every draw from two sets of articles, each drawn by itself.
    pub fn run_pairs<T: Send>(
        &self,
        first: usize,
        second: usize,
        figures: impl Fn(&[u32], &[u32]) -> T + Sync,
    ) -> Vec<T> {
        // Another seed: the same stream would draw the same places of both sets.
        let other = Bootstrap {
            seed: self.seed ^ 0x9e37_79b9_7f4a_7c15,
            ..*self
        };
        (0..self.draws)
            .into_par_iter()
            .map_init(
                || (vec![0; first], vec![0; second]),
                |(first, second), number| {
                    self.draw(number, first);
                    other.draw(number, second);
                    figures(first, second)
                },
            )
            .collect()
    }

    /// The bias-corrected and accelerated interval of a figure (BCa: Efron 1987, "Better bootstrap
    /// confidence intervals"), from its value on the articles as they are, on the draws, and with each
    /// article left out in turn ([`jackknife`]). Values that are no numbers are left out.
    ///
    /// Where all draws fall on one side of the value, no bias can be corrected, and the interval is
    /// the percentile interval, stretched to hold the value.
    pub fn interval(&self, value: f64, draws: &[f64], left_out: &[f64]) -> Interval {
        let draws = sorted(draws);
        let tail = (1.0 - self.level) / 2.0;
        let below = draws.iter().filter(|&&draw| draw < value).count();
        let equal = draws.iter().filter(|&&draw| draw == value).count();
        let share = (below as f64 + equal as f64 / 2.0) / draws.len().max(1) as f64;
        if share == 0.0 || share == 1.0 || draws.is_empty() {
            let interval = percentile_interval(&draws, tail);
            return Interval {
                low: interval.low.min(value),
                high: interval.high.max(value),
            };
        }
        let normal = Normal::standard();
        let bias = normal.inverse_cdf(share);
        let acceleration = acceleration(left_out);
        let end = |tail: f64| {
            let z = bias + normal.inverse_cdf(tail);
            quantile(&draws, normal.cdf(bias + z / (1.0 - acceleration * z)))
        };
        Interval {
            low: end(tail),
            high: end(1.0 - tail),
        }
    }

    /// The percentile interval of a figure: the middle of its draws. Values that are no numbers are
    /// left out.
    pub fn percentile_interval(&self, draws: &[f64]) -> Interval {
        percentile_interval(&sorted(draws), (1.0 - self.level) / 2.0)
    }
}

/// What `without` makes of each article left out in turn, in order. It should not go through all articles
/// again for each, but take one off what was added up: there are as many sets as articles.
pub fn jackknife<T: Send>(articles: usize, without: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    (0..articles).into_par_iter().map(without).collect()
}

/// Where a value lies, with the bootstrap's level of confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies in it; the ends belong to it.
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

fn percentile_interval(sorted: &[f64], tail: f64) -> Interval {
    Interval {
        low: quantile(sorted, tail),
        high: quantile(sorted, 1.0 - tail),
    }
}

/// The value below which a share of sorted values lies, linear between neighbours (type 7 of Hyndman &
/// Fan 1996, the default of numpy). Not a number where there are none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place as usize;
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// A sixth of the skewness of the jackknife's influence values (Efron 1987, section 7): how the spread
/// of the figure changes with its value.
fn acceleration(left_out: &[f64]) -> f64 {
    let mean = left_out.iter().sum::<f64>() / left_out.len().max(1) as f64;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for value in left_out {
        let influence = mean - value;
        squares += influence * influence;
        cubes += influence * influence * influence;
    }
    let acceleration = cubes / (6.0 * squares * squares.sqrt());
    if acceleration.is_finite() {
        acceleration
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean of the values drawn.
    fn mean(values: &[f64]) -> impl Fn(&[u32]) -> f64 + Sync + '_ {
        |weights| {
            let (mut sum, mut count) = (0.0, 0);
            for (value, &weight) in values.iter().zip(weights) {
                sum += value * f64::from(weight);
                count += weight;
            }
            sum / f64::from(count)
        }
    }

    #[test]
    fn draws_keep_the_number_of_articles_and_the_seed() {
        let bootstrap = Bootstrap::default();
        let (mut one, mut other) = ([0; 40], [0; 40]);
        bootstrap.draw(3, &mut one);
        bootstrap.draw(3, &mut other);
        assert_eq!(one.iter().sum::<u32>(), 40);
        assert_eq!(one, other);
        bootstrap.draw(4, &mut other);
        assert_ne!(one, other);
        bootstrap.draw(0, &mut []);
    }

    #[test]
    fn the_same_at_any_number_of_threads() {
        let values: Vec<f64> = (0..50).map(f64::from).collect();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let pool = pool.build().unwrap();
            pool.install(|| Bootstrap::default().run(values.len(), mean(&values)))
        };
        assert_eq!(run(1), run(3));
    }

    /// Half of 400 coins are heads: the exact interval of the mean is 0.5 +- 0.049.
    #[test]
    fn the_interval_of_a_mean_is_that_of_theory() {
        let values: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        let bootstrap = Bootstrap {
            draws: 4000,
            ..Bootstrap::default()
        };
        let draws = bootstrap.run(values.len(), mean(&values));
        let left_out = jackknife(values.len(), |article| {
            let mut weights = vec![1; values.len()];
            weights[article] = 0;
            mean(&values)(&weights)
        });
        for interval in [
            bootstrap.interval(0.5, &draws, &left_out),
            bootstrap.percentile_interval(&draws),
        ] {
            assert!((interval.low - 0.451).abs() < 0.004, "{interval:?}");
            assert!((interval.high - 0.549).abs() < 0.004, "{interval:?}");
            assert!(interval.holds(0.5) && !interval.holds(0.6));
        }
    }

    #[test]
    fn quantiles_are_numpys() {
        // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.9, 1]), version 2.
        let values = [1.0, 2.0, 4.0, 8.0];
        for (share, want) in [(0.0, 1.0), (0.1, 1.3), (0.5, 3.0), (0.9, 6.8), (1.0, 8.0)] {
            assert!((quantile(&values, share) - want).abs() < 1e-12);
        }
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn one_article_and_equal_values_give_a_point() {
        let bootstrap = Bootstrap::default();
        let point = Interval {
            low: 2.0,
            high: 2.0,
        };
        assert_eq!(bootstrap.interval(2.0, &[2.0; 9], &[2.0; 3]), point);
        assert_eq!(
            bootstrap.interval(2.0, &[2.0, f64::NAN], &[f64::NAN]),
            point
        );
        let stretched = bootstrap.interval(1.0, &[2.0, 2.0], &[2.0]);
        assert_eq!(
            stretched,
            Interval {
                low: 1.0,
                high: 2.0
            }
        );
    }
}
