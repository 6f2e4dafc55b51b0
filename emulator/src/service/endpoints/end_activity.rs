//! `POST /live-activity/end`: ends the activity with an id.

use serde_json::{Value, json};

use super::endpoint::{Context, Endpoint};
use super::{activity, end_stream};
use crate::api::ApiResponse;
use crate::api::ids::ActivityId;
use crate::api::refusal::Refusal;
use crate::contract;
use crate::service::limits::Family;

/// Seconds that the ended activity stays on the screen unless the request says otherwise.
const DEFAULT_STAY: f64 = 180.0;

pub(super) static ENDPOINT: Endpoint = Endpoint {
    name: "POST /live-activity/end",
    family: Family::LiveActivities,
    check_parameter: |_| None,
    check_fields: contract::check_stream,
    run,
};

fn run(context: &mut Context<'_>, _: &str, body: &Value) -> Result<ApiResponse, Refusal> {
    let id = activity::id(body);
    if let Some(key) = activity::key(context, id) {
        let response = end_stream::end(context, &key, body, DEFAULT_STAY)?;
        return Ok(activity::reshape(&response, &["stream_key", "operation"], id));
    }
    let has_ended = context.account.ended.iter().any(|ended| {
        (*ended.key == *id && ActivityId::parse(id).is_some())
            || ended.activity.as_ref().is_some_and(|activity| activity.id.as_str() == id)
    });
    if !has_ended {
        return Err(Refusal::ForeignActivity);
    }
    let now = context.now;
    let answer = json!({"success": true, "activity_id": id, "devices_notified": 0, "timestamp": now, "ignored": true});
    Ok(ApiResponse::json(200, &answer))
}
