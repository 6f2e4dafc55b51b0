//! What a program may call beside its activities: notifications, values of metrics, and the badge of the app's icon.
//! They are answered as documented, and little is kept of them.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use super::account::{Account, Billing};
use super::refusal::Refusal;
use super::request::ApiResponse;
use super::stream::push_bounded;
use super::{Context, put, read_json};
use crate::contract::{self, Request};
use crate::time::Timestamp;

/// Notifications of an account that can still be replaced.
const KEPT: usize = 200;

/// A notification that was sent.
#[derive(Debug)]
pub(super) struct Sent {
    id: String,
    channels: Option<BTreeSet<String>>,
    tags: Option<Value>,
}

pub(super) type Notifications = VecDeque<Sent>;

pub(super) fn send_push(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    body: &[u8],
) -> Result<ApiResponse, Refusal> {
    let body = read_json(context.config, body, Request::Push)?;
    let channels = put::recipients(account, context, &body)?;
    let sent = Sent { id: context.ids.next().to_string(), channels, tags: body.get("tags").cloned() };
    let mut answer = notified(account, now, sent.channels.as_ref());
    answer.insert("notification_id".into(), sent.id.as_str().into());
    answer.extend(sent.tags.clone().map(|tags| ("tags".into(), tags)));
    push_bounded(&mut account.notifications, sent, KEPT);
    *context.outcome = Some("sent");
    Ok(ApiResponse::json(200, &answer))
}

pub(super) fn replace_push(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    id: &str,
    body: &[u8],
) -> Result<ApiResponse, Refusal> {
    let body = read_json(context.config, body, Request::PushReplace)?;
    if account.settings.billing != Billing::Ok {
        return Err(Refusal::Billing(account.settings.billing));
    }
    let sent = account.notifications.iter_mut().find(|sent| sent.id == id);
    let sent = sent.ok_or(Refusal::NoNotification)?;
    if let Some(tags) = body.get("tags") {
        sent.tags = Some(tags.clone());
    }
    let (tags, channels) = (sent.tags.clone(), sent.channels.clone());
    let mut answer = notified(account, now, channels.as_ref());
    answer.insert("notification_id".into(), id.into());
    answer.extend(tags.map(|tags| ("tags".into(), tags)));
    *context.outcome = Some("replaced");
    Ok(ApiResponse::json(200, &answer))
}

pub(super) fn set_metric(
    account: &Account,
    context: &mut Context<'_>,
    key: &str,
    body: &[u8],
) -> Result<ApiResponse, Refusal> {
    if let Some(problem) = contract::check_metric_key(key) {
        return Err(Refusal::Invalid(vec![problem]));
    }
    read_json(context.config, body, Request::Metric)?;
    if account.settings.metrics.as_ref().is_some_and(|metrics| !metrics.contains(key)) {
        return Err(Refusal::NoMetric);
    }
    *context.outcome = Some("stored");
    Ok(ApiResponse::json(200, &json!({"success": true})))
}

pub(super) fn set_badge(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    body: &[u8],
) -> Result<ApiResponse, Refusal> {
    let body = read_json(context.config, body, Request::Badge)?;
    let channels = put::recipients(account, context, &body).map_err(|mut refusal| {
        if let Refusal::NoRecipients { badge, .. } = &mut refusal {
            *badge = Some(body["badge"].clone());
        }
        refusal
    })?;
    let mut answer = notified(account, now, channels.as_ref());
    answer.insert("badge".into(), body["badge"].clone());
    answer.insert("devices_updated".into(), answer["devices_notified"].clone());
    answer.insert("users_updated".into(), answer["users_notified"].clone());
    *context.outcome = Some("set");
    Ok(ApiResponse::json(200, &answer))
}

/// What every answer about something that was sent has.
fn notified(account: &Account, now: Timestamp, channels: Option<&BTreeSet<String>>) -> Map<String, Value> {
    let devices = account.devices.reached(channels).count();
    let answer = json!({
        "success": true,
        "devices_notified": devices,
        "devices_targeted": devices,
        "users_notified": 1,
        "effective_channel_slugs": channels,
        "timestamp": now,
    });
    match answer {
        Value::Object(answer) => answer,
        _ => unreachable!("it was written as an object"),
    }
}
