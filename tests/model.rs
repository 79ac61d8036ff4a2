//! Models: the same bytes from the same data, and files that cannot be trusted.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use copydesk::corpus::Corpus;
use copydesk::model::Compact;
use copydesk::train::TrainParams;
use copydesk::{Article, ErrorKind, Limits, Model};

fn train(corpus: &Corpus, params: TrainParams) -> Model {
    let params = params.check().unwrap();
    params
        .fit(corpus, &Limits::default(), &mut |_| {})
        .unwrap()
        .0
}

fn data() -> Corpus {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    Corpus::read(&[folder], &Limits::default()).unwrap()
}

/// A model of a few features, and its file.
fn small() -> (Model, Vec<u8>) {
    let mut rows = String::new();
    for article in 0..6 {
        for (index, (label, text)) in [
            ("reporting", "The council voted on Tuesday."),
            ("quotation", "“We did not know,” he said."),
            ("commentary", "We should all be ashamed."),
            ("call_to_action", "Sign the petition today."),
        ]
        .iter()
        .enumerate()
        {
            rows.push_str(&format!(
                "{{\"article\":{article},\"index\":{index},\"label\":\"{label}\",\"text\":\"{text}\"}}\n"
            ));
        }
    }
    let corpus = Corpus::from_bytes("small.jsonl", rows.as_bytes(), &Limits::default()).unwrap();
    let params = TrainParams {
        max_features: 6,
        ..TrainParams::default()
    };
    let model = train(&corpus, params);
    let bytes = model.to_bytes();
    (model, bytes)
}

fn read(bytes: &[u8]) -> Result<Model, copydesk::Error> {
    Model::from_bytes(bytes, &Limits::default())
}

/// Puts the checksum right, as one who means harm would.
fn repair(bytes: &mut Vec<u8>) {
    bytes.truncate(bytes.len() - 4);
    let sum = crc32fast::hash(bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
}

#[test]
fn the_default_model_is_what_train_makes_of_data_at_any_thread_count() {
    let corpus = data();
    let shipped = std::fs::read("models/default.copydesk").unwrap();
    let params = TrainParams {
        opinion_prior: Some(0.25),
        ..TrainParams::default()
    };
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let bytes = pool.install(|| train(&corpus, params.clone())).to_bytes();
        assert!(
            bytes == shipped,
            "models/default.copydesk is not what `copydesk train data --opinion-prior 0.25 -o models/default.copydesk` makes"
        );
    }
}

#[test]
fn a_model_survives_its_file() {
    let (model, bytes) = small();
    let again = read(&bytes).unwrap();
    assert!(again.to_bytes() == bytes);
    assert_eq!(again.card(), model.card());
    let text = "We should sign the petition, he said.";
    assert_eq!(again.score(text), model.score(text));
}

#[test]
fn the_built_in_model_knows_the_plain_cases() {
    let model = Model::builtin();
    for (text, label) in [
        (
            "The city council voted 7-2 on Tuesday to close the bridge, officials said.",
            "reporting",
        ),
        (
            "“We had no idea it would come to this,” the mayor said. “Nobody told us.”",
            "quotation",
        ),
        (
            "It is shameful that we still refuse to learn from this. We should do better.",
            "commentary",
        ),
        (
            "Sign the petition today and call your senator at 202-555-0143.",
            "call_to_action",
        ),
    ] {
        assert_eq!(model.score(text).best().name(), label, "{text}");
    }
}

#[test]
fn every_truncation_is_refused() {
    let (_, bytes) = small();
    for length in 0..bytes.len() {
        assert!(
            read(&bytes[..length]).is_err(),
            "{length} of {} bytes",
            bytes.len()
        );
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(read(&longer).is_err());
}

#[test]
fn every_flipped_byte_is_refused() {
    let (_, mut bytes) = small();
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            bytes[at] ^= flip;
            let error = read(&bytes)
                .err()
                .unwrap_or_else(|| panic!("byte {at} ^ {flip:#x} passes"));
            assert!(matches!(
                error.kind(),
                ErrorKind::Model | ErrorKind::TooLarge
            ));
            bytes[at] ^= flip;
        }
    }
}

#[test]
fn flipped_bytes_under_a_repaired_checksum_never_panic() {
    let (_, bytes) = small();
    let mut refused = 0;
    for at in 0..bytes.len() - 4 {
        let mut bad = bytes.clone();
        bad[at] ^= 0xff;
        repair(&mut bad);
        refused += usize::from(read(&bad).is_err());
    }
    // What passes is a changed number of the card or a small change of a weight.
    assert!(refused * 2 > bytes.len(), "{refused} of {}", bytes.len());
}

/// Where the intercept lies: in the last aligned place before the validation rows.
fn intercept(model: &Model, bytes: &[u8]) -> usize {
    bytes.len() - 4 - 11 * model.validation().len() - 64
}

#[test]
fn errors_say_what_is_wrong() {
    let (model, bytes) = small();
    let message = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    assert!(message(b"").contains("not a copydesk model"));
    assert!(message(b"PK\x03\x04 something else").contains("not a copydesk model"));

    let mut version = bytes.clone();
    version[8] = 99;
    repair(&mut version);
    assert!(message(&version).contains("version 99; this copydesk reads versions up to 4"));

    let mut nan = bytes.clone();
    let at = intercept(&model, &nan);
    nan[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    repair(&mut nan);
    assert!(
        message(&nan).contains("not a finite number"),
        "{}",
        message(&nan)
    );

    let mut header = bytes.clone();
    header[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    repair(&mut header);
    assert!(message(&header).contains("header of 4294967295 bytes"));

    assert!(message(&bytes[..bytes.len() - 100]).contains("checksum"));
}

/// A header that claims more than the file holds must be found out before memory is asked for.
#[test]
fn counts_that_do_not_add_up_are_refused() {
    let (_, bytes) = small();
    let header_length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let header = String::from_utf8(bytes[16..16 + header_length].to_vec()).unwrap();
    for (field, value) in [
        ("\"features\":6", "\"features\":18446744073709551615"),
        ("\"features\":6", "\"features\":5"),
        ("\"terms\":", "\"terms\":9"),
        ("\"articles\":6", "\"articles\":1"),
        ("\"language\":\"english\"", "\"language\":\"klingon\""),
        ("\"strength\":1.5", "\"strength\":-1.0"),
    ] {
        assert!(header.contains(field), "{field} in {header}");
        let changed = header.replacen(field, value, 1);
        let mut bad = bytes[..12].to_vec();
        bad.extend_from_slice(&(changed.len() as u32).to_le_bytes());
        bad.extend_from_slice(changed.as_bytes());
        bad.extend_from_slice(&bytes[16 + header_length..]);
        repair(&mut bad);
        let error = read(&bad).map(|_| ()).expect_err(value);
        assert!(error.to_string().contains("model"), "{error}");
    }
}

#[test]
fn a_model_keeps_what_its_cross_validation_said() {
    let (model, bytes) = small();
    let outcomes = model.validation().outcomes();
    assert_eq!(outcomes.len(), 24);
    assert_eq!(outcomes.last().unwrap().article, 5);
    assert_eq!(model.card().held_out.as_ref().unwrap().folds, Some(5));
    assert_eq!(read(&bytes).unwrap().validation(), model.validation());
    // A label that does not exist, and a row before the first article.
    for bits in [0x40, 0x00] {
        let mut bad = bytes.clone();
        let first = bad.len() - 4 - 11 * 24;
        bad[first] = bits;
        repair(&mut bad);
        let error = read(&bad).unwrap_err().to_string();
        assert!(error.contains("validation"), "{error}");
    }
}

/// A compact model is small in its file, and opened it says the same, bit for bit.
#[test]
fn compact_models_come_back() {
    let corpus = data();
    let some = Corpus {
        articles: corpus.articles.iter().step_by(20).cloned().collect(),
    };
    for bits in [8, 16] {
        let params = TrainParams {
            compact: Some(Compact {
                features: 500,
                bits,
            }),
            folds: 0,
            ..TrainParams::default()
        };
        let model = train(&some, params);
        let bytes = model.to_bytes();
        assert!(model.space().vocabulary.len() <= 500);
        assert!(
            bytes.len() < 500 * (13 + bits as usize / 2) + 20_000,
            "{}",
            bytes.len()
        );
        let again = read(&bytes).unwrap();
        assert!(again.to_bytes() == bytes);
        for row in some.rows() {
            assert_eq!(again.score(&row.text), model.score(&row.text));
        }
        for length in (0..bytes.len()).step_by(97) {
            assert!(read(&bytes[..length]).is_err());
        }
    }
}

#[test]
fn models_that_compute_otherwise_fail_their_self_test() {
    let (model, bytes) = small();
    let mut bad = bytes.clone();
    let rows = 16 * model.space().columns();
    let weights = intercept(&model, &bad) - rows.next_multiple_of(64);
    for at in (weights..weights + rows).step_by(4) {
        bad[at..at + 4].copy_from_slice(&((at % 5) as f32).to_le_bytes());
    }
    repair(&mut bad);
    assert!(read(&bad).unwrap_err().to_string().contains("self-test"));
}

/// What a kept file says is what it must always say.
#[test]
fn kept_models_of_every_version_open() {
    for version in 1..=copydesk::model::format::VERSION {
        let kept = PathBuf::from(format!("tests/data/version-{version}.copydesk"));
        let model = read(&std::fs::read(&kept).unwrap()).unwrap();
        assert_eq!(model.card().articles, 6);
        let label = model.score("Sign the petition today.").best();
        assert_eq!(label.name(), "call_to_action", "version {version}");
    }
}

#[test]
fn explanations_add_up_to_the_lead() {
    let text = "Council closes bridge\n\nThe council voted on Tuesday.\n\nIt is a shame.\n\n“No,” he said. “Never.”\n\nSign the petition at https://example.org today!\n";
    let article = Article::from_bytes(
        text.as_bytes(),
        copydesk::article::Format::Text,
        &Limits::default(),
    )
    .unwrap();
    let model = Model::builtin();
    let scores = model.classify(&article);
    let mut explained = 0;
    for (block, scores) in scores.iter().enumerate() {
        let explanation = model.explain(&article, block);
        assert_eq!(explanation.is_some(), scores.is_some());
        if let (Some(explanation), Some(scores)) = (explanation, scores) {
            let parts: f64 = explanation.parts.iter().map(|part| part.share).sum();
            let sum = parts + explanation.intercept + explanation.context;
            assert!((sum - explanation.lead).abs() < 1e-9);
            let (best, second) = (
                scores.get(explanation.label),
                scores.get(explanation.against),
            );
            assert!((explanation.lead - (best / second).ln()).abs() < 1e-9);
            assert_eq!(explanation.label, scores.best());
            explained += 1;
        }
    }
    assert_eq!(explained, 4);
}

/// A paragraph's features, and so its scores, depend on nothing but itself and its article.
#[test]
fn what_was_classified_before_changes_nothing() {
    let model = Model::builtin();
    let mut session = model.session();
    let corpus = data();
    for article in corpus.articles.iter().step_by(40) {
        let article = article.to_article();
        assert_eq!(session.classify(&article), model.classify(&article));
    }
}

#[test]
#[ignore = "writes the kept model file; run once for each format version"]
fn write_kept_model() {
    let version = copydesk::model::format::VERSION;
    let path = format!("tests/data/version-{version}.copydesk");
    std::fs::write(path, small().1).unwrap();
}
