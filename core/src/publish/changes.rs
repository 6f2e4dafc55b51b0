//! Changes to a request that is being kept: members of its state, and of the request beside it.

use serde_json::Value;

use crate::api::{self, ContentState, Patch, StreamRequest};
use crate::call::parse_json;
use crate::json::{self, EXTRA, Members};
use crate::validate::ValidationError;

/// Changes to a request that is being kept, or the whole of it.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub(super) state: Members,
    pub(super) rest: Members,
}

impl From<Patch> for Changes {
    fn from(patch: Patch) -> Self {
        let (state, rest) = patch.into_members();
        Self { state, rest }
    }
}

impl From<&StreamRequest> for Changes {
    fn from(request: &StreamRequest) -> Self {
        json::to_value(request).into()
    }
}

impl From<StreamRequest> for Changes {
    fn from(request: StreamRequest) -> Self {
        (&request).into()
    }
}

impl<S: Into<ContentState>> From<S> for Changes {
    fn from(state: S) -> Self {
        (&StreamRequest::new(state)).into()
    }
}

/// Of an object in the API's own shape, or with the state's fields beside those of the request. What is no object is kept for
/// validation to refuse.
impl From<Value> for Changes {
    fn from(value: Value) -> Self {
        let mut value = json::with_plain_numbers(value);
        let mut changes = Self::default();
        let Some(members) = json::object_mut(&mut value) else {
            changes.rest.insert(CONTENT_STATE.to_owned(), value);
            return changes;
        };
        for (name, mut value) in std::mem::take(members) {
            match (name.as_str(), json::object_mut(&mut value)) {
                (CONTENT_STATE, Some(state)) => {
                    for (name, value) in std::mem::take(state) {
                        json::add(&mut changes.state, name, value);
                    }
                }
                (known, _) if api::is_of_a_state(known) => json::add(&mut changes.state, name, value),
                _ => _ = changes.rest.insert(name, value),
            }
        }
        changes
    }
}

impl Changes {
    /// Of a JSON text, in the API's own shape (`{"content_state": {"percentage": 42}, "alert": {...}}`) or with the state's fields
    /// beside those of the request (`{"percentage": 42, "alert": {...}}`).
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn parse(text: &[u8]) -> Result<Self, ValidationError> {
        Ok(parse_json(text)?.into())
    }

    /// One number of the state. It takes less code than a [`Patch`].
    pub(super) fn of_number(name: &str, number: u64) -> Self {
        Self { state: Members::from_iter([(name.to_owned(), number.into())]), rest: Members::new() }
    }

    /// These, with some of them changed once more.
    pub(super) fn merge(&mut self, changes: Changes) {
        // Two spellings of one thing; the newer takes the place of the older.
        for (one, other) in [("channels", "target"), ("target", "channels")] {
            if changes.rest.contains_key(one) && !changes.rest.contains_key(other) {
                self.rest.shift_remove(other);
            }
        }
        merge(&mut self.state, changes.state);
        merge(&mut self.rest, changes.rest);
    }

    /// As one object, in the API's own shape.
    pub(super) fn to_body(&self) -> Value {
        // A state that is no object stands among the rest.
        let mut body = Members::new();
        if !self.rest.contains_key(CONTENT_STATE) {
            body.insert(CONTENT_STATE.to_owned(), self.state.clone().into());
        }
        body.extend(self.rest.clone());
        body.into()
    }
}

const CONTENT_STATE: &str = "content_state";

fn merge(members: &mut Members, changes: Members) {
    for (name, mut value) in changes {
        let before = members.get_mut(&name).filter(|_| name == EXTRA).and_then(json::object_mut);
        match before.zip(json::object_mut(&mut value)) {
            Some((extra, newer)) => merge(extra, std::mem::take(newer)),
            None => _ = members.insert(name, value),
        }
    }
}
