//! Terms and their numbers, in tables that lie in a model file as they are used.

use std::borrow::Cow;

use super::paragraph::{TermId, UNKNOWN};

/// Numbers that lie in the program's own bytes, or in memory of their own.
pub(crate) type Section<T> = Cow<'static, [T]>;

/// Stands for nothing in a table of numbers.
pub(crate) const NONE: u32 = u32::MAX;

/// Terms by number, and numbers by term.
pub(crate) struct Terms {
    /// All terms, one behind the other.
    pub(crate) text: Section<u8>,
    /// Where each ends.
    pub(crate) ends: Section<u32>,
    /// Open addressing with linear probing: the number of a term at its hash or behind, or [`NONE`].
    /// At most half full, so that every search ends.
    pub(crate) slots: Section<u32>,
}

impl Terms {
    /// The table of distinct terms.
    ///
    /// # Errors
    /// A message when one repeats, or they are too many.
    pub(crate) fn new(terms: &[Box<str>]) -> Result<Terms, String> {
        let bytes: usize = terms.iter().map(|term| term.len()).sum();
        if u32::try_from(bytes).is_err() {
            return Err("terms of 4 GiB or more".into());
        }
        let mut table = Terms {
            text: Cow::Owned(terms.iter().flat_map(|term| term.bytes()).collect()),
            ends: Cow::Owned(Vec::with_capacity(terms.len())),
            slots: Cow::Owned(vec![NONE; slots_for(terms.len())]),
        };
        let mut end = 0;
        for (id, term) in terms.iter().enumerate() {
            end += term.len() as u32;
            table.ends.to_mut().push(end);
            match table.find(term.as_bytes()) {
                Ok(_) => return Err(format!("term {term:?} stands twice in the vocabulary")),
                Err(slot) => table.slots.to_mut()[slot] = id as TermId,
            }
        }
        Ok(table)
    }

    /// The tables as they lie in a file, if they go together.
    pub(crate) fn from_tables(
        text: Section<u8>,
        ends: Section<u32>,
        slots: Section<u32>,
    ) -> Option<Terms> {
        let text_of_all = std::str::from_utf8(&text).ok()?;
        let ends_fit = ends.is_sorted()
            && ends.last().map_or(0, |&end| end as usize) == text.len()
            && ends
                .iter()
                .all(|&end| text_of_all.is_char_boundary(end as usize));
        let full = slots.iter().filter(|&&id| id != NONE);
        let slots_fit = slots.len().is_power_of_two()
            && full.clone().count() == ends.len()
            && ends.len() < slots.len()
            && full.into_iter().all(|&id| (id as usize) < ends.len());
        (ends_fit && slots_fit).then_some(Terms { text, ends, slots })
    }

    /// Number of terms.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A term by its number; empty where there is none.
    pub(crate) fn get(&self, id: TermId) -> &str {
        std::str::from_utf8(self.bytes(id)).unwrap_or_default()
    }

    fn bytes(&self, id: TermId) -> &[u8] {
        let id = id as usize;
        let start = match id.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        let end = self.ends.get(id).copied().unwrap_or_default();
        self.text
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// The number of a term, or [`UNKNOWN`].
    pub(crate) fn id(&self, term: &str) -> TermId {
        match self.find(term.as_bytes()) {
            Ok(id) => id,
            Err(_) => UNKNOWN,
        }
    }

    /// The number of a term, or the slot where it belongs.
    fn find(&self, term: &[u8]) -> Result<TermId, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash(term) as usize & mask;
        loop {
            match self.slots[slot] {
                NONE => return Err(slot),
                id if self.bytes(id) == term => return Ok(id),
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

/// Slots of a table of `count` entries: a power of two, at most half full.
pub(crate) fn slots_for(count: usize) -> usize {
    (count.max(1) * 2).next_power_of_two()
}

/// A hash that is part of the model file's format: eight bytes at a time, each mixed in by a
/// multiplication whose upper half is folded onto the lower.
fn hash(bytes: &[u8]) -> u64 {
    let fold = |state: u64, word: u64| {
        let product = u128::from(state ^ word) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
        (product as u64) ^ (product >> 64) as u64
    };
    let mut state = 0xc0de_d35c_0000_0000 | bytes.len() as u64;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        state = fold(state, u64::from_le_bytes(*chunk));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    fold(fold(state, u64::from_le_bytes(last)), 0x2545_f491_4f6c_dd1d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn repeated_terms_are_refused() {
        assert!(Terms::new(&["a".into(), "b".into(), "a".into()]).is_err());
    }

    proptest! {
        #[test]
        fn every_term_has_its_number_and_no_other_has_one(
            terms in prop::collection::hash_set("\\PC{0,20}", 0..200),
            other in "\\PC{0,20}",
        ) {
            let list: Vec<Box<str>> = terms.iter().map(|term| term.as_str().into()).collect();
            let table = Terms::new(&list).unwrap();
            for (id, term) in list.iter().enumerate() {
                prop_assert_eq!(table.id(term), id as TermId);
                prop_assert_eq!(table.get(id as TermId), &**term);
            }
            if !terms.contains(&other) {
                prop_assert_eq!(table.id(&other), UNKNOWN);
            }
        }
    }
}
