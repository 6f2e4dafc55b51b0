//! Changes to a request that is being kept: members of its state, and of the request beside it.

use crate::model::json::{AsJson as _, Json, Members, owned};
use crate::model::{ContentState, EXTRA, Patch, StreamRequest};
use crate::session::{Nulls, drop_nulls};
use crate::validate::{self, ValidationError};

/// Changes to a request that is being kept, or the whole of it.
#[derive(Clone, Debug, Default)]
pub struct Changes<'a> {
    pub(super) state: Members<'a>,
    pub(super) rest: Members<'a>,
}

impl From<Patch> for Changes<'static> {
    fn from(patch: Patch) -> Self {
        let (state, rest) = patch.into_members();
        Self { state, rest }
    }
}

impl From<&StreamRequest> for Changes<'static> {
    fn from(request: &StreamRequest) -> Self {
        Changes::from_json(request.as_json()).into_owned()
    }
}

impl From<StreamRequest> for Changes<'static> {
    fn from(request: StreamRequest) -> Self {
        (&request).into()
    }
}

impl<S: Into<ContentState>> From<S> for Changes<'static> {
    fn from(state: S) -> Self {
        (&StreamRequest::new(state)).into()
    }
}

impl<'a> Changes<'a> {
    /// Of a JSON text, in the API's own shape (`{"content_state": {"percentage": 42}, "alert": {...}}`) or with the state's fields
    /// beside those of the request (`{"percentage": 42, "alert": {...}}`).
    pub fn parse(text: &'a [u8]) -> Result<Self, ValidationError> {
        Self::parse_with(text, Nulls::Values)
    }

    pub(crate) fn parse_with(text: &'a [u8], nulls: Nulls) -> Result<Self, ValidationError> {
        let mut json = Json::parse(text).map_err(|error| ValidationError::invalid_json(&error))?;
        if nulls == Nulls::Absence {
            drop_nulls(&mut json);
        }
        Ok(Self::from_json(json))
    }

    /// Of an object in the API's own shape, or with the state's fields beside those of the request. What is no object is kept for
    /// validation to refuse.
    pub(crate) fn from_json(json: Json<'a>) -> Self {
        let mut changes = Self::default();
        let members = match json {
            Json::Object(members) => members,
            other => vec![(CONTENT_STATE.into(), other)],
        };
        for (name, value) in members {
            match (&*name, value) {
                (CONTENT_STATE, Json::Object(state)) => changes.state.extend(state),
                (CONTENT_STATE | EXTRA, value) => changes.rest.push((name, value)),
                (known, value) if validate::is_of_the_request(known) => changes.rest.push((name, value)),
                (_, value) => changes.state.push((name, value)),
            }
        }
        changes
    }

    pub(super) fn into_owned(self) -> Changes<'static> {
        Changes { state: owned(self.state), rest: owned(self.rest) }
    }

    /// These, with some of them changed once more.
    pub(super) fn merge(&mut self, changes: Changes<'a>) {
        // Two spellings of one thing; the newer takes the place of the older.
        let gives = |name: &str| changes.rest.iter().any(|(given, _)| given == name);
        for (one, other) in [("channels", "target"), ("target", "channels")] {
            if gives(one) && !gives(other) {
                self.rest.retain(|(name, _)| name != other);
            }
        }
        merge(&mut self.state, changes.state);
        merge(&mut self.rest, changes.rest);
    }

    /// As one object, in the API's own shape.
    pub(super) fn to_body(&self) -> Json<'a> {
        // A state that is no object stands among the rest.
        let mut body = if self.rest.iter().any(|(name, _)| name == CONTENT_STATE) {
            Vec::new()
        } else {
            vec![(CONTENT_STATE.into(), Json::Object(self.state.clone()))]
        };
        body.extend(self.rest.iter().cloned());
        Json::Object(body)
    }
}

const CONTENT_STATE: &str = "content_state";

fn merge<'a>(members: &mut Members<'a>, changes: Members<'a>) {
    let before = members.len();
    let mut given = vec![false; before];
    for (name, value) in changes {
        match members[..before].iter().position(|(known, _)| *known == name) {
            // A name that is given twice stands twice, for validation to refuse.
            Some(position) if !std::mem::replace(&mut given[position], true) => {
                match (&mut members[position].1, value) {
                    (Json::Object(extra), Json::Object(newer)) if name == EXTRA => merge(extra, newer),
                    (place, value) => *place = value,
                }
            }
            _ => members.push((name, value)),
        }
    }
}
