//! What of a stream can be looked at, by tests and people. Changes nothing.

use serde::Serialize;
use serde_json::Value;

use super::account::{Account, AccountId};
use super::activity_id::ActivityId;
use super::device_view::{self, DeviceShows};
use super::stream::{Activity, Ended, HistoryEntry, Phase, Stream};
use super::timer::Timer;
use crate::contract::StreamType;
use crate::time::Timestamp;

/// A stream as it can be looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StreamView {
    /// Whose stream it is.
    pub account: AccountId,
    /// Its key.
    pub stream_key: String,
    /// Whether it has an activity.
    pub state: StreamState,
    /// The type of the newest activity.
    #[serde(rename = "type")]
    pub kind: StreamType,
    /// The activity that runs, or that the end of the stream has ended.
    pub activity_id: Option<ActivityId>,
    /// When that activity started.
    pub started_at: Option<Timestamp>,
    /// When iOS will end the running activity.
    pub expires_at: Option<Timestamp>,
    /// Changes shown since the activity started.
    pub updates: u32,
    /// Channels that it goes to; `None` is the whole account.
    pub channels: Option<Vec<String>>,
    /// The newest state with its type. Fields that mean nothing to the type are left out; a timer's window is in
    /// [`Self::timer`].
    pub content_state: Value,
    /// The first button.
    pub action: Option<Value>,
    /// The second button.
    pub secondary_action: Option<Value>,
    /// Stored tags.
    pub tags: Vec<String>,
    /// Stored metadata; an empty object when there is none.
    pub metadata: Value,
    /// The window of a timer.
    pub timer: Option<TimerView>,
    /// Since when it is paused.
    pub paused_at: Option<Timestamp>,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// When the ended activity leaves the screen.
    pub dismisses_at: Option<Timestamp>,
    /// The newest alert that came with a request; it was heard whatever the devices show.
    pub alert: Option<AlertView>,
    /// What each device of the account shows of it, which may be older than [`Self::content_state`].
    pub device: Vec<DeviceShows>,
    /// What happened to it, oldest first.
    pub history: Vec<HistoryEntry>,
}

/// An alert that came with a request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertView {
    /// When it came.
    pub time: Timestamp,
    /// Its `title` and `body`, as they were sent.
    pub alert: Value,
}

/// Whether a stream has an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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

/// The window of a timer at the time of looking.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TimerView {
    /// Direction.
    pub counts_down: bool,
    /// Whether it counts.
    pub is_running: bool,
    /// Length of the window; `None` is open-ended.
    pub duration_seconds: Option<f64>,
    /// Counted so far.
    pub elapsed_seconds: f64,
    /// Left of the window.
    pub remaining_seconds: Option<f64>,
}

impl StreamState {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Idle => "idle",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

/// The stream as it stands at `now`.
pub(super) fn view(account: &Account, key: &str, stream: &Stream, now: Timestamp) -> StreamView {
    StreamView { device: device_view::running(account, key, stream, now), ..bare(account.id, key, stream, now) }
}

fn bare(account: AccountId, key: &str, stream: &Stream, now: Timestamp) -> StreamView {
    let (state, paused_at) = match stream.phase {
        Phase::Active(_) => (StreamState::Active, None),
        Phase::Idle => (StreamState::Idle, None),
        Phase::Paused { since } => (StreamState::Paused, Some(since)),
    };
    let activity = stream.activity();
    StreamView {
        account,
        stream_key: key.to_owned(),
        state,
        kind: stream.kind,
        activity_id: activity.map(|activity| activity.id),
        started_at: activity.map(|activity| activity.started_at),
        expires_at: activity.map(Activity::expires_at),
        updates: activity.map_or(0, |activity| activity.updates),
        channels: stream.channels.as_ref().map(|slugs| slugs.iter().cloned().collect()),
        content_state: content_state(stream.kind, &stream.content_state),
        action: stream.action.as_deref().map(json),
        secondary_action: stream.secondary_action.as_deref().map(json),
        tags: stream.tags.iter().map(ToString::to_string).collect(),
        metadata: json(stream.metadata.as_deref().unwrap_or("{}")),
        timer: stream.timer.as_deref().map(|timer| view_timer(timer, now)),
        paused_at,
        ended_at: None,
        dismisses_at: None,
        alert: stream.alert.as_deref().map(|(time, alert)| AlertView { time: *time, alert: json(alert) }),
        device: Vec::new(),
        history: stream.history.iter().copied().collect(),
    }
}

/// The ended stream as it stood at its end.
pub(super) fn view_ended(account: &Account, ended: &Ended, now: Timestamp) -> StreamView {
    let activity = ended.activity.as_ref();
    StreamView {
        state: StreamState::Ended,
        activity_id: activity.map(|activity| activity.id),
        started_at: activity.map(|activity| activity.started_at),
        updates: activity.map_or(0, |activity| activity.updates),
        paused_at: None,
        ended_at: Some(ended.time),
        dismisses_at: Some(ended.dismisses_at),
        device: device_view::ended(account, ended, now),
        ..bare(account.id, &ended.key, &ended.stream, now)
    }
}

pub(super) fn view_timer(timer: &Timer, now: Timestamp) -> TimerView {
    TimerView {
        counts_down: timer.counts_down,
        is_running: timer.is_running(),
        duration_seconds: timer.duration,
        elapsed_seconds: timer.elapsed(now) as f64 / 1000.0,
        remaining_seconds: timer.remaining(now).map(|millis| millis as f64 / 1000.0),
    }
}

/// A stored state with its type.
pub(super) fn content_state(kind: StreamType, canonical: &str) -> Value {
    let mut state = json(canonical);
    state["type"] = kind.as_str().into();
    state
}

pub(super) fn json(canonical: &str) -> Value {
    serde_json::from_str(canonical).expect("canonical text is JSON")
}
