//! The seven states that a Live Activity can show, each with just the fields that apply to it, and the untyped change.

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value as Json;

use super::metric::{Metric, MetricValue};
use super::object::wire_object;
use super::patch::Patch;
use super::reading;
use super::style::{Badge, Color, Icon};
use crate::declare::names;
use crate::json::{self, Members, Number};
use crate::validate::{self, Field, Findings, Kind, Kinded, Object, Path, Range, View, ViolationCode as Code};

/// What a Live Activity shows.
///
/// A typed state holds everything that a new activity needs, so it can start, update or replace one at any time. A [`Change`]
/// leaves the type out and needs a running activity.
///
/// A field that does not apply to a state does not compile:
///
/// ```compile_fail
/// activitysmith_kit::Timer::countdown("Oven", 90).percentage(42);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ContentState {
    /// Completed steps of a known number.
    SegmentedProgress(SegmentedProgress),
    /// A bar.
    Progress(Progress),
    /// Up to 8 metrics drawn as bars.
    Metrics(Metrics),
    /// Up to 8 metrics as numbers or texts.
    Stats(Stats),
    /// A message.
    Alert(Alert),
    /// A countdown or a stopwatch.
    Timer(Timer),
    /// One prominent value.
    Value(Value),
    /// Changes to the running activity, whatever its type.
    Change(Change),
}

wire_object! {
    /// Completed steps of a known number, each its own segment.
    SegmentedProgress: type = "segmented_progress" (
        /// The headline; not blank.
        title: String,
        /// How many steps there are, at least 1; it may change later.
        number_of_steps: Number,
        /// How many are completed, from 0 to `number_of_steps`.
        current_step: Number,
    ) {
        /// The second line.
        subtitle: String,
        /// The accent colour.
        color: Color,
        /// The current step's colour, in place of `color`.
        step_color: Color,
        /// The completed steps' colours, one for each.
        step_colors: Vec<Color>,
        /// A picture beside the title.
        icon: Icon,
        /// A short label in a corner.
        badge: Badge,
    }
}

wire_object! {
    /// A bar: give `percentage`, or `value` with `upper_limit`. With all three, the percentage wins.
    Progress: type = "progress" (
        /// The headline; not blank.
        title: String,
    ) {
        /// The second line.
        subtitle: String,
        /// How much is done, from 0 to 100.
        percentage: Number,
        /// How much is done, out of `upper_limit`.
        value: Number,
        /// What `value` counts up to; above 0.
        upper_limit: Number,
        /// The accent colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
        /// A short label in a corner.
        badge: Badge,
    }
}

wire_object! {
    /// Metrics drawn as bars: numbers only, best as percentages.
    Metrics: type = "metrics" (
        /// The headline; not blank.
        title: String,
        /// 1 to 8 metrics; two look best.
        metrics: Vec<Metric>,
    ) {
        /// The second line.
        subtitle: String,
        /// The accent colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
    }
}

wire_object! {
    /// Metrics as numbers or formatted texts.
    Stats: type = "stats" (
        /// The headline; not blank.
        title: String,
        /// 1 to 8 metrics.
        metrics: Vec<Metric>,
    ) {
        /// The second line.
        subtitle: String,
        /// The accent colour; each metric has its own.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
    }
}

wire_object! {
    /// A message that asks for attention.
    Alert: type = "alert" (
        /// The headline; not blank.
        title: String,
        /// The text; at least 1 character.
        message: String,
    ) {
        /// The second line.
        subtitle: String,
        /// The buttons' colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
        /// A short label in a corner.
        badge: Badge,
    }
}

wire_object! {
    /// A countdown or a stopwatch that the device runs by itself. Later updates without `duration_seconds` keep it going;
    /// one with it restarts it.
    Timer: type = "timer" (
        /// The headline; not blank.
        title: String,
    ) {
        /// The second line.
        subtitle: String,
        /// The window's length in seconds, above 0; fractions are allowed.
        duration_seconds: Number,
        /// `false` counts up. The service's default is `true`.
        counts_down: bool,
        /// `false` pauses, `true` resumes. Left out, it is not sent.
        is_running: bool,
        /// The accent colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
    }
}

wire_object! {
    /// One prominent value.
    Value: type = "value" (
        /// The headline; not blank.
        title: String,
        /// A finite number, or a text that is shown exactly as given.
        value: MetricValue,
    ) {
        /// The second line.
        subtitle: String,
        /// The accent colour.
        color: Color,
        /// A picture beside the title.
        icon: Icon,
        /// A short label in a corner.
        badge: Badge,
    }
}

/// Defines all that can change of a state, of whatever type, and what it may hold: as a request of its own, and as a part of what is
/// published.
macro_rules! changes {
    ($( $(#[doc = $doc:literal])* $field:ident : $type:ty $(= $kind:expr)? ),* $(,)?) => {
        wire_object! {
            /// Changes to the running activity; the service infers the type. It cannot start an activity: the first request of a
            /// stream, and any request that may have to start a new one, needs a typed state.
            Change(
                /// The headline; not blank.
                title: String = Kind::Label,
            ) {
                $( $(#[doc = $doc])* $field: $type $(= $kind)?, )*
            }
        }

        impl Patch {
            /// The headline; not blank.
            #[must_use]
            pub fn title(self, title: impl Into<String>) -> Self {
                self.of_the_state("title", &title.into())
            }

            $(
                $(#[doc = $doc])*
                #[must_use]
                pub fn $field(self, $field: impl Into<$type>) -> Self {
                    let value: $type = $field.into();
                    self.of_the_state(stringify!($field), &value)
                }
            )*
        }
    };
}

changes! {
    /// The second line.
    subtitle: String,
    /// `segmented_progress`: how many steps there are, at least 1.
    number_of_steps: Number = Kind::at_least(1),
    /// `segmented_progress`: how many are completed.
    current_step: Number = Kind::at_least(0),
    /// `progress`: how much is done, from 0 to 100.
    percentage: Number = Kind::Number(Range::Percent),
    /// `progress`: how much is done, out of `upper_limit`; `value`: the value.
    value: MetricValue,
    /// `progress`: what `value` counts up to; above 0.
    upper_limit: Number = Kind::Number(Range::Positive),
    /// `metrics` and `stats`: 1 to 8 metrics.
    metrics: Vec<Metric> = Kind::List { of: &Metric::KIND, least: 1, most: 8 },
    /// `alert`: the text.
    message: String = Kind::NonEmpty,
    /// `timer`: restarts it with this length in seconds.
    duration_seconds: Number = Kind::Number(Range::Positive),
    /// `timer`: the direction.
    counts_down: bool,
    /// `timer`: `false` pauses, `true` resumes.
    is_running: bool,
    /// The accent colour.
    color: Color,
    /// `segmented_progress`: the current step's colour.
    step_color: Color,
    /// `segmented_progress`: the completed steps' colours.
    step_colors: Vec<Color>,
    /// A picture beside the title.
    icon: Icon,
    /// A short label in a corner.
    badge: Badge,
}

impl Timer {
    /// Counts down from this length: a [`Duration`](std::time::Duration), or a number of seconds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use activitysmith_kit::Timer;
    ///
    /// assert_eq!(Timer::countdown("Oven", Duration::from_secs(90)), Timer::countdown("Oven", 90));
    /// ```
    pub fn countdown(title: impl Into<String>, duration: impl Into<Number>) -> Self {
        Self::new(title).duration_seconds(duration)
    }

    /// Counts up from zero with no end.
    pub fn elapsed(title: impl Into<String>) -> Self {
        Self::new(title).counts_down(false)
    }
}

macro_rules! states {
    ($($state:ident = $text:literal),* $(,)?) => {
        names! {
            /// Which of the seven states one is.
            pub enum StateType {
                $( $state = $text, )*
            }
        }

        impl StateType {
            /// The fields that a new activity of this type requires.
            pub(crate) fn required(self) -> &'static [&'static str] {
                match self {
                    $( Self::$state => $state::REQUIRED, )*
                }
            }

            /// The other fields that apply to this type.
            pub(crate) fn optional(self) -> &'static [&'static str] {
                match self {
                    $( Self::$state => $state::OPTIONAL, )*
                }
            }
        }

        $( impl From<$state> for ContentState {
            fn from(state: $state) -> Self {
                Self::$state(state)
            }
        } )*

        /// The state that its `type` names; without one a [`Change`].
        impl<'de> Deserialize<'de> for ContentState {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut members = reading::members(deserializer)?;
                let state_type = reading::optional(&mut members, "type")?;
                let state = Json::Object(members);
                match state_type {
                    $( Some(StateType::$state) => $state::deserialize(state).map(Self::$state), )*
                    None => Change::deserialize(state).map(Self::Change),
                }
                .map_err(D::Error::custom)
            }
        }
    };
}

states! {
    SegmentedProgress = "segmented_progress",
    Progress = "progress",
    Metrics = "metrics",
    Stats = "stats",
    Alert = "alert",
    Timer = "timer",
    Value = "value",
}

impl From<Change> for ContentState {
    fn from(change: Change) -> Self {
        Self::Change(change)
    }
}

const TYPE: Field = Field { name: "type", kind: Kind::Choice(StateType::NAMES) };
const MINUTES: Field = Field { name: "auto_dismiss_minutes", kind: Kind::at_least(0) };

/// A state of whatever type, and what may stand beside it.
const fn state(beside: &'static [&'static [Field]; 2], rules: fn(&View<'_>, &Path<'_>, &mut Findings)) -> Object {
    Object { fields: beside, required: Change::REQUIRED, rules }
}

/// What a stream shows.
pub(crate) static CONTENT_STATE: Object = state(&[Change::FIELDS, &OF_STREAMS], new);
/// What ends a stream starts nothing, so it need not be whole.
pub(crate) static FINAL_STATE: Object = state(&[Change::FIELDS, &OF_STREAMS], known);
/// What starts an activity.
pub(crate) static STARTED_STATE: Object = state(&[Change::FIELDS, &[TYPE]], new);
/// What updates an activity by its id.
pub(crate) static RUNNING_STATE: Object = state(&[Change::FIELDS, &[TYPE]], running);
/// What ends an activity by its id.
pub(crate) static ENDED_STATE: Object = state(&[Change::FIELDS, &[TYPE, MINUTES]], running);

/// Whether a state of a stream has a field of this name.
pub(crate) fn is_of_a_state(name: &str) -> bool {
    CONTENT_STATE.kind(name).is_some()
}

const OF_STREAMS: [Field; 3] = [TYPE, Field { name: "auto_dismiss_seconds", kind: Kind::at_least(0) }, MINUTES];

impl Kinded for ContentState {
    const KIND: Kind = Kind::Object(&CONTENT_STATE);
}

/// The numbers of a state whose values no rule here compares with others.
const FREE_NUMBERS: [&str; 2] = ["percentage", "value"];

/// Whether a number of a state may have this value, and no rule compares it with others.
pub(crate) fn stands_alone(name: &str, number: Number) -> bool {
    FREE_NUMBERS.contains(&name) && validate::may_be(&CONTENT_STATE, name, number)
}

/// Which of the seven states one is, if it says so.
pub(crate) fn type_of(state: &Members) -> Option<StateType> {
    StateType::from_name(state.get("type")?.as_str()?)
}

/// A request that may have to start an activity needs a state that names its type.
pub(super) fn names_type(object: &'static Object, request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    let state = request.get("content_state").and_then(json::object);
    if state.is_some_and(|state| !state.contains_key("type")) {
        validate::missing(object, "type", &path.member("content_state"), findings);
    }
}

/// A state that may have to start an activity must be whole, if it names its type. One that does not is a change to what runs.
fn new(state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    whole(&[], state, path, findings);
}

/// A running activity knows how many steps it has.
fn running(state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    whole(&["number_of_steps"], state, path, findings);
}

fn whole(kept: &[&str], state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    if let Some(state_type) = state_type(state) {
        for name in state_type.required().iter().filter(|name| **name != "title" && !kept.contains(name)) {
            if !state.has(name) {
                validate::missing(&CONTENT_STATE, name, path, findings);
            }
        }
        if state_type == StateType::Progress
            && !["percentage", "value", "upper_limit"].iter().any(|name| state.has(name))
        {
            findings.report(
                &path.member("percentage"),
                Code::Missing,
                format_args!("is missing; give a number from 0 to 100, or value and upper_limit"),
            );
        }
    }
    known(state, path, findings);
}

/// What holds for every state, also for one that ends a stream.
fn known(state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    let state_type = state_type(state);
    if let Some(state_type) = state_type {
        applicable(state_type, state, path, findings);
    }
    match state_type {
        Some(StateType::Progress) => progress(state, path, findings),
        Some(StateType::Metrics) => numbers_only(state, path, findings),
        None if state.has("upper_limit") => progress(state, path, findings),
        _ => {}
    }
    steps(state, path, findings);
}

fn state_type(state: &View<'_>) -> Option<StateType> {
    state.get("type").and_then(Json::as_str).and_then(StateType::from_name)
}

fn applicable(state_type: StateType, state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    for name in state.checked_names() {
        let elsewhere = |other: &&StateType| other.required().contains(&name) || other.optional().contains(&name);
        if !elsewhere(&&state_type) && StateType::ALL.iter().any(|other| elsewhere(&other)) {
            let takers: Vec<_> = StateType::ALL.iter().filter(elsewhere).map(|taker| taker.as_str()).collect();
            let (given, takers) = (state_type.as_str(), takers.join(", "));
            let message = format_args!("does not apply to type {given}, only to {takers}; leave it out");
            findings.report(&path.member(name), Code::NotApplicable, message);
        }
    }
}

/// `value` and `upper_limit` mean something only together.
fn progress(state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    for (one, other) in [("value", "upper_limit"), ("upper_limit", "value")] {
        if state.has(one) && !state.has(other) {
            findings.report(
                &path.member(other),
                Code::Missing,
                format_args!("is missing; {one} requires it: give both, or percentage alone"),
            );
        }
    }
    if let Some(Json::String(_)) = state.get("value") {
        findings.report(
            &path.member("value"),
            Code::WrongType,
            format_args!("is a string; give a number (texts are for type value)"),
        );
    }
}

/// `metrics` draws bars, which a text has not.
fn numbers_only(state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    let here = path.member("metrics");
    for (index, metric) in state.get("metrics").and_then(Json::as_array).into_iter().flatten().enumerate() {
        if let Some(Json::String(_)) = metric.get("value") {
            findings.report(
                &here.item(index).member("value"),
                Code::WrongType,
                format_args!("is a string; give a number, or use type stats, which takes texts"),
            );
        }
    }
}

fn steps(state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    let number = |name| state.get(name).and_then(json::number);
    if let (Some(current), Some(all)) = (number("current_step"), number("number_of_steps"))
        && current.as_f64() > all.as_f64()
    {
        findings.report(
            &path.member("current_step"),
            Code::Conflict,
            format_args!("is {current} of {all}; give at most number_of_steps"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The states say which of them takes which field, the untyped change what a field may hold; each must know the other's names.
    #[test]
    fn states_and_the_untyped_change_know_the_same_fields() {
        let mut known: Vec<&str> = CONTENT_STATE.names().collect();
        for &state in StateType::ALL {
            for name in state.required().iter().chain(state.optional()) {
                assert!(known.contains(name), "{name} of {state:?} is not in the change");
            }
        }
        known.retain(|name| {
            !StateType::ALL.iter().any(|state| state.required().contains(name) || state.optional().contains(name))
        });
        assert_eq!(known, ["type", "auto_dismiss_seconds", "auto_dismiss_minutes"], "in the table, but of no state");
    }
}
