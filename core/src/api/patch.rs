//! Changes to a state that is being published, and to what goes beside it.

use serde::Serialize;

use crate::json::{Members, to_value};

/// Changes to a state that is being published: what is set replaces what was there, all else stays.
///
/// ```
/// use activitysmith_kit::Patch;
/// let patch = Patch::new().percentage(42).subtitle("catalog-v2");
/// ```
///
/// It can also be read from data, as an object of the state's fields and those beside it. Their values are checked when the patch is
/// used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    state: Members,
    rest: Members,
}

impl Patch {
    /// Changes nothing, until something is set.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn of(state: Members, rest: Members) -> Self {
        Self { state, rest }
    }

    pub(super) fn of_the_state(mut self, name: &'static str, value: &impl Serialize) -> Self {
        self.state.insert(name.to_owned(), to_value(value));
        self
    }

    pub(super) fn of_the_request(mut self, name: &'static str, value: &impl Serialize) -> Self {
        self.rest.insert(name.to_owned(), to_value(value));
        self
    }

    /// The members of the state, and those of the request beside it.
    pub(crate) fn into_members(self) -> (Members, Members) {
        (self.state, self.rest)
    }
}
