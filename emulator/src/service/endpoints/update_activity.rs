//! `POST /live-activity/update`: updates the activity with an id.

use serde_json::Value;

use super::endpoint::{Context, Endpoint};
use super::{activity, stream};
use crate::api::ApiResponse;
use crate::api::refusal::Refusal;
use crate::contract;
use crate::options::OmittedChannels;
use crate::service::limits::Family;

pub(super) static ENDPOINT: Endpoint = Endpoint {
    name: "POST /live-activity/update",
    family: Family::LiveActivities,
    check_parameter: |_| None,
    check_fields: contract::check_stream,
    run,
};

fn run(context: &mut Context<'_>, _: &str, body: &Value) -> Result<ApiResponse, Refusal> {
    let id = activity::id(body);
    let key = activity::key(context, id).ok_or(Refusal::ForeignActivity)?;
    // An update cannot name channels.
    let response = stream::show(context, &key, body, OmittedChannels::Keep, None)?;
    let has_started = matches!(context.trace.outcome, Some("started" | "rotated"));
    // Only an update that had to start an activity names its stream.
    Ok(activity::reshape(&response, if has_started { &[] } else { &["stream_key", "operation"] }, id))
}
