//! What a caller says when it begins to publish, changes and ends.

use std::time::Duration;

use super::changes::Changes;
use super::pacer::Pacing;

/// How a stream is ended.
#[derive(Debug)]
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
