//! `POST /push-notification`: sends a notification.

use serde_json::Value;

use super::endpoint::{Context, Endpoint};
use super::recipients;
use crate::api::ApiResponse;
use crate::api::refusal::Refusal;
use crate::contract;
use crate::service::accounts::Notification;
use crate::service::limits::Family;
use crate::service::streams::push_bounded;

/// Notifications of an account that can still be replaced.
const KEPT: usize = 200;

pub(super) static ENDPOINT: Endpoint = Endpoint {
    name: "POST /push-notification",
    family: Family::Notifications,
    check_parameter: |_| None,
    check_fields: contract::check_push,
    run,
};

fn run(context: &mut Context<'_>, _: &str, body: &Value) -> Result<ApiResponse, Refusal> {
    let channels = recipients::find(context, body)?;
    let sent = Notification { id: context.ids.next().to_string(), channels, tags: body.get("tags").cloned() };
    let mut answer = recipients::answer(context, sent.channels.as_ref());
    answer.insert("notification_id".into(), sent.id.as_str().into());
    answer.extend(sent.tags.clone().map(|tags| ("tags".into(), tags)));
    push_bounded(&mut context.account.notifications, sent, KEPT);
    context.trace.outcome = Some("sent");
    Ok(ApiResponse::json(200, &answer))
}
