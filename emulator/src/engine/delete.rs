//! DELETE of a stream: ends its activity with a final state and forgets the key.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::account::Account;
use super::activity_id::ActivityId;
use super::answer::DeleteAnswer;
use super::refusal::Refusal;
use super::request::ApiResponse;
use super::stream::{Activity, Ended, HistoryEvent, Phase, Stream};
use super::{Context, read_body};
use crate::contract::{self, Request, StreamType};
use crate::options::{Mode, SecondDelete};
use crate::time::Timestamp;

/// How long an ended activity stays unless the request says otherwise.
const DEFAULT_STAY: f64 = 120.0;
/// iOS removes an ended activity after four hours in any case.
const LONGEST_STAY: f64 = 4.0 * 3600.0;

pub(super) fn delete(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    key: &str,
    body: &[u8],
) -> Result<ApiResponse, Refusal> {
    // No body means the same as an empty object.
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    let body = read_body(context.config, key, body, Request::Delete)?;
    delete_checked(account, context, now, key, &body, DEFAULT_STAY)
}

/// Carries out a DELETE whose body fits the schema; the ended activity stays for `stay` seconds unless it says otherwise.
pub(super) fn delete_checked(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    key: &str,
    body: &Value,
    stay: f64,
) -> Result<ApiResponse, Refusal> {
    account.settle(now, context.config.retention.history);

    let Some(stream) = account.streams.get(key) else {
        return not_found(account, context, now, key);
    };
    let kind = body["content_state"]["type"].as_str().and_then(StreamType::parse).unwrap_or(stream.kind);
    check_for_type(kind, body, context.config.rules.mode)?;
    let (key, mut stream) = account.streams.remove_entry(key).expect("it was found above");

    let activity = stream.activity().cloned();
    let mut slots = Vec::new();
    if let Some(activity) = &activity {
        slots = account.devices.end(&key, now, &stream.face());
        account.mark_ended(&key, activity.expires_at());
        finish(&mut stream, kind, body, now, context.config.rules.mode);
    }
    stream.remember(now, HistoryEvent::Ended, context.config.retention.history);
    let devices = u32::try_from(slots.len()).unwrap_or(u32::MAX);
    let devices_notified = activity.is_some().then_some(if account.settings.has_device { devices } else { 0 });
    let response = answer(now, &key, activity.as_ref().map(|activity| activity.id), devices_notified);
    let dismisses_at = dismisses_at(activity.as_ref(), body["content_state"].as_object(), now, stay);
    *context.outcome = Some("ended");
    account.moved.push(Arc::clone(&key));
    account.keep_ended(Ended { key, stream, activity, slots, time: now, dismisses_at }, context.config.retention.ended);
    Ok(response)
}

fn not_found(account: &Account, context: &Context<'_>, now: Timestamp, key: &str) -> Result<ApiResponse, Refusal> {
    let ended_before = account.ended.iter().any(|ended| *ended.key == *key);
    if ended_before && context.config.switches.second_delete == SecondDelete::Ignored {
        return Ok(answer(now, key, None, None));
    }
    Err(Refusal::StreamNotFound(key.to_owned()))
}

/// The rules that need the type, which the request may leave to the stream. Nothing else is required of a last state.
fn check_for_type(kind: StreamType, body: &Value, mode: Mode) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    if let Some(state) = body["content_state"].as_object().filter(|state| !state.contains_key("type")) {
        contract::check_value(kind, state, &mut problems);
    }
    if mode == Mode::Strict && body["content_state"].get("type").is_none() {
        problems.extend(contract::check_secondary_action(kind, body));
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
}

/// Shows the last state and stops the timer where it then stands.
fn finish(stream: &mut Stream, kind: StreamType, body: &Value, now: Timestamp, mode: Mode) {
    stream.absorb(kind, body, mode);
    if let (Some(timer), Some(state)) = (&mut stream.timer, body["content_state"].as_object()) {
        **timer = timer.updated(state, now);
    }
    if kind != StreamType::Timer {
        stream.timer = None;
    }
    stream.leave(Phase::Idle, now);
}

/// When the ended activity leaves the screen. Seconds win over minutes.
fn dismisses_at(
    activity: Option<&Activity>,
    state: Option<&Map<String, Value>>,
    now: Timestamp,
    stay: f64,
) -> Timestamp {
    if activity.is_none() {
        return now;
    }
    let field = |name| state?.get(name)?.as_f64();
    let minutes = field("auto_dismiss_minutes").map(|minutes| minutes * 60.0);
    let stay = field("auto_dismiss_seconds").or(minutes).unwrap_or(stay);
    now.after(Duration::from_secs_f64(stay.min(LONGEST_STAY)))
}

fn answer(now: Timestamp, key: &str, activity_id: Option<ActivityId>, devices_notified: Option<u32>) -> ApiResponse {
    let answer = DeleteAnswer {
        success: true,
        operation: "ended",
        stream_key: key,
        timestamp: now,
        activity_id,
        devices_notified,
        devices_queued: devices_notified.map(|_| 0),
        ignored: activity_id.is_none().then_some(true),
    };
    ApiResponse::json(200, &answer)
}
