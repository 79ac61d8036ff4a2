//! Exponentials of four numbers at once, for the solver's innermost step.
//!
//! Additions, multiplications and moved bits only, so that the same numbers give the same bits on every
//! platform, and without a branch, so that the compiler works on several at once.

use super::sdca::PerLabel;

/// Below this, e^x is as good as nothing beside probabilities, and the bits of its exponent would run out.
const LEAST: f64 = -700.0;
/// Adding and taking it off rounds to a whole number: 1.5 * 2^52.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts; the first has so few digits that its product with a small whole number is exact.
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// `e^x` of numbers up to 700, to 14 digits; those below -700 count as -700.
#[inline]
pub(super) fn exp(x: PerLabel) -> PerLabel {
    x.map(|x| {
        let x = x.max(LEAST);
        // x = n ln 2 + r, and e^x = 2^n e^r with r at most half of ln 2.
        let shifted = x * std::f64::consts::LOG2_E + ROUND;
        let n = shifted - ROUND;
        let r = (x - n * LN2_HIGH) - n * LN2_LOW;
        let (r2, r4) = (r * r, (r * r) * (r * r));
        let low = (1.0 + r) + r2 * (1.0 / 2.0 + r * (1.0 / 6.0));
        let middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5_040.0));
        let high = (1.0 / 40_320.0 + r * (1.0 / 362_880.0))
            + r2 * (1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0));
        let series = low + r4 * (middle + r4 * high);
        // The last bits of the shifted number are n: moved up they are an exponent.
        let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
        series * power
    })
}

/// The softmax of scores, and the log of its denominator.
#[inline]
pub(super) fn softmax(scores: PerLabel) -> (PerLabel, f64) {
    let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exps = exp(scores.map(|score| score - max));
    let sum = total(exps);
    (exps.map(|e| e / sum), max + libm::log(sum))
}

/// The sum of four numbers, in pairs.
#[inline]
pub(super) fn total(x: PerLabel) -> f64 {
    (x[0] + x[2]) + (x[1] + x[3])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn borders() {
        assert_eq!(exp([0.0; 4]), [1.0; 4]);
        let least = exp([-700.0, -1e9, f64::NEG_INFINITY, 1.0]);
        assert!(least[0] > 0.0 && least[..3].iter().all(|&x| x == least[0]));
        let (q, log) = softmax([1e6, 1e6, -1e6, f64::MIN]);
        assert!((q[0] - 0.5).abs() < 1e-15 && q[2] < 1e-300);
        assert!((log - 1e6 - 2f64.ln()).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn agrees_with_libm(x in prop::array::uniform4(-699.0..699.0f64)) {
            for (got, x) in exp(x).into_iter().zip(x) {
                let want = libm::exp(x);
                prop_assert!((got - want).abs() <= 2e-14 * want, "{x}: {got} {want}");
            }
        }
    }
}
