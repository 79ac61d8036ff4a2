//! Outcomes by article, and every figure of them, also of articles drawn again and again.

use super::bootstrap::{Bootstrap, Interval, jackknife};
use super::calibration::{BINS, Bin, BinSums, Trial, bin_sums, edges, expected_error};
use super::confusion::Confusion;
use super::figure::{FIGURES, Figure, Figures};
use super::left_out::LeftOutBins;
use crate::label::Label;
use crate::outcome::Outcome;

/// Outcomes made ready for figures: what each article adds up to, and all paragraphs by confidence.
pub struct Sample {
    articles: Vec<Sums>,
    /// Article, confidence and whether it was right, in ascending order of confidence.
    trials: Vec<(u32, f64, bool)>,
}

/// What the paragraphs of one article add up to.
#[derive(Clone, Copy, Default)]
struct Sums {
    confusion: Confusion,
    log_loss: f64,
    brier: f64,
}

impl Sums {
    fn plus(mut self, other: &Sums) -> Sums {
        self.confusion.add_all(&other.confusion, 1);
        self.log_loss += other.log_loss;
        self.brier += other.brier;
        self
    }

    fn minus(mut self, part: &Sums) -> Sums {
        self.confusion.take_off(&part.confusion);
        self.log_loss -= part.log_loss;
        self.brier -= part.brier;
        self
    }

    /// All figures of these sums and of the bins of their paragraphs.
    fn figures(&self, bins: &[BinSums; BINS]) -> Figures {
        let confusion = &self.confusion;
        let total = confusion.total().max(1) as f64;
        let mut figures = [0.0; FIGURES];
        for figure in Figure::all() {
            figures[figure.index()] = match figure {
                Figure::Accuracy => confusion.accuracy(),
                Figure::MacroF1 => confusion.macro_f1(),
                Figure::NewsOpinionMacroF1 => confusion.side_macro_f1(),
                Figure::Matthews => confusion.matthews(),
                Figure::LogLoss => self.log_loss / total,
                Figure::Brier => self.brier / total,
                Figure::CalibrationError => expected_error(bins),
                // A draw without the label says nothing of it.
                Figure::Precision(class) if confusion.given(class) == 0 => f64::NAN,
                Figure::Recall(class) | Figure::F1(class)
                    if confusion.class(class).support == 0 =>
                {
                    f64::NAN
                }
                Figure::Precision(class) => confusion.class(class).precision,
                Figure::Recall(class) => confusion.class(class).recall,
                Figure::F1(class) => confusion.class(class).f1,
            };
        }
        Figures(figures)
    }
}

impl Sample {
    /// Sorts outcomes by article and by confidence.
    pub fn new(outcomes: &[Outcome]) -> Sample {
        let mut numbers: Vec<usize> = outcomes.iter().map(|outcome| outcome.article).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut articles = vec![Sums::default(); numbers.len()];
        let mut trials = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            let article = numbers.partition_point(|&number| number < outcome.article);
            let best = outcome.scores.best();
            let sums = &mut articles[article];
            sums.confusion.add(outcome.gold, best);
            sums.log_loss += log_loss(outcome);
            sums.brier += brier(outcome);
            trials.push((
                article as u32,
                outcome.scores.get(best),
                best == outcome.gold,
            ));
        }
        trials.sort_by(|a, b| a.1.total_cmp(&b.1));
        Sample { articles, trials }
    }

    /// Number of articles.
    pub fn articles(&self) -> usize {
        self.articles.len()
    }

    /// All figures of the outcomes as they are. Those of a label that does not occur are no numbers.
    pub fn figures(&self) -> Figures {
        self.weighted(&vec![1; self.articles.len()])
    }

    /// How often each gold label was given each label.
    pub fn confusion(&self) -> Confusion {
        let mut confusion = Confusion::default();
        for sums in &self.articles {
            confusion.add_all(&sums.confusion, 1);
        }
        confusion
    }

    /// All figures when each article counts so many times.
    pub(super) fn weighted(&self, weights: &[u32]) -> Figures {
        let mut confusion = Confusion::default();
        let (mut log_loss, mut brier) = (0.0, 0.0);
        for (sums, &weight) in self.articles.iter().zip(weights) {
            confusion.add_all(&sums.confusion, weight);
            log_loss += f64::from(weight) * sums.log_loss;
            brier += f64::from(weight) * sums.brier;
        }
        let trials = self.trials(weights);
        let bins = bin_sums(trials.clone(), &edges(trials));
        let sums = Sums {
            confusion,
            log_loss,
            brier,
        };
        sums.figures(&bins)
    }

    /// All figures with each article left out in turn, in order.
    pub(super) fn left_out(&self) -> Vec<Figures> {
        let whole = self.articles.iter().fold(Sums::default(), Sums::plus);
        let bins = LeftOutBins::new(&self.trials, self.articles.len());
        jackknife(self.articles(), |article| {
            whole
                .minus(&self.articles[article])
                .figures(&bins.without(article))
        })
    }

    /// The paragraphs by confidence, when each article counts so many times.
    fn trials<'a>(&'a self, weights: &'a [u32]) -> impl Iterator<Item = Trial> + Clone + 'a {
        self.trials
            .iter()
            .map(|&(article, confidence, right)| Trial {
                confidence,
                right,
                weight: weights[article as usize],
            })
    }

    /// Where each figure lies, in the order of [`Figure::all`]: bias-corrected, for the calibration
    /// error of a draw is larger than that of the whole, and F1 of a rare label is skewed.
    pub fn intervals(&self, bootstrap: &Bootstrap) -> Vec<Interval> {
        let values = self.figures();
        let draws = bootstrap.run(self.articles(), |weights| self.weighted(weights));
        let left_out = self.left_out();
        intervals(bootstrap, &values, &draws, &left_out)
    }

    /// The reliability curve of the label given, with the interval of each bin's accuracy where draws
    /// are asked for.
    pub fn reliability(&self, bootstrap: Option<&Bootstrap>) -> Vec<Bin> {
        let once = vec![1; self.articles.len()];
        let edges = edges(self.trials(&once));
        let draws: Vec<[f64; BINS]> = bootstrap.map_or(Vec::new(), |bootstrap| {
            bootstrap.run(self.articles(), |weights| {
                bin_sums(self.trials(weights), &edges)
                    .map(|(count, _, right)| right as f64 / count as f64)
            })
        });
        let mut from = self.trials.iter().map(|trial| trial.1);
        bin_sums(self.trials(&once), &edges)
            .iter()
            .enumerate()
            .filter(|(_, (count, ..))| *count > 0)
            .map(|(bin, &(count, confidence, right))| {
                let of_bin: Vec<f64> = draws.iter().map(|draw| draw[bin]).collect();
                let first = from.next().unwrap_or(0.0);
                from.by_ref().take(count as usize - 1).for_each(drop);
                Bin {
                    from: first,
                    paragraphs: count as usize,
                    confidence: confidence / count as f64,
                    accuracy: right as f64 / count as f64,
                    interval: bootstrap.map(|bootstrap| bootstrap.percentile_interval(&of_bin)),
                }
            })
            .collect()
    }
}

/// The interval of every figure, from its values.
pub(super) fn intervals(
    bootstrap: &Bootstrap,
    values: &Figures,
    draws: &[Figures],
    left_out: &[Figures],
) -> Vec<Interval> {
    Figure::all()
        .map(|figure| {
            let draws: Vec<f64> = draws.iter().map(|draw| draw.get(figure)).collect();
            let left_out: Vec<f64> = left_out.iter().map(|draw| draw.get(figure)).collect();
            bootstrap.interval(values.get(figure), &draws, &left_out)
        })
        .collect()
}

/// `-ln p` of the gold label. A p of 0 counts as 1e-15.
fn log_loss(outcome: &Outcome) -> f64 {
    const FLOOR: f64 = 1e-15;
    -outcome.scores.get(outcome.gold).max(FLOOR).ln()
}

/// Squared distance between the probabilities and certainty of the gold label (Brier 1950).
fn brier(outcome: &Outcome) -> f64 {
    Label::ALL
        .into_iter()
        .map(|label| {
            let truth = f64::from(u8::from(label == outcome.gold));
            (outcome.scores.get(label) - truth).powi(2)
        })
        .sum()
}
