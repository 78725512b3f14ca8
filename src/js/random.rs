//! Randomness, which comes in as a number.

/// A number from 0 to 1 as 32 random bits.
pub(super) fn bits(random: f64) -> u32 {
    (random * 4_294_967_295.0) as u32
}
