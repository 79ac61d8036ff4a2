//! Splits by article: no article is ever on both sides.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::Corpus;
use crate::label::Label;

/// Puts every article into one of `parts` folds and returns each article's fold.
///
/// Articles are shuffled by the seed and then dealt out one by one, each into the fold that has
/// the fewest paragraphs of the labels that the article brings, so that folds are alike in size and
/// in labels.
///
/// # Panics
/// If `parts` is 0.
pub fn folds(corpus: &Corpus, parts: usize, seed: u64) -> Vec<usize> {
    assert!(parts > 0, "a split has at least one part");
    let mut order: Vec<usize> = (0..corpus.articles.len()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let totals = corpus.label_counts().map(|count| count.max(1) as f64);
    let mut filled = vec![[0.0; Label::ALL.len()]; parts];
    let mut sizes = vec![0usize; parts];
    let mut folds = vec![0; corpus.articles.len()];
    for article in order {
        let mut brings = [0.0; Label::ALL.len()];
        for label in corpus.articles[article]
            .paragraphs
            .iter()
            .filter_map(|row| row.label)
        {
            brings[label.index()] += 1.0;
        }
        // How full a fold is of what the article brings, each label by its rarity.
        let fullness = |fold: usize| -> f64 {
            (0..brings.len())
                .map(|k| brings[k] * filled[fold][k] / totals[k])
                .sum()
        };
        let fold = (0..parts)
            .min_by(|&a, &b| {
                let by_labels = fullness(a).total_cmp(&fullness(b));
                by_labels.then(sizes[a].cmp(&sizes[b]))
            })
            .unwrap_or(0);
        for (filled, brings) in filled[fold].iter_mut().zip(brings) {
            *filled += brings;
        }
        sizes[fold] += corpus.articles[article].paragraphs.len();
        folds[article] = fold;
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use proptest::prelude::*;

    fn corpus(articles: &[Vec<usize>]) -> Corpus {
        let mut lines = String::new();
        for (article, labels) in articles.iter().enumerate() {
            for (index, &label) in labels.iter().enumerate() {
                let label = Label::ALL[label];
                lines.push_str(&format!(
                    "{{\"article\":{article},\"index\":{index},\"label\":\"{label}\",\"text\":\"x\"}}\n"
                ));
            }
        }
        Corpus::from_bytes("x.jsonl", lines.as_bytes(), &Limits::default()).unwrap()
    }

    proptest! {
        #[test]
        fn every_article_has_one_fold_and_folds_are_alike(
            articles in prop::collection::vec(prop::collection::vec(0..4usize, 1..12), 10..60),
            parts in 2..6usize,
            seed in 0..9u64,
        ) {
            let corpus = corpus(&articles);
            let folds = folds(&corpus, parts, seed);
            prop_assert_eq!(folds.len(), articles.len());
            prop_assert_eq!(&folds, &super::folds(&corpus, parts, seed));
            let mut sizes = vec![0usize; parts];
            for (article, &fold) in folds.iter().enumerate() {
                sizes[fold] += articles[article].len();
            }
            let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
            prop_assert!(most - least <= 30, "{sizes:?}");
        }
    }
}
