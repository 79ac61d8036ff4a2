//! Arrays that are a model's tables as they are used: opening a model checks them, and builds none.
//!
//! Each begins at a multiple of [`ALIGNMENT`] bytes. All consist of 32-bit numbers, but for the text
//! of the terms and the validation rows.

use std::borrow::Cow;

use bytemuck::Pod;
use serde::{Deserialize, Serialize};

use super::super::Model;
use super::super::validation::{self, Validation};
use super::{
    Arrays, Bytes, CHECKSUM, Header, Reader, broken, inconsistent, lengths_differ, place_cues,
};
use crate::error::Result;
use crate::features::Vocabulary;
use crate::features::family::SINGLES;
use crate::features::terms::{Section, Terms};
use crate::features::vocabulary::Record;
use crate::label::LABELS;

/// A line of a processor's cache: a row of a table never lies across two.
pub(crate) const ALIGNMENT: usize = 64;

/// Lengths of the tables that do not follow from the other counts.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    term_slots: usize,
    singles: [usize; SINGLES.len()],
    pair_slots: usize,
    pair_filter: usize,
}

/// Writes a model's tables behind its header.
pub(super) fn write(model: &Model, bytes: &mut Vec<u8>) {
    let Vocabulary {
        terms,
        features,
        singles,
        pairs,
        ..
    } = &model.space.vocabulary;
    put(bytes, &terms.text);
    put_numbers(bytes, &terms.ends);
    put_numbers(bytes, &terms.slots);
    put_numbers(bytes, features);
    singles.iter().for_each(|column| put_numbers(bytes, column));
    put_numbers(bytes, &pairs.slots);
    put_numbers(bytes, &pairs.filter);
    put_numbers(bytes, &model.linear.weights);
    put_numbers(bytes, &[model.linear.intercept]);
    put(bytes, model.validation.as_bytes());
}

fn put(bytes: &mut Vec<u8>, section: &[u8]) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
    bytes.extend_from_slice(section);
}

fn put_numbers<T: Pod>(bytes: &mut Vec<u8>, section: &[T]) {
    let numbers: &[u32] = bytemuck::cast_slice(section);
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

impl Tables {
    pub(super) fn of(vocabulary: &Vocabulary) -> Tables {
        Tables {
            term_slots: vocabulary.terms.slots.len(),
            singles: vocabulary.singles.each_ref().map(|column| column.len()),
            pair_slots: vocabulary.pairs.slots.len(),
            pair_filter: vocabulary.pairs.filter.len(),
        }
    }

    /// Reads the tables behind a header.
    pub(super) fn read(
        &self,
        header: &Header,
        cues: &[usize],
        mut reader: Reader<'_>,
    ) -> Result<Arrays> {
        let cut_off = lengths_differ;
        let text = reader.section(header.term_bytes).ok_or_else(cut_off)?;
        let ends = reader.numbers(header.terms).ok_or_else(cut_off)?;
        let slots = reader.numbers(self.term_slots).ok_or_else(cut_off)?;
        let features: Section<Record> = reader.numbers(header.features).ok_or_else(cut_off)?;
        let mut singles: [Section<u32>; SINGLES.len()] = Default::default();
        for (column, &length) in singles.iter_mut().zip(&self.singles) {
            *column = reader.numbers(length).ok_or_else(cut_off)?;
        }
        let pairs = (
            reader.numbers(self.pair_slots).ok_or_else(cut_off)?,
            reader.numbers(self.pair_filter).ok_or_else(cut_off)?,
        );
        let columns = header.features.checked_add(header.cues.len());
        let weights: Section<[f32; LABELS]> = columns
            .and_then(|columns| reader.numbers(columns))
            .ok_or_else(cut_off)?;
        let intercept: Section<[f32; LABELS]> = reader.numbers(1).ok_or_else(cut_off)?;
        let validation = header.validation.checked_mul(validation::ROW_BYTES);
        let validation = validation
            .and_then(|length| reader.section(length))
            .ok_or_else(cut_off)?;
        if reader.at + CHECKSUM != reader.bytes.all().len() {
            return Err(lengths_differ());
        }
        let terms = Terms::from_tables(text, ends, slots)
            .ok_or_else(|| inconsistent("its terms are not what they should be"))?;
        let vocabulary = Vocabulary::from_tables(header.articles, terms, features, singles, pairs)
            .map_err(|message| inconsistent(&message))?;
        // A model of an earlier copydesk may know fewer cues than there are today.
        let weights = match cues.len() == header.features_read.cues().len() {
            true => weights,
            false => place_cues(weights.into_owned(), header, cues),
        };
        Ok(Arrays {
            vocabulary,
            weights,
            intercept: intercept.first().copied().unwrap_or_default(),
            validation: Validation::from_bytes(&validation)
                .ok_or_else(|| broken("model's validation rows are not what they should be"))?,
        })
    }
}

impl Reader<'_> {
    /// Bytes from the next aligned place on.
    fn section(&mut self, length: usize) -> Option<Section<u8>> {
        let padding = self.at.next_multiple_of(ALIGNMENT) - self.at;
        let padding = self.take(padding)?;
        let taken = self.take(length)?;
        // What pads is part of the format: no two files hold the same model.
        if padding.iter().any(|&byte| byte != 0) {
            return None;
        }
        Some(match self.bytes {
            Bytes::Lasting(all) => Cow::Borrowed(&all[self.at - length..self.at]),
            Bytes::Passing(_) => Cow::Owned(taken.to_vec()),
        })
    }

    /// Rows of 32-bit numbers from the next aligned place on: borrowed where the bytes last and lie in
    /// memory as numbers do, copied otherwise.
    fn numbers<T: Pod>(&mut self, rows: usize) -> Option<Section<T>> {
        let length = rows.checked_mul(size_of::<T>())?;
        match self.section(length)? {
            Cow::Borrowed(bytes) if cfg!(target_endian = "little") => {
                match bytemuck::try_cast_slice(bytes) {
                    Ok(numbers) => Some(Cow::Borrowed(numbers)),
                    Err(_) => Some(Cow::Owned(copy(bytes, rows))),
                }
            }
            bytes => Some(Cow::Owned(copy(&bytes, rows))),
        }
    }
}

fn copy<T: Pod>(bytes: &[u8], rows: usize) -> Vec<T> {
    let mut numbers = vec![T::zeroed(); rows];
    let copied: &mut [u8] = bytemuck::cast_slice_mut(&mut numbers);
    copied.copy_from_slice(bytes);
    if cfg!(target_endian = "big") {
        copied.chunks_exact_mut(4).for_each(<[u8]>::reverse);
    }
    numbers
}
