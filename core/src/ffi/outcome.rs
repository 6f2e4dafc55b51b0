//! What became of a call, as JSON: `{"done": ...}` or `{"failed": ...}`.

use serde::Serialize;

use crate::error::Error;
use crate::model::StreamResponse;

/// Names a call that is under way. Callers choose them, so that one that is interrupted can still be abandoned.
pub(super) type Ticket = u64;

/// What became of a call.
pub(super) type Outcome = Result<StreamResponse, Failure>;

/// Why a call gave no answer.
pub(super) enum Failure {
    Error(Error),
    /// What cannot happen unless the kit, or a face of this boundary, is wrong.
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

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Written<D: Serialize, F: Serialize> {
    Done(D),
    Failed(F),
}

pub(super) fn of(outcome: &Outcome) -> Vec<u8> {
    match outcome {
        Ok(response) => write(&Written::<_, ()>::Done(response.with_extra_apart())),
        Err(failure) => write(&Written::<(), _>::Failed(failure)),
    }
}

/// An outcome that holds no answer.
pub(super) fn bare(outcome: &Result<(), Error>) -> Vec<u8> {
    match outcome {
        Ok(()) => write(&Written::<_, ()>::Done(())),
        Err(error) => write(&Written::<(), _>::Failed(error)),
    }
}

/// A written outcome and whose it is, for an inbox.
#[cfg(unix)]
pub(super) fn addressed(ticket: Ticket, outcome: &[u8]) -> Vec<u8> {
    let head = format!(r#"{{"ticket":{ticket},"outcome":"#);
    [head.as_bytes(), outcome, b"}"].concat()
}

pub(super) fn error_json(error: &Error) -> String {
    serde_json::to_string(error).expect("an error serializes")
}

fn write(value: &impl Serialize) -> Vec<u8> {
    // Serializing into memory fails for neither of its two reasons: there is no I/O, and all keys are text.
    serde_json::to_vec(value).expect("an outcome serializes")
}
