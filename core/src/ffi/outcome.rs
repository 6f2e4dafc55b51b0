//! What became of a call, as JSON: `{"done": ...}` or `{"failed": ...}`.

use serde::Serialize;

use crate::error::Result;
use crate::model::StreamResponse;

/// Names a call that is under way. Callers choose them, so that one that is interrupted can still be abandoned.
pub(super) type Ticket = u64;

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome<'a, D: Serialize> {
    Done(D),
    Failed(&'a crate::Error),
}

/// An outcome and whose it is, for an inbox.
#[derive(Serialize)]
struct Addressed<O: Serialize> {
    ticket: Ticket,
    outcome: O,
}

pub(super) fn of(result: &Result<StreamResponse>) -> Vec<u8> {
    match result {
        Ok(response) => write(&Outcome::Done(response.with_extra_apart())),
        Err(error) => write(&Outcome::<()>::Failed(error)),
    }
}

pub(super) fn addressed(ticket: Ticket, result: &Result<StreamResponse>) -> Vec<u8> {
    match result {
        Ok(response) => write(&Addressed { ticket, outcome: Outcome::Done(response.with_extra_apart()) }),
        Err(error) => write(&Addressed { ticket, outcome: Outcome::<()>::Failed(error) }),
    }
}

pub(super) fn error_json(error: &crate::Error) -> String {
    serde_json::to_string(error).expect("an error serializes")
}

fn write(value: &impl Serialize) -> Vec<u8> {
    // Serializing into memory fails for neither of its two reasons: there is no I/O, and all keys are text.
    serde_json::to_vec(value).expect("an outcome serializes")
}
