//! One call under way.

use std::time::{Duration, SystemTime};

use activitysmith_kit::exchange::{self, Now};
use activitysmith_kit::publish::PublisherId;
use activitysmith_kit::session::Begun;
use wasm_bindgen::prelude::*;

use crate::session::json;

/// One call: under way, or over before anything was sent.
#[wasm_bindgen]
pub struct Exchange {
    begun: Begun,
    /// Who publishes by it; nobody where it is a direct call.
    pub(crate) publisher: Option<PublisherId>,
}

#[wasm_bindgen]
impl Exchange {
    /// What came of it, as JSON, if nothing is to be sent.
    pub fn outcome(&self) -> Option<String> {
        match &self.begun {
            Begun::Exchange(_) => None,
            Begun::Done(outcome) => Some(json(&outcome.with_extra_apart())),
        }
    }

    /// How long the next request may take, in milliseconds.
    #[wasm_bindgen(js_name = timeLeft)]
    pub fn time_left(&self, monotonic: f64) -> f64 {
        match &self.begun {
            // Nobody looks at the time of day to tell how much is left.
            Begun::Exchange(exchange) => exchange.time_left(now(monotonic, 0.0)).as_secs_f64() * 1000.0,
            Begun::Done(_) => 0.0,
        }
    }
}

impl Exchange {
    pub(crate) fn of(begun: Begun, publisher: Option<PublisherId>) -> Self {
        Self { begun, publisher }
    }

    pub(crate) fn under_way(&mut self) -> Result<&mut exchange::Exchange, String> {
        match &mut self.begun {
            Begun::Exchange(exchange) => Ok(exchange),
            Begun::Done(_) => Err("the call is over".to_owned()),
        }
    }
}

/// Both clocks, from milliseconds.
pub(crate) fn now(monotonic: f64, wall: f64) -> Now {
    Now { monotonic: milliseconds(monotonic), wall: SystemTime::UNIX_EPOCH + milliseconds(wall) }
}

/// A clock that reads nonsense reads zero.
fn milliseconds(time: f64) -> Duration {
    Duration::try_from_secs_f64(time / 1000.0).unwrap_or_default()
}
