//! Weights as small whole numbers: what a compact model keeps of them.
//!
//! The weights of a label are whole multiples of a power of two, so that a number of 8 or 16 bits for each,
//! and the power, give the very same weights again. Rows have length 1 or little more, so that rounding
//! moves a log-odds by a fraction of that power.

use serde::{Deserialize, Serialize};

use crate::label::LABELS;

/// How a model is made small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compact {
    /// Features of the vocabulary that are kept, at most: those that matter most.
    pub features: usize,
    /// Bits of a weight, 8 or 16.
    pub bits: u32,
}

/// Weights as whole numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantized {
    /// Bits that hold each number, 8 or 16.
    pub bits: u32,
    /// The power of two that the numbers of each label count.
    pub exponents: [i32; LABELS],
    /// The numbers, one row a column.
    pub codes: Vec<[i16; LABELS]>,
}

/// The largest number of so many bits; its negative is the smallest.
fn largest(bits: u32) -> i32 {
    (1 << (bits - 1)) - 1
}

/// Range of the exponents: that of single precision, so that no code times its power is rounded.
const EXPONENTS: std::ops::RangeInclusive<i32> = -126..=100;

fn power(exponent: i32) -> f64 {
    libm::ldexp(1.0, exponent)
}

impl Quantized {
    /// Rounds weights to the finest numbers of so many bits that reach them all.
    pub fn round(weights: &[[f64; LABELS]], bits: u32) -> Quantized {
        let most = f64::from(largest(bits));
        let exponents = std::array::from_fn(|k| {
            let top = weights.iter().fold(0.0, |top: f64, w| top.max(w[k].abs()));
            let mut exponents = EXPONENTS;
            // Half a unit more would be rounded beyond the largest number.
            let reaches = |exponent: &i32| top < (most + 0.5) * power(*exponent);
            exponents.find(reaches).unwrap_or(*EXPONENTS.end())
        });
        let code = |weight: f64, exponent: i32| {
            (weight / power(exponent)).round().clamp(-most, most) as i16
        };
        let codes = weights.iter();
        let codes = codes.map(|w| std::array::from_fn(|k| code(w[k], exponents[k])));
        Quantized {
            bits,
            exponents,
            codes: codes.collect(),
        }
    }

    /// The numbers of weights that are such: of 8 bits where they fit, else of 16; `None` where rounding
    /// would change a weight. What it gives stands for exactly these weights ([`Quantized::weights`]), so
    /// that a file may hold either.
    pub fn of(weights: &[[f32; LABELS]]) -> Option<Quantized> {
        let wide: Vec<[f64; LABELS]> = weights.iter().map(|w| w.map(f64::from)).collect();
        [8, 16].into_iter().find_map(|bits| {
            let rounded = Quantized::round(&wide, bits);
            (rounded.weights() == weights).then_some(rounded)
        })
    }

    /// The weights that they stand for.
    pub fn weights(&self) -> Vec<[f32; LABELS]> {
        let powers = self.exponents.map(power);
        let weight = |code: i16, power: f64| (f64::from(code) * power) as f32;
        let codes = self.codes.iter();
        codes
            .map(|codes| std::array::from_fn(|k| weight(codes[k], powers[k])))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        let quantized = Quantized::round(&[[1.0, 0.0, -3.0, 200.0], [0.3, 0.0, 1.0, -7.0]], 8);
        assert_eq!(quantized.exponents[0], -6);
        assert_eq!(quantized.codes[0], [64, 0, -96, 100]);
        assert_eq!(quantized.codes[1], [19, 0, 32, -4]);
        assert_eq!(quantized.weights()[1], [0.296_875, 0.0, 1.0, -8.0]);
        assert!(Quantized::of(&[[0.1, 0.0, 0.0, 0.0], [3.7, 0.0, 0.0, 0.0]]).is_none());
        let odd = f64::from_bits(1);
        assert_eq!(
            Quantized::round(&[[odd, 1e38, -1e38, 0.0]], 16).codes.len(),
            1
        );
    }

    proptest! {
        /// Rounding moves a weight by half a unit at most; what was rounded is known again, and stays.
        #[test]
        fn rounded_once(
            weights in prop::collection::vec(prop::array::uniform4(-50.0..50.0f64), 1..20),
            bits in prop::sample::select(vec![8u32, 16]),
        ) {
            let rounded = Quantized::round(&weights, bits);
            for (row, got) in weights.iter().zip(rounded.weights()) {
                for k in 0..LABELS {
                    let unit = power(rounded.exponents[k]);
                    prop_assert!((f64::from(got[k]) - row[k]).abs() <= 0.5 * unit + 1e-12);
                }
            }
            let again = Quantized::of(&rounded.weights()).unwrap();
            prop_assert!(again.bits <= bits);
            prop_assert_eq!(again.weights(), rounded.weights());
        }
    }
}
