//! What a fault does to an answer, or to the way in which the answer reaches the client.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use crate::api::refusal::Refusal;
use crate::api::{ApiResponse, Delivery};

/// The longest delay, in milliseconds.
const LONGEST: f64 = 600_000.0;

/// What happens to a request. A fault whose fields may be left out may be written as its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is not carried out; the answer is a 429 of the request rate.
    RateLimited {
        /// What `Retry-After` says, in seconds.
        #[cfg_attr(test, schemars(default = "default_retry_after"))]
        retry_after: u64,
    },
    /// It is not carried out; the answer is a 429 of the capacity.
    ActivityLimit,
    /// It is carried out; the answer comes late.
    Latency(Latency),
    /// It is not carried out; the connection is reset.
    ResetBefore,
    /// It is carried out; the connection is reset instead of an answer.
    ResetAfterApply,
    /// It is carried out; no answer ever comes.
    Stall,
    /// It is carried out; the connection closes in the middle of the answer.
    CutBody,
    /// It is carried out; the answer trickles.
    SlowBody {
        /// Milliseconds that the body takes.
        #[cfg_attr(test, schemars(default = "default_milliseconds", range(min = 0, max = 600_000)))]
        milliseconds: f64,
    },
    /// It is carried out; the answer is JSON that breaks off.
    BadJson,
    /// It is not carried out; the answer is the HTML page of a proxy.
    #[serde(rename = "html_502")]
    Html502,
    /// It is carried out; the answer names an operation that nobody knows.
    UnknownOperation,
    /// It is carried out; the answer has fields that nobody knows.
    UnknownFields,
    /// It is carried out; the answer says `success: false`.
    SuccessFalse,
    /// It is not carried out; this is the answer.
    #[serde(untagged)]
    Status {
        /// HTTP status, from 200 to 599.
        #[cfg_attr(test, schemars(range(min = 200, max = 599)))]
        status: u16,
        /// JSON; a text is sent as it is.
        #[serde(default)]
        body: Value,
        /// Further headers.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        headers: Map<String, Value>,
    },
}

fn default_retry_after() -> u64 {
    30
}

fn default_milliseconds() -> f64 {
    3000.0
}

/// How late an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Latency {
    /// Always so many milliseconds.
    Fixed(#[cfg_attr(test, schemars(range(min = 0, max = 600_000)))] f64),
    /// Milliseconds as networks have them: mostly near the median, sometimes much more.
    LogNormal {
        /// Half of them take less.
        #[cfg_attr(test, schemars(range(min = 0, max = 600_000)))]
        median: f64,
        /// How far they scatter; 0.5 is usual.
        #[cfg_attr(test, schemars(range(min = 0, max = 5)))]
        sigma: f64,
    },
}

impl Fault {
    pub(crate) fn check(&self) -> Result<(), String> {
        let is_time = |time: f64| (0.0..=LONGEST).contains(&time);
        match self {
            Self::Status { status, headers, .. } => {
                if !(200..=599).contains(status) {
                    return Err("`then.status` must be from 200 to 599".to_owned());
                }
                let is_token = |name: &str| {
                    !name.is_empty()
                        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
                };
                let is_line = |value: &Value| {
                    value.as_str().is_some_and(|text| text.bytes().all(|byte| (b' '..=b'~').contains(&byte)))
                };
                if !headers.iter().all(|(name, value)| is_token(name) && is_line(value)) {
                    return Err("`then.headers` must be names and texts of printable ASCII".to_owned());
                }
                Ok(())
            }
            Self::Latency(Latency::Fixed(time)) | Self::SlowBody { milliseconds: time } if !is_time(*time) => {
                Err("a time in `then` must be from 0 to 600000 milliseconds".to_owned())
            }
            Self::Latency(Latency::LogNormal { median, sigma })
                if !is_time(*median) || !(0.0..=5.0).contains(sigma) =>
            {
                Err("`then.latency.log_normal` takes a `median` of 0 to 600000 milliseconds and a `sigma` of 0 to 5"
                    .to_owned())
            }
            _ => Ok(()),
        }
    }

    /// The answer to a request that is not carried out; `None` if it is.
    pub(crate) fn replacement(&self) -> Option<ApiResponse> {
        match self {
            Self::Status { status, body, headers } => {
                let mut response = ApiResponse::json(*status, body);
                match body {
                    Value::String(text) => {
                        (response.body, response.content_type) = (text.clone().into_bytes(), "text/plain");
                    }
                    Value::Null => response.body.clear(),
                    _ => {}
                }
                let texts = headers.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
                response.extra_headers.extend(texts);
                Some(response)
            }
            Self::RateLimited { retry_after } => Some(Refusal::RateLimited { retry_after: *retry_after }.response()),
            Self::ActivityLimit => Some(Refusal::Capacity { limit: 5, active: 5, devices: None }.response()),
            Self::ResetBefore => Some(ApiResponse {
                status: 0,
                body: Vec::new(),
                delivery: Delivery::Reset,
                ..ApiResponse::json(0, &())
            }),
            Self::Html502 => {
                let mut response = ApiResponse::json(502, &Value::Null);
                response.body =
                    b"<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>".to_vec();
                response.content_type = "text/html";
                Some(response)
            }
            _ => None,
        }
    }

    /// Changes the answer to a request that was carried out.
    pub(crate) fn apply(&self, response: &mut ApiResponse, seed: u64) {
        match self {
            Self::Latency(latency) => {
                response.delivery = Delivery::After(latency.draw(&mut fastrand::Rng::with_seed(seed)));
            }
            Self::ResetAfterApply => response.delivery = Delivery::Reset,
            Self::Stall => response.delivery = Delivery::Never,
            Self::CutBody => response.delivery = Delivery::Cut,
            Self::SlowBody { milliseconds } => response.delivery = Delivery::Trickle(millis(*milliseconds)),
            Self::BadJson => response.body.truncate(response.body.len() / 2),
            Self::UnknownOperation => change(response, |body| {
                body.insert("operation".into(), "transmogrified".into());
            }),
            Self::UnknownFields => change(response, |body| {
                body.insert("x_new_field".into(), json!({"nested": [1, null, "two"]}));
                body.insert("x_new_flag".into(), true.into());
            }),
            Self::SuccessFalse => change(response, |body| {
                body.insert("success".into(), false.into());
            }),
            _ => {}
        }
    }
}

impl Latency {
    fn draw(self, chance: &mut fastrand::Rng) -> Duration {
        match self {
            Self::Fixed(time) => millis(time),
            Self::LogNormal { median, sigma } => {
                // Box and Muller's way from two even chances to a normal one.
                let (radius, angle) = (1.0 - chance.f64(), chance.f64());
                let normal = (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos();
                millis((median * (sigma * normal).exp()).min(LONGEST))
            }
        }
    }
}

fn millis(time: f64) -> Duration {
    Duration::from_secs_f64(time / 1000.0)
}

fn change(response: &mut ApiResponse, change: impl FnOnce(&mut Map<String, Value>)) {
    if let Ok(Value::Object(mut body)) = serde_json::from_slice(&response.body) {
        change(&mut body);
        response.body = serde_json::to_vec(&body).expect("JSON that was read is JSON");
    }
}

/// A fault is written as its name, or as an object of its name and what it needs, or as `status` and `body`.
impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        read(&value).map_err(serde::de::Error::custom)
    }
}

fn read(value: &Value) -> Result<Fault, String> {
    let empty = Value::Object(Map::new());
    let (name, given) = match value {
        Value::String(name) => (name.as_str(), &empty),
        Value::Object(members) if members.contains_key("status") => return read_status(members),
        Value::Object(members) if members.len() == 1 => {
            let (name, given) = members.iter().next().expect("there is one");
            (name.as_str(), if *given == Value::Bool(true) { &empty } else { given })
        }
        _ => return Err(format!("`then` must be one fault: {NAMES}")),
    };
    let number = |field: &str, default: f64| match given.get(field) {
        None => Ok(default),
        Some(number) => number.as_f64().ok_or_else(|| format!("`then.{name}.{field}` must be a number")),
    };
    let only = |fields: &[&str]| match given.as_object() {
        Some(given) => match given.keys().find(|field| !fields.contains(&field.as_str())) {
            Some(field) => Err(format!("`then.{name}.{field}` is not a part of this fault")),
            None => Ok(()),
        },
        None => Err(format!("`then.{name}` must be an object")),
    };
    Ok(match name {
        "rate_limited" => {
            only(&["retry_after"])?;
            Fault::RateLimited { retry_after: number("retry_after", default_retry_after() as f64)? as u64 }
        }
        "latency" => Fault::Latency(
            Latency::deserialize(given).map_err(|error| format!("`then.latency` does not fit: {error}"))?,
        ),
        "slow_body" => {
            only(&["milliseconds"])?;
            Fault::SlowBody { milliseconds: number("milliseconds", default_milliseconds())? }
        }
        name => {
            only(&[])?;
            let plain = [
                Fault::ActivityLimit,
                Fault::ResetBefore,
                Fault::ResetAfterApply,
                Fault::Stall,
                Fault::CutBody,
                Fault::BadJson,
                Fault::Html502,
                Fault::UnknownOperation,
                Fault::UnknownFields,
                Fault::SuccessFalse,
            ];
            plain
                .into_iter()
                .find(|fault| json!(fault) == *name)
                .ok_or_else(|| format!("`then` must be one of {NAMES}"))?
        }
    })
}

const NAMES: &str = "status and body, rate_limited, activity_limit, latency, reset_before, reset_after_apply, stall, cut_body, \
                     slow_body, bad_json, html_502, unknown_operation, unknown_fields, success_false";

fn read_status(members: &Map<String, Value>) -> Result<Fault, String> {
    if let Some(field) = members.keys().find(|field| !matches!(field.as_str(), "status" | "body" | "headers")) {
        return Err(format!("`then.{field}` does not go with `status`"));
    }
    let status = members["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let headers = match members.get("headers") {
        None => Map::new(),
        Some(headers) => headers.as_object().cloned().ok_or("`then.headers` must be an object")?,
    };
    Ok(Fault::Status {
        status: status.ok_or("`then.status` must be from 200 to 599")?,
        body: members.get("body").cloned().unwrap_or(Value::Null),
        headers,
    })
}
