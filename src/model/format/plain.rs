//! Arrays without tables, from which a model's tables are built when it is opened: those of format
//! versions 1 to 3.

use super::super::validation::{self, Validation};
use super::{Arrays, CHECKSUM, Header, Reader, broken, inconsistent, lengths_differ, place_cues};
use crate::error::Result;
use crate::features::Vocabulary;
use crate::features::family::{Family, Key};
use crate::features::paragraph::UNKNOWN;
use crate::features::vocabulary::Feature;
use crate::label::LABELS;

/// Family (1), two terms and the document frequency (4 each).
const FEATURE_BYTES: usize = 13;
const ROW_BYTES: usize = 4 * LABELS;

/// Reads the arrays behind a header.
pub(super) fn read(header: &Header, cues: &[usize], mut reader: Reader<'_>) -> Result<Arrays> {
    let columns = header.features.checked_add(header.cues.len());
    let lengths = || {
        let features = header.features.checked_mul(FEATURE_BYTES)?;
        let weights = columns?.checked_add(1)?.checked_mul(ROW_BYTES)?;
        let validation = header.validation.checked_mul(validation::ROW_BYTES)?;
        (reader.at + CHECKSUM)
            .checked_add(header.term_bytes)?
            .checked_add(features)?
            .checked_add(weights)?
            .checked_add(validation)
    };
    if lengths() != Some(reader.bytes.all().len()) {
        return Err(lengths_differ());
    }
    let terms = reader
        .take(header.term_bytes)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .ok_or_else(|| broken("model's terms are not UTF-8"))?;
    let terms: Vec<Box<str>> = terms.split_terminator('\n').map(Box::from).collect();
    if terms.len() != header.terms {
        return Err(broken(
            "model's number of terms is not the one its header says",
        ));
    }
    let features: Vec<Feature> = (0..header.features)
        .map(|_| feature(&mut reader))
        .collect::<Option<_>>()
        .ok_or_else(|| broken("model names a feature family that does not exist"))?;
    let vocabulary = Vocabulary::new(&terms, &features, header.articles)
        .map_err(|message| inconsistent(&message))?;
    let mut rows = |count: usize| -> Result<Vec<[f32; LABELS]>> {
        (0..count)
            .map(|_| row(&mut reader))
            .collect::<Option<_>>()
            .ok_or_else(|| broken("model cut off in its weights"))
    };
    let weights = place_cues(rows(header.features + cues.len())?, header, cues);
    let intercept = rows(1)?.pop().unwrap_or_default();
    let validation = reader
        .take(header.validation * validation::ROW_BYTES)
        .and_then(Validation::from_bytes)
        .ok_or_else(|| broken("model's validation rows are not what they should be"))?;
    Ok(Arrays {
        vocabulary,
        weights,
        intercept,
        validation,
    })
}

fn feature(reader: &mut Reader<'_>) -> Option<Feature> {
    let family = *reader.take(1)?.first()?;
    let family = *Family::ALL.get(usize::from(family))?;
    let (first, second) = (reader.u32()?, reader.u32()?);
    if !family.is_pair() && second != UNKNOWN {
        return None;
    }
    Some(Feature {
        key: Key {
            family,
            first,
            second,
        },
        document_frequency: reader.u32()?,
    })
}

fn row(reader: &mut Reader<'_>) -> Option<[f32; LABELS]> {
    let mut row = [0.0; LABELS];
    for weight in &mut row {
        *weight = f32::from_bits(reader.u32()?);
    }
    Some(row)
}
