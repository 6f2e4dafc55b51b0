//! An object whose fields were checked, as rules look at it.

use serde_json::Value;

use crate::json::Members;

/// An object's members after its own fields were checked. What came from `extra` is there too, but not among those that must apply.
pub(crate) struct View<'a> {
    members: &'a Members,
    checked: usize,
}

impl<'a> View<'a> {
    /// The first `checked` members are those that did not come from `extra`.
    pub(super) fn new(members: &'a Members, checked: usize) -> Self {
        Self { members, checked }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The names of the members that are checked.
    pub(crate) fn checked_names(&self) -> impl Iterator<Item = &'a str> {
        self.members.keys().take(self.checked).map(String::as_str)
    }
}
