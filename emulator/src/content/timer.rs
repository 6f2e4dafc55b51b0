//! The window of a timer: what survives from request to request while everything else is replaced.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::time::Timestamp;

/// The window of a timer at the time of looking.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// A timer that runs or stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Timer {
    pub(crate) counts_down: bool,
    /// Length of the window in seconds; `None` is open-ended.
    duration: Option<f64>,
    /// Time counted before `running_since`, in milliseconds.
    counted: u64,
    /// Since when it runs; `None` while it stands.
    running_since: Option<Timestamp>,
}

impl Timer {
    /// The timer of an activity that starts with this `content_state`.
    pub(crate) fn start(state: &Map<String, Value>, now: Timestamp) -> Self {
        let counts_down = flag(state, "counts_down").unwrap_or(true);
        let running = flag(state, "is_running").unwrap_or(true);
        Self { counts_down, duration: duration(state), counted: 0, running_since: running.then_some(now) }
    }

    /// The timer after a later request: only what is sent changes, and a duration starts the window over.
    pub(crate) fn updated(&self, state: &Map<String, Value>, now: Timestamp) -> Self {
        let mut next = self.clone();
        if let Some(duration) = duration(state) {
            next.duration = Some(duration);
            next.counted = 0;
            next.running_since = self.is_running().then_some(now);
        }
        match flag(state, "is_running") {
            Some(true) if !next.is_running() => next.running_since = Some(now),
            Some(false) => next.freeze(now),
            _ => {}
        }
        if let Some(counts_down) = flag(state, "counts_down").filter(|_| !self.has_nothing_to_count_down(state)) {
            next.counts_down = counts_down;
        }
        next
    }

    /// Whether the request turns an open-ended timer into a countdown without saying from where.
    pub(crate) fn has_nothing_to_count_down(&self, state: &Map<String, Value>) -> bool {
        self.duration.or(duration(state)).is_none() && flag(state, "counts_down") == Some(true)
    }

    /// Stops counting.
    pub(crate) fn freeze(&mut self, now: Timestamp) {
        self.counted = self.elapsed(now);
        self.running_since = None;
    }

    pub(crate) fn is_running(&self) -> bool {
        self.running_since.is_some()
    }

    pub(crate) fn view(&self, now: Timestamp) -> TimerView {
        TimerView {
            counts_down: self.counts_down,
            is_running: self.is_running(),
            duration_seconds: self.duration,
            elapsed_seconds: self.elapsed(now) as f64 / 1000.0,
            remaining_seconds: self.remaining(now).map(|millis| millis as f64 / 1000.0),
        }
    }

    /// Milliseconds counted so far; never more than the window is long.
    fn elapsed(&self, now: Timestamp) -> u64 {
        let counted = self.counted.saturating_add(self.running_since.map_or(0, |since| now.millis_since(since)));
        self.duration.map_or(counted, |seconds| counted.min((seconds * 1000.0) as u64))
    }

    /// Milliseconds until the window is over; `None` if it is open-ended.
    fn remaining(&self, now: Timestamp) -> Option<u64> {
        self.duration.map(|seconds| ((seconds * 1000.0) as u64).saturating_sub(self.elapsed(now)))
    }
}

/// Whether a field belongs to the timer's window, which is kept apart from the rest of the state.
pub(crate) fn is_window_field(field: &str) -> bool {
    matches!(field, "duration_seconds" | "counts_down" | "is_running")
}

fn duration(state: &Map<String, Value>) -> Option<f64> {
    state.get("duration_seconds")?.as_f64()
}

fn flag(state: &Map<String, Value>, field: &str) -> Option<bool> {
    state.get(field)?.as_bool()
}
