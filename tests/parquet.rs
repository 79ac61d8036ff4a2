//! Parquet input: with the feature, rows; without it, a word on how to get it.

#![allow(clippy::unwrap_used)]

use std::process::{Command, Output};

fn classify(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .arg("classify")
        .args(args)
        .output()
        .unwrap()
}

#[test]
fn a_damaged_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet");
    std::fs::write(&path, b"PAR1 and nothing more").unwrap();
    let output = classify(&[path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    let errors = String::from_utf8(output.stderr).unwrap();
    let what = match cfg!(feature = "parquet") {
        true => "no sound Parquet file",
        false => "--features parquet",
    };
    assert!(
        errors.contains("rows.parquet") && errors.contains(what),
        "{errors}"
    );
}

#[cfg(feature = "parquet")]
#[test]
fn rows_are_answered_and_their_columns_pass_through() {
    use std::sync::Arc;

    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet");
    let schema = "message rows { required binary url (UTF8); required binary body (UTF8); required int64 year; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let file = std::fs::File::create(&path).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(parquet::basic::Compression::SNAPPY)
        .build();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
    // Two row groups, so that reading crosses from one to the next.
    for group in 0..2 {
        let mut columns = writer.next_row_group().unwrap();
        let text = |what: &str| -> Vec<ByteArray> {
            let rows = (0..3).map(|row| format!("{what} {group}-{row}"));
            rows.map(|row| ByteArray::from(row.as_str())).collect()
        };
        for values in [
            text("u"),
            text("The board voted on Tuesday to close the basin"),
        ] {
            let mut column = columns.next_column().unwrap().unwrap();
            column
                .typed::<ByteArrayType>()
                .write_batch(&values, None, None)
                .unwrap();
            column.close().unwrap();
        }
        let mut column = columns.next_column().unwrap().unwrap();
        column
            .typed::<Int64Type>()
            .write_batch(&[2019, 2020, 2021], None, None)
            .unwrap();
        column.close().unwrap();
        columns.close().unwrap();
    }
    writer.close().unwrap();
    let output = classify(&[
        path.to_str().unwrap(),
        "--text-column",
        "body",
        "--id-column",
        "url",
    ]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answers = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<serde_json::Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let got: Vec<(&str, i64, &str)> = rows
        .iter()
        .map(|row| {
            (
                row["doc"].as_str().unwrap(),
                row["year"].as_i64().unwrap(),
                row["label"].as_str().unwrap(),
            )
        })
        .collect();
    let want: Vec<(String, i64)> = (0..2)
        .flat_map(|group| (0..3).map(move |row| (format!("u {group}-{row}"), 2019 + row)))
        .collect();
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(&want) {
        assert_eq!(
            (got.0, got.1, got.2),
            (want.0.as_str(), want.1, "reporting")
        );
    }
}
