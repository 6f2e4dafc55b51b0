//! The latest state of one stream: what the next request will say, and which part of that is new.

use serde_json::{Value, json};

use super::budget::Class;
use super::changes::Changes;
use super::clamp;
use super::rules::Rules;
use crate::api::{self, END_STREAM, PUBLISH, Spec, StateType};
use crate::call::Request;
use crate::json::{self, EXTRA, Members};
use crate::validate::ValidationError;

/// The latest state, with all that goes beside it.
///
/// Of most of it only the newest value counts. What has an effect each time it is sent is a [`OneShot`]: it stays until a request
/// that carried it was acknowledged, and is then removed.
#[derive(Debug)]
pub(super) struct LatestState {
    stream_key: String,
    latest: Changes,
    /// Counts changes.
    version: u64,
    /// The version in which each one-shot was last set.
    set_in: [u64; OneShot::ALL.len()],
    /// Which number of a change was clamped or skipped, until it was reported.
    adjusted: Option<String>,
}

/// What has an effect each time it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OneShot {
    Alert,
    /// Restarts the timer's window.
    Duration,
    /// An empty list clears what the stream has.
    NoTags,
    NoMetadata,
}

impl OneShot {
    const ALL: [Self; 4] = [Self::Alert, Self::Duration, Self::NoTags, Self::NoMetadata];

    fn field(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Duration => "duration_seconds",
            Self::NoTags => "tags",
            Self::NoMetadata => "metadata",
        }
    }

    fn members(self, changes: &Changes) -> &Members {
        if self == Self::Duration { &changes.state } else { &changes.rest }
    }

    fn is_in(self, changes: &Changes) -> bool {
        let members = self.members(changes);
        let in_extra = || members.get(EXTRA)?.get(self.field());
        members.get(self.field()).or_else(in_extra).is_some_and(|value| match (self, value) {
            (Self::Alert | Self::Duration, _) => true,
            (Self::NoTags, Value::Array(list)) => list.is_empty(),
            (Self::NoMetadata, Value::Object(members)) => members.is_empty(),
            _ => false,
        })
    }

    fn take_from(self, changes: &mut Changes) {
        let members = if self == Self::Duration { &mut changes.state } else { &mut changes.rest };
        members.shift_remove(self.field());
        if let Some(Value::Object(extra)) = members.get_mut(EXTRA) {
            extra.shift_remove(self.field());
        }
    }
}

/// What kind of change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChangeKind {
    pub(super) class: Class,
    /// The version of an alert that it replaces before that was acknowledged.
    pub(super) replaces_alert_of: Option<u64>,
}

impl LatestState {
    /// The first state of a stream, which must be one that can start an activity.
    pub(super) fn new(stream_key: &str, first: Changes) -> Result<Self, ValidationError> {
        let mut latest = first;
        let adjusted = clamp::clamp(&mut latest.state, None).message;
        let latest = Self { stream_key: stream_key.to_owned(), latest, version: 1, set_in: [1; 4], adjusted };
        latest.check(&latest.latest)?;
        Ok(latest)
    }

    pub(super) fn stream_key(&self) -> &str {
        &self.stream_key
    }

    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Changes some of it, unless that breaks a rule; gives back what kind of change that is, if it is one.
    pub(super) fn update(&mut self, changes: Changes) -> Result<Option<ChangeKind>, ValidationError> {
        if let Some(class) = self.change_number(&changes) {
            return Ok(class.map(|class| ChangeKind { class, replaces_alert_of: None }));
        }
        self.change(changes)
    }

    /// Makes any change.
    fn change(&mut self, mut changes: Changes) -> Result<Option<ChangeKind>, ValidationError> {
        let skipped = self.clamp(&mut changes);
        let one_shots = OneShot::ALL.map(|one_shot| one_shot.is_in(&changes));
        let mut candidate = self.latest.clone();
        candidate.merge(changes);
        self.take_over(candidate, one_shots, skipped)
    }

    /// Clamps the numbers of a change; gives back whether one was skipped.
    pub(super) fn clamp(&mut self, changes: &mut Changes) -> bool {
        let state = clamp::clamp(&mut changes.state, Some(&self.latest.state));
        let adjustment = state.and(clamp::clamp_metadata(&mut changes.rest));
        self.adjusted = self.adjusted.take().or(adjustment.message);
        adjustment.skipped
    }

    /// Which number was clamped or skipped since the last call.
    pub(super) fn take_adjusted(&mut self) -> Option<String> {
        self.adjusted.take()
    }

    /// Puts another state in place of the whole one; what goes beside it stays unless it is given.
    pub(super) fn replace(&mut self, mut changes: Changes) -> Result<Option<ChangeKind>, ValidationError> {
        let skipped = self.clamp(&mut changes);
        let one_shots = OneShot::ALL.map(|one_shot| one_shot.is_in(&changes));
        let mut candidate = Changes { state: changes.state, rest: self.latest.rest.clone() };
        candidate.merge(Changes { state: Members::new(), rest: changes.rest });
        self.take_over(candidate, one_shots, skipped)
    }

    /// `skipped` says that a number of the change could not be shown.
    fn take_over(
        &mut self,
        mut candidate: Changes,
        one_shots: [bool; OneShot::ALL.len()],
        skipped: bool,
    ) -> Result<Option<ChangeKind>, ValidationError> {
        if !one_shots[OneShot::Duration as usize] {
            self.pass_window_on(&mut candidate);
        }
        match self.check(&candidate) {
            // Without the skipped number the change has no meaning.
            Err(error) if skipped && error.is_only_missing() => return Ok(None),
            checked => checked?,
        }
        let has_one_shot = one_shots.contains(&true);
        let Some(class) = class(&self.latest, &candidate).max(has_one_shot.then_some(Class::Transition)) else {
            return Ok(None);
        };
        let replaces_alert = one_shots[OneShot::Alert as usize] && OneShot::Alert.is_in(&self.latest);
        let replaces_alert_of = replaces_alert.then_some(self.set_in[OneShot::Alert as usize]);
        self.latest = candidate;
        self.version += 1;
        for (set_in, set) in self.set_in.iter_mut().zip(one_shots) {
            if set {
                *set_in = self.version;
            }
        }
        Ok(Some(ChangeKind { class, replaces_alert_of }))
    }

    /// Whether a window that was set was sent already depends on timing, so it must make no difference: a timer that comes after it
    /// keeps it, and any other type drops it.
    fn pass_window_on(&self, candidate: &mut Changes) {
        let window = OneShot::Duration.field();
        candidate.state.shift_remove(window);
        let takes_it = api::type_of(&candidate.state).is_none_or(|state| takes(state, window));
        if let Some(pending) = self.latest.state.get(window).filter(|_| takes_it) {
            candidate.state.insert(window.to_owned(), pending.clone());
        }
    }

    /// The fast path of the most frequent change: one number that no rule compares with others. `None` for any other change.
    #[allow(clippy::option_option, reason = "whether it was that, and then whether it was a change")]
    fn change_number(&mut self, changes: &Changes) -> Option<Option<Class>> {
        let (name, value) = changes.state.iter().next()?;
        let new = json::number(value)?;
        if changes.state.len() > 1 || !changes.rest.is_empty() || !api::stands_alone(name, new) {
            return None;
        }
        let was_complete = is_complete(&self.latest.state);
        let place = self.latest.state.get_mut(name)?;
        if json::number(place)? == new {
            return Some(None);
        }
        *place = new.into();
        self.version += 1;
        let completes = !was_complete && is_complete(&self.latest.state);
        Some(Some(if completes { Class::Transition } else { Class::Tick }))
    }

    fn check(&self, candidate: &Changes) -> Result<(), ValidationError> {
        let mut body = candidate.to_body();
        PUBLISH.check(&self.stream_key.as_str().into(), &mut body)
    }

    /// The request that shows all of it.
    pub(super) fn request(&self) -> Result<Request, ValidationError> {
        self.build(&PUBLISH, self.latest.to_body())
    }

    /// The request that ends the stream with it. `changes` apply to the end alone, as far as it takes them.
    pub(super) fn end_request(&self, changes: Changes) -> Result<Request, ValidationError> {
        let mut last = self.latest.clone();
        for name in ["channels", "target"] {
            last.rest.shift_remove(name);
        }
        last.merge(changes);
        self.build(&END_STREAM, last.to_body())
    }

    /// The request that ends the stream without a state.
    pub(super) fn bare_end_request(&self) -> Result<Request, ValidationError> {
        self.build(&END_STREAM, Members::new().into())
    }

    fn build(&self, spec: &'static Spec, body: Value) -> Result<Request, ValidationError> {
        Request::build(spec, &self.stream_key.as_str().into(), body)
    }

    /// All of it but the one-shots, to be compared. The order of members makes no difference.
    pub(super) fn levels(&self) -> Vec<u8> {
        let mut levels = self.latest.clone();
        OneShot::ALL
            .iter()
            .filter(|one_shot| one_shot.is_in(&self.latest))
            .for_each(|one_shot| one_shot.take_from(&mut levels));
        let mut body = levels.to_body();
        body.sort_all_objects();
        json::write(&body)
    }

    pub(super) fn has_one_shots(&self) -> bool {
        OneShot::ALL.iter().any(|one_shot| one_shot.is_in(&self.latest))
    }

    /// A request that carried this version was acknowledged: its one-shots are removed.
    pub(super) fn acknowledged(&mut self, version: u64) {
        for one_shot in OneShot::ALL {
            self.settle(one_shot, version);
        }
    }

    /// A request that carried this version may have been done: all of it is sent again but its alert.
    pub(super) fn forget_alert(&mut self, version: u64) {
        self.settle(OneShot::Alert, version);
    }

    /// Whether there is an alert that a request of this version did not carry.
    pub(super) fn has_alert_since(&self, version: u64) -> bool {
        OneShot::Alert.is_in(&self.latest) && self.set_in[OneShot::Alert as usize] > version
    }

    fn settle(&mut self, one_shot: OneShot, version: u64) {
        if one_shot.is_in(&self.latest) && self.set_in[one_shot as usize] <= version {
            one_shot.take_from(&mut self.latest);
        }
    }

    /// What ends a job that has failed, changed once more. The rules say how long it stays on the Lock Screen unless the changes do.
    pub(super) fn failed(&self, reason: Option<&str>, changes: Changes, rules: &Rules) -> Changes {
        let mut failed = self.look_of_failure(reason, rules);
        if [&changes.state, &changes.rest].iter().all(|members| !members.contains_key("auto_dismiss_seconds")) {
            failed.state.insert("auto_dismiss_minutes".to_owned(), rules.failure_dismiss_minutes.into());
        }
        failed.merge(changes);
        failed
    }

    /// What shows that the job has failed: red, with a badge where the state has room for one, and `reason` in its second line,
    /// shortened where it is long.
    pub(super) fn look_of_failure(&self, reason: Option<&str>, rules: &Rules) -> Changes {
        let state_type = api::type_of(&self.latest.state);
        let takes = |name: &str| state_type.is_some_and(|known| takes(known, name));
        let mut state = Members::from_iter([("color".to_owned(), "red".into())]);
        if takes("badge") {
            state.insert("badge".to_owned(), json!({"title": "Failed", "color": "red"}));
        }
        if let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) {
            let line = if takes("message") { "message" } else { "subtitle" };
            state.insert(line.to_owned(), shorten(reason, rules.longest_reason).into());
        }
        Changes { state, rest: Members::new() }
    }
}

/// At most so many characters of a text, the last of which is an ellipsis where some are missing.
fn shorten(text: &str, longest: usize) -> String {
    if text.chars().nth(longest).is_none() {
        return text.to_owned();
    }
    text.chars().take(longest.saturating_sub(1)).chain(['…']).collect()
}

fn takes(state: StateType, name: &str) -> bool {
    state.required().contains(&name) || state.optional().contains(&name)
}

/// The greatest class of what differs between two states and what goes beside them, without one-shots.
fn class(old: &Changes, new: &Changes) -> Option<Class> {
    let is_one_shot = |name: &str| OneShot::ALL.iter().any(|one_shot| one_shot.field() == name && one_shot.is_in(new));
    let rest_differs = new.rest.iter().any(|(name, value)| !is_one_shot(name) && old.rest.get(name) != Some(value));
    let went = |name: &str| !new.state.contains_key(name) && name != OneShot::Duration.field();
    let something_went = old.state.keys().any(|name| went(name));
    if rest_differs || something_went || is_complete(&new.state) && !is_complete(&old.state) {
        return Some(Class::Transition);
    }
    let of_field = |name: &str, value| class_of_field(name, old.state.get(name), value);
    new.state.iter().filter(|(name, _)| !is_one_shot(name)).filter_map(|(name, value)| of_field(name, value)).max()
}

fn class_of_field(name: &str, before: Option<&Value>, after: &Value) -> Option<Class> {
    match (name, before, after) {
        (_, Some(before), after) if before == after => None,
        ("percentage" | "value", Some(_), _) => Some(Class::Tick),
        ("metrics", Some(Value::Array(before)), Value::Array(after)) if same_but_for_values(before, after) => {
            Some(Class::Tick)
        }
        _ => Some(Class::Transition),
    }
}

fn same_but_for_values(before: &[Value], after: &[Value]) -> bool {
    let others = |metric: &Value| {
        let mut members = metric.as_object().cloned().unwrap_or_default();
        members.shift_remove("value");
        members
    };
    before.len() == after.len() && before.iter().zip(after).all(|(one, other)| others(one) == others(other))
}

/// Whether a progress shows that all is done.
fn is_complete(state: &Members) -> bool {
    let number = |name| Some(json::number(state.get(name)?)?.as_f64());
    match number("percentage") {
        Some(percentage) => percentage >= 100.0,
        None => number("value").zip(number("upper_limit")).is_some_and(|(value, limit)| value >= limit),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::Number;

    const STATES: &[&str] = &[
        r#"{"type": "progress", "percentage": 41}"#,
        r#"{"type": "progress", "percentage": 100, "subtitle": "all", "alert": {"title": "!"}}"#,
        r#"{"type": "progress", "value": 3, "upper_limit": 8, "tags": []}"#,
        r#"{"type": "progress", "value": 8, "upper_limit": 8.0}"#,
        r#"{"type": "progress", "percentage": 99.5, "value": 3, "upper_limit": 8, "channels": ["a"]}"#,
        r#"{"type": "value", "value": -18.4, "badge": {"title": "cold"}}"#,
        r#"{"type": "value", "value": "1,240"}"#,
        r#"{"type": "segmented_progress", "number_of_steps": 5, "current_step": 2}"#,
        r#"{"type": "timer", "duration_seconds": 60}"#,
    ];

    const NUMBERS: &[&str] =
        &["percentage", "value", "upper_limit", "current_step", "number_of_steps", "duration_seconds"];

    fn latest_state(state: &str) -> LatestState {
        let text = state.replacen('{', r#"{"title": "T", "#, 1);
        LatestState::new("k", Changes::parse(text.as_bytes()).unwrap()).unwrap()
    }

    fn change_of(name: &'static str, number: f64) -> Changes {
        Changes { state: Members::from_iter([(name.to_owned(), Number::from(number).into())]), rest: Members::new() }
    }

    fn any_number() -> impl Strategy<Value = f64> {
        prop_oneof![
            prop::sample::select(vec![
                -1.0,
                0.0,
                1.0,
                3.0,
                8.0,
                41.0,
                99.5,
                100.0,
                100.5,
                1e20,
                f64::NAN,
                f64::INFINITY
            ]),
            -10.0..110.0_f64,
        ]
    }

    proptest! {
        #[test]
        fn a_number_on_the_fast_path_changes_as_on_the_usual_one(
            state in prop::sample::select(STATES),
            moves in prop::collection::vec((prop::sample::select(NUMBERS), any_number()), 1..6),
        ) {
            let (mut short, mut long) = (latest_state(state), latest_state(state));
            for (name, number) in moves {
                if let Some(class) = short.change_number(&change_of(name, number)) {
                    let change = long.change(change_of(name, number)).unwrap();
                    prop_assert_eq!(class, change.map(|change| change.class));
                    prop_assert_eq!(short.levels(), long.levels());
                    prop_assert_eq!((short.version, short.set_in), (long.version, long.set_in));
                }
            }
        }
    }

    #[test]
    fn a_number_that_no_rule_compares_with_others_takes_the_fast_path() {
        let mut latest = latest_state(r#"{"type": "progress", "percentage": 41}"#);
        assert_eq!(latest.change_number(&change_of("percentage", 42.0)), Some(Some(Class::Tick)));
        assert_eq!(latest.change_number(&change_of("percentage", 42.0)), Some(None));
        assert_eq!(latest.change_number(&change_of("percentage", 100.0)), Some(Some(Class::Transition)));
        for (name, number) in [("percentage", 101.0), ("percentage", f64::NAN), ("value", 5.0), ("upper_limit", 5.0)] {
            assert_eq!(latest.change_number(&change_of(name, number)), None, "{name}: {number}");
        }
    }

    #[test]
    fn what_makes_a_sound_is_gone_once_it_was_acknowledged_wherever_it_stands() {
        for alert in [r#""alert": {"title": "!"}"#, r#""extra": {"alert": {"title": "!"}}"#] {
            let mut latest = latest_state(&format!(r#"{{"type": "alert", "message": "m", {alert}}}"#));
            assert!(latest.request().unwrap().carries_alert());
            latest.acknowledged(latest.version());
            assert!(!latest.request().unwrap().carries_alert(), "{alert}");
        }
    }

    #[test]
    fn the_order_of_members_makes_no_difference() {
        let mut latest = latest_state(r#"{"type": "progress", "percentage": 41, "subtitle": "s"}"#);
        let before = latest.levels();
        let same = br#"{"subtitle": "s", "percentage": 41.0, "title": "T", "type": "progress"}"#;
        assert_eq!(latest.replace(Changes::parse(same).unwrap()).unwrap(), None);
        let other = br#"{"subtitle": "o", "percentage": 41, "title": "T", "type": "progress"}"#;
        assert!(latest.replace(Changes::parse(other).unwrap()).unwrap().is_some());
        assert!(latest.replace(Changes::parse(same).unwrap()).unwrap().is_some());
        assert_eq!(latest.levels(), before);
    }

    #[test]
    fn channels_and_target_are_two_spellings_of_one_thing() {
        let mut latest = latest_state(r#"{"type": "progress", "percentage": 41, "channels": ["a"]}"#);
        latest.update(Changes::parse(br#"{"target": {"channels": ["b"]}}"#).unwrap()).unwrap();
        let body = String::from_utf8(latest.request().unwrap().body.unwrap()).unwrap();
        assert!(body.contains(r#""target":{"channels":["b"]}"#) && !body.contains(r#""a""#), "{body}");
    }
}
