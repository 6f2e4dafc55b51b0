//! Lists of names: channels and tags.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::Members;
use crate::validate::{Field, Findings, Kind, Object, Path, View, ViolationCode as Code, no_rules};

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

/// Moves channels into the target, where the API takes them nowhere else.
pub(super) fn place_channels(members: &mut Members) {
    let Some(channels) = members.shift_remove("channels") else { return };
    if !members.contains_key("target") {
        members.insert("target".to_owned(), Value::Object([("channels".to_owned(), channels)].into_iter().collect()));
    }
}

/// Channels and a target that name different ones leave open who is meant.
pub(super) fn one_target(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    let channels = request.get("channels").and_then(Value::as_array);
    let targeted = request.get("target").and_then(|target| target.get("channels")).and_then(Value::as_array);
    let (Some(channels), Some(targeted)) = (channels, targeted) else { return };
    let within = |some: &[Value], others: &[Value]| some.iter().all(|slug| others.contains(slug));
    if !within(channels, targeted) || !within(targeted, channels) {
        let message = format_args!("and target.channels name different channels; keep one of them");
        findings.report(&path.member("channels"), Code::Conflict, message);
    }
}
