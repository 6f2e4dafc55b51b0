//! Where a publisher stands: open, ending or over, and what it has under way.

use std::sync::Arc;
use std::time::Duration;

use crate::api::Answer;
use crate::error::Error;
use crate::publish::budget::Class;
use crate::publish::changes::Changes;

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "each publisher ends once, and has one anyway")]
pub(super) enum Phase {
    Open,
    Ending(EndPhase),
    /// With the end's outcome.
    Over(Result<Answer, Error>),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub(super) class: Class,
    pub(super) since: Duration,
    /// It skips the pacer, because a caller waits for it.
    pub(super) hurried: bool,
}

#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct EndPhase {
    /// Changes to the state that apply to the end alone.
    pub(super) changes: Changes,
    pub(super) since: Duration,
    pub(super) deadline: Duration,
    pub(super) timeout: Duration,
    /// The state before was sent once more, with an unknown outcome. Then the end follows all the same.
    pub(super) shown_in_vain: bool,
    /// The job has succeeded.
    pub(super) succeeded: bool,
    /// The state before was sent, to have something to end.
    pub(super) show_tried: bool,
    /// The end was sent.
    pub(super) tried: bool,
    /// The deadline was moved for a last request.
    pub(super) extended: bool,
    /// Why the last state was refused. Then the stream ends without it.
    pub(super) refused: Option<Error>,
    /// What went wrong last.
    pub(super) failure: Option<Error>,
    /// Requests failed already when it began.
    pub(super) was_failing: bool,
}

impl EndPhase {
    /// An alert that may have been shown: the state's, and the end's own if it was the end that carried it.
    pub(super) fn forget_alert(&mut self, of_the_end: bool) {
        if of_the_end {
            self.changes.rest.shift_remove("alert");
        }
    }
}

/// A request under way.
#[derive(Debug)]
pub(super) struct InFlight {
    pub(super) version: u64,
    pub(super) pending: Pending,
    pub(super) levels: Vec<u8>,
    pub(super) carries_alert: bool,
    pub(super) is_end: bool,
}

/// A state that the service has refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) version: u64,
    pub(super) levels: Vec<u8>,
    pub(super) error: Arc<Error>,
}

/// What an outcome means for the other publishers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::publish) enum Consequence {
    None,
    /// An activity has ended, so there is room for another.
    Room,
    /// The service refuses the key or the account, for any stream.
    Pause,
}
