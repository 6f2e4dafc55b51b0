//! Every limit, deadline and default of publishing.

use std::str::FromStr;
use std::time::Duration;

use serde_json::Value;

use super::options::Pacing;
use crate::call::{RULES, Session};
use crate::error::ConfigError;
use crate::json;

/// Declares a struct of rules: each field with its documentation, its type and its default. `as` names it where rules are written
/// as JSON, which is necessary for durations, because they are written as seconds.
macro_rules! rules {
    ($(
        $(#[doc = $struct_doc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $doc:literal])* $field:ident: $type:ty $(as $wire:literal)? = $default:expr, )*
        }
    )*) => { $(
        $(#[doc = $struct_doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[doc = $doc])* pub $field: $type, )*
        }

        impl $name {
            /// The names of the rules in JSON.
            #[doc(hidden)]
            pub const NAMES: &'static [&'static str] = &[$( [$($wire,)? stringify!($field)][0] ),*];
        }

        impl $name {
            const DEFAULT: Self = Self { $( $field: $default ),* };
        }

        impl Default for $name {
            fn default() -> Self {
                Self::DEFAULT
            }
        }

        impl Rule for $name {
            fn set(&mut self, value: &Value) -> Option<()> {
                let rules: &mut [&mut dyn Rule] = &mut [$( &mut self.$field ),*];
                set_all(Self::NAMES, rules, value)
            }
        }
    )* };
}

/// Takes its value from JSON. What serde derives would be a tenth of the WebAssembly module.
trait Rule {
    fn set(&mut self, value: &Value) -> Option<()>;
}

/// Sets those rules that an object names.
fn set_all(names: &[&str], rules: &mut [&mut dyn Rule], values: &Value) -> Option<()> {
    for (name, value) in json::object(values)? {
        let position = names.iter().position(|known| known == name)?;
        rules[position].set(value)?;
    }
    Some(())
}

impl Rule for Duration {
    fn set(&mut self, value: &Value) -> Option<()> {
        let seconds = json::number(value)?.as_f64();
        *self = (seconds >= 0.0).then(|| time(seconds))?;
        Some(())
    }
}

impl Rule for f64 {
    fn set(&mut self, value: &Value) -> Option<()> {
        *self = json::number(value)?.as_f64();
        Some(())
    }
}

impl Rule for u32 {
    fn set(&mut self, value: &Value) -> Option<()> {
        *self = json::number(value)?.as_integer()?.try_into().ok()?;
        Some(())
    }
}

impl Rule for usize {
    fn set(&mut self, value: &Value) -> Option<()> {
        *self = json::number(value)?.as_integer()?.try_into().ok()?;
        Some(())
    }
}

rules! {
    /// The limits, deadlines and defaults of publishing.
    ///
    /// As JSON, every field is optional, unknown fields are errors, and durations are numbers of seconds in fields whose names end
    /// in `_seconds`.
    pub struct Rules {
        /// How long the end of a job that succeeded may take.
        success_timeout: Duration as "success_timeout_seconds" = seconds(2),
        /// How long the end of a job that failed may take.
        failure_timeout: Duration as "failure_timeout_seconds" = seconds(5),
        /// How long a flush may take.
        flush_timeout: Duration as "flush_timeout_seconds" = seconds(10),
        /// How long the end of a process waits for all its publishers together.
        exit_timeout: Duration as "exit_timeout_seconds" = seconds(2),
        /// The longest that a request may take: an end waits for the request before it.
        request_timeout: Duration as "request_timeout_seconds" = seconds(10),
        /// How much later than its timeout the outcome of a request is reported at most.
        request_lateness: Duration as "request_lateness_seconds" = seconds(1),
        /// The shortest timeout of a request: that of one sent at the deadline of an end.
        least_timeout: Duration as "least_timeout_seconds" = Duration::from_millis(250),
        /// The longest wait before the first repetition of a request. It doubles with each further repetition.
        first_backoff: Duration as "first_backoff_seconds" = seconds(1),
        /// The longest wait before any repetition.
        longest_backoff: Duration as "longest_backoff_seconds" = seconds(60),
        /// The shortest wait before any repetition.
        shortest_backoff: Duration as "shortest_backoff_seconds" = Duration::from_millis(100),
        /// The first wait for room on the device, or for a device. It doubles with each further wait.
        first_wait: Duration as "first_wait_seconds" = seconds(60),
        /// The longest wait for room on the device.
        longest_wait_for_room: Duration as "longest_wait_for_room_seconds" = seconds(300),
        /// The longest wait for a device.
        longest_wait_for_device: Duration as "longest_wait_for_device_seconds" = seconds(900),
        /// How much longer than that a wait is by chance, as a share of it.
        wait_spread: f64 = 0.1,
        /// How many states in a row may be refused before no more are sent.
        most_refusals: u32 = 3,
        /// How long nothing is sent after a 401, 402 or 403 answer, unless a call succeeds before.
        pause: Duration as "pause_seconds" = seconds(300),
        /// How many starts with an unknown outcome are repeated without waiting as updates do.
        prompt_starts: u32 = 2,
        /// How many minutes a failure stays on the Lock Screen, unless the caller says otherwise.
        failure_dismiss_minutes: u32 = 60,
        /// The longest reason of a failure that is shown, in characters. A longer one is cut.
        longest_reason: usize = 256,
        /// How many events are kept for a publisher until they are read.
        kept_events: usize = 64,
        /// The shortest interval at which a counter of items is read.
        shortest_look: Duration as "shortest_look_seconds" = Duration::from_millis(10),
        /// The longest interval at which a counter of items is read.
        longest_look: Duration as "longest_look_seconds" = seconds(1),
        /// How often one activity is updated.
        pacing: PacingRules = PacingRules::DEFAULT,
        /// How many requests are sent for one account.
        budget: BudgetRules = BudgetRules::DEFAULT,
    }

    /// How often one activity is updated, as far as the device decides.
    pub struct PacingRules {
        /// How many updates in a row a device shows at once.
        burst: u32 = 12,
        /// How many updates of the burst are reserved for changes that are more than a number.
        reserved_for_changes: u32 = 2,
        /// The average interval between updates after the burst.
        average: Duration as "average_seconds" = seconds(120),
        /// The shortest interval before an update of a number.
        first_number_gap: Duration as "first_number_gap_seconds" = seconds(15),
        /// The longest interval before an update of a number.
        longest_number_gap: Duration as "longest_number_gap_seconds" = seconds(240),
        /// The interval before any other change.
        change_gap: Duration as "change_gap_seconds" = seconds(1),
        /// The interval before any other change when there were more updates than the device shows.
        change_gap_in_debt: Duration as "change_gap_in_debt_seconds" = seconds(30),
    }

    /// How many requests are sent for one account.
    pub struct BudgetRules {
        /// The interval between two requests while the service has named no limit: 50 a minute, at most 59 in any minute.
        interval: Duration as "interval_seconds" = Duration::from_millis(1_200),
        /// How many requests may go at once while the service has named no limit.
        burst: u32 = 10,
        /// The share of the service's limit that is used. Others may send for the account, too.
        share: f64 = 0.8,
        /// The share of the service's limit that may go at once.
        burst_share: f64 = 0.15,
        /// The most requests that may go at once.
        largest_burst: u32 = 20,
        /// How many requests of a burst are reserved for the ends of streams.
        reserved_for_ends: u32 = 3,
        /// How long the reply of a store that several processes share is waited for. Then a process uses a budget of its own.
        store_timeout: Duration as "store_timeout_seconds" = Duration::from_millis(100),
        /// The length of the service's window. Requests from before it no longer count.
        window: Duration as "window_seconds" = seconds(60),
        /// The shortest window of a limit that is accepted.
        shortest_window: Duration as "shortest_window_seconds" = seconds(1),
        /// The longest window of a limit that is accepted.
        longest_window: Duration as "longest_window_seconds" = seconds(86_400),
        /// The shortest interval between two requests.
        shortest_interval: Duration as "shortest_interval_seconds" = Duration::from_millis(1),
        /// The longest interval between two requests that is accepted for a shared budget.
        longest_interval: Duration as "longest_interval_seconds" = seconds(2 * 86_400),
        /// The shortest wait for room, so that a rate that recovers slowly does not wake the driver again and again.
        shortest_wait: Duration as "shortest_wait_seconds" = Duration::from_millis(1),
        /// The shortest pause after a 429 answer.
        shortest_freeze: Duration as "shortest_freeze_seconds" = seconds(1),
        /// The longest pause after a 429 answer.
        longest_freeze: Duration as "longest_freeze_seconds" = seconds(15 * 60),
        /// How much longer than the service asks a pause is by chance, as a share of it.
        freeze_spread: f64 = 0.1,
        /// The first pause after a 429 answer that does not say how long to wait.
        first_blind_freeze: Duration as "first_blind_freeze_seconds" = seconds(60),
        /// How much longer each further such pause is.
        next_blind_freeze: Duration as "next_blind_freeze_seconds" = seconds(30),
        /// The longest such pause.
        longest_blind_freeze: Duration as "longest_blind_freeze_seconds" = seconds(300),
        /// How much longer such a pause is by chance, at most.
        blind_freeze_spread: Duration as "blind_freeze_spread_seconds" = seconds(5),
        /// The share of the rate that is left after such a pause.
        slowdown: f64 = 0.7,
        /// The lowest rate, as a share of the full rate.
        slowest: f64 = 0.1,
        /// The share of the full rate that comes back in a minute.
        recovery_a_minute: f64 = 0.1,
    }
}

impl Rules {
    /// The rules of a session: the defaults, unless the environment says otherwise, and the session's own limit of ends.
    ///
    /// # Errors
    ///
    /// The variable `ACTIVITYSMITH_RULES`, which is there for tests, holds no such JSON.
    pub fn of(session: &Session) -> Result<Self, ConfigError> {
        let mut rules = match session.rules() {
            None => Self::default(),
            Some(text) => text.parse()?,
        };
        if let Some(timeout) = session.flush_timeout() {
            (rules.success_timeout, rules.failure_timeout) = (timeout, timeout);
        }
        Ok(rules)
    }

    /// The interval at which a counter of items is read. It is not zero, because that would keep a driver busy.
    pub(super) fn look(&self, pacing: Pacing) -> Duration {
        let look = match pacing {
            Pacing::Every(gap) => gap.min(self.longest_look).max(self.shortest_look),
            Pacing::Device => self.longest_look,
        };
        look.max(Duration::from_millis(1))
    }
}

/// Reads the JSON of `ACTIVITYSMITH_RULES`.
impl FromStr for Rules {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rules = Self::default();
        let set = json::parse(text.as_bytes()).ok().and_then(|value| rules.set(&value));
        set.map(|()| rules).ok_or_else(|| ConfigError::new(RULES, "has an unknown rule or an invalid value"))
    }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A time of so many seconds, at least zero and at most 30 years, so that neither sums nor multiples of times overflow.
pub(super) fn time(seconds: f64) -> Duration {
    Duration::from_secs_f64(if seconds > 0.0 { seconds.min(1e9) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_given_has_its_default() {
        let rules = Rules::from_str(r#"{"success_timeout_seconds": 0.5, "budget": {"burst": 1}}"#).unwrap();
        let mut expected = Rules { success_timeout: Duration::from_millis(500), ..Rules::default() };
        expected.budget.burst = 1;
        assert_eq!(rules, expected);
    }

    #[test]
    fn unknown_rules_and_negative_times_are_errors() {
        for text in [
            r#"{"first_wait": 1}"#,
            r#"{"pacing": {"brust": 3}}"#,
            r#"{"first_wait_seconds": -1}"#,
            r#"{"first_wait_seconds": "1"}"#,
        ] {
            assert!(Rules::from_str(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_may_be_of_any_length() {
        assert_eq!(Rules::from_str(r#"{"first_wait_seconds": 1e300}"#).unwrap().first_wait, seconds(1_000_000_000));
    }
}
