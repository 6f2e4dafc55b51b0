//! The calls under way. JavaScript knows them by numbers: an object for each would have to be watched by its garbage collector.

use std::str;
use std::time::{Duration, SystemTime};

use activitysmith_kit::exchange::{Exchange, Now};
use activitysmith_kit::publish::PublisherId;

/// One call under way.
pub(crate) struct Call {
    pub(crate) exchange: Exchange,
    /// Who publishes by it; nobody where it is a direct call.
    pub(crate) publisher: Option<PublisherId>,
}

/// Those of a session.
#[derive(Default)]
pub(crate) struct Calls {
    under_way: Vec<(u32, Call)>,
    /// How many there have been.
    begun: u32,
}

impl Calls {
    /// Takes up a call, and gives what to send: lines with its number, how many milliseconds that may take, the method, the path
    /// and, where it has one, the body.
    pub(crate) fn begin(&mut self, exchange: Exchange, publisher: Option<PublisherId>, now: Now) -> String {
        self.begun = self.begun.wrapping_add(1);
        let request = exchange.request();
        // Nobody waits longer than 32 bits can tell.
        let time_left = u32::try_from(exchange.time_left(now).as_millis()).unwrap_or(u32::MAX);
        let mut text = String::with_capacity(64 + request.path.len() + request.body.as_ref().map_or(0, Vec::len));
        for line in [&self.begun.to_string(), &time_left.to_string(), request.method.as_str()] {
            text.push_str(line);
            text.push('\n');
        }
        text.push_str(&request.path);
        // JSON, which has no line break but in strings, where it is written as `\n`.
        if let Some(body) = request.body.as_deref().and_then(|body| str::from_utf8(body).ok()) {
            text.push('\n');
            text.push_str(body);
        }
        self.under_way.push((self.begun, Call { exchange, publisher }));
        text
    }

    pub(crate) fn get(&mut self, number: u32) -> Result<&mut Call, String> {
        let call = self.under_way.iter_mut().find(|(known, _)| *known == number);
        call.map(|(_, call)| call).ok_or_else(|| "the call is over".to_owned())
    }

    pub(crate) fn forget(&mut self, number: u32) {
        self.under_way.retain(|(known, _)| *known != number);
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
