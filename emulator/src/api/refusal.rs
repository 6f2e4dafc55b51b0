//! Every way in which the API says no, and the response that says it.

use serde_json::{Map, Value, json};

use super::ApiResponse;
use crate::contract::{Problem, refusal_label};
use crate::options::{Billing, NoRecipients};

const UPGRADE_URL: &str = "https://activitysmith.com/app/account?billing=upgrade";

/// Problems that a message names; nobody reads more, and a body may have thousands.
const MOST_NAMED: usize = 20;

const NO_ROUTE: &str = "the API has no such path; check the base URL and the path";

/// Why a request is refused.
#[derive(Debug)]
pub(crate) enum Refusal {
    NoRoute,
    WrongMethod {
        allow: String,
    },
    Unauthorized(&'static str),
    RateLimited {
        retry_after: u64,
    },
    MalformedJson(String),
    Invalid(Vec<Problem>),
    OutsideKeyScope(String),
    Billing(Billing),
    NoRecipients {
        status: NoRecipients,
        slugs: Option<Vec<String>>,
        message: String,
        /// The badge that was to be set, if it is that.
        badge: Option<Value>,
    },
    /// With the numbers of blocked and targeted devices, if only some are blocked.
    Capacity {
        limit: u32,
        active: u32,
        devices: Option<(u32, u32)>,
    },
    StreamNotFound(String),
    NoNotification,
    NoMetric,
    ForeignActivity,
}

impl Refusal {
    pub(crate) fn response(self) -> ApiResponse {
        match self {
            Self::NoRoute => error(404, "Not found", NO_ROUTE),
            Self::WrongMethod { allow } => {
                let mut response = error(405, "Method not allowed", &format!("this path takes {allow}"));
                response.headers.push(("Allow", allow));
                response
            }
            Self::Unauthorized(message) => error(401, "Unauthorized", message),
            Self::RateLimited { retry_after } => {
                let message = format!("too many requests in this minute; wait {retry_after} s");
                let mut response = error_with(429, "Rate limit exceeded", &message, json!({"code": "rate_limited"}));
                response.headers.push(("Retry-After", retry_after.to_string()));
                response
            }
            Self::MalformedJson(detail) => error(400, "Invalid request", &format!("the body must be JSON: {detail}")),
            Self::Invalid(problems) => invalid(&problems),
            Self::OutsideKeyScope(slug) => {
                let message = format!("this API key may not send to channel `{slug}`; use one that it is assigned to");
                error(403, "Invalid channel targeting", &message)
            }
            Self::Billing(billing) => payment_required(billing),
            Self::NoRecipients { status, slugs, message, badge } => {
                let status = match status {
                    NoRecipients::Unprocessable => 422,
                    NoRecipients::NotFound => 404,
                };
                let mut extra = json!({"effective_channel_slugs": slugs});
                if let Some(badge) = badge {
                    extra["badge"] = badge;
                    extra["devices_updated"] = 0.into();
                }
                error_with(status, "No recipients found", &message, extra)
            }
            Self::Capacity { limit, active, devices } => {
                let message = "the device shows as many activities as it can; end one first";
                let mut extra = json!({"limit": limit, "active": active});
                if let Some((blocked, targeted)) = devices {
                    extra["blocked_devices"] = blocked.into();
                    extra["targeted_devices"] = targeted.into();
                }
                error_with(429, "Live Activity limit reached", message, extra)
            }
            Self::NoNotification => error(404, "Notification not found", "this account has sent no such notification"),
            Self::NoMetric => error(404, "Metric not found", "this account has no such metric; create it first"),
            Self::ForeignActivity => error(403, "Forbidden", "this account has no such activity"),
            Self::StreamNotFound(key) => {
                let message = format!("no stream `{key}` in this account; it may have ended already");
                error(404, "Live Activity stream not found", &message)
            }
        }
    }
}

fn invalid(problems: &[Problem]) -> ApiResponse {
    let (label, code) = refusal_label(problems);
    let mut message = problems.iter().take(MOST_NAMED).map(ToString::to_string).collect::<Vec<_>>().join("; ");
    if let Some(more) = problems.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        message.push_str(&format!("; and {more} more"));
    }
    let extra = code.map_or(json!({}), |code| json!({"code": code}));
    error_with(400, label, &message, extra)
}

fn payment_required(billing: Billing) -> ApiResponse {
    let mut extra = json!({"upgrade_url": UPGRADE_URL});
    let (error, message) = match billing {
        Billing::Ok => unreachable!("an account in good standing is not refused"),
        Billing::TrialExpired => ("trial_expired", "the trial has ended; choose a plan"),
        Billing::TrialExhausted => ("trial_exhausted", "the trial's allowance is used up; choose a plan"),
        Billing::BillingOverageCapReached => {
            ("billing_overage_cap_reached", "the monthly cap is reached; raise it or wait for the next month")
        }
    };
    if billing != Billing::BillingOverageCapReached {
        extra["trial_period"] =
            json!({"started_at": "2026-01-01T00:00:00.000Z", "ends_at": "2026-01-08T00:00:00.000Z"});
    }
    error_with(402, error, message, extra)
}

fn error(status: u16, error: &str, message: &str) -> ApiResponse {
    error_with(status, error, message, json!({}))
}

/// The envelope of every error, with the members that some errors add.
fn error_with(status: u16, error: &str, message: &str, extra: Value) -> ApiResponse {
    let mut body = Map::new();
    body.insert("error".into(), error.into());
    body.insert("message".into(), message.into());
    if let Value::Object(extra) = extra {
        body.extend(extra);
    }
    ApiResponse::json(status, &body)
}
