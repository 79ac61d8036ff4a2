//! Classification: the one short function that names every stage.

use crate::article::Article;
use crate::features::page::PageWalk;
use crate::features::{Featurizer, Paragraph};
use crate::label::Scores;
use crate::model::{Explanation, LogOdds, Model};
use crate::text::tongue::tongue;
use std::borrow::Cow;

/// Classifies article after article with one model, in memory that is kept between them. Make one
/// for each thread; what it answers never depends on what it classified before.
pub struct Session<'m> {
    model: &'m Model,
    walk: PageWalk,
    featurizer: Featurizer<'m>,
    blocks: Vec<usize>,
    log_odds: Vec<LogOdds>,
    language: Option<Cow<'static, str>>,
}

impl Model {
    /// A session with this model.
    pub fn session(&self) -> Session<'_> {
        Session {
            model: self,
            walk: PageWalk::default(),
            featurizer: self.space().featurizer(),
            blocks: Vec::new(),
            log_odds: Vec::new(),
            language: None,
        }
    }

    /// Scores of every block of an article, `None` for kinds that get no label. For many articles,
    /// [`Session::classify`] does the same without making its buffers anew.
    pub fn classify(&self, article: &Article) -> Vec<Option<Scores>> {
        self.session().classify(article)
    }

    /// Why a block got its label; `None` for kinds that get none.
    pub fn explain(&self, article: &Article, block: usize) -> Option<Explanation> {
        self.session().explain(article).into_iter().nth(block)?
    }
}

impl Session<'_> {
    /// Scores of every block of an article, `None` for kinds that get no label: each paragraph's
    /// features, their log-odds, the neighbours' pull, calibration, and the probabilities of the sum.
    pub fn classify(&mut self, article: &Article) -> Vec<Option<Scores>> {
        self.blocks.clear();
        self.log_odds.clear();
        self.walk.walk(article, |block, paragraph| {
            let row = self.featurizer.row(paragraph);
            self.blocks.push(block);
            self.log_odds.push(self.model.linear.log_odds(row));
        });
        self.model.context.apply(&mut self.log_odds);
        for odds in &mut self.log_odds {
            *odds = self.model.calibration.apply(*odds);
        }
        self.language = self.guess_language(article);
        let mut scores = vec![None; article.blocks().len()];
        for (&block, &odds) in self.blocks.iter().zip(&self.log_odds) {
            scores[block] = Some(Scores::softmax(odds));
        }
        scores
    }

    /// The language of the article that was classified last, by its English name in lower case; `None`
    /// when it cannot be told. The labels of an article in another language than the model's mean
    /// little.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// Where most words are known there is no need to ask.
    fn guess_language(&mut self, article: &Article) -> Option<Cow<'static, str>> {
        if self.featurizer.take_coverage().is_good() {
            return Some(Cow::Borrowed(self.model.space().language.name()));
        }
        let blocks = article.blocks();
        let texts: Vec<&str> = self
            .blocks
            .iter()
            .map(|&block| article.block_text(&blocks[block]))
            .collect();
        tongue(&texts.join("\n"))
    }

    /// Scores of one paragraph alone, without page or neighbours.
    pub fn score(&mut self, text: &str) -> Scores {
        let mut odds = LogOdds::default();
        self.walk
            .walk_text(self.model.space().set, text, |paragraph| {
                odds = self.model.linear.log_odds(self.featurizer.row(paragraph));
            });
        Scores::softmax(self.model.calibration.apply(odds))
    }

    /// Why each block got its label; `None` for kinds that get none.
    pub fn explain(&mut self, article: &Article) -> Vec<Option<Explanation>> {
        self.explain_as(article, |explanation| explanation)
    }

    /// Like [`Session::explain`], with each explanation made into what is kept of it at once: whole
    /// ones hold all terms, and a long page has many.
    pub fn explain_as<T>(
        &mut self,
        article: &Article,
        mut keep: impl FnMut(Explanation) -> T,
    ) -> Vec<Option<T>> {
        self.classify(article);
        let mut kept: Vec<Option<T>> = article.blocks().iter().map(|_| None).collect();
        let mut odds = self.log_odds.iter();
        self.walk.walk(article, |block, paragraph: &Paragraph<'_>| {
            let row = self.featurizer.row(paragraph);
            kept[block] = odds.next().map(|&odds| {
                let Model {
                    space,
                    linear,
                    calibration,
                    ..
                } = self.model;
                keep(Explanation::new(space, linear, calibration, row, odds))
            });
        });
        kept
    }
}
