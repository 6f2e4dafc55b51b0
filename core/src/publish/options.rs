//! What a caller says when it begins to publish, changes and ends.

use std::time::Duration;

use serde_json::Value;

use super::changes::Changes;
use crate::declare::described;

/// How a stream ends.
#[derive(Debug)]
#[non_exhaustive]
pub enum Ending<'a> {
    /// With its last state, after a last change.
    Finished(Changes),
    /// With a percentage of 100.
    Complete,
    /// Red, with a badge where the state has one; the text is the second line.
    Failed(Option<&'a str>),
    /// As failed, after a last change.
    FailedWith(Option<&'a str>, Changes),
}

impl Ending<'_> {
    /// Whether the job has failed.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::FailedWith(..))
    }
}

/// The maximum rate of updates of one activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pacing {
    /// As often as iOS shows them for hours: numbers every 15 seconds at first and every 4 minutes later, other changes at once
    /// while there are few.
    #[default]
    Device,
    /// At least this interval between two updates, even if iOS holds some back.
    Every(Duration),
}

/// Options of publishing.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// How often it is updated.
    pub pacing: Pacing,
    /// The timeout of the end, unless the end has its own; default: the rules'.
    pub flush_timeout: Option<Duration>,
    /// Sends nothing for this time after the start, unless the job fails.
    pub show_after: Option<Duration>,
    /// Delays the first request, so that jobs that start at the same moment do not call the service at the same moment.
    pub delay: Option<Duration>,
    /// What is pushed when the job ends.
    pub(crate) pushes: Pushes,
}

/// Push notifications about the end of a job, which are checked when publishing starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pushes {
    pub(crate) on_failure: Option<PushBody>,
    pub(crate) on_success: Option<PushBody>,
}

/// A push notification that has not been checked.
#[derive(Clone, Debug)]
pub(crate) struct PushBody(pub(crate) Value);

#[cfg(feature = "describe")]
impl crate::describe::Typed for PushBody {
    fn of() -> crate::describe::Type {
        <crate::Push as crate::describe::Typed>::of()
    }
}

impl From<Pacing> for Options {
    fn from(pacing: Pacing) -> Self {
        Self { pacing, ..Self::default() }
    }
}

/// How soon a change should show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Urgency {
    /// Numbers at the next interval, other changes at once while there are few.
    #[default]
    ByKind,
    /// At once, numbers too.
    Urgent,
}

// What other languages say, where the types above are for Rust. The schema has these, so what is added here is generated there.

described! {
    /// Options of publishing.
    #[derive(Default)]
    pub(crate) struct PublishOptions {
        /// Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them.
        pub(super) min_interval: Option<Duration>,
        /// The timeout of the end. Default: the client's `flush_timeout`.
        pub(super) flush_timeout: Option<Duration>,
        /// Sends nothing for this time, unless the job fails: a shorter job is never shown.
        pub(super) show_after: Option<Duration>,
        /// A push notification if the job fails. If it cannot be sent, that is logged.
        pub(super) on_failure: Option<PushBody>,
        /// A push notification if the job succeeds. If it cannot be sent, that is logged.
        pub(super) on_success: Option<PushBody>,
    }
}

impl From<PublishOptions> for Options {
    fn from(options: PublishOptions) -> Self {
        let PublishOptions { min_interval, flush_timeout, show_after, on_failure, on_success } = options;
        let pacing = min_interval.map_or(Pacing::Device, Pacing::Every);
        Self { pacing, flush_timeout, show_after, delay: None, pushes: Pushes { on_failure, on_success } }
    }
}

described! {
    /// Options of a tracked loop.
    pub(crate) struct TrackOptions {
        /// The number of items, where it cannot be determined.
        pub(super) total: Option<u64>,
    }
}

described! {
    /// Options of a change.
    #[derive(Default)]
    pub(crate) struct ChangeOptions {
        /// Sends numbers as soon as any other change.
        pub(super) urgent: bool,
    }
}

impl From<ChangeOptions> for Urgency {
    fn from(ChangeOptions { urgent }: ChangeOptions) -> Self {
        if urgent { Self::Urgent } else { Self::ByKind }
    }
}

described! {
    /// Options of a flush.
    #[derive(Default)]
    pub(crate) struct FlushOptions {
        /// The timeout: 10 seconds by default.
        pub(super) timeout: Option<Duration>,
    }
}
