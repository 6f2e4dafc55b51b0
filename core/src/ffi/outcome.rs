//! What became of an operation, as JSON: `{"done": ...}` or `{"failed": ...}`.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::model::StreamResponse;

/// Names an operation that is under way. Callers choose them, so that one whose start is interrupted can be abandoned.
pub(super) type Op = u64;

/// Why an operation gave no answer.
pub(super) enum Failure {
    Error(Error),
    /// What cannot happen unless the kit, or a binding, is wrong.
    Defect(&'static str),
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl Serialize for Failure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Defect {
            kind: &'static str,
            description: String,
            transient: bool,
            attempts: u32,
        }

        match self {
            Self::Error(error) => error.serialize(serializer),
            Self::Defect(problem) => {
                let description = format!("the kit failed by a defect of its own: {problem}");
                Defect { kind: "internal", description, transient: false, attempts: 0 }.serialize(serializer)
            }
        }
    }
}

/// The outcome of a call.
pub(super) fn of_call(outcome: Result<StreamResponse>) -> Vec<u8> {
    outcome.map_or_else(|error| failed(&error.into()), |response| done(&response.with_extra_apart()))
}

/// The outcome of what has no answer.
pub(super) fn of_publisher(outcome: Result<()>) -> Vec<u8> {
    outcome.map_or_else(|error| failed(&error.into()), |()| done(&()))
}

fn done(answer: &impl Serialize) -> Vec<u8> {
    #[derive(Serialize)]
    struct Done<'a, A> {
        done: &'a A,
    }

    json(&Done { done: answer })
}

pub(super) fn failed(failure: &Failure) -> Vec<u8> {
    #[derive(Serialize)]
    struct Failed<'a> {
        failed: &'a Failure,
    }

    json(&Failed { failed: failure })
}

pub(super) fn json(value: &impl Serialize) -> Vec<u8> {
    // Serializing into memory fails for neither of its two reasons: there is no I/O, and all keys are text.
    serde_json::to_vec(value).expect("an outcome serializes")
}
