//! What a caller says when it begins to publish, changes and ends.

use std::time::Duration;

use super::changes::Changes;
use crate::declare::described;

/// How a stream is ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum Ending<'a> {
    /// With its last state, changed once more.
    Finished(Changes),
    /// With a percentage of 100.
    Complete,
    /// Red, and with a badge where the state has room for one; the text is its second line.
    Failed(Option<&'a str>),
    /// As failed, changed once more.
    FailedWith(Option<&'a str>, Changes),
}

impl Ending<'_> {
    /// Whether the job has failed.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::FailedWith(..))
    }
}

/// How often one activity is updated at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pacing {
    /// As often as iOS shows it, for hours: figures after 15 seconds at first and 4 minutes at last, changes at once while there
    /// are few.
    #[default]
    Device,
    /// With at least this interval between two updates, even if iOS holds some back.
    Every(Duration),
}

/// How a stream is published.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// How often it is updated.
    pub pacing: Pacing,
    /// How long its end may take, unless the end itself says so; otherwise what the rules say.
    pub flush_timeout: Option<Duration>,
    /// How long nothing is sent unless the job fails, from the moment at which publishing begins.
    pub show_after: Option<Duration>,
    /// How long the first request waits while the job runs, so that many jobs that begin at the same moment do not call the service at
    /// the same moment.
    pub delay: Option<Duration>,
}

impl From<Pacing> for Options {
    fn from(pacing: Pacing) -> Self {
        Self { pacing, ..Self::default() }
    }
}

/// How soon a change should show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Urgency {
    /// A figure when there is room for it, anything else at once while there are few.
    #[default]
    ByKind,
    /// As if it were more than a figure.
    Urgent,
}

// What other languages say, where the types above are for Rust. The schema has these, so what is added here is generated there.

described! {
    /// How a stream is published.
    #[derive(Default)]
    pub(crate) struct PublishOptions {
        /// Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them.
        pub(super) min_interval: Option<Duration>,
        /// How long the end may take; else as the client's `flush_timeout` says.
        pub(super) flush_timeout: Option<Duration>,
        /// How long nothing is sent, unless the job fails: a job that is over before shows nothing.
        pub(super) show_after: Option<Duration>,
    }
}

impl From<PublishOptions> for Options {
    fn from(PublishOptions { min_interval, flush_timeout, show_after }: PublishOptions) -> Self {
        Self { pacing: min_interval.map_or(Pacing::Device, Pacing::Every), flush_timeout, show_after, delay: None }
    }
}

described! {
    /// What is shown of items.
    pub(crate) struct TrackOptions {
        /// How many items there are, where they do not tell it themselves.
        pub(super) total: Option<u64>,
    }
}

described! {
    /// How a change is sent.
    #[derive(Default)]
    pub(crate) struct ChangeOptions {
        /// Has a figure go as soon as any other change.
        pub(super) urgent: bool,
    }
}

impl From<ChangeOptions> for Urgency {
    fn from(ChangeOptions { urgent }: ChangeOptions) -> Self {
        if urgent { Self::Urgent } else { Self::ByKind }
    }
}

described! {
    /// How a state is waited for.
    #[derive(Default)]
    pub(crate) struct FlushOptions {
        /// How long at most: 10 seconds by default.
        pub(super) timeout: Option<Duration>,
    }
}
