//! `POST /metrics/{key}/value`: sets the value of a metric.

use serde_json::{Value, json};

use super::endpoint::{Context, Endpoint};
use crate::api::ApiResponse;
use crate::api::refusal::Refusal;
use crate::contract;
use crate::service::limits::Family;

pub(super) static ENDPOINT: Endpoint = Endpoint {
    name: "POST /metrics/{key}/value",
    family: Family::Metrics,
    check_parameter: contract::check_metric_key,
    check_fields: contract::check_metric,
    run,
};

fn run(context: &mut Context<'_>, key: &str, _: &Value) -> Result<ApiResponse, Refusal> {
    if context.account.settings.metrics.as_ref().is_some_and(|metrics| !metrics.contains(key)) {
        return Err(Refusal::NoMetric);
    }
    context.trace.outcome = Some("stored");
    Ok(ApiResponse::json(200, &json!({"success": true})))
}
