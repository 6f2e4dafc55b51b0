//! What happens to a publisher: events as text, and counters.

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use crate::declare::{described, names};

names! {
    /// The kind of an event.
    pub enum EventKind {
        /// The service accepted a state.
        Acknowledged = "acknowledged",
        /// The service replaced the activity by a new one.
        Rotated = "rotated",
        /// The service reports too many updates; numbers now wait.
        Throttled = "throttled",
        /// The stream is paused in the service, which does not show what is sent.
        Paused = "paused",
        /// Requests fail; the newest state is sent once they succeed again.
        Failing = "failing",
        /// Requests succeed again.
        Recovered = "recovered",
        /// The service refused this state; the next one will be sent.
        Refused = "refused",
        /// There is no room on the device, or no device; it is tried again later.
        Blocked = "blocked",
        /// Nothing is sent, since the service would refuse it.
        Stopped = "stopped",
        /// An alert was replaced by a newer one before it was sent.
        AlertReplaced = "alert_replaced",
        /// Whether an alert was shown is unknown; it is not sent again.
        AlertUncertain = "alert_uncertain",
        /// The stream has ended with its last state.
        Ended = "ended",
        /// The stream's end or its last state did not arrive.
        NotArrived = "not_arrived",
        /// A number out of range was clamped or skipped.
        Adjusted = "adjusted",
        /// A change after the end of the stream was ignored.
        AfterEnd = "after_end",
        /// A state was sent that may not display well.
        Advice = "advice",
        /// Another publisher of the same client publishes the same stream.
        Duplicate = "duplicate",
    }
}

impl EventKind {
    /// Whether it is a warning.
    pub fn is_warning(self) -> bool {
        matches!(
            self,
            Self::Throttled
                | Self::Paused
                | Self::Failing
                | Self::Refused
                | Self::Blocked
                | Self::Stopped
                | Self::AlertUncertain
                | Self::NotArrived
                | Self::Adjusted
                | Self::AfterEnd
                | Self::Advice
                | Self::Duplicate
        )
    }
}

described! {
    /// An event of a publisher.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Event {
        /// The kind, for example `acknowledged`, `failing` or `not_arrived`; new kinds may appear.
        pub kind: EventKind,
        /// Human-readable message.
        pub message: String,
    }
}

impl Event {
    /// The event of a change that came after the end.
    pub fn after_end() -> Self {
        let message = "a change came after the stream was ended; it is ignored".to_owned();
        Self { kind: EventKind::AfterEnd, message }
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = serializer.serialize_struct("Event", 3)?;
        event.serialize_field("kind", self.kind.as_str())?;
        event.serialize_field("message", &self.message)?;
        event.serialize_field("warning", &self.kind.is_warning())?;
        event.end()
    }
}

described! {
    /// Event counters of a publisher.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Counters {
        /// Updates, including the first state.
        pub updates: u64,
        /// Updates that were replaced by a newer one before they were sent.
        pub coalesced: u64,
        /// States that were not sent because the device shows them already.
        pub suppressed: u64,
        /// Requests that were sent.
        pub sent: u64,
        /// Requests that the service accepted.
        pub acknowledged: u64,
        /// Requests that failed.
        pub failed: u64,
        /// Alerts that were replaced by a newer one before they were sent.
        pub alerts_replaced: u64,
    }
}

/// The newest events that were not read.
#[derive(Debug)]
pub(super) struct Events {
    most: usize,
    new: Vec<Event>,
    /// What is reported once a publisher, and was: the kind, and what it is about.
    reported: Vec<(EventKind, String)>,
}

impl Events {
    pub(super) fn new(most: usize) -> Self {
        Self { most, new: Vec::new(), reported: Vec::new() }
    }

    pub(super) fn push(&mut self, kind: EventKind, message: impl Into<String>) {
        self.add(Event { kind, message: message.into() });
    }

    /// Reports an event unless one of its kind was reported before; gives back whether it is new.
    pub(super) fn add_once(&mut self, event: Event) -> bool {
        self.add_once_about("", event)
    }

    /// Reports a warning of a request unless one about the same field, which is its first word, was reported before.
    pub(super) fn add_advice(&mut self, message: &str) {
        let field = message.split(' ').next().unwrap_or_default();
        self.add_once_about(field, Event { kind: EventKind::Advice, message: message.to_owned() });
    }

    fn add_once_about(&mut self, subject: &str, event: Event) -> bool {
        let is_new = !self.reported.iter().any(|(kind, about)| *kind == event.kind && about == subject);
        if is_new {
            self.reported.push((event.kind, subject.to_owned()));
            self.add(event);
        }
        is_new
    }

    fn add(&mut self, event: Event) {
        self.new.push(event);
        if self.new.len() > self.most {
            self.new.remove(0);
        }
    }

    pub(super) fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.new)
    }
}

/// The newest events of a publisher until they are read, and which of them a log warns of.
#[derive(Debug)]
pub(super) struct EventLog {
    most: usize,
    events: Vec<Event>,
    /// Why states do not arrive, as far as the log was warned of it since one has arrived.
    warned_of: Vec<EventKind>,
}

impl EventLog {
    pub(super) fn new(most: usize) -> Self {
        Self { most, events: Vec::new(), warned_of: Vec::new() }
    }

    /// Keeps an event. Gives back whether the log warns of it. While states do not arrive, it warns of each reason once, and not that
    /// the last one did not arrive.
    pub(super) fn keep(&mut self, event: Event) -> bool {
        let kind = event.kind;
        let mut is_known = false;
        match kind {
            EventKind::Failing | EventKind::Refused | EventKind::Blocked | EventKind::Stopped => {
                is_known = self.warned_of.contains(&kind);
                if !is_known {
                    self.warned_of.push(kind);
                }
            }
            EventKind::NotArrived => is_known = !self.warned_of.is_empty(),
            EventKind::Acknowledged | EventKind::Recovered | EventKind::Ended => self.warned_of.clear(),
            _ => {}
        }
        self.events.push(event);
        if self.events.len() > self.most {
            self.events.remove(0);
        }
        kind.is_warning() && !is_known
    }

    /// The events since the last call.
    pub(super) fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_states_do_not_arrive_the_log_warns_of_each_reason_once() {
        let mut log = EventLog::new(64);
        let mut warns = |kind| log.keep(Event { kind, message: String::new() });
        let kinds = [EventKind::Failing, EventKind::Blocked, EventKind::Failing, EventKind::NotArrived];
        assert_eq!(kinds.map(&mut warns), [true, true, false, false]);
        assert!(!warns(EventKind::Recovered));
        assert_eq!([EventKind::Blocked, EventKind::NotArrived].map(&mut warns), [true, false]);
        assert!(!warns(EventKind::Ended));
        assert!(warns(EventKind::NotArrived));
        assert_eq!(log.take().len(), 9);
    }
}
