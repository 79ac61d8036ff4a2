//! The model: features, weights, context and calibration, with a card that says where they come from.

pub mod calibration;
pub mod card;
pub mod context;
pub mod explain;
pub mod format;
pub mod linear;
pub mod quantized;
pub mod validation;

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureSpace;
use crate::label::{LABELS, Scores};
use crate::limits::Limits;

pub use calibration::Calibration;
pub use card::{Card, HeldOut};
pub use context::Context;
pub use explain::{Explanation, Part};
pub use linear::{Linear, LogOdds};
pub use quantized::{Compact, Quantized};
pub use validation::Validation;

/// Bytes that begin where a table may begin.
#[repr(align(64))]
struct Aligned<T: ?Sized>(T);

/// The default model's file, compiled in.
static BUILTIN: &Aligned<[u8]> = &Aligned(*include_bytes!("../../models/default.copydesk"));

/// A trained model. Immutable; one can serve any number of threads.
pub struct Model {
    pub(crate) space: FeatureSpace,
    pub(crate) linear: Linear,
    pub(crate) context: Context,
    pub(crate) calibration: Calibration,
    pub(crate) validation: Validation,
    pub(crate) card: Card,
    pub(crate) self_test: Vec<SelfTest>,
}

/// The arrays are left out: they run to millions of numbers.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("language", &self.space.language)
            .field("features", &self.space.vocabulary.len())
            .field("context", &self.context)
            .field("calibration", &self.calibration)
            .field("card", &self.card)
            .finish_non_exhaustive()
    }
}

/// What cross-validation brings to a model.
#[derive(Default)]
pub(crate) struct CrossChecked {
    pub(crate) calibration: Calibration,
    pub(crate) validation: Validation,
}

/// A text and the probabilities that the model gave it when it was made: a program that computes
/// others would label wrongly without a sign, so it refuses the model instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SelfTest {
    text: String,
    probabilities: [f64; LABELS],
}

/// Largest difference in a self-test's probabilities: room for another platform's rounding.
const SELF_TEST_TOLERANCE: f64 = 1e-6;

/// One short text for each path through the features.
const SELF_TEST_TEXTS: [&str; 4] = [
    "The council voted 7-2 on Tuesday to close the bridge, officials said.",
    "“We were never told,” Ms. Doe said. “Not once, and we asked.”",
    "However, it is crucial that we ask ourselves: what should the city value?",
    "1. **Write:** - Sign the petition at https://example.org today and call your councillor!",
];

impl Model {
    pub(crate) fn new(
        space: FeatureSpace,
        linear: Linear,
        context: Context,
        checked: CrossChecked,
        card: Card,
    ) -> Model {
        let mut model = Model {
            space,
            linear,
            context,
            calibration: checked.calibration,
            validation: checked.validation,
            card,
            self_test: Vec::new(),
        };
        model.self_test = SELF_TEST_TEXTS
            .iter()
            .map(|text| SelfTest {
                text: (*text).to_owned(),
                probabilities: *model.score(text).as_array(),
            })
            .collect();
        model
    }

    /// The default model, trained on the corpus in `data/`.
    ///
    /// # Panics
    /// If the compiled-in file is not a model of this version, which a test rules out.
    pub fn builtin() -> &'static Model {
        static MODEL: LazyLock<Model> = LazyLock::new(|| {
            Model::from_static(&BUILTIN.0, &Limits::default()).expect("the built-in model is sound")
        });
        &MODEL
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] or [`ErrorKind::TooLarge`], saying what is wrong with it.
    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Model> {
        format::from_bytes(format::Bytes::Passing(bytes), limits)
    }

    /// Reads a model file that stays in memory as long as the program: where it begins at a multiple of 64
    /// bytes, its tables are used where they lie, and nothing is copied.
    ///
    /// # Errors
    /// As [`Model::from_bytes`].
    pub fn from_static(bytes: &'static [u8], limits: &Limits) -> Result<Model> {
        format::from_bytes(format::Bytes::Lasting(bytes), limits)
    }

    /// The bytes of the model file; the same model gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        format::to_bytes(self)
    }

    /// Where the model comes from and how good it was.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Its features.
    pub fn space(&self) -> &FeatureSpace {
        &self.space
    }

    /// Its neighbourhood stage.
    pub fn context(&self) -> Context {
        self.context
    }

    /// Its last stage.
    pub fn calibration(&self) -> Calibration {
        self.calibration
    }

    /// What its cross-validation said of the training paragraphs; empty where there was none.
    pub fn validation(&self) -> &Validation {
        &self.validation
    }

    /// Scores of one paragraph alone, without page or neighbours.
    pub fn score(&self, text: &str) -> Scores {
        self.session().score(text)
    }

    fn run_self_test(&self) -> Result<()> {
        let mut session = self.session();
        for test in &self.self_test {
            let got = session.score(&test.text);
            let fits = got
                .as_array()
                .iter()
                .zip(&test.probabilities)
                .all(|(got, want)| (got - want).abs() <= SELF_TEST_TOLERANCE);
            if !fits {
                return Err(Error::new(
                    ErrorKind::Model,
                    "model fails its self-test: this copydesk computes other scores than its maker",
                )
                .hint("train it again, or use the copydesk that made it"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    /// The built-in model is used where it lies; the same bytes in passing memory make the same model.
    #[test]
    fn the_built_in_model_is_borrowed() {
        let model = Model::builtin();
        assert!(matches!(model.linear.weights, Cow::Borrowed(_)));
        assert!(matches!(model.space.vocabulary.features, Cow::Borrowed(_)));
        let copied = Model::from_bytes(&BUILTIN.0, &Limits::default()).unwrap();
        assert!(matches!(copied.linear.weights, Cow::Owned(_)));
        assert!(copied.to_bytes() == BUILTIN.0);
        assert!(model.to_bytes() == BUILTIN.0);
    }
}
