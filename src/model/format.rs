//! The model file: a model to bytes and back. `docs/FORMAT.md` specifies it.
//!
//! Bytes are not trusted. Reading goes: size cap, magic, version, checksum over all bytes, header,
//! lengths (checked arithmetic, and the sum must be the length of the file) before anything is
//! allocated, arrays, validation, self-test.

mod plain;
mod tables;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::card::Card;
use super::context::Context;
use super::linear::Linear;
use super::quantized::Quantized;
use super::validation::Validation;
use super::{Model, SelfTest};
use crate::error::{Error, ErrorKind, Result};
use crate::features::terms::Section;
use crate::features::{FeatureSet, FeatureSpace, Vocabulary};
use crate::label::LABELS;
use crate::limits::Limits;
use crate::text::Language;
use tables::Tables;

/// The first bytes of every model file.
pub const MAGIC: [u8; 8] = *b"COPYDESK";
/// The format version this program writes; it reads this one and all before it.
pub const VERSION: u32 = 4;

/// Magic, version, header length.
const PRELUDE: usize = 16;
const CHECKSUM: usize = 4;

/// The JSON header as written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    language: Language,
    #[serde(default, skip_serializing_if = "FeatureSet::is_default")]
    features_read: FeatureSet,
    context: Context,
    #[serde(default)]
    calibration: Calibration,
    articles: u32,
    term_bytes: usize,
    terms: usize,
    features: usize,
    cues: Vec<String>,
    #[serde(default)]
    validation: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tables: Option<Tables>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    codes: Option<Codes>,
    card: Card,
    self_test: Vec<SelfTest>,
}

/// How weights are stored as small whole numbers.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    bits: u32,
    exponents: [i32; LABELS],
}

/// What a model file holds behind its header.
struct Arrays {
    vocabulary: Vocabulary,
    /// One row a feature, then one a cue of today's set.
    weights: Section<[f32; LABELS]>,
    intercept: [f32; LABELS],
    validation: Validation,
}

/// The bytes of a model; the same model gives the same bytes.
pub(super) fn to_bytes(model: &Model) -> Vec<u8> {
    let vocabulary = &model.space.vocabulary;
    // A model that was made small is stored small, at the price of tables that are built when it is opened.
    let quantized = match model.card.compact {
        Some(_) => Quantized::of(&model.linear.weights),
        None => None,
    };
    let terms = vocabulary.terms.text.len();
    let header = Header {
        language: model.space.language,
        features_read: model.space.set,
        context: model.context,
        calibration: model.calibration,
        articles: vocabulary.articles(),
        term_bytes: match quantized {
            Some(_) => terms + vocabulary.terms.len(),
            None => terms,
        },
        terms: vocabulary.terms.len(),
        features: vocabulary.len(),
        cues: model.space.set.cues().to_vec(),
        validation: model.validation.len(),
        tables: quantized.is_none().then(|| Tables::of(vocabulary)),
        codes: quantized.as_ref().map(|quantized| Codes {
            bits: quantized.bits,
            exponents: quantized.exponents,
        }),
        card: model.card.clone(),
        self_test: model.self_test.clone(),
    };
    let header = serde_json::to_vec(&header).expect("the header holds strings and finite numbers");
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&header);
    match &quantized {
        Some(quantized) => plain::write(model, quantized, &mut bytes),
        None => tables::write(model, &mut bytes),
    }
    bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// A model from its bytes; its tables are borrowed from those that last.
pub(super) fn from_bytes(bytes: Bytes<'_>, limits: &Limits) -> Result<Model> {
    let all = bytes.all();
    if all.len() > limits.model_bytes {
        return Err(Error::new(
            ErrorKind::TooLarge,
            format!(
                "model of {} bytes; at most {} are read",
                all.len(),
                limits.model_bytes
            ),
        ));
    }
    let mut reader = Reader { bytes, at: 0 };
    if reader.take(MAGIC.len()) != Some(&MAGIC) {
        return Err(broken("not a copydesk model: it does not begin with COPYDESK").at_byte(0));
    }
    let version = reader
        .u32()
        .ok_or_else(|| broken("model cut off in its version"))?;
    if !(1..=VERSION).contains(&version) {
        return Err(Error::new(
            ErrorKind::Model,
            format!("model format version {version}; this copydesk reads versions up to {VERSION}"),
        )
        .hint("train it again, or use the copydesk that made it"));
    }
    let header_len = reader
        .u32()
        .ok_or_else(|| broken("model cut off before its header"))? as usize;
    if header_len > limits.model_header_bytes {
        return Err(Error::new(
            ErrorKind::TooLarge,
            format!(
                "model header of {header_len} bytes; at most {} are read",
                limits.model_header_bytes
            ),
        ));
    }
    let header_bytes = reader
        .take(header_len)
        .ok_or_else(|| broken("model cut off in its header"))?;
    check_sum(all)?;
    let header: Header = serde_json::from_slice(header_bytes).map_err(|error| {
        broken(&format!("model header is not what it should be: {error}"))
            .caused_by(error)
            .at_byte(PRELUDE as u64)
    })?;
    let cues = cue_columns(&header.cues, header.features_read).ok_or_else(|| {
        broken("model was trained with a surface cue that this copydesk does not have")
            .hint("train it again, or use the copydesk that made it")
    })?;
    let arrays = match &header.tables {
        Some(tables) => tables.read(&header, &cues, reader),
        None => plain::read(&header, &cues, reader),
    }?;
    let linear = Linear {
        weights: arrays.weights,
        intercept: arrays.intercept,
    };
    if !linear.is_finite() {
        return Err(broken("model has a weight that is not a finite number"));
    }
    if !header.calibration.is_valid() {
        return Err(broken("model's calibration is out of range"));
    }
    if !header.context.is_valid() {
        return Err(broken("model's context strength or reach is out of range"));
    }
    let model = Model {
        space: FeatureSpace::new(header.language, header.features_read, arrays.vocabulary),
        linear,
        context: header.context,
        calibration: header.calibration,
        validation: arrays.validation,
        card: header.card,
        self_test: header.self_test,
    };
    model.run_self_test()?;
    Ok(model)
}

fn broken(message: &str) -> Error {
    Error::new(ErrorKind::Model, message.to_owned())
}

fn lengths_differ() -> Error {
    broken("model's counts do not add up to its length")
}

fn inconsistent(message: &str) -> Error {
    broken(&format!("model is inconsistent: {message}"))
}

/// Weights by column of today's features, from those of a file's features and cues.
fn place_cues(
    mut weights: Vec<[f32; LABELS]>,
    header: &Header,
    cues: &[usize],
) -> Section<[f32; LABELS]> {
    let rows = weights.split_off(header.features);
    weights.resize(
        header.features + header.features_read.cues().len(),
        [0.0; LABELS],
    );
    for (column, row) in cues.iter().zip(rows) {
        weights[header.features + column] = row;
    }
    Cow::Owned(weights)
}

/// Where each cue of a model stands among today's: an older model knows fewer. `None` when one is
/// unknown, or they are not in today's order.
fn cue_columns(names: &[String], set: FeatureSet) -> Option<Vec<usize>> {
    let mut today = set.cues().iter();
    let mut column = 0;
    names
        .iter()
        .map(|name| {
            let passed = today.position(|known| known == name)?;
            column += passed + 1;
            Some(column - 1)
        })
        .collect()
}

fn check_sum(bytes: &[u8]) -> Result<()> {
    let checked = bytes
        .split_last_chunk::<CHECKSUM>()
        .is_some_and(|(body, sum)| crc32fast::hash(body) == u32::from_le_bytes(*sum));
    if checked {
        Ok(())
    } else {
        Err(Error::new(
            ErrorKind::Model,
            "model is damaged or cut off: its checksum does not fit",
        )
        .hint("copy or train it again"))
    }
}

/// The bytes of a model file.
#[derive(Clone, Copy)]
pub(super) enum Bytes<'a> {
    /// They last as long as the program: a model borrows its tables from them.
    Lasting(&'static [u8]),
    /// They do not: a model copies what it needs.
    Passing(&'a [u8]),
}

impl<'a> Bytes<'a> {
    fn all(self) -> &'a [u8] {
        match self {
            Bytes::Lasting(bytes) => bytes,
            Bytes::Passing(bytes) => bytes,
        }
    }
}

/// Takes numbers from the front of bytes; `None` where they end.
struct Reader<'a> {
    bytes: Bytes<'a>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.all().get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    }
}
