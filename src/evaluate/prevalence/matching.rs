//! Matching: validation articles weighted so that they are like the articles to be measured.

use super::tally::{ByGold, Tally, opinion};

/// Largest tilt: an article of pure opinion against one of pure news counts `e^12` times as much.
const MOST: f64 = 12.0;

/// What matching needs of a validation article.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    /// Its weight.
    weight: f64,
    /// Its share of opinion by hand, less a half.
    truth: f64,
    /// Its share of opinion by probability.
    said: f64,
}

impl Profile {
    pub(super) fn new(article: &ByGold) -> Profile {
        let mut all = Tally::default();
        for tally in &article.0 {
            all.add_times(tally, 1.0);
        }
        Profile {
            weight: all.weight,
            truth: opinion(&article.gold()) / all.weight - 0.5,
            said: all.soft_opinion(),
        }
    }
}

/// The tilt t for which validation articles, each counted `times` and weighted by `exp(t * share of
/// opinion)`, are said to hold as much opinion as the articles to be measured, by Newton's method from
/// `start`. What the model says is compared with what it says, so that its errors cancel; that the truth
/// is what is tilted, and not what the model says, keeps articles from being chosen for their errors.
///
/// The weights are those of exponential tilting, as in entropy balancing (Hainmueller 2012).
pub(super) fn tilt(articles: &[Profile], times: &[u32], said: f64, start: f64) -> f64 {
    let mut tilt = start;
    for _ in 0..50 {
        let (mut sum, mut of_said, mut of_truth, mut of_both) = (0.0, 0.0, 0.0, 0.0);
        for (article, &times) in articles.iter().zip(times).filter(|(_, times)| **times > 0) {
            let weight = f64::from(times) * article.weight * weight(tilt, article);
            sum += weight;
            of_said += weight * article.said;
            of_truth += weight * article.truth;
            of_both += weight * article.said * article.truth;
        }
        let mean = of_said / sum;
        let slope = of_both / sum - mean * of_truth / sum;
        let miss = said - mean;
        if miss.abs() < 1e-7 || slope < 1e-6 {
            break;
        }
        // Far from the goal a whole step overshoots.
        tilt = (tilt + (miss / slope).clamp(-2.0, 2.0)).clamp(-MOST, MOST);
    }
    tilt
}

/// How much an article counts under a tilt.
pub(super) fn weight(tilt: f64, article: &Profile) -> f64 {
    libm::exp(tilt * article.truth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_without_errors_is_matched_exactly() {
        let articles: Vec<Profile> = (0..11)
            .map(|n| Profile {
                weight: 1.0,
                truth: f64::from(n) / 10.0 - 0.5,
                said: f64::from(n) / 10.0,
            })
            .collect();
        for goal in [0.1, 0.5, 0.8] {
            let tilt = tilt(&articles, &[1; 11], goal, 0.0);
            let weights = articles.iter().map(|article| weight(tilt, article));
            let sum: f64 = weights.clone().sum();
            let said: f64 = weights.zip(&articles).map(|(w, a)| w * a.said).sum();
            assert!((said / sum - goal).abs() < 1e-6, "{goal}");
        }
        // More than there is: the tilt ends at its bound.
        assert_eq!(tilt(&articles, &[1; 11], 1.5, 0.0), MOST);
        // Nothing varies.
        assert_eq!(tilt(&articles[..1], &[1], 0.4, 0.0), 0.0);
    }
}
