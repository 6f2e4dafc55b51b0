//! Changes to a state that is being published, and to what goes beside it.

use serde::Serialize;

use super::json::{Members, to_value};
use super::{Action, Metadata, Names, PushAlert};

/// Changes to a state that is being published: what is set replaces what was there, all else stays.
///
/// ```
/// use activitysmith_kit::Patch;
/// let patch = Patch::new().percentage(42).subtitle("catalog-v2");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Patch {
    state: Members,
    rest: Members,
}

impl Patch {
    /// Changes nothing, until something is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// See [`StreamRequest::action`](crate::StreamRequest::action).
    #[must_use]
    pub fn action(self, action: impl Into<Action>) -> Self {
        self.of_the_request("action", &action.into())
    }

    /// See [`StreamRequest::secondary_action`](crate::StreamRequest::secondary_action).
    #[must_use]
    pub fn secondary_action(self, secondary_action: impl Into<Action>) -> Self {
        self.of_the_request("secondary_action", &secondary_action.into())
    }

    /// See [`StreamRequest::alert`](crate::StreamRequest::alert). It accompanies one update.
    #[must_use]
    pub fn alert(self, alert: impl Into<PushAlert>) -> Self {
        self.of_the_request("alert", &alert.into())
    }

    /// See [`StreamRequest::channels`](crate::StreamRequest::channels).
    #[must_use]
    pub fn channels(self, channels: impl Into<Names>) -> Self {
        self.of_the_request("channels", &channels.into())
    }

    /// See [`StreamRequest::tags`](crate::StreamRequest::tags).
    #[must_use]
    pub fn tags(self, tags: impl Into<Names>) -> Self {
        self.of_the_request("tags", &tags.into())
    }

    /// See [`StreamRequest::metadata`](crate::StreamRequest::metadata).
    #[must_use]
    pub fn metadata(self, metadata: impl Into<Metadata>) -> Self {
        self.of_the_request("metadata", &metadata.into())
    }

    pub(super) fn of_the_state(mut self, name: &'static str, value: &impl Serialize) -> Self {
        self.state.insert(name.to_owned(), to_value(value));
        self
    }

    fn of_the_request(mut self, name: &'static str, value: &impl Serialize) -> Self {
        self.rest.insert(name.to_owned(), to_value(value));
        self
    }

    /// The members of the state, and those of the request beside it.
    pub(crate) fn into_members(self) -> (Members, Members) {
        (self.state, self.rest)
    }
}
