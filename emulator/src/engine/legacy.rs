//! Start, update and end of an activity by its id, as programs did before streams. Such an activity is kept as a stream
//! whose key is the id, so that it counts, shows and expires like any other.

use serde_json::{Map, Value, json};

use super::account::Account;
use super::refusal::Refusal;
use super::request::ApiResponse;
use super::{Context, delete, put, read_json};
use crate::contract::Request;
use crate::options::OmittedChannels;
use crate::time::Timestamp;

/// How long an activity that is ended in this way stays unless the request says otherwise.
const DEFAULT_STAY: f64 = 180.0;

pub(super) fn start(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    body: &[u8],
) -> Result<ApiResponse, Refusal> {
    let body = read_json(context.config, body, Request::Start)?;
    let id = context.ids.next();
    context.given_id = Some(id);
    let response = put::put_checked(account, context, now, id.as_str(), &body, OmittedChannels::Keep)?;
    Ok(reshape(&response, &["stream_key", "operation"], id.as_str()))
}

pub(super) fn update(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    body: &[u8],
) -> Result<ApiResponse, Refusal> {
    let (id, body) = addressed(context, body, Request::Update)?;
    let key = key_of(account, &id).ok_or(Refusal::ForeignActivity)?;
    // It has no channels to leave out.
    let response = put::put_checked(account, context, now, &key, &body, OmittedChannels::Keep)?;
    let is_new = matches!(operation(&response).as_deref(), Some("started" | "rotated"));
    // Only an update that had to start something says so.
    Ok(reshape(&response, if is_new { &[] } else { &["stream_key", "operation"] }, &id))
}

pub(super) fn end(
    account: &mut Account,
    context: &mut Context<'_>,
    now: Timestamp,
    body: &[u8],
) -> Result<ApiResponse, Refusal> {
    let (id, body) = addressed(context, body, Request::End)?;
    if let Some(key) = key_of(account, &id) {
        let response = delete::delete_checked(account, context, now, &key, &body, DEFAULT_STAY)?;
        return Ok(reshape(&response, &["stream_key", "operation"], &id));
    }
    let has_ended = account
        .ended
        .iter()
        .any(|ended| *ended.key == *id || ended.activity.as_ref().is_some_and(|activity| activity.id.as_str() == id));
    if !has_ended {
        return Err(Refusal::ForeignActivity);
    }
    let answer = json!({"success": true, "activity_id": id, "devices_notified": 0, "timestamp": now, "ignored": true});
    Ok(ApiResponse::json(200, &answer))
}

/// The body without the id that it is about.
fn addressed(context: &Context<'_>, body: &[u8], request: Request) -> Result<(String, Value), Refusal> {
    let mut body = read_json(context.config, body, request)?;
    let id = body.as_object_mut().and_then(|body| body.remove("activity_id"));
    let id = id.as_ref().and_then(Value::as_str).expect("the schema asks for it").to_owned();
    Ok((id, body))
}

/// The stream that has this activity.
fn key_of(account: &Account, id: &str) -> Option<String> {
    let is_meant = |(key, stream): &(&std::sync::Arc<str>, &super::stream::Stream)| {
        ***key == *id || stream.activity().is_some_and(|activity| activity.id.as_str() == id)
    };
    account.streams.iter().find(is_meant).map(|(key, _)| key.to_string())
}

fn operation(response: &ApiResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(&response.body).ok()?;
    body["operation"].as_str().map(str::to_owned)
}

/// The answer about a stream as one about an activity.
fn reshape(response: &ApiResponse, without: &[&str], id: &str) -> ApiResponse {
    let mut body: Map<String, Value> = serde_json::from_slice(&response.body).expect("the engine answers with objects");
    body.retain(|name, value| !without.contains(&name.as_str()) && name != "remote_push_sent" && !value.is_null());
    body.entry("activity_id").or_insert_with(|| id.into());
    ApiResponse::json(response.status, &body)
}
