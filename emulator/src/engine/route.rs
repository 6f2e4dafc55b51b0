//! Which endpoint a method and a path mean. Decodes path parameters and judges nothing about them.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::rate::Feature;
use super::refusal::Refusal;

/// An endpoint of the API with its path parameter, decoded.
#[derive(Debug)]
pub(super) enum Route<'a> {
    PutStream(Cow<'a, str>),
    DeleteStream(Cow<'a, str>),
    Start,
    Update,
    End,
    SendPush,
    ReplacePush(Cow<'a, str>),
    SetMetric(Cow<'a, str>),
    SetBadge,
}

pub(super) fn find<'a>(method: &str, path: &'a str) -> Result<Route<'a>, Refusal> {
    let only = |wanted: &'static str, route| {
        if method == wanted { Ok(route) } else { Err(Refusal::WrongMethod { allow: wanted }) }
    };
    if let Some(key) = stream_key(path) {
        return match method {
            "PUT" => Ok(Route::PutStream(key)),
            "DELETE" => Ok(Route::DeleteStream(key)),
            _ => Err(Refusal::WrongMethod { allow: "PUT, DELETE" }),
        };
    }
    match path {
        "/live-activity/start" => return only("POST", Route::Start),
        "/live-activity/update" => return only("POST", Route::Update),
        "/live-activity/end" => return only("POST", Route::End),
        "/push-notification" => return only("POST", Route::SendPush),
        "/badge" => return only("POST", Route::SetBadge),
        _ => {}
    }
    if let Some(id) = path.strip_prefix("/push-notification/").filter(|id| !id.is_empty() && !id.contains('/')) {
        return only("PUT", Route::ReplacePush(percent_decode_str(id).decode_utf8_lossy()));
    }
    let metric = path.strip_prefix("/metrics/").and_then(|rest| rest.strip_suffix("/value"));
    if let Some(key) = metric.filter(|key| !key.contains('/')) {
        return only("POST", Route::SetMetric(percent_decode_str(key).decode_utf8_lossy()));
    }
    Err(Refusal::NoRoute)
}

impl Route<'_> {
    /// Which of the limits on requests it counts against.
    pub(super) fn feature(&self) -> Feature {
        match self {
            Self::PutStream(_) | Self::DeleteStream(_) | Self::Start | Self::Update | Self::End => {
                Feature::LiveActivities
            }
            Self::SendPush | Self::ReplacePush(_) => Feature::Notifications,
            Self::SetMetric(_) => Feature::Metrics,
            Self::SetBadge => Feature::Badges,
        }
    }
}

/// The key in the path of a stream. Bytes that are no UTF-8 become a character that no key may have.
pub(super) fn stream_key(path: &str) -> Option<Cow<'_, str>> {
    let key = path.strip_prefix("/live-activity/stream/").filter(|key| !key.contains('/'))?;
    Some(percent_decode_str(key).decode_utf8_lossy())
}
