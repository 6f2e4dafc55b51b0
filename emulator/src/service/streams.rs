//! One stream of an account: the activity it has, what it shows, and what happened to it.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::ids::ActivityId;
use crate::content::Content;
use crate::content::canonical::Canonical;
use crate::contract::StreamType;
use crate::devices::Slot;
use crate::options::Mode;
use crate::time::Timestamp;

/// iOS ends an activity when it is this old.
const LIFE: Duration = Duration::from_secs(8 * 3600);
/// From this age on, the service replaces an activity so that the next update does not find it gone.
const ROTATION_AGE_MILLIS: u64 = (8 * 3600 - 300) * 1000;

/// Slugs of the channels that an activity goes to; `None` is the whole account.
pub(crate) type Channels = Option<BTreeSet<String>>;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stream {
    pub(crate) content: Content,
    pub(crate) phase: Phase,
    pub(crate) channels: Channels,
    pub(crate) tags: Box<[Box<str>]>,
    pub(crate) metadata: Option<Canonical>,
    /// The newest alert, with its time.
    pub(crate) alert: Option<Box<(Timestamp, Canonical)>>,
    pub(crate) history: VecDeque<HistoryEntry>,
}

/// Whether a stream has an activity.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    Active(Activity),
    /// The key is known and nothing runs: dismissed, expired, or resumed and not yet started.
    Idle,
    Paused {
        since: Timestamp,
    },
}

/// Whether a stream has an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StreamState {
    /// An activity runs.
    Active,
    /// The key is known and nothing runs.
    Idle,
    /// Requests are ignored until it is resumed.
    Paused,
    /// A DELETE ended it; the API does not know the key any more.
    Ended,
}

impl StreamState {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Idle => "idle",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

/// A running activity.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Activity {
    #[serde(rename = "activity_id")]
    pub(crate) id: ActivityId,
    pub(crate) started_at: Timestamp,
    pub(crate) updates: u32,
}

/// A stream that a DELETE has ended, kept to look at.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ended {
    #[serde(rename = "stream_key")]
    pub(crate) key: Arc<str>,
    pub(crate) stream: Stream,
    /// The activity that the DELETE ended; `None` if nothing ran any more.
    pub(crate) activity: Option<Activity>,
    /// What of it is on the devices, by their id.
    pub(crate) slots: Vec<(Box<str>, Slot)>,
    pub(crate) time: Timestamp,
    /// When the ended activity leaves the screen.
    pub(crate) dismisses_at: Timestamp,
}

/// One thing that happened to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HistoryEntry {
    /// When.
    pub time: Timestamp,
    /// What.
    pub event: HistoryEvent,
}

/// What can happen to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HistoryEvent {
    /// A PUT started an activity.
    Started,
    /// A PUT changed what is shown.
    Updated,
    /// A PUT replaced the activity.
    Rotated,
    /// A PUT changed nothing that is shown.
    Noop,
    /// A PUT arrived while the stream was paused.
    Ignored,
    /// The stream was paused.
    Paused,
    /// The stream was resumed.
    Resumed,
    /// The user removed the activity.
    Dismissed,
    /// iOS ended the activity for its age.
    Expired,
    /// A DELETE ended the stream.
    Ended,
}

impl Activity {
    pub(crate) fn expires_at(&self) -> Timestamp {
        self.started_at.after(LIFE)
    }

    pub(crate) fn is_near_its_end(&self, now: Timestamp) -> bool {
        now.millis_since(self.started_at) >= ROTATION_AGE_MILLIS
    }

    /// Whether iOS may hold back further updates: more than 12, and more than one per two minutes since the start.
    pub(crate) fn updates_too_often(&self, now: Timestamp) -> bool {
        self.updates > 12 && u64::from(self.updates) * 120_000 > now.millis_since(self.started_at)
    }
}

impl Stream {
    pub(crate) fn new(kind: StreamType) -> Self {
        Self {
            content: Content::new(kind),
            phase: Phase::Idle,
            channels: None,
            tags: Box::default(),
            metadata: None,
            alert: None,
            history: VecDeque::new(),
        }
    }

    /// Keeps the alert that came with a request.
    pub(crate) fn keep_alert(&mut self, body: &Value, now: Timestamp) {
        if let Some(alert) = body.get("alert") {
            self.alert = Some(Box::new((now, Canonical::of(alert))));
        }
    }

    /// The activity, if one runs.
    pub(crate) fn activity(&self) -> Option<&Activity> {
        match &self.phase {
            Phase::Active(activity) => Some(activity),
            _ => None,
        }
    }

    /// Ends the activity on the device, which also stops a timer.
    pub(crate) fn leave(&mut self, phase: Phase, now: Timestamp) {
        if let Some(timer) = &mut self.content.timer {
            timer.freeze(now);
        }
        self.phase = phase;
    }

    /// Adds to the history, which keeps the newest `limit` entries.
    pub(crate) fn remember(&mut self, time: Timestamp, event: HistoryEvent, limit: usize) {
        push_bounded(&mut self.history, HistoryEntry { time, event }, limit);
    }

    /// Takes over what a valid request body carries for a stream of this type, and says whether anything that is shown
    /// has changed. Tags and metadata change only if they are sent.
    pub(crate) fn replace(&mut self, kind: StreamType, body: &Value, mode: Mode) -> bool {
        if let Some(tags) = body["tags"].as_array() {
            self.tags = unique(tags);
        }
        if let Some(metadata) = body["metadata"].as_object() {
            self.metadata = (!metadata.is_empty()).then(|| Canonical::of(&body["metadata"]));
        }
        self.content.replace(kind, body, mode)
    }
}

/// Adds to a ring. Room is made first, since a buffer that outgrows its limit once doubles its memory.
pub(crate) fn push_bounded<T>(ring: &mut VecDeque<T>, item: T, limit: usize) {
    while ring.len() >= limit.max(1) {
        ring.pop_front();
    }
    if limit > 0 {
        ring.push_back(item);
    }
}

/// Tags without repetitions, in the order in which they were sent.
fn unique(tags: &[Value]) -> Box<[Box<str>]> {
    let mut kept: Vec<Box<str>> = Vec::new();
    for tag in tags.iter().filter_map(Value::as_str) {
        if !kept.iter().any(|known| **known == *tag) {
            kept.push(tag.into());
        }
    }
    kept.into_boxed_slice()
}
