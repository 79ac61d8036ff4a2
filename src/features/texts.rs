//! Training texts as items, packed: they are read once, then counted, then made rows of.

use super::lexicon::WordClasses;
use super::paragraph::{Item, Place, TermId, UNKNOWN};

/// Paragraphs of articles, one after another. Four bytes a word as long as nothing but words has been
/// read, twelve where shapes and places are read too.
#[derive(Default)]
pub(super) struct Texts {
    terms: Vec<TermId>,
    /// Whether shapes and places are kept: some paragraph was not plain.
    spelled: bool,
    shapes: Vec<TermId>,
    places: Vec<Place>,
    /// End of each paragraph in `terms`.
    ends: Vec<usize>,
    /// The article of each paragraph.
    articles: Vec<u32>,
}

/// The place of an item of a plain paragraph; its shape is [`UNKNOWN`].
fn plain_place(at: usize) -> Place {
    if at == 0 { Place::ANY } else { Place::JOINED }
}

impl Texts {
    /// Appends a paragraph of an article.
    pub(super) fn push(&mut self, article: u32, items: &[Item]) {
        let is_plain =
            |(at, item): (usize, &Item)| item.shape == UNKNOWN && item.place == plain_place(at);
        if !self.spelled && !items.iter().enumerate().all(is_plain) {
            self.spell_out();
        }
        if self.spelled {
            self.shapes.extend(items.iter().map(|item| item.shape));
            self.places.extend(items.iter().map(|item| item.place));
        }
        self.terms.extend(items.iter().map(|item| item.term));
        self.ends.push(self.terms.len());
        self.articles.push(article);
    }

    fn spell_out(&mut self) {
        self.spelled = true;
        self.shapes = vec![UNKNOWN; self.terms.len()];
        let mut start = 0;
        for &end in &self.ends {
            self.places.extend((0..end - start).map(plain_place));
            start = end;
        }
    }

    /// Appends the paragraphs of other texts, whose terms have these numbers here, and whose articles come
    /// after so many.
    pub(super) fn append(&mut self, mut other: Texts, numbers: &[TermId], articles: u32) {
        if self.spelled && !other.spelled {
            other.spell_out();
        } else if other.spelled && !self.spelled {
            self.spell_out();
        }
        let number = |&term: &TermId| match term {
            UNKNOWN => UNKNOWN,
            term => numbers[term as usize],
        };
        let before = self.terms.len();
        self.terms.extend(other.terms.iter().map(number));
        self.shapes.extend(other.shapes.iter().map(number));
        self.places.append(&mut other.places);
        self.ends.extend(other.ends.iter().map(|end| before + end));
        self.articles
            .extend(other.articles.iter().map(|article| articles + article));
    }

    /// Number of paragraphs.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the items are words and nothing else.
    pub(super) fn are_plain(&self) -> bool {
        !self.spelled
    }

    /// The article of a paragraph.
    pub(super) fn article(&self, paragraph: usize) -> u32 {
        self.articles[paragraph]
    }

    /// Puts the items of a paragraph in place of what `items` holds. Their classes are not kept.
    pub(super) fn unpack(&self, paragraph: usize, items: &mut Vec<Item>) {
        let start = match paragraph {
            0 => 0,
            _ => self.ends[paragraph - 1],
        };
        let all = start..self.ends[paragraph];
        items.clear();
        if self.spelled {
            items.extend(all.map(|at| Item {
                term: self.terms[at],
                shape: self.shapes[at],
                classes: WordClasses::default(),
                place: self.places[at],
            }));
        } else {
            let terms = self.terms[all].iter().enumerate();
            items.extend(terms.map(|(at, &term)| Item {
                term,
                shape: UNKNOWN,
                classes: WordClasses::default(),
                place: plain_place(at),
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(term: TermId, shape: TermId, place: Place) -> Item {
        Item {
            term,
            shape,
            classes: WordClasses::default(),
            place,
        }
    }

    /// A paragraph of plain words, or one with shapes and places.
    fn paragraphs() -> impl Strategy<Value = Vec<Item>> {
        let plain = prop::collection::vec(0..9u32, 0..5).prop_map(|terms| {
            let terms = terms.into_iter().enumerate();
            let items = terms.map(|(at, term)| item(term, UNKNOWN, plain_place(at)));
            items.collect()
        });
        let place = prop::sample::select(vec![Place::ANY, Place::FIRST, Place::QUOTED]);
        let spelled = (0..9u32, 0..9u32, place).prop_map(|(term, shape, place)| {
            let term = if term == 8 { UNKNOWN } else { term };
            item(term, shape, place)
        });
        prop_oneof![plain, prop::collection::vec(spelled, 0..5)]
    }

    proptest! {
        /// What goes in comes out, read here or elsewhere, plain or not.
        #[test]
        fn items_come_back(
            here in prop::collection::vec(paragraphs(), 0..4),
            there in prop::collection::vec(paragraphs(), 0..4),
        ) {
            let packed = |paragraphs: &[Vec<Item>]| {
                let mut texts = Texts::default();
                for (article, items) in (0..).zip(paragraphs) {
                    texts.push(article, items);
                }
                texts
            };
            let mut texts = packed(&here);
            let numbers: Vec<TermId> = (100..109).collect();
            texts.append(packed(&there), &numbers, here.len() as u32);
            let renumbered = |term: TermId| if term == UNKNOWN { UNKNOWN } else { term + 100 };
            let there = there.iter().map(|items| {
                let items = items.iter();
                items.map(|i| item(renumbered(i.term), renumbered(i.shape), i.place)).collect()
            });
            let wanted: Vec<Vec<Item>> = here.iter().cloned().chain(there).collect();
            prop_assert_eq!(texts.len(), wanted.len());
            let mut items = Vec::new();
            for (paragraph, wanted) in wanted.iter().enumerate() {
                texts.unpack(paragraph, &mut items);
                let show = |items: &[Item]| -> Vec<(TermId, TermId, Place)> {
                    items.iter().map(|i| (i.term, i.shape, i.place)).collect()
                };
                prop_assert_eq!(show(&items), show(wanted));
                prop_assert_eq!(texts.article(paragraph), paragraph as u32);
            }
        }
    }
}
