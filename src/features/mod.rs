//! Features: from a paragraph to a sparse row of numbers.
//!
//! The columns are the vocabulary's features, then, in the set that has them, the surface cues.

pub mod builder;
pub mod cues;
pub mod family;
mod forms;
mod interview;
pub mod lexicon;
pub mod page;
mod pairs;
pub mod paragraph;
pub mod set;
pub mod sparse;
pub(crate) mod terms;
mod texts;
pub mod tfidf;
pub mod vocabulary;

pub use builder::{FeatureTexts, VocabularyBuilder};
pub use family::Family;
pub use lexicon::Lexicon;
pub use paragraph::{Paragraph, ParagraphReader};
use paragraph::{TermId, UNKNOWN};
pub use set::FeatureSet;
pub use sparse::SparseMatrix;
pub use tfidf::Counts;
use vocabulary::Found;
pub use vocabulary::{Feature, FeatureId, Vocabulary};

use crate::text::Language;

/// All that turns a paragraph into a row: fixed at training, the same ever after.
pub struct FeatureSpace {
    /// The language that words are stemmed in.
    pub language: Language,
    /// Which set of features is read.
    pub set: FeatureSet,
    /// Which features there are.
    pub vocabulary: Vocabulary,
    lexicon: Lexicon,
}

impl FeatureSpace {
    /// The feature space of a vocabulary.
    pub fn new(language: Language, set: FeatureSet, vocabulary: Vocabulary) -> FeatureSpace {
        FeatureSpace {
            language,
            set,
            lexicon: Lexicon::new(language),
            vocabulary,
        }
    }

    /// Number of columns of a row.
    pub fn columns(&self) -> usize {
        self.vocabulary.len() + self.set.cues().len()
    }

    /// What a column stands for, as a reader may see it.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn column_name(&self, column: u32) -> String {
        match (column as usize).checked_sub(self.vocabulary.len()) {
            None => self.vocabulary.name(column),
            Some(cue) => cues::names()[cue].clone(),
        }
    }

    /// A featurizer over this space.
    pub fn featurizer(&self) -> Featurizer<'_> {
        Featurizer {
            space: self,
            reader: ParagraphReader::new(self.language, self.set, &self.lexicon),
            counts: Counts::new(self.vocabulary.len()),
            found: Found::default(),
            row: Vec::new(),
            coverage: Coverage::default(),
        }
    }
}

/// Makes rows, one paragraph after another, in memory that is kept between them.
pub struct Featurizer<'m> {
    space: &'m FeatureSpace,
    reader: ParagraphReader<'m>,
    counts: Counts,
    found: Found,
    row: Vec<(u32, f32)>,
    coverage: Coverage,
}

/// How many words have been read, and how many of them the vocabulary knows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coverage {
    words: usize,
    known: usize,
}

impl Coverage {
    fn add(&mut self, term: TermId) {
        self.words += 1;
        self.known += usize::from(term != UNKNOWN);
    }

    /// Whether most words are known: then the text is in the language of the model.
    pub fn is_good(self) -> bool {
        self.known * 2 >= self.words
    }
}

impl Featurizer<'_> {
    /// The row of a paragraph: distinct columns with their values. Words come first (together of length
    /// 1), then the shapes of words (the same), then the cues. Depends on nothing but the paragraph and the space.
    pub fn row(&mut self, paragraph: &Paragraph<'_>) -> &[(u32, f32)] {
        let vocabulary = &self.space.vocabulary;
        self.row.clear();
        self.reader.read(paragraph, &mut { vocabulary });
        for &block in self.space.set.blocks() {
            match self.space.set {
                FeatureSet::Style => vocabulary.find(block, &self.reader.items, &mut self.found),
                FeatureSet::Words => vocabulary.find(block, &self.reader.terms, &mut self.found),
            }
            self.counts.add(&self.found.ids);
            self.counts.append_row(&vocabulary.features, &mut self.row);
        }
        if self.space.set == FeatureSet::Style {
            let first_cue = vocabulary.len() as u32;
            cues::append(paragraph, &self.reader, first_cue, &mut self.row);
        }
        self.reader.add_coverage(&mut self.coverage);
        &self.row
    }

    /// The coverage of the rows made since this was last asked.
    pub fn take_coverage(&mut self) -> Coverage {
        std::mem::take(&mut self.coverage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words as they are, numbers among them, and pairs over the comma; no cue, no shape, no mask.
    #[test]
    fn the_set_of_words() {
        let lexicon = Lexicon::new(Language::English);
        let mut reader = ParagraphReader::new(Language::English, FeatureSet::Words, &lexicon);
        let mut builder = VocabularyBuilder::default();
        let text = "In Ostby, 12 boats";
        let paragraph = Paragraph {
            text,
            ..Paragraph::default()
        };
        builder.next_article();
        reader.read_count(&paragraph, &mut builder);
        let vocabulary = builder.finish(1, 100).unwrap();
        let space = FeatureSpace::new(Language::English, FeatureSet::Words, vocabulary);
        let mut featurizer = space.featurizer();
        let row = featurizer.row(&paragraph).to_vec();
        let mut names: Vec<String> = row.iter().map(|&(c, _)| space.column_name(c)).collect();
        names.sort();
        assert_eq!(
            names,
            [
                "12", "12 boat", "boat", "in", "in ostbi", "ostbi", "ostbi 12"
            ]
        );
        let squares: f32 = row.iter().map(|(_, value)| value * value).sum();
        assert!((squares - 1.0).abs() < 1e-6);
        assert_eq!(space.columns(), row.len());
    }
}
