//! What the endpoints share that address an activity by its id. Such an activity is kept as a stream whose key is the id,
//! so that it counts, shows and expires like any other.

use serde_json::{Map, Value};

use super::endpoint::Context;
use crate::api::ApiResponse;
use crate::api::ids::ActivityId;

/// The id that a body names.
pub(super) fn id(body: &Value) -> &str {
    body["activity_id"].as_str().expect("the schema asks for it")
}

/// The key of the stream that has this activity.
pub(super) fn key(context: &Context<'_>, id: &str) -> Option<String> {
    let mut streams = context.account.streams.iter();
    let is_meant = |activity: &crate::service::streams::Activity| activity.id.as_str() == id;
    // A key that was chosen by a caller is no id.
    let is_id = ActivityId::parse(id).is_some();
    let (key, _) = streams.find(|(key, stream)| (is_id && ***key == *id) || stream.activity().is_some_and(is_meant))?;
    Some(key.to_string())
}

/// The answer about a stream as one about an activity.
pub(super) fn reshape(response: &ApiResponse, without: &[&str], id: &str) -> ApiResponse {
    let mut body: Map<String, Value> = serde_json::from_slice(&response.body).expect("every answer is an object");
    body.retain(|name, value| !without.contains(&name.as_str()) && name != "remote_push_sent" && !value.is_null());
    body.entry("activity_id").or_insert_with(|| id.into());
    ApiResponse::json(response.status, &body)
}
