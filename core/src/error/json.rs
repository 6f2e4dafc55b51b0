//! Errors as JSON: one flat object for bindings, logs and machine-readable output. `kind` says which fields there are.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{ApiError, ApiErrorKind, Error};
use crate::model::Number;

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Map::new();
        let mut set = |name: &str, value: Value| object.insert(name.to_owned(), value);
        set("kind", self.kind().into());
        set("description", self.to_string().into());
        set("transient", self.is_transient().into());
        set("attempts", self.attempts().into());
        match self {
            Self::Config(error) => {
                set("setting", error.setting.as_str().into());
                set("problem", error.problem.as_str().into());
            }
            Self::Validation(error) => {
                let violations = error.violations().iter().map(|violation| {
                    json!({"path": violation.path, "code": violation.code.as_str(), "message": violation.message})
                });
                set("violations", violations.collect());
            }
            Self::Connection(_) => {}
            Self::Api(error) => describe_answer(error, set),
        }
        object.serialize(serializer)
    }
}

fn describe_answer(error: &ApiError, mut set: impl FnMut(&str, Value) -> Option<Value>) {
    set("status", error.status.into());
    set("code", json!(error.code));
    set("message", json!(error.message));
    set("body", error.body.as_str().into());
    set("request_id", json!(error.request_id));
    set("retry_after_seconds", json!(error.retry_after.map(|wait| Number::from(wait.as_secs_f64()))));
    set("date", json!(error.date));
    match &error.kind {
        ApiErrorKind::BillingBlocked { upgrade_url } => {
            set("upgrade_url", json!(upgrade_url));
        }
        ApiErrorKind::NoRecipients { effective_channel_slugs } => {
            set("effective_channel_slugs", json!(effective_channel_slugs));
        }
        ApiErrorKind::ActivityLimitReached { limit, active, blocked_devices, targeted_devices } => {
            set("limit", json!(limit));
            set("active", json!(active));
            set("blocked_devices", json!(blocked_devices));
            set("targeted_devices", json!(targeted_devices));
        }
        ApiErrorKind::Redirect { location } => {
            set("location", json!(location));
        }
        ApiErrorKind::BadRequest
        | ApiErrorKind::Unauthorized
        | ApiErrorKind::Forbidden
        | ApiErrorKind::NotFound
        | ApiErrorKind::RateLimited
        | ApiErrorKind::Server
        | ApiErrorKind::Unreadable => {}
    }
}
