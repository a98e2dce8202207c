/// Bytes from the system's secure random source.
///
/// # Panics
///
/// Where the system has none: nothing secret can be made there, so nothing may go on.
#[expect(
    clippy::expect_used,
    reason = "without randomness there is no safe way on"
)]
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system's secure random source");
    bytes
}
