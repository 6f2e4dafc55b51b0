//! PUT of a stream: what it would do, whether that is allowed, and doing it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::account::{Account, Billing};
use super::activity_id::ActivityId;
use super::answer::{Audience, Delivery, Operation, PutAnswer};
use super::refusal::Refusal;
use super::request::ApiResponse;
use super::stream::{Activity, Channels, HistoryEvent, Phase, Stream};
use super::timer::Timer;
use super::{Context, read_body};
use crate::contract::{self, Problem, Request, StreamType};
use crate::options::{Limits, Mode, OmittedChannels};
use crate::time::Timestamp;

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

pub(super) fn put(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    key: &str,
    body: &[u8],
) -> Result<ApiResponse, Refusal> {
    let body = read_body(context.config, key, body, Request::Put)?;
    let omitted = context.config.switches.omitted_channels;
    put_checked(account, context, now, key, &body, omitted)
}

/// Carries out a PUT whose body fits the schema, and that means what it says with channels that it leaves out.
pub(super) fn put_checked(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    key: &str,
    body: &Value,
    omitted: OmittedChannels,
) -> Result<ApiResponse, Refusal> {
    let state = body["content_state"].as_object().expect("the schema asks for it");
    account.settle(now, context.config.retention.history);

    let stream = account.streams.get(key);
    let requested = requested_channels(body);
    let target = target(requested.as_ref(), stream, account, omitted);
    let channels = effective_channels(target.as_ref(), account);
    let (plan, kind) = plan(stream, state, &channels, now)?;

    check_for_type(plan, kind, stream, body, context.config.rules.mode)?;
    check_account(account, requested.as_ref(), &target, &channels, context)?;
    if matches!(plan, Plan::Start | Plan::Rotate) {
        check_capacity(account, key, channels.as_ref(), &context.config.limits)?;
    }
    note_what_has_no_effect(kind, state, context.notes);
    note_unknown_channels(target.as_ref(), channels.as_ref(), context.notes);

    match plan {
        Plan::Ignore => Ok(ignore(account, context, now, key)),
        Plan::Start | Plan::Rotate | Plan::Renew => Ok(start(account, context, now, key, (plan, kind), body, channels)),
        Plan::Update => Ok(update(account, context, now, key, kind, body)),
    }
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
        Some((stream, Phase::Paused { .. })) => Ok((Plan::Ignore, sent.unwrap_or(stream.kind))),
        Some((stream, Phase::Active(activity))) => {
            let kind = sent.unwrap_or(stream.kind);
            // A sparse update is enough to go on but not to start anew; then the old activity lives out its last
            // minutes. A timer's window can be carried over.
            let enough = || stream.timer.is_some() || contract::requirements(kind, state, true).is_empty();
            let plan = if kind != stream.kind || *channels != stream.channels {
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

/// The channels that something goes to which is not a stream; an error if nobody would receive it.
pub(super) fn recipients(account: &Account, context: &Context<'_>, body: &Value) -> Result<Channels, Refusal> {
    let requested = requested_channels(body);
    let target = target(requested.as_ref(), None, account, OmittedChannels::Rotate);
    let channels = effective_channels(target.as_ref(), account);
    check_account(account, requested.as_ref(), &target, &channels, context)?;
    Ok(channels)
}

/// The channels that the request names, in either form.
fn requested_channels(body: &Value) -> Channels {
    let list = body["channels"].as_array().or_else(|| body["target"]["channels"].as_array())?;
    Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// The channels that are meant: those of the request, else of the stream, else of the key.
fn target(
    requested: Option<&BTreeSet<String>>,
    stream: Option<&Stream>,
    account: &Account,
    omitted: OmittedChannels,
) -> Channels {
    let kept = stream.and_then(|stream| stream.channels.as_ref()).filter(|_| omitted == OmittedChannels::Keep);
    requested.or(kept).or(account.settings.key_channels.as_ref()).cloned()
}

/// The channels that the activity will go to: those of the target that the account has.
fn effective_channels(target: Option<&BTreeSet<String>>, account: &Account) -> Channels {
    let target = target?;
    Some(account.settings.channels.as_ref().map_or_else(|| target.clone(), |known| target & known))
}

/// The rules that need the type, which a later PUT may leave to the running activity.
fn check_for_type(
    plan: Plan,
    kind: StreamType,
    stream: Option<&Stream>,
    body: &Value,
    mode: Mode,
) -> Result<(), Refusal> {
    let state = body["content_state"].as_object().expect("the schema asks for it");
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
    let timer = stream.and_then(|stream| stream.timer.as_ref()).filter(|_| goes_on);
    if mode == Mode::Strict && timer.is_some_and(|timer| timer.has_nothing_to_count_down(state)) {
        let message = "`content_state.duration_seconds` is needed to let an open-ended timer count down";
        problems.push(Problem::new("content_state.duration_seconds", "required_for_type", message));
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
}

/// Whether the key may send there, the account has paid, and anyone would receive it.
fn check_account(
    account: &Account,
    requested: Option<&BTreeSet<String>>,
    target: &Channels,
    channels: &Channels,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let settings = &account.settings;
    if let (Some(allowed), Some(requested)) = (&settings.key_channels, requested)
        && let Some(slug) = requested.difference(allowed).next()
    {
        return Err(Refusal::OutsideKeyScope(slug.clone()));
    }
    if settings.billing != Billing::Ok {
        return Err(Refusal::Billing(settings.billing));
    }
    let nobody = if !settings.has_device || account.devices.reached(None).next().is_none() {
        Some("no device is paired with this account; pair one".to_owned())
    } else if target.as_ref().is_some_and(BTreeSet::is_empty) {
        Some("this API key has no channel; assign one to it".to_owned())
    } else {
        let none = channels.as_ref().is_some_and(BTreeSet::is_empty);
        let none = none || account.devices.reached(channels.as_ref()).next().is_none();
        none.then(|| format!("nobody is in {}; check the slugs", listed(target.iter().flatten())))
    };
    match nobody {
        None => Ok(()),
        Some(message) => {
            // Naming what was meant helps more than an empty list.
            let slugs = target.as_ref().map(|slugs| slugs.iter().cloned().collect());
            Err(Refusal::NoRecipients { status: context.config.switches.no_recipients, slugs, message, badge: None })
        }
    }
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

fn note_unknown_channels(
    target: Option<&BTreeSet<String>>,
    channels: Option<&BTreeSet<String>>,
    notes: &mut Vec<String>,
) {
    if let (Some(target), Some(channels)) = (target, channels)
        && target.len() > channels.len()
    {
        notes.push(format!("nobody is in {}, which had no effect", listed(target.difference(channels))));
    }
}

/// Slugs as they are named in messages.
fn listed<'a>(slugs: impl Iterator<Item = &'a String>) -> String {
    slugs.map(|slug| format!("`{slug}`")).collect::<Vec<_>>().join(", ")
}

/// Starts an activity, in place of one that may be running.
fn start(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    key: &str,
    (plan, kind): (Plan, StreamType),
    body: &Value,
    channels: Channels,
) -> ApiResponse {
    let known =
        account.streams.get_key_value(key).map(|(known, stream)| (Arc::clone(known), stream.activity().cloned()));
    let (key, previous) = known.unwrap_or_else(|| (key.into(), None));
    if let Some(previous) = &previous {
        account.mark_ended(&key, previous.expires_at());
    }
    let activity =
        Activity { id: context.given_id.take().unwrap_or_else(|| context.ids.next()), started_at: now, updates: 0 };
    account.mark_running(Arc::clone(&key), activity.expires_at());

    let stream = account.streams.entry(Arc::clone(&key)).or_insert_with(|| Stream::new(kind));
    let old = previous.is_some().then(|| stream.face());
    let capacity = context.config.limits.activities_per_device;
    account.devices.start(&key, channels.as_ref(), capacity, now, old.as_ref());
    stream.hear(body, now);
    stream.absorb(kind, body, context.config.rules.mode);
    stream.timer = (kind == StreamType::Timer).then(|| {
        let state = body["content_state"].as_object().expect("the schema asks for it");
        let carried_over = stream.timer.as_ref().filter(|_| plan == Plan::Renew);
        Box::new(carried_over.map_or_else(|| Timer::start(state, now), |timer| timer.updated(state, now)))
    });
    stream.channels = channels;
    stream.phase = Phase::Active(activity);
    let (event, operation) = match previous {
        None => (HistoryEvent::Started, Operation::Started),
        Some(_) => (HistoryEvent::Rotated, Operation::Rotated),
    };
    stream.remember(now, event, context.config.retention.history);
    account.moved.push(Arc::clone(&key));
    let previous = previous.map(|previous| previous.id);
    *context.outcome = Some(operation.as_str());
    let delivery = Delivery::of(&account.devices, &key, stream.channels.as_ref());
    let answer = answer(stream, operation, now, &key, body, Some(delivery));
    ApiResponse::json(200, &PutAnswer { previous_activity_id: previous, ..answer })
}

/// Changes what the running activity shows, or finds that nothing has to change.
fn update(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    key: &str,
    kind: StreamType,
    body: &Value,
) -> ApiResponse {
    let (key, _) = account.streams.get_key_value(key).expect("only an active stream is updated");
    let key = &Arc::clone(key);
    let stream = account.streams.get_mut(key).expect("it was found above");
    let old = account.devices.would_fall_behind(key, now).then(|| stream.face());
    let mut changed = stream.absorb(kind, body, context.config.rules.mode);
    if let (Some(timer), Some(state)) = (&mut stream.timer, body["content_state"].as_object()) {
        let next = timer.updated(state, now);
        let flipped = next.counts_down != timer.counts_down || next.is_running() != timer.is_running();
        changed |= flipped || state.contains_key("duration_seconds");
        **timer = next;
    }
    // An alert is meant to be heard each time, whatever the state.
    changed |= body.get("alert").is_some();
    stream.hear(body, now);
    if changed {
        let capacity = context.config.limits.activities_per_device;
        account.devices.update(key, stream.channels.as_ref(), capacity, now, old.as_ref());
    }

    let (event, operation) =
        if changed { (HistoryEvent::Updated, Operation::Updated) } else { (HistoryEvent::Noop, Operation::Noop) };
    let mut warning = None;
    if let Phase::Active(activity) = &mut stream.phase {
        activity.updates = activity.updates.saturating_add(u32::from(changed));
        warning = (changed && activity.updates_too_often(now)).then_some(WARNING);
    }
    stream.remember(now, event, context.config.retention.history);
    account.moved.push(Arc::clone(key));
    *context.outcome = Some(operation.as_str());
    let delivery = changed.then(|| Delivery::of(&account.devices, key, stream.channels.as_ref()));
    ApiResponse::json(200, &PutAnswer { warning, ..answer(stream, operation, now, key, body, delivery) })
}

/// Answers for a paused stream, whose request is not taken over.
fn ignore(account: &mut Account, context: &mut Context<'_>, now: Timestamp, key: &str) -> ApiResponse {
    if let Some((key, _)) = account.streams.get_key_value(key) {
        account.moved.push(Arc::clone(key));
    }
    if let Some(stream) = account.streams.get_mut(key) {
        stream.remember(now, HistoryEvent::Ignored, context.config.retention.history);
    }
    *context.outcome = Some(Operation::Paused.as_str());
    ApiResponse::json(200, &PutAnswer { ignored: Some(true), ..bare_answer(Operation::Paused, now, key, None) })
}

/// The answer about a stream with a running activity; nothing was sent without a `delivery`.
fn answer<'a>(
    stream: &'a Stream,
    operation: Operation,
    now: Timestamp,
    key: &'a str,
    body: &Value,
    delivery: Option<Delivery>,
) -> PutAnswer<'a> {
    let remote_push_sent = delivery.is_none().then_some(false);
    let (devices_notified, errors) = delivery.map_or((None, Vec::new()), |sent| (Some(sent.devices), sent.errors));
    PutAnswer {
        devices_notified,
        users_notified: devices_notified.map(|_| 1),
        effective_channel_slugs: stream.channels.as_ref().map_or(Audience::Account, Audience::Channels),
        tags: (!stream.tags.is_empty() || body.get("tags").is_some()).then_some(&*stream.tags),
        remote_push_sent,
        errors,
        ..bare_answer(operation, now, key, stream.activity().map(|activity| activity.id))
    }
}

fn bare_answer(operation: Operation, now: Timestamp, key: &str, activity_id: Option<ActivityId>) -> PutAnswer<'_> {
    PutAnswer {
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
