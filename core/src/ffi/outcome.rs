//! What became of an operation, as JSON: `{"done": ...}` or `{"failed": ...}`, and `"log"` with what is to be logged.

use serde::Serialize;

use crate::error::Error;
use crate::publish::driver::{Line, Outcome};

/// An outcome and the lines of the log that came with it.
#[derive(Serialize)]
struct WithLog {
    #[serde(flatten)]
    outcome: Outcome,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    log: Vec<Line>,
}

pub(super) fn with_log(outcome: Outcome, log: Vec<Line>) -> Vec<u8> {
    json(&WithLog { outcome, log })
}

/// An error or nothing.
pub(super) fn problem(error: Option<Error>) -> Vec<u8> {
    error.map(|error| json(&error)).unwrap_or_default()
}

/// The lines of the log, or nothing where there are none.
pub(super) fn lines(log: &[Line]) -> Vec<u8> {
    if log.is_empty() { Vec::new() } else { json(&log) }
}

pub(super) fn json(value: &impl Serialize) -> Vec<u8> {
    // Serializing into memory fails for neither of its two reasons: there is no I/O, and all keys are text.
    serde_json::to_vec(value).expect("an outcome serializes")
}
