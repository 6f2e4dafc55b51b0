//! `POST /live-activity/start`: starts an activity that is addressed by its id.

use serde_json::Value;

use super::endpoint::{Context, Endpoint};
use super::{activity, stream};
use crate::api::ApiResponse;
use crate::api::refusal::Refusal;
use crate::contract;
use crate::options::OmittedChannels;
use crate::service::limits::Family;

pub(super) static ENDPOINT: Endpoint = Endpoint {
    name: "POST /live-activity/start",
    family: Family::LiveActivities,
    check_parameter: |_| None,
    check_fields: contract::check_stream,
    run,
};

fn run(context: &mut Context<'_>, _: &str, body: &Value) -> Result<ApiResponse, Refusal> {
    let id = context.ids.next();
    let response = stream::show(context, id.as_str(), body, OmittedChannels::Keep, Some(id))?;
    Ok(activity::reshape(&response, &["stream_key", "operation"], id.as_str()))
}
