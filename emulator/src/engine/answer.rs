//! The bodies of successful answers. Holds no decisions.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use super::activity_id::ActivityId;
use super::device::DeviceState;
use super::devices::Devices;
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

impl Operation {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Updated => "updated",
            Self::Rotated => "rotated",
            Self::Noop => "noop",
            Self::Paused => "paused",
        }
    }
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<String>,
}

/// What became of a push.
#[derive(Debug)]
pub(super) struct Delivery {
    /// Devices that it was accepted for. Whether they show it is another matter.
    pub(super) devices: u32,
    /// One for each device that is gone.
    pub(super) errors: Vec<String>,
}

impl Delivery {
    /// Of an activity that goes to these channels.
    pub(super) fn of(devices: &Devices, stream_key: &str, channels: Option<&BTreeSet<String>>) -> Self {
        let mut delivery = Self { devices: 0, errors: Vec::new() };
        for device in &devices.0 {
            if device.state == DeviceState::Wiped && device.is_in(channels) {
                delivery.errors.push(format!("{}: the device's token is no longer valid", device.name));
            }
            delivery.devices += u32::from(device.runs(stream_key));
        }
        delivery
    }
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
