//! The bodies of successful answers. Holds no decisions.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use super::activity_id::ActivityId;
use crate::time::Timestamp;

/// What a PUT did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Operation {
    Started,
    Updated,
    Rotated,
    Noop,
    Paused,
}

/// The body of a 200 to a PUT.
#[derive(Debug, Serialize)]
pub(super) struct PutAnswer<'a> {
    pub(super) success: bool,
    pub(super) operation: Operation,
    pub(super) stream_key: &'a str,
    pub(super) timestamp: Timestamp,
    pub(super) activity_id: Option<ActivityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous_activity_id: Option<ActivityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) devices_notified: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) users_notified: Option<u32>,
    #[serde(skip_serializing_if = "Audience::is_unknown")]
    pub(super) effective_channel_slugs: Audience<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tags: Option<&'a [Box<str>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) warning: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ignored: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remote_push_sent: Option<bool>,
}

/// Whom an activity goes to, as told in `effective_channel_slugs`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Audience<'a> {
    /// Nothing was sent; the field is left out.
    Unknown,
    /// Everyone: the field is null.
    Account,
    /// The field is this list.
    Channels(&'a BTreeSet<String>),
}

impl Audience<'_> {
    // The signature is what serde asks for.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

impl Serialize for Audience<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown | Self::Account => serializer.serialize_none(),
            Self::Channels(slugs) => slugs.serialize(serializer),
        }
    }
}

/// The body of a 200 to a DELETE.
#[derive(Debug, Serialize)]
pub(super) struct DeleteAnswer<'a> {
    pub(super) success: bool,
    pub(super) operation: &'static str,
    pub(super) stream_key: &'a str,
    pub(super) timestamp: Timestamp,
    pub(super) activity_id: Option<ActivityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) devices_notified: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) devices_queued: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ignored: Option<bool>,
}
