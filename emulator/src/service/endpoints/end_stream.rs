//! `DELETE /live-activity/stream/{stream_key}`: ends the stream's activity with a last state, and forgets the key.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::endpoint::{Context, Endpoint};
use crate::api::ApiResponse;
use crate::api::ids::ActivityId;
use crate::api::refusal::Refusal;
use crate::contract::{self, StreamType};
use crate::options::{Mode, SecondDelete};
use crate::service::limits::Family;
use crate::service::streams::{Activity, Ended, HistoryEvent, Phase, Stream};
use crate::time::Timestamp;

pub(super) static ENDPOINT: Endpoint = Endpoint {
    name: "DELETE /live-activity/stream/{stream_key}",
    family: Family::LiveActivities,
    check_parameter: contract::check_stream_key,
    check_fields: contract::check_stream,
    run: |context, key, body| end(context, key, body, DEFAULT_STAY),
};

/// Seconds that the ended activity stays on the screen unless the request says otherwise.
const DEFAULT_STAY: f64 = 120.0;
/// iOS removes an ended activity after four hours in any case.
const LONGEST_STAY: f64 = 4.0 * 3600.0;

/// Ends a stream; the ended activity stays on the screen for `stay` seconds unless the body says otherwise.
pub(super) fn end(context: &mut Context<'_>, key: &str, body: &Value, stay: f64) -> Result<ApiResponse, Refusal> {
    let Context { account, options, retention, now, trace, .. } = context;
    let now = *now;
    account.settle(now, retention.history);

    let Some(stream) = account.streams.get(key) else {
        let ended_before = account.ended.iter().any(|ended| *ended.key == *key);
        if ended_before && options.switches.second_delete == SecondDelete::Ignored {
            return Ok(answer(now, key, None, None));
        }
        return Err(Refusal::StreamNotFound(key.to_owned()));
    };
    let kind = body["content_state"]["type"].as_str().and_then(StreamType::parse).unwrap_or(stream.content.kind);
    check_for_type(kind, body, options.mode)?;
    let (key, mut stream) = account.streams.remove_entry(key).expect("it was found above");

    let activity = stream.activity().cloned();
    let mut slots = Vec::new();
    if let Some(activity) = &activity {
        slots = account.devices.end(&key, now, &stream.content);
        account.mark_ended(&key, activity.expires_at());
        finish(&mut stream, kind, body, now, options.mode);
    }
    stream.remember(now, HistoryEvent::Ended, retention.history);
    let devices = u32::try_from(slots.len()).unwrap_or(u32::MAX);
    let devices_notified = activity.is_some().then_some(if account.settings.has_device { devices } else { 0 });
    let response = answer(now, &key, activity.as_ref().map(|activity| activity.id), devices_notified);
    let dismisses_at = dismisses_at(activity.as_ref(), body["content_state"].as_object(), now, stay);
    trace.outcome = Some("ended");
    account.moved.push(Arc::clone(&key));
    account.keep_ended(Ended { key, stream, activity, slots, time: now, dismisses_at }, retention.ended);
    Ok(response)
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
    stream.replace(kind, body, mode);
    if let (Some(timer), Some(state)) = (&mut stream.content.timer, body["content_state"].as_object()) {
        **timer = timer.updated(state, now);
    }
    if kind != StreamType::Timer {
        stream.content.timer = None;
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
    let answer = Answer {
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

/// The body of a 200.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    success: bool,
    operation: &'static str,
    stream_key: &'a str,
    timestamp: Timestamp,
    activity_id: Option<ActivityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    devices_notified: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    devices_queued: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ignored: Option<bool>,
}
