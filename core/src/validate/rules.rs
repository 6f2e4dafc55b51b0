//! Which fields go together: the rules that look at more than one of them.

use serde_json::Value;

use super::formats;
use super::violation::{Findings, Path, ViolationCode as Code, excerpt};
use super::walk::{View, missing_in_state};
use crate::model::StateType;
use crate::model::action::{OPEN_URL, WEBHOOK};
use crate::model::json;

/// The figures of a state whose numbers no rule here sees beside others; at most it sees that they are there.
pub(super) const FREE_FIGURES: [&str; 2] = ["percentage", "value"];

/// For objects whose fields stand alone.
pub(super) fn none(_: &View<'_>, _: &Path<'_>, _: &mut Findings) {}

/// What shows a state may have to start an activity, so a state that names its type must be whole. One that does not is a
/// change to what runs.
pub(super) fn content_state(state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    if let Some(state_type) = state_type(state) {
        for name in state_type.required().iter().filter(|name| **name != "title") {
            if !state.has(name) {
                missing_in_state(name, path, findings);
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
    final_state(state, path, findings);
}

/// What holds for every state, also for one that ends a stream.
pub(super) fn final_state(state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
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
    state.get("type").and_then(Value::as_str).and_then(StateType::from_name)
}

fn applicable(state_type: StateType, state: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    for name in state.checked_names() {
        let elsewhere = |other: &&StateType| other.required().contains(&name) || other.optional().contains(&name);
        if !elsewhere(&&state_type) && StateType::ALL.iter().any(|other| elsewhere(&other)) {
            let takers: Vec<_> = StateType::ALL.iter().filter(elsewhere).map(|taker| taker.as_str()).collect();
            let (given, takers) = (state_type.as_str(), takers.join(", "));
            let message = format_args!("has no meaning for type {given}, only for {takers}; leave it out");
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
                format_args!("is missing, and {one} needs it; give both, or percentage alone"),
            );
        }
    }
    if let Some(Value::String(_)) = state.get("value") {
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
    for (index, metric) in state.get("metrics").and_then(Value::as_array).into_iter().flatten().enumerate() {
        if let Some(Value::String(_)) = metric.get("value") {
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

pub(super) fn stream_request(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    buttons(request, path, findings);
    let channels = request.get("channels").and_then(Value::as_array);
    let targeted = request.get("target").and_then(|target| target.get("channels")).and_then(Value::as_array);
    if let (Some(channels), Some(targeted)) = (channels, targeted) {
        let within = |some: &[Value], others: &[Value]| some.iter().all(|slug| others.contains(slug));
        if !within(channels, targeted) || !within(targeted, channels) {
            findings.report(
                &path.member("channels"),
                Code::Conflict,
                format_args!("and target.channels name different channels; keep one of them"),
            );
        }
    }
}

/// A second button needs a first, and only some states have room for it.
pub(super) fn buttons(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    if !request.has("secondary_action") {
        return;
    }
    let here = path.member("secondary_action");
    if !request.has("action") {
        findings.report(&here, Code::Conflict, format_args!("needs an action before it; make it the action"));
    }
    let state_type = request.get("content_state").and_then(|state| state.get("type")).and_then(Value::as_str);
    if let Some(state_type) = state_type.and_then(StateType::from_name)
        && matches!(state_type, StateType::Metrics | StateType::Stats | StateType::Timer)
    {
        findings.report(
            &here,
            Code::NotApplicable,
            format_args!("has no place in type {}; leave it out", state_type.as_str()),
        );
    }
}

pub(super) fn action(action: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    let kind = action.get("type").and_then(Value::as_str);
    if let Some(url) = action.get("url").and_then(Value::as_str) {
        let schemes: Option<&[&str]> = match kind {
            Some(OPEN_URL) => Some(&["https", "http", "shortcuts"]),
            Some(WEBHOOK) => Some(&["https"]),
            _ => None,
        };
        if let Some(schemes) = schemes {
            formats::address(url, schemes, &path.member("url"), findings);
        }
    }
    if kind == Some(OPEN_URL) {
        for name in ["method", "body"] {
            if action.checked_names().any(|checked| checked == name) {
                findings.report(
                    &path.member(name),
                    Code::NotApplicable,
                    format_args!("has no meaning for type {}; leave it out", excerpt(OPEN_URL)),
                );
            }
        }
    }
}
