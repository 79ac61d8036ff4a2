//! Reading training articles, each once: their texts packed, cues, labels, and what the card says of them.

use std::ops::Range;

use rayon::prelude::*;

use super::opinion_shift;
use super::params::ValidTrainParams;
use crate::corpus::{Articles, DataDigest, LabelledArticle};
use crate::error::{Error, ErrorKind, Result};
use crate::features::page::PageWalk;
use crate::features::{
    FeatureSet, FeatureSpace, FeatureTexts, Featurizer, Lexicon, Paragraph, ParagraphReader,
    SparseMatrix, VocabularyBuilder, cues,
};
use crate::label::{LABELS, Label, Scores, Side};
use crate::model::{Linear, Model};

/// What there is to learn from.
pub(super) struct Gathered {
    vocabulary: VocabularyBuilder,
    /// Cues of each labelled paragraph.
    cues: SparseMatrix,
    /// The label of each.
    labels: Vec<Label>,
    /// What the model that training starts from says of each; empty where there is none.
    start: Vec<[f32; LABELS]>,
    /// The labelled paragraphs in the order of the articles.
    order: Vec<usize>,
    /// Labelled paragraphs by label.
    pub(super) counts: [usize; LABELS],
    pub(super) articles: usize,
    pub(super) digest: String,
}

/// One thread's part of the articles.
struct Part<'l> {
    set: FeatureSet,
    reader: ParagraphReader<'l>,
    walk: PageWalk,
    vocabulary: VocabularyBuilder,
    cues: SparseMatrix,
    labels: Vec<Label>,
    row: Vec<(u32, f32)>,
    start: Option<Start<'l>>,
    started: Vec<[f32; LABELS]>,
}

/// The model that training starts from.
struct Start<'m> {
    featurizer: Featurizer<'m>,
    linear: &'m Linear,
    /// What its intercepts were moved by for a prior.
    opinion_shift: f64,
}

impl<'m> Start<'m> {
    fn new(model: &'m Model) -> Start<'m> {
        let card = model.card();
        Start {
            featurizer: model.space().featurizer(),
            linear: &model.linear,
            opinion_shift: opinion_shift(card.opinion_prior, &card.paragraphs),
        }
    }

    /// What it says of a paragraph alone, before it was told of a prior.
    fn probabilities(&mut self, paragraph: &Paragraph<'_>) -> [f32; LABELS] {
        let mut odds = self.linear.log_odds(self.featurizer.row(paragraph));
        for label in Label::ALL
            .into_iter()
            .filter(|label| label.side() == Side::Opinion)
        {
            odds[label.index()] -= self.opinion_shift;
        }
        Scores::softmax(odds).as_array().map(|p| p as f32)
    }
}

impl<'l> Part<'l> {
    fn new(params: &ValidTrainParams, lexicon: &'l Lexicon, start: Option<&'l Model>) -> Part<'l> {
        let params = params.get();
        Part {
            set: params.features,
            reader: ParagraphReader::new(params.language, params.features, lexicon),
            walk: PageWalk::default(),
            vocabulary: VocabularyBuilder::default(),
            cues: SparseMatrix::new(params.features.cues().len()),
            labels: Vec::new(),
            row: Vec::new(),
            start: start.map(Start::new),
            started: Vec::new(),
        }
    }

    /// Reads articles and says which paragraphs of the part are theirs.
    fn read(&mut self, articles: &[LabelledArticle]) -> Range<usize> {
        let start = self.labels.len();
        for article in articles {
            self.vocabulary.next_article();
            self.walk.walk(&article.to_article(), |block, paragraph| {
                let Some(label) = article.paragraphs[block].label else {
                    return;
                };
                self.reader.read_count(paragraph, &mut self.vocabulary);
                self.row.clear();
                if self.set == FeatureSet::Style {
                    cues::append(paragraph, &self.reader, 0, &mut self.row);
                }
                self.cues.push(&self.row);
                self.labels.push(label);
                if let Some(start) = &mut self.start {
                    self.started.push(start.probabilities(paragraph));
                }
            });
        }
        start..self.labels.len()
    }
}

impl Gathered {
    /// Reads all articles, on as many threads as there are. What comes of it is the same at any number.
    pub(super) fn new(
        params: &ValidTrainParams,
        articles: &mut dyn Articles,
        start: Option<&Model>,
    ) -> Result<Gathered> {
        let lexicon = Lexicon::new(params.get().language);
        let threads = rayon::current_num_threads();
        let mut parts: Vec<Part<'_>> = (0..threads)
            .map(|_| Part::new(params, &lexicon, start))
            .collect();
        // Ranges of paragraphs and their parts, in the order of the articles.
        let mut pieces: Vec<(usize, Range<usize>)> = Vec::new();
        let mut digest = DataDigest::default();
        let mut count = 0;
        articles.for_each_batch(&mut |batch| {
            batch.iter().for_each(|article| digest.add(article));
            count += batch.len();
            let share = batch.len().div_ceil(threads).max(1);
            let shares = parts.par_iter_mut().zip(batch.par_chunks(share));
            let read: Vec<Range<usize>> = shares.map(|(part, share)| part.read(share)).collect();
            pieces.extend(read.into_iter().enumerate());
        })?;
        let mut first = vec![0];
        let mut parts = parts.into_iter();
        let mut whole = parts
            .next()
            .unwrap_or_else(|| Part::new(params, &lexicon, start));
        for part in parts {
            first.push(whole.labels.len());
            whole.vocabulary.append(part.vocabulary);
            whole.cues.append(&part.cues);
            whole.labels.extend(part.labels);
            whole.started.extend(part.started);
        }
        let pieces = pieces.into_iter();
        let order = pieces.flat_map(|(part, range)| {
            range.map({
                let first = first[part];
                move |paragraph| first + paragraph
            })
        });
        let mut counts = [0; LABELS];
        for label in &whole.labels {
            counts[label.index()] += 1;
        }
        Ok(Gathered {
            order: order.collect(),
            vocabulary: whole.vocabulary,
            cues: whole.cues,
            labels: whole.labels,
            start: whole.started,
            counts,
            articles: count,
            digest: digest.finish(),
        })
    }

    /// Counts the features and keeps those that are frequent enough.
    pub(super) fn count(self, params: &ValidTrainParams) -> Result<(FeatureSpace, Counted)> {
        let Gathered {
            vocabulary,
            cues,
            labels,
            start,
            order,
            articles,
            ..
        } = self;
        let least = params.min_articles(articles);
        let params = params.get();
        let (vocabulary, texts) = vocabulary
            .finish_texts(least, params.max_features)
            .map_err(inconsistent)?;
        let counted = Counted {
            texts,
            cues,
            targets: order.iter().map(|&place| labels[place].index()).collect(),
            start: match start.is_empty() {
                true => None,
                false => Some(order.iter().map(|&place| start[place]).collect()),
            },
            order,
        };
        let space = FeatureSpace::new(params.language, params.features, vocabulary);
        Ok((space, counted))
    }
}

/// Labelled paragraphs whose features have numbers.
pub(super) struct Counted {
    texts: FeatureTexts,
    cues: SparseMatrix,
    order: Vec<usize>,
    /// The number of each one's label.
    pub(super) targets: Vec<usize>,
    /// Distributions to start from.
    pub(super) start: Option<Vec<[f32; LABELS]>>,
}

impl Counted {
    /// Their rows.
    pub(super) fn rows(&self, space: &FeatureSpace) -> SparseMatrix {
        self.texts.rows(space, &self.cues, &self.order)
    }

    /// Leaves features out, of the space and of the rows to come.
    pub(super) fn keep(&mut self, space: &FeatureSpace, keep: &[bool]) -> Result<FeatureSpace> {
        self.texts.keep(space, keep).map_err(inconsistent)
    }
}

fn inconsistent(message: String) -> Error {
    Error::new(ErrorKind::Solver, message)
}
