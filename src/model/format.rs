//! The model file: a model to bytes and back. `docs/FORMAT.md` specifies it.
//!
//! Bytes are not trusted. Reading goes: size cap, magic, version, lengths (checked arithmetic, and
//! the sum must be the length of the file) before anything is allocated, checksum over all bytes,
//! header, arrays, validation, self-test.

use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::card::Card;
use super::context::Context;
use super::linear::Linear;
use super::validation::{self, Validation};
use super::{Model, SelfTest};
use crate::error::{Error, ErrorKind, Result};
use crate::features::family::{Family, Key};
use crate::features::paragraph::UNKNOWN;
use crate::features::vocabulary::Feature;
use crate::features::{FeatureSet, FeatureSpace, Vocabulary};
use crate::label::LABELS;
use crate::limits::Limits;
use crate::text::Language;

/// The first bytes of every model file.
pub const MAGIC: [u8; 8] = *b"COPYDESK";
/// The format version this program writes; it reads this one and all before it.
pub const VERSION: u32 = 3;

/// Magic, version, header length.
const PRELUDE: usize = 16;
const CHECKSUM: usize = 4;
/// Family (1), two terms and the document frequency (4 each).
const FEATURE_BYTES: usize = 13;
const ROW_BYTES: usize = 4 * LABELS;

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
    card: Card,
    self_test: Vec<SelfTest>,
}

/// The bytes of a model; the same model gives the same bytes.
pub(super) fn to_bytes(model: &Model) -> Vec<u8> {
    let vocabulary = &model.space.vocabulary;
    let terms: Vec<u8> = vocabulary
        .terms()
        .flat_map(|term| term.bytes().chain([b'\n']))
        .collect();
    let header = Header {
        language: model.space.language,
        features_read: model.space.set,
        context: model.context,
        calibration: model.calibration,
        articles: vocabulary.articles(),
        term_bytes: terms.len(),
        terms: vocabulary.terms().len(),
        features: vocabulary.len(),
        cues: model.space.set.cues().to_vec(),
        validation: model.validation.len(),
        card: model.card.clone(),
        self_test: model.self_test.clone(),
    };
    let header = serde_json::to_vec(&header).expect("the header holds strings and finite numbers");
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(&terms);
    for feature in vocabulary.features() {
        bytes.push(feature.key.family as u8);
        bytes.extend_from_slice(&feature.key.first.to_le_bytes());
        bytes.extend_from_slice(&feature.key.second.to_le_bytes());
        bytes.extend_from_slice(&feature.document_frequency.to_le_bytes());
    }
    for row in model.linear.weights.iter().chain([&model.linear.intercept]) {
        for weight in row {
            bytes.extend_from_slice(&weight.to_le_bytes());
        }
    }
    bytes.extend_from_slice(model.validation.as_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// A model from its bytes.
pub(super) fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Model> {
    let broken = |message: &str| Error::new(ErrorKind::Model, message.to_owned());
    if bytes.len() > limits.model_bytes {
        return Err(Error::new(
            ErrorKind::TooLarge,
            format!(
                "model of {} bytes; at most {} are read",
                bytes.len(),
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
    check_sum(bytes)?;
    let header: Header = serde_json::from_slice(header_bytes).map_err(|error| {
        broken(&format!("model header is not what it should be: {error}"))
            .caused_by(error)
            .at_byte(PRELUDE as u64)
    })?;
    let cues = cue_columns(&header.cues, header.features_read).ok_or_else(|| {
        broken("model was trained with a surface cue that this copydesk does not have")
            .hint("train it again, or use the copydesk that made it")
    })?;
    let columns = header.features.checked_add(header.cues.len());
    let lengths = || {
        let features = header.features.checked_mul(FEATURE_BYTES)?;
        let weights = columns?.checked_add(1)?.checked_mul(ROW_BYTES)?;
        let validation = header.validation.checked_mul(validation::ROW_BYTES)?;
        (PRELUDE + header_len + CHECKSUM)
            .checked_add(header.term_bytes)?
            .checked_add(features)?
            .checked_add(weights)?
            .checked_add(validation)
    };
    if lengths() != Some(bytes.len()) {
        return Err(broken("model's counts do not add up to its length"));
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
        .map(|_| reader.feature())
        .collect::<Option<_>>()
        .ok_or_else(|| broken("model names a feature family that does not exist"))?;
    let vocabulary = Vocabulary::new(&terms, &features, header.articles)
        .map_err(|message| broken(&format!("model is inconsistent: {message}")))?;
    let mut rows = |count: usize| -> Result<Vec<[f32; LABELS]>> {
        (0..count)
            .map(|_| reader.row())
            .collect::<Option<_>>()
            .ok_or_else(|| broken("model cut off in its weights"))
    };
    let mut weights = rows(header.features)?;
    let cue_rows = rows(cues.len())?;
    weights.resize(
        header.features + header.features_read.cues().len(),
        [0.0; LABELS],
    );
    for (column, row) in cues.into_iter().zip(cue_rows) {
        weights[header.features + column] = row;
    }
    let intercept = rows(1)?.pop().unwrap_or_default();
    let linear = Linear { weights, intercept };
    if !linear.is_finite() {
        return Err(broken("model has a weight that is not a finite number"));
    }
    let validation = reader
        .take(header.validation * validation::ROW_BYTES)
        .and_then(Validation::from_bytes)
        .ok_or_else(|| broken("model's validation rows are not what they should be"))?;
    if !header.calibration.is_valid() {
        return Err(broken("model's calibration is out of range"));
    }
    if !header.context.is_valid() {
        return Err(broken("model's context strength or reach is out of range"));
    }
    let model = Model {
        space: FeatureSpace::new(header.language, header.features_read, vocabulary),
        linear,
        context: header.context,
        calibration: header.calibration,
        validation,
        card: header.card,
        self_test: header.self_test,
    };
    model.run_self_test()?;
    Ok(model)
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

/// Takes numbers from the front of bytes; `None` where they end.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    }

    fn feature(&mut self) -> Option<Feature> {
        let family = *self.take(1)?.first()?;
        let family = *Family::ALL.get(usize::from(family))?;
        let (first, second) = (self.u32()?, self.u32()?);
        if !family.is_pair() && second != UNKNOWN {
            return None;
        }
        Some(Feature {
            key: Key {
                family,
                first,
                second,
            },
            document_frequency: self.u32()?,
        })
    }

    fn row(&mut self) -> Option<[f32; LABELS]> {
        let mut row = [0.0; LABELS];
        for weight in &mut row {
            *weight = f32::from_bits(self.u32()?);
        }
        Some(row)
    }
}
