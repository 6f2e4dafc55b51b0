//! What all connections share: the service, the clock and the viewers of events.

pub(crate) mod clock;
pub(crate) mod events;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::options::Clock;
use crate::service::Service;
use crate::time::Timestamp;
use clock::RunningClock;
use events::Events;

/// What every connection works on.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) has_control: bool,
    state: Mutex<State>,
    pub(crate) events: Events,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) service: Service,
    pub(crate) clock: RunningClock,
    /// Viewers of the events have not been told of the clock as it is.
    pub(crate) clock_changed: bool,
    /// The newest request that they were told of.
    pub(crate) told: u64,
}

impl State {
    pub(crate) fn new(service: Service, clock: Clock) -> Self {
        Self { service, clock: RunningClock::new(clock), clock_changed: false, told: 0 }
    }

    pub(crate) fn set_clock(&mut self, clock: Clock) {
        self.clock.go_on_as(clock);
        self.clock_changed = true;
    }

    pub(crate) fn advance(&mut self, duration: Duration) {
        self.clock.advance(duration);
        self.clock_changed = true;
    }
}

impl Shared {
    pub(crate) fn new(has_control: bool, state: State, events: Events) -> Self {
        Self { has_control, state: Mutex::new(state), events }
    }

    /// The state, whatever became of a thread that held it before.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the service at the time of the clock.
    pub(crate) fn at_now<T>(&self, work: impl FnOnce(&mut Service, Timestamp) -> T) -> T {
        let mut state = self.lock();
        let now = state.clock.now();
        work(&mut state.service, now)
    }
}
