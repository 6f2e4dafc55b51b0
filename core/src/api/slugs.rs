//! Lists of names: channels and tags.

use serde::{Deserialize, Serialize};

use crate::validate::{Field, Kind, Object, no_rules};

/// A list of names: channel slugs or tags. Made from any list of strings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slugs(Vec<String>);

impl Slugs {
    /// An empty list: as tags it clears them, as channels it is refused.
    pub const NONE: Self = Self(Vec::new());

    /// The names in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl From<&[&str]> for Slugs {
    fn from(names: &[&str]) -> Self {
        names.iter().copied().collect()
    }
}

impl<N: Into<String>, const LENGTH: usize> From<[N; LENGTH]> for Slugs {
    fn from(names: [N; LENGTH]) -> Self {
        names.into_iter().collect()
    }
}

impl<N: Into<String>> From<Vec<N>> for Slugs {
    fn from(names: Vec<N>) -> Self {
        names.into_iter().collect()
    }
}

impl<N: Into<String>> FromIterator<N> for Slugs {
    fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

/// The object that holds the channels in some requests, beside or in place of `channels`.
pub(super) const TARGET: Field = Field {
    name: "target",
    kind: Kind::Object(&Object {
        fields: &[&[Field { name: "channels", kind: Kind::Channels }]],
        required: &["channels"],
        rules: no_rules,
    }),
};
