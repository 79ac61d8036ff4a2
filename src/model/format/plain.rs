//! Arrays without tables, from which a model's tables are built when it is opened: those of format
//! versions 1 to 3, and of compact models.

use super::super::Model;
use super::super::quantized::Quantized;
use super::super::validation::{self, Validation};
use super::{
    Arrays, CHECKSUM, Codes, Header, Reader, broken, inconsistent, lengths_differ, place_cues,
};
use crate::error::{Error, Result};
use crate::features::Vocabulary;
use crate::features::family::{Family, Key};
use crate::features::paragraph::UNKNOWN;
use crate::features::vocabulary::Feature;
use crate::label::LABELS;

/// Family (1), two terms and the document frequency (4 each).
const FEATURE_BYTES: usize = 13;
const ROW_BYTES: usize = 4 * LABELS;

/// Writes the arrays of a compact model behind its header.
pub(super) fn write(model: &Model, quantized: &Quantized, bytes: &mut Vec<u8>) {
    let vocabulary = &model.space.vocabulary;
    for term in vocabulary.terms() {
        bytes.extend_from_slice(term.as_bytes());
        bytes.push(b'\n');
    }
    for feature in vocabulary.features() {
        bytes.push(feature.key.family as u8);
        bytes.extend_from_slice(&feature.key.first.to_le_bytes());
        bytes.extend_from_slice(&feature.key.second.to_le_bytes());
        bytes.extend_from_slice(&feature.document_frequency.to_le_bytes());
    }
    for code in quantized.codes.iter().flatten() {
        match quantized.bits {
            8 => bytes.extend_from_slice(&(*code as i8).to_le_bytes()),
            _ => bytes.extend_from_slice(&code.to_le_bytes()),
        }
    }
    for weight in model.linear.intercept {
        bytes.extend_from_slice(&weight.to_le_bytes());
    }
    bytes.extend_from_slice(model.validation.as_bytes());
}

/// Reads the arrays behind a header.
pub(super) fn read(header: &Header, cues: &[usize], mut reader: Reader<'_>) -> Result<Arrays> {
    let columns = header.features.checked_add(header.cues.len());
    let row_bytes = match &header.codes {
        None => ROW_BYTES,
        Some(Codes { bits: 8, .. }) => LABELS,
        Some(Codes { bits: 16, .. }) => 2 * LABELS,
        Some(_) => return Err(broken("model's weights have neither 8 nor 16 bits")),
    };
    let lengths = || {
        let features = header.features.checked_mul(FEATURE_BYTES)?;
        let weights = columns?.checked_mul(row_bytes)?.checked_add(ROW_BYTES)?;
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
    let columns = header.features + cues.len();
    let weights = match &header.codes {
        None => rows(&mut reader, columns)?,
        Some(codes) => coded_rows(&mut reader, columns, codes)?,
    };
    let weights = place_cues(weights, header, cues);
    let intercept = rows(&mut reader, 1)?.pop().unwrap_or_default();
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

fn cut_off() -> Error {
    broken("model cut off in its weights")
}

fn rows(reader: &mut Reader<'_>, count: usize) -> Result<Vec<[f32; LABELS]>> {
    let rows = (0..count).map(|_| row(reader));
    rows.collect::<Option<_>>().ok_or_else(cut_off)
}

fn coded_rows(reader: &mut Reader<'_>, count: usize, codes: &Codes) -> Result<Vec<[f32; LABELS]>> {
    let mut code = || match codes.bits {
        8 => Some(i16::from(reader.take(1)?.first()?.cast_signed())),
        _ => Some(i16::from_le_bytes(reader.take(2)?.try_into().ok()?)),
    };
    let mut row = || -> Option<[i16; LABELS]> {
        let mut row = [0; LABELS];
        for number in &mut row {
            *number = code()?;
        }
        Some(row)
    };
    let rows = (0..count).map(|_| row()).collect::<Option<_>>();
    let quantized = Quantized {
        bits: codes.bits,
        exponents: codes.exponents,
        codes: rows.ok_or_else(cut_off)?,
    };
    Ok(quantized.weights())
}

fn row(reader: &mut Reader<'_>) -> Option<[f32; LABELS]> {
    let mut row = [0.0; LABELS];
    for weight in &mut row {
        *weight = f32::from_bits(reader.u32()?);
    }
    Some(row)
}
