//! `PUT /push-notification/{notification_id}`: replaces a notification that was sent.

use serde_json::Value;

use super::endpoint::{Context, Endpoint};
use super::recipients;
use crate::api::ApiResponse;
use crate::api::refusal::Refusal;
use crate::contract;
use crate::options::Billing;
use crate::service::limits::Family;

pub(super) static ENDPOINT: Endpoint = Endpoint {
    name: "PUT /push-notification/{notification_id}",
    family: Family::Notifications,
    check_parameter: |_| None,
    check_fields: contract::check_push,
    run,
};

fn run(context: &mut Context<'_>, id: &str, body: &Value) -> Result<ApiResponse, Refusal> {
    let account = &mut *context.account;
    if account.settings.billing != Billing::Ok {
        return Err(Refusal::Billing(account.settings.billing));
    }
    let sent = account.notifications.iter_mut().find(|sent| sent.id == id).ok_or(Refusal::NoNotification)?;
    if let Some(tags) = body.get("tags") {
        sent.tags = Some(tags.clone());
    }
    let (tags, channels) = (sent.tags.clone(), sent.channels.clone());
    let mut answer = recipients::answer(context, channels.as_ref());
    answer.insert("notification_id".into(), id.into());
    answer.extend(tags.map(|tags| ("tags".into(), tags)));
    context.trace.outcome = Some("replaced");
    Ok(ApiResponse::json(200, &answer))
}
