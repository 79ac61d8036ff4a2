//! Reading training articles, each once: their texts packed, cues, labels, and what the card says of them.

use std::ops::Range;

use rayon::prelude::*;

use super::params::ValidTrainParams;
use crate::corpus::{Articles, DataDigest, LabelledArticle};
use crate::error::{Error, ErrorKind, Result};
use crate::features::page::PageWalk;
use crate::features::{
    FeatureSet, FeatureSpace, Lexicon, ParagraphReader, SparseMatrix, VocabularyBuilder, cues,
};
use crate::label::{LABELS, Label};

/// What there is to learn from.
pub(super) struct Gathered {
    vocabulary: VocabularyBuilder,
    /// Cues of each labelled paragraph.
    cues: SparseMatrix,
    /// The label of each.
    labels: Vec<Label>,
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
}

impl<'l> Part<'l> {
    fn new(params: &ValidTrainParams, lexicon: &'l Lexicon) -> Part<'l> {
        let params = params.get();
        Part {
            set: params.features,
            reader: ParagraphReader::new(params.language, params.features, lexicon),
            walk: PageWalk::default(),
            vocabulary: VocabularyBuilder::default(),
            cues: SparseMatrix::new(params.features.cues().len()),
            labels: Vec::new(),
            row: Vec::new(),
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
            });
        }
        start..self.labels.len()
    }
}

impl Gathered {
    /// Reads all articles, on as many threads as there are. What comes of it is the same at any number.
    pub(super) fn new(params: &ValidTrainParams, articles: &mut dyn Articles) -> Result<Gathered> {
        let lexicon = Lexicon::new(params.get().language);
        let threads = rayon::current_num_threads();
        let mut parts: Vec<Part<'_>> = (0..threads).map(|_| Part::new(params, &lexicon)).collect();
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
        let mut whole = parts.next().unwrap_or_else(|| Part::new(params, &lexicon));
        for part in parts {
            first.push(whole.labels.len());
            whole.vocabulary.append(part.vocabulary);
            whole.cues.append(&part.cues);
            whole.labels.extend(part.labels);
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
            counts,
            articles: count,
            digest: digest.finish(),
        })
    }

    /// The features that are frequent enough, the rows of all labelled paragraphs and their targets.
    pub(super) fn into_rows(
        self,
        params: &ValidTrainParams,
    ) -> Result<(FeatureSpace, SparseMatrix, Vec<usize>)> {
        let Gathered {
            vocabulary,
            cues,
            labels,
            order,
            articles,
            ..
        } = self;
        let least = params.min_articles(articles);
        let params = params.get();
        let (vocabulary, texts) = vocabulary
            .finish_texts(least, params.max_features)
            .map_err(|message| Error::new(ErrorKind::Solver, message))?;
        let space = FeatureSpace::new(params.language, params.features, vocabulary);
        let rows = texts.rows(&space, &cues, &order);
        let targets = order.iter().map(|&place| labels[place].index());
        Ok((space, rows, targets.collect()))
    }
}
