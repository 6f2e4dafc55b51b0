//! `POST /badge`: sets the badge of the app's icon.

use serde_json::Value;

use super::endpoint::{Context, Endpoint};
use super::recipients;
use crate::api::ApiResponse;
use crate::api::refusal::Refusal;
use crate::contract;
use crate::service::limits::Family;

pub(super) static ENDPOINT: Endpoint = Endpoint {
    name: "POST /badge",
    family: Family::Badges,
    check_parameter: |_| None,
    check_fields: contract::check_stream,
    run,
};

fn run(context: &mut Context<'_>, _: &str, body: &Value) -> Result<ApiResponse, Refusal> {
    let channels = recipients::find(context, body).map_err(|mut refusal| {
        if let Refusal::NoRecipients { badge, .. } = &mut refusal {
            *badge = Some(body["badge"].clone());
        }
        refusal
    })?;
    let mut answer = recipients::answer(context, channels.as_ref());
    answer.insert("badge".into(), body["badge"].clone());
    answer.insert("devices_updated".into(), answer["devices_notified"].clone());
    answer.insert("users_updated".into(), answer["users_notified"].clone());
    context.trace.outcome = Some("set");
    Ok(ApiResponse::json(200, &answer))
}
