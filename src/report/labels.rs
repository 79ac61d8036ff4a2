//! Labels alone, for programs: a line a text, its label and how probable that is.

use crate::label::Scores;

/// Writes the most probable label, a tab, its probability with four decimals, and a line feed.
pub fn line(scores: &Scores, out: &mut Vec<u8>) {
    let label = scores.best();
    out.extend_from_slice(label.name().as_bytes());
    let share = (scores.get(label) * 10_000.0).round() as u32;
    let digit = |of: u32| b'0' + (share / of % 10) as u8;
    let number = [
        b'\t',
        digit(10_000),
        b'.',
        digit(1000),
        digit(100),
        digit(10),
        digit(1),
        b'\n',
    ];
    out.extend_from_slice(&number);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(odds: [f64; 4]) -> String {
        let mut out = Vec::new();
        line(&Scores::softmax(odds), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_a_text() {
        assert_eq!(text([0.0, 40.0, 0.0, 0.0]), "quotation\t1.0000\n");
        assert_eq!(text([0.0; 4]), "reporting\t0.2500\n");
    }

    proptest! {
        #[test]
        fn four_decimals(odds in prop::array::uniform4(-9.0..9.0f64)) {
            let line = text(odds);
            let (label, number) = line.trim_end().split_once('\t').unwrap();
            let scores = Scores::softmax(odds);
            prop_assert_eq!(label, scores.best().name());
            prop_assert_eq!(number.len(), 6);
            prop_assert!((number.parse::<f64>().unwrap() - scores.get(scores.best())).abs() < 5.1e-5);
        }
    }
}
