//! The clock of a running emulator: the machine's, possibly moved ahead, or one that is set by hand.

use std::time::{Duration, SystemTime};

use serde::Serialize;

use crate::options::Clock;
use crate::time::Timestamp;

#[derive(Debug, Clone, Copy)]
pub(crate) enum RunningClock {
    Real { ahead: Duration },
    Manual(Timestamp),
}

impl RunningClock {
    pub(crate) fn new(clock: Clock) -> Self {
        match clock {
            Clock::Real => Self::Real { ahead: Duration::ZERO },
            Clock::Manual(now) => Self::Manual(now),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        match self {
            Self::Real { ahead } => Timestamp::from(SystemTime::now()).after(*ahead),
            Self::Manual(now) => *now,
        }
    }

    /// Goes on as that clock does. One that runs begins where this one is, or at the machine's time where that is later: what has
    /// happened does not come to lie in the future.
    pub(crate) fn go_on_as(&mut self, clock: Clock) {
        *self = match clock {
            Clock::Manual(now) => Self::Manual(now),
            Clock::Real => {
                let ahead = self.now().millis_since(Timestamp::from(SystemTime::now()));
                Self::Real { ahead: Duration::from_millis(ahead) }
            }
        };
    }

    pub(crate) fn advance(&mut self, duration: Duration) {
        match self {
            Self::Real { ahead } => *ahead = ahead.saturating_add(duration),
            Self::Manual(now) => *now = now.after(duration),
        }
    }

    pub(crate) fn view(&self) -> ClockView {
        let mode = match self {
            Self::Real { .. } => "real",
            Self::Manual(_) => "manual",
        };
        ClockView { mode, now: self.now() }
    }
}

/// A clock as it can be looked at.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ClockView {
    mode: &'static str,
    now: Timestamp,
}
