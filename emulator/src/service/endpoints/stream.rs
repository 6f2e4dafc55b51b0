//! `PUT /live-activity/stream/{stream_key}`: shows a state, by starting, updating or replacing the stream's activity.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::endpoint::{Context, Endpoint};
use super::recipients::Recipients;
use crate::api::ApiResponse;
use crate::api::ids::ActivityId;
use crate::api::refusal::Refusal;
use crate::content::timer::Timer;
use crate::contract::{self, Problem, StreamType};
use crate::devices::Notified;
use crate::options::{Limits, Mode, OmittedChannels};
use crate::service::accounts::Account;
use crate::service::limits::Family;
use crate::service::streams::{Activity, Channels, HistoryEvent, Phase, Stream};
use crate::time::Timestamp;

pub(super) static ENDPOINT: Endpoint = Endpoint {
    name: "PUT /live-activity/stream/{stream_key}",
    family: Family::LiveActivities,
    check_parameter: contract::check_stream_key,
    check_fields: contract::check_stream,
    run: |context, key, body| show(context, key, body, context.options.switches.omitted_channels, None),
};

const WARNING: &str = "more updates than one per two minutes on average; iOS may hold them back, so send fewer";

/// What a PUT would do to the stream as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    Start,
    /// The type or the channels change.
    Rotate,
    /// The activity is near the end of its life; another one carries on what it shows.
    Renew,
    Update,
    /// The stream is paused.
    Ignore,
}

/// Shows a state. `omitted` says what a request without channels means; an activity that starts has the id `new_id`, if
/// there is one.
pub(super) fn show(
    context: &mut Context<'_>,
    key: &str,
    body: &Value,
    omitted: OmittedChannels,
    new_id: Option<ActivityId>,
) -> Result<ApiResponse, Refusal> {
    context.account.settle(context.now, context.retention.history);

    let stream = context.account.streams.get(key);
    let recipients = Recipients::new(context, stream, body, omitted);
    let (plan, kind) = plan(stream, state(body), &recipients.channels, context.now)?;

    check_for_type(plan, kind, stream, body, context.options.mode)?;
    recipients.check(context)?;
    if matches!(plan, Plan::Start | Plan::Rotate) {
        check_capacity(context.account, key, recipients.channels.as_ref(), &context.options.limits)?;
    }
    note_what_has_no_effect(kind, state(body), &mut context.trace.notes);
    recipients.note(&mut context.trace.notes);

    Ok(match plan {
        Plan::Ignore => ignore(context, key),
        Plan::Update => update(context, key, kind, body),
        Plan::Start | Plan::Rotate | Plan::Renew => {
            let id = new_id.unwrap_or_else(|| context.ids.next());
            start(context, key, (plan, kind), body, recipients.channels, id)
        }
    })
}

fn state(body: &Value) -> &Map<String, Value> {
    body["content_state"].as_object().expect("the schema asks for it")
}

/// What to do, and for which type.
fn plan(
    stream: Option<&Stream>,
    state: &Map<String, Value>,
    channels: &Channels,
    now: Timestamp,
) -> Result<(Plan, StreamType), Refusal> {
    let sent = state.get("type").and_then(Value::as_str).and_then(StreamType::parse);
    match stream.map(|stream| (stream, &stream.phase)) {
        None | Some((_, Phase::Idle)) => match sent {
            Some(kind) => Ok((Plan::Start, kind)),
            None => Err(Refusal::Invalid(vec![contract::type_missing()])),
        },
        Some((stream, Phase::Paused { .. })) => Ok((Plan::Ignore, sent.unwrap_or(stream.content.kind))),
        Some((stream, Phase::Active(activity))) => {
            let kind = sent.unwrap_or(stream.content.kind);
            // A sparse update is enough to go on but not to start anew; then the old activity lives out its last
            // minutes. A timer's window can be carried over.
            let enough = || stream.content.timer.is_some() || contract::requirements(kind, state, true).is_empty();
            let plan = if kind != stream.content.kind || *channels != stream.channels {
                Plan::Rotate
            } else if activity.is_near_its_end(now) && enough() {
                Plan::Renew
            } else {
                Plan::Update
            };
            Ok((plan, kind))
        }
    }
}

/// The rules that need the type, which a later PUT may leave to the running activity.
fn check_for_type(
    plan: Plan,
    kind: StreamType,
    stream: Option<&Stream>,
    body: &Value,
    mode: Mode,
) -> Result<(), Refusal> {
    let state = state(body);
    let starting = matches!(plan, Plan::Start | Plan::Rotate);
    let mut problems = Vec::new();
    if !state.contains_key("type") {
        contract::check_value(kind, state, &mut problems);
        if mode == Mode::Strict {
            problems.extend(contract::check_secondary_action(kind, body));
        }
    }
    if problems.is_empty() {
        problems.extend(contract::requirements(kind, state, starting));
    }
    let goes_on = matches!(plan, Plan::Renew | Plan::Update);
    let timer = stream.and_then(|stream| stream.content.timer.as_ref()).filter(|_| goes_on);
    if mode == Mode::Strict && timer.is_some_and(|timer| timer.has_nothing_to_count_down(state)) {
        let message = "`content_state.duration_seconds` is needed to let an open-ended timer count down";
        problems.push(Problem::new("content_state.duration_seconds", "required_for_type", message));
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
}

/// Whether every device that the activity would go to has room for it, or runs the one that it takes the place of. One that
/// has not blocks it for all.
fn check_capacity(
    account: &Account,
    key: &str,
    channels: Option<&BTreeSet<String>>,
    limits: &Limits,
) -> Result<(), Refusal> {
    if let Some(limit) = limits.activities_per_account {
        let active = account.active();
        let is_running = account.streams.get(key).is_some_and(|stream| stream.activity().is_some());
        if active >= limit && !is_running {
            return Err(Refusal::Capacity { limit, active, devices: None });
        }
    }
    let Some(limit) = limits.activities_per_device else { return Ok(()) };
    let (mut targeted, mut blocked, mut active) = (0, 0, 0);
    for device in account.devices.reached(channels) {
        targeted += 1;
        blocked += u32::from(!device.has_room_for(key, Some(limit)));
        active = active.max(device.running());
    }
    if blocked == 0 {
        return Ok(());
    }
    Err(Refusal::Capacity { limit, active, devices: (blocked < targeted).then_some((blocked, targeted)) })
}

fn note_what_has_no_effect(kind: StreamType, state: &Map<String, Value>, notes: &mut Vec<String>) {
    for field in state.keys().filter(|field| !kind.applies(field)) {
        notes.push(format!("content_state.{field} means nothing to type {} and was ignored", kind.as_str()));
    }
    if let Some(colors) = state.get("step_colors").and_then(Value::as_array) {
        let steps = state.get("current_step").and_then(Value::as_f64);
        if steps.is_some_and(|steps| steps as usize != colors.len()) {
            notes.push("content_state.step_colors should have one colour for each completed step".to_owned());
        }
    }
}

/// Starts an activity, in place of one that may be running.
fn start(
    context: &mut Context<'_>,
    key: &str,
    (plan, kind): (Plan, StreamType),
    body: &Value,
    channels: Channels,
    id: ActivityId,
) -> ApiResponse {
    let Context { account, options, retention, now, trace, .. } = context;
    let now = *now;
    let known =
        account.streams.get_key_value(key).map(|(known, stream)| (Arc::clone(known), stream.activity().cloned()));
    let (key, previous) = known.unwrap_or_else(|| (key.into(), None));
    if let Some(previous) = &previous {
        account.mark_ended(&key, previous.expires_at());
    }
    let activity = Activity { id, started_at: now, updates: 0 };
    account.mark_running(Arc::clone(&key), activity.expires_at());

    let stream = account.streams.entry(Arc::clone(&key)).or_insert_with(|| Stream::new(kind));
    let old = previous.is_some().then(|| stream.content.clone());
    account.devices.start(&key, channels.as_ref(), options.limits.activities_per_device, now, old.as_ref());
    stream.keep_alert(body, now);
    stream.replace(kind, body, options.mode);
    stream.content.timer = (kind == StreamType::Timer).then(|| {
        let carried_over = stream.content.timer.as_ref().filter(|_| plan == Plan::Renew);
        let state = state(body);
        Box::new(carried_over.map_or_else(|| Timer::start(state, now), |timer| timer.updated(state, now)))
    });
    stream.channels = channels;
    stream.phase = Phase::Active(activity);
    let (event, operation) = match previous {
        None => (HistoryEvent::Started, "started"),
        Some(_) => (HistoryEvent::Rotated, "rotated"),
    };
    stream.remember(now, event, retention.history);
    account.moved.push(Arc::clone(&key));
    trace.outcome = Some(operation);
    let notified = account.devices.notified(&key, stream.channels.as_ref());
    let answer = answer(stream, operation, now, &key, body, Some(notified));
    ApiResponse::json(200, &Answer { previous_activity_id: previous.map(|previous| previous.id), ..answer })
}

/// Changes what the running activity shows, or finds that nothing has to change.
fn update(context: &mut Context<'_>, key: &str, kind: StreamType, body: &Value) -> ApiResponse {
    let Context { account, options, retention, now, trace, .. } = context;
    let now = *now;
    let (key, _) = account.streams.get_key_value(key).expect("only an active stream is updated");
    let key = &Arc::clone(key);
    let stream = account.streams.get_mut(key).expect("it was found above");
    let old = stream.content.clone();
    let mut changed = stream.replace(kind, body, options.mode);
    if let Some(timer) = &mut stream.content.timer {
        let next = timer.updated(state(body), now);
        let flipped = next.counts_down != timer.counts_down || next.is_running() != timer.is_running();
        changed |= flipped || state(body).contains_key("duration_seconds");
        **timer = next;
    }
    // An alert is meant to be heard each time, whatever the state.
    changed |= body.get("alert").is_some();
    stream.keep_alert(body, now);
    if changed {
        let capacity = options.limits.activities_per_device;
        account.devices.update(key, stream.channels.as_ref(), capacity, now, &old);
    }

    let (event, operation) = if changed { (HistoryEvent::Updated, "updated") } else { (HistoryEvent::Noop, "noop") };
    let mut warning = None;
    if let Phase::Active(activity) = &mut stream.phase {
        activity.updates = activity.updates.saturating_add(u32::from(changed));
        warning = (changed && activity.updates_too_often(now)).then_some(WARNING);
    }
    stream.remember(now, event, retention.history);
    account.moved.push(Arc::clone(key));
    trace.outcome = Some(operation);
    let notified = changed.then(|| account.devices.notified(key, stream.channels.as_ref()));
    ApiResponse::json(200, &Answer { warning, ..answer(stream, operation, now, key, body, notified) })
}

/// Answers for a paused stream, whose request has no effect.
fn ignore(context: &mut Context<'_>, key: &str) -> ApiResponse {
    let Context { account, retention, now, trace, .. } = context;
    if let Some((key, _)) = account.streams.get_key_value(key) {
        account.moved.push(Arc::clone(key));
    }
    if let Some(stream) = account.streams.get_mut(key) {
        stream.remember(*now, HistoryEvent::Ignored, retention.history);
    }
    trace.outcome = Some("paused");
    ApiResponse::json(200, &Answer { ignored: Some(true), ..bare_answer("paused", *now, key, None) })
}

/// The answer about a stream with a running activity; nothing was sent if nobody is `notified`.
fn answer<'a>(
    stream: &'a Stream,
    operation: &'static str,
    now: Timestamp,
    key: &'a str,
    body: &Value,
    notified: Option<Notified>,
) -> Answer<'a> {
    let remote_push_sent = notified.is_none().then_some(false);
    let (devices_notified, errors) = notified.map_or((None, Vec::new()), |sent| (Some(sent.devices), sent.errors));
    Answer {
        devices_notified,
        users_notified: devices_notified.map(|_| 1),
        effective_channel_slugs: stream.channels.as_ref().map_or(Audience::Account, Audience::Channels),
        tags: (!stream.tags.is_empty() || body.get("tags").is_some()).then_some(&*stream.tags),
        remote_push_sent,
        errors,
        ..bare_answer(operation, now, key, stream.activity().map(|activity| activity.id))
    }
}

fn bare_answer<'a>(
    operation: &'static str,
    now: Timestamp,
    key: &'a str,
    activity_id: Option<ActivityId>,
) -> Answer<'a> {
    Answer {
        success: true,
        operation,
        stream_key: key,
        timestamp: now,
        activity_id,
        previous_activity_id: None,
        devices_notified: None,
        users_notified: None,
        effective_channel_slugs: Audience::Unknown,
        tags: None,
        warning: None,
        ignored: None,
        remote_push_sent: None,
        errors: Vec::new(),
    }
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
    previous_activity_id: Option<ActivityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    devices_notified: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users_notified: Option<u32>,
    #[serde(skip_serializing_if = "Audience::is_unknown")]
    effective_channel_slugs: Audience<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a [Box<str>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ignored: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_push_sent: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<String>,
}

/// Whom an activity goes to, as told in `effective_channel_slugs`.
#[derive(Debug, Clone, Copy)]
enum Audience<'a> {
    /// Nothing was sent; the field is left out.
    Unknown,
    /// Everyone: the field is null.
    Account,
    /// The field is this list.
    Channels(&'a BTreeSet<String>),
}

impl Audience<'_> {
    // The signature is what serde asks for.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

impl Serialize for Audience<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown | Self::Account => serializer.serialize_none(),
            Self::Channels(slugs) => slugs.serialize(serializer),
        }
    }
}
