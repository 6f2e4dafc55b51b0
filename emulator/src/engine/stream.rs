//! One stream of an account: the activity it has, what it shows, and what happened to it. Decides nothing.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::activity_id::ActivityId;
use super::canonical;
use super::device::Slot;
use super::timer::{self, Timer};
use crate::contract::StreamType;
use crate::options::Mode;
use crate::time::Timestamp;

/// iOS ends an activity when it is this old.
const LIFE: Duration = Duration::from_secs(8 * 3600);
/// From this age on, the service replaces an activity so that the next update does not find it gone.
const ROTATION_AGE_MILLIS: u64 = (8 * 3600 - 300) * 1000;

/// Slugs of the channels that an activity goes to; `None` is the whole account.
pub(super) type Channels = Option<BTreeSet<String>>;

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) kind: StreamType,
    pub(super) phase: Phase,
    pub(super) channels: Channels,
    /// The `content_state` without its type and timer window, as canonical text.
    pub(super) content_state: Box<str>,
    pub(super) action: Option<Box<str>>,
    pub(super) secondary_action: Option<Box<str>>,
    pub(super) tags: Box<[Box<str>]>,
    pub(super) metadata: Option<Box<str>>,
    pub(super) timer: Option<Box<Timer>>,
    /// The newest alert, with its time.
    pub(super) alert: Option<Box<(Timestamp, Box<str>)>>,
    pub(super) history: VecDeque<HistoryEntry>,
}

/// What of a stream is drawn on a screen.
#[derive(Debug, Clone)]
pub(super) struct Face {
    pub(super) kind: StreamType,
    pub(super) content_state: Box<str>,
    pub(super) action: Option<Box<str>>,
    pub(super) secondary_action: Option<Box<str>>,
    pub(super) timer: Option<Box<Timer>>,
}

/// Whether a stream has an activity.
#[derive(Debug)]
pub(super) enum Phase {
    Active(Activity),
    /// The key is known and nothing runs: dismissed, expired, or resumed and not yet started.
    Idle,
    Paused {
        since: Timestamp,
    },
}

/// A running activity.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    pub(super) id: ActivityId,
    pub(super) started_at: Timestamp,
    pub(super) updates: u32,
}

/// A stream that a DELETE has ended, kept to look at.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) key: Arc<str>,
    pub(super) stream: Stream,
    /// The activity that the DELETE ended; `None` if nothing ran any more.
    pub(super) activity: Option<Activity>,
    /// What of it is on the devices, by their id.
    pub(super) slots: Vec<(Box<str>, Slot)>,
    pub(super) time: Timestamp,
    /// When the ended activity leaves the screen.
    pub(super) dismisses_at: Timestamp,
}

/// One thing that happened to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryEntry {
    /// When.
    pub time: Timestamp,
    /// What.
    pub event: HistoryEvent,
}

/// What can happen to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    pub(super) fn expires_at(&self) -> Timestamp {
        self.started_at.after(LIFE)
    }

    pub(super) fn is_near_its_end(&self, now: Timestamp) -> bool {
        now.millis_since(self.started_at) >= ROTATION_AGE_MILLIS
    }

    /// Whether iOS may hold back further updates: more than 12, and more than one per two minutes since the start.
    pub(super) fn updates_too_often(&self, now: Timestamp) -> bool {
        self.updates > 12 && u64::from(self.updates) * 120_000 > now.millis_since(self.started_at)
    }
}

impl Stream {
    pub(super) fn new(kind: StreamType) -> Self {
        Self {
            kind,
            phase: Phase::Idle,
            channels: None,
            content_state: "{}".into(),
            action: None,
            secondary_action: None,
            tags: Box::default(),
            metadata: None,
            timer: None,
            alert: None,
            history: VecDeque::new(),
        }
    }

    /// A copy of what is drawn.
    pub(super) fn face(&self) -> Face {
        Face {
            kind: self.kind,
            content_state: self.content_state.clone(),
            action: self.action.clone(),
            secondary_action: self.secondary_action.clone(),
            timer: self.timer.clone(),
        }
    }

    /// Keeps the alert that came with a request.
    pub(super) fn hear(&mut self, body: &Value, now: Timestamp) {
        if let Some(alert) = body.get("alert") {
            self.alert = Some(Box::new((now, canonical::value(alert))));
        }
    }

    /// The activity, if one runs.
    pub(super) fn activity(&self) -> Option<&Activity> {
        match &self.phase {
            Phase::Active(activity) => Some(activity),
            _ => None,
        }
    }

    /// Ends the activity on the device, which also stops a timer.
    pub(super) fn leave(&mut self, phase: Phase, now: Timestamp) {
        if let Some(timer) = &mut self.timer {
            timer.freeze(now);
        }
        self.phase = phase;
    }

    /// Adds to the history, which keeps the newest `limit` entries.
    pub(super) fn remember(&mut self, time: Timestamp, event: HistoryEvent, limit: usize) {
        push_bounded(&mut self.history, HistoryEntry { time, event }, limit);
    }

    /// Takes over what a valid request body carries for a stream of this type, and says whether anything that is shown
    /// has changed. The state is replaced as a whole; buttons, tags and metadata only if they are sent, and a second
    /// button goes with the type that shows it. The timer's window is not touched.
    pub(super) fn absorb(&mut self, kind: StreamType, body: &Value, mode: Mode) -> bool {
        let mut changed = kind != self.kind;
        self.kind = kind;
        if let Some(state) = body["content_state"].as_object() {
            changed |= replace(&mut self.content_state, shown_state(kind, state));
        }
        if let Some(action) = body.get("action") {
            changed |= replace(&mut self.action, Some(canonical::value(action)));
        }
        // Lenient mode lets a misplaced second button pass; it has no effect then.
        let shown = mode == Mode::Strict || body.get("action").is_some();
        if !kind.shows_secondary_action() {
            self.secondary_action = None;
        } else if let Some(secondary) = body.get("secondary_action").filter(|_| shown) {
            changed |= replace(&mut self.secondary_action, Some(canonical::value(secondary)));
        }
        if let Some(tags) = body["tags"].as_array() {
            self.tags = unique(tags);
        }
        if let Some(metadata) = body["metadata"].as_object() {
            self.metadata = (!metadata.is_empty()).then(|| canonical::value(&body["metadata"]));
        }
        changed
    }
}

/// Adds to a ring. Room is made first, since a buffer that outgrows its limit once doubles its memory.
pub(super) fn push_bounded<T>(ring: &mut VecDeque<T>, item: T, limit: usize) {
    while ring.len() >= limit.max(1) {
        ring.pop_front();
    }
    if limit > 0 {
        ring.push_back(item);
    }
}

fn replace<T: PartialEq>(old: &mut T, new: T) -> bool {
    let changed = *old != new;
    *old = new;
    changed
}

/// The part of a `content_state` that is replaced with each request and that means something to the type.
fn shown_state(kind: StreamType, state: &Map<String, Value>) -> Box<str> {
    let shown = |field: &str| kind.applies(field) && field != "type" && !timer::is_window_field(field);
    canonical::object(state.iter().map(|(field, value)| (field.as_str(), value)).filter(|(field, _)| shown(field)))
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
