//! Training texts as items, packed: they are read once, then counted, then made rows of.

use super::paragraph::{Place, TermId, UNKNOWN, Word};

/// Paragraphs of articles, one after another.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) items: Items,
    /// End of each paragraph among the items.
    ends: Vec<usize>,
    /// The article of each paragraph.
    articles: Vec<u32>,
}

/// Items of all paragraphs: four bytes each as long as nothing but words has been read.
pub(super) enum Items {
    Plain(Vec<TermId>),
    Spelled(Vec<Packed>),
}

/// An item with what features ask of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Packed {
    term: TermId,
    shape: TermId,
    place: Place,
}

impl Default for Items {
    fn default() -> Items {
        Items::Plain(Vec::new())
    }
}

impl Packed {
    fn of<W: Word>(word: &W) -> Packed {
        Packed {
            term: word.term(),
            shape: word.shape(),
            place: word.place(),
        }
    }

    /// Whether it is what a term by itself is.
    fn is_plain(self) -> bool {
        self == Packed::of(&self.term)
    }
}

impl Word for Packed {
    #[inline]
    fn term(&self) -> TermId {
        self.term
    }

    #[inline]
    fn shape(&self) -> TermId {
        self.shape
    }

    #[inline]
    fn place(&self) -> Place {
        self.place
    }
}

impl Items {
    fn len(&self) -> usize {
        match self {
            Items::Plain(terms) => terms.len(),
            Items::Spelled(items) => items.len(),
        }
    }

    /// All items with their places and shapes.
    fn spelled(&mut self) -> &mut Vec<Packed> {
        if let Items::Plain(terms) = self {
            *self = Items::Spelled(terms.iter().map(Packed::of).collect());
        }
        match self {
            Items::Spelled(items) => items,
            Items::Plain(_) => unreachable!("they have just been spelled out"),
        }
    }
}

impl Texts {
    /// Appends a paragraph of an article.
    pub(super) fn push<W: Word>(&mut self, article: u32, items: &[W]) {
        match &mut self.items {
            Items::Plain(terms) if items.iter().all(|item| Packed::of(item).is_plain()) => {
                terms.extend(items.iter().map(Word::term));
            }
            all => all.spelled().extend(items.iter().map(Packed::of)),
        }
        self.ends.push(self.items.len());
        self.articles.push(article);
    }

    /// Appends the paragraphs of other texts, whose terms have these numbers here, and whose articles come
    /// after so many.
    pub(super) fn append(&mut self, other: Texts, numbers: &[TermId], articles: u32) {
        let number = |term: TermId| match term {
            UNKNOWN => UNKNOWN,
            term => numbers[term as usize],
        };
        let before = self.items.len();
        match (&mut self.items, other.items) {
            (Items::Plain(terms), Items::Plain(others)) => {
                terms.extend(others.into_iter().map(number));
            }
            (all, mut others) => {
                let others = others.spelled().iter().map(|item| Packed {
                    term: number(item.term),
                    shape: number(item.shape),
                    place: item.place,
                });
                all.spelled().extend(others);
            }
        }
        self.ends.extend(other.ends.iter().map(|end| before + end));
        let theirs = other.articles.iter();
        self.articles
            .extend(theirs.map(|article| articles + article));
    }

    /// Number of paragraphs.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The items of a paragraph among all items.
    #[inline]
    pub(super) fn of<'i, W>(&self, items: &'i [W], paragraph: usize) -> &'i [W] {
        let start = match paragraph {
            0 => 0,
            _ => self.ends[paragraph - 1],
        };
        &items[start..self.ends[paragraph]]
    }

    /// The article of a paragraph.
    pub(super) fn article(&self, paragraph: usize) -> u32 {
        self.articles[paragraph]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A paragraph of plain words, or one with shapes and places.
    fn paragraphs() -> impl Strategy<Value = Vec<Packed>> {
        let plain = (0..9u32).prop_map(|term| Packed::of(&term));
        let place = prop::sample::select(vec![Place::ANY, Place::FIRST, Place::QUOTED]);
        let spelled = (0..9u32, 0..9u32, place).prop_map(|(term, shape, place)| Packed {
            term: if term == 8 { UNKNOWN } else { term },
            shape,
            place,
        });
        prop_oneof![
            prop::collection::vec(plain, 0..5),
            prop::collection::vec(spelled, 0..5)
        ]
    }

    fn packed(paragraphs: &[Vec<Packed>]) -> Texts {
        let mut texts = Texts::default();
        for (article, items) in (0..).zip(paragraphs) {
            texts.push(article, items);
        }
        texts
    }

    proptest! {
        /// What goes in comes out, read here or elsewhere, plain or not.
        #[test]
        fn items_come_back(
            here in prop::collection::vec(paragraphs(), 0..4),
            there in prop::collection::vec(paragraphs(), 0..4),
        ) {
            let mut texts = packed(&here);
            let numbers: Vec<TermId> = (100..109).collect();
            texts.append(packed(&there), &numbers, here.len() as u32);
            let number = |term: TermId| if term == UNKNOWN { UNKNOWN } else { term + 100 };
            let renumbered = |item: &Packed| Packed {
                term: number(item.term),
                shape: number(item.shape),
                ..*item
            };
            let there = there.iter().map(|items| items.iter().map(renumbered).collect());
            let wanted: Vec<Vec<Packed>> = here.iter().cloned().chain(there).collect();
            prop_assert_eq!(texts.len(), wanted.len());
            let all_plain = wanted.iter().flatten().all(|item| item.is_plain());
            prop_assert_eq!(all_plain, matches!(texts.items, Items::Plain(_)));
            let items = std::mem::take(&mut texts.items).spelled().clone();
            for (paragraph, wanted) in wanted.iter().enumerate() {
                prop_assert_eq!(texts.of(&items, paragraph), wanted);
                prop_assert_eq!(texts.article(paragraph), paragraph as u32);
            }
        }
    }
}
