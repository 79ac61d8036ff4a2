//! Which features two terms have: a table that lies in a model file as it is used.

use std::borrow::Cow;

use super::family::Family;
use super::terms::{NONE, Section, slots_for};
use super::vocabulary::{FeatureId, Record};
use crate::features::paragraph::TermId;

/// Features by family and two terms.
pub(crate) struct Pairs {
    /// Open addressing with linear probing: the number of a feature at its hash or behind, or
    /// [`NONE`]. At most half full, so that every search ends.
    pub(crate) slots: Section<u32>,
    /// Bits that tell most pairs that have no feature from the others in one step, within the nearest
    /// memory: a pair whose bit is 0 need not be looked up.
    pub(crate) filter: Section<u32>,
}

/// A pair that may have a feature.
#[derive(Clone, Copy)]
struct Candidate {
    hash: u64,
    key: Record,
}

/// The pairs of a paragraph that may have a feature, in memory that is kept.
#[derive(Default)]
pub(crate) struct Candidates {
    all: Vec<Candidate>,
    count: usize,
    /// What stands in the slot of each.
    looks: Vec<FeatureId>,
}

impl Candidates {
    /// Empties the list and makes room.
    pub(crate) fn restart(&mut self, most: usize) {
        self.count = 0;
        if self.all.len() <= most {
            let none = Candidate {
                hash: 0,
                key: Record::of(Family::Pair, 0, 0),
            };
            self.all.resize(most + 1, none);
        }
    }
}

/// Bits of the filter for each pair that has a feature, at least.
const FILTER_BITS: usize = 16;

impl Pairs {
    /// The tables as they lie in a file, if they can be those of the features, of which `pairs` have two
    /// terms.
    pub(crate) fn from_tables(
        features: &[Record],
        pairs: usize,
        slots: Section<u32>,
        filter: Section<u32>,
    ) -> Option<Pairs> {
        let mut full = 0;
        let mut fits = slots.len().is_power_of_two() && filter.len().is_power_of_two();
        for &id in slots.iter().filter(|&&id| id != NONE) {
            fits &= features
                .get(id as usize)
                .is_some_and(|one| one.family().is_pair());
            full += 1;
        }
        (fits && full == pairs && full < slots.len()).then_some(Pairs { slots, filter })
    }

    /// The table of those features that have two terms.
    ///
    /// # Errors
    /// The number of a feature that stands twice.
    pub(crate) fn new(features: &[Record]) -> Result<Pairs, FeatureId> {
        let pairs = || {
            let numbered = features.iter().enumerate();
            numbered.filter(|(_, record)| record.family().is_pair())
        };
        let count = pairs().count();
        let mut table = Pairs {
            slots: Cow::Owned(vec![NONE; slots_for(count)]),
            filter: Cow::Owned(vec![
                0;
                (slots_for(count) * FILTER_BITS / 2)
                    .div_ceil(32)
                    .next_power_of_two()
            ]),
        };
        for (id, record) in pairs() {
            let hash = hash(record.family(), record.first(), record.second());
            match table.find(features, hash, *record) {
                Ok(_) => return Err(id as FeatureId),
                Err(slot) => table.slots.to_mut()[slot] = id as FeatureId,
            }
            let (word, bit) = place(hash, table.filter.len());
            table.filter.to_mut()[word] |= bit;
        }
        Ok(table)
    }

    /// Adds a pair to those that may have a feature, unless the filter knows that it has none.
    #[inline]
    pub(crate) fn add_candidate(
        &self,
        family: Family,
        first: TermId,
        second: TermId,
        candidates: &mut Candidates,
    ) {
        let hash = hash(family, first, second);
        let (word, bit) = place(hash, self.filter.len());
        // Half of the pairs pass, in no order that a processor foresees: it writes all, and goes on
        // behind those that pass.
        candidates.all[candidates.count] = Candidate {
            hash,
            key: Record::of(family, first, second),
        };
        candidates.count += usize::from(self.filter[word] & bit != 0);
    }

    /// Calls `each` with the features of the candidates, of the features that the table was made from.
    #[inline]
    pub(crate) fn for_each_known(
        &self,
        features: &[Record],
        candidates: &mut Candidates,
        mut each: impl FnMut(FeatureId),
    ) {
        let mask = self.slots.len() - 1;
        let (all, looks) = (&candidates.all[..candidates.count], &mut candidates.looks);
        // Two short loops, for the loads of each run side by side.
        looks.clear();
        looks.extend(all.iter().map(|one| self.slots[slot(one.hash, mask)]));
        for (one, &id) in all.iter().zip(looks.iter()) {
            match features.get(id as usize) {
                None => {}
                Some(record) if record.same_key(one.key) => each(id),
                Some(_) => {
                    let found = self.find(features, one.hash, one.key);
                    found.into_iter().for_each(&mut each);
                }
            }
        }
    }

    /// The feature, or the slot where it belongs.
    #[inline]
    fn find(&self, features: &[Record], hash: u64, wanted: Record) -> Result<FeatureId, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = slot(hash, mask);
        loop {
            match self.slots[slot] {
                NONE => return Err(slot),
                id if features[id as usize].same_key(wanted) => return Ok(id),
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

/// Part of the model file's format: the upper half of a product folded onto the lower.
#[inline]
fn hash(family: Family, first: TermId, second: TermId) -> u64 {
    let key = u64::from(first) << 32 | u64::from(second);
    let product = u128::from(key ^ (family as u64) << 61) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
    (product as u64) ^ (product >> 64) as u64
}

/// Where a hash is looked for first.
#[inline]
fn slot(hash: u64, mask: usize) -> usize {
    (hash >> 32) as usize & mask
}

/// Word and bit of a hash in a filter of a power of two of words.
#[inline]
fn place(hash: u64, words: usize) -> (usize, u32) {
    ((hash >> 5) as usize & (words - 1), 1 << (hash & 31))
}
