//! Whether a request may be sent: every rule of the API that a client can know, checked before anything leaves.
//!
//! A check finds all violations, not the first, and each names the field, what is wrong with it and what to do. It also puts
//! the request into the API's own shape: members of `extra` move to where they belong, dismissal moves into the state. It
//! knows nothing of HTTP.

mod clamp;
mod formats;
mod nearest;
mod rules;
mod schema;
mod violation;
mod walk;

use serde_json::{Map, Value};

use crate::model::json::{self, Members};
use crate::model::{Number, StateType};

pub(crate) use clamp::{clamp, clamp_metadata};
use violation::{Findings, Path};
pub use violation::{ValidationError, Violation, ViolationCode};

/// What the request is for; the two take different fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `PUT`: show a state.
    Stream,
    /// `PUT`, again and again: show a state that may have to start an activity at any time, so it names its type.
    Publish,
    /// `DELETE`: end the stream.
    End,
}

impl Purpose {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "stream" => Some(Self::Stream),
            "end" => Some(Self::End),
            _ => None,
        }
    }
}

/// Whether a request has a member of this name, beside its state.
pub(crate) fn is_of_the_request(name: &str) -> bool {
    name != "content_state" && schema::of(Purpose::Stream).fields.iter().any(|field| field.name == name)
}

/// Which of the seven states one is, if it says so.
pub(crate) fn state_type(state: &Members) -> Option<StateType> {
    StateType::from_name(state.get("type")?.as_str()?)
}

/// Whether a figure of a state may have this value, and no rule looks at that value beside others. What else may be is left to
/// [`check`].
pub(crate) fn stands_alone(name: &str, number: Number) -> bool {
    rules::FREE_FIGURES.contains(&name) && walk::may_be(&schema::CONTENT_STATE, name, number)
}

/// Checks a stream key and a request's body, and brings the body into its wire shape.
pub(crate) fn check(purpose: Purpose, stream_key: &Value, body: &mut Value) -> Result<(), ValidationError> {
    let mut findings = Findings::default();
    formats::stream_key(stream_key, &mut findings);
    let Some(members) = json::object_mut(body) else {
        walk::wrong_type(body, &Path::Root, &mut findings, format_args!("; give an object"));
        return findings.into_result();
    };
    if purpose == Purpose::End {
        place_dismissal(members, &mut findings);
    }
    walk::object(schema::of(purpose), members, &Path::Root, &mut findings);
    findings.into_result()
}

/// How long an ended activity stays is a caller's wish about the end, but on the wire it is part of the state.
fn place_dismissal(members: &mut Members, findings: &mut Findings) {
    for name in ["auto_dismiss_seconds", "auto_dismiss_minutes"] {
        let Some(wish) = members.shift_remove(name) else {
            continue;
        };
        if !members.contains_key("content_state") {
            members.insert("content_state".to_owned(), Map::new().into());
        }
        match members.get_mut("content_state").and_then(json::object_mut) {
            Some(state) if state.contains_key(name) => {
                findings.report(
                    &Path::Root.member(name),
                    ViolationCode::Conflict,
                    format_args!("is given twice, beside content_state and in it; keep one"),
                );
            }
            Some(state) => _ = state.insert(name.to_owned(), wish),
            // A content_state that is no object is reported as such.
            None => {}
        }
    }
}
