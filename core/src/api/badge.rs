//! `POST /badge`: sets the number on the app's icon.

use serde_json::Value;

use super::answer::{Answer, answer};
use super::object::wire_object;
use super::slugs::{Slugs, TARGET};
use super::spec::{Endpoint, Repeat, Spec, as_given};
use crate::json::{self, Members, Number};
use crate::validate::{Findings, Kind, Object, Path, View, ViolationCode as Code};

/// What the request can hold, for a macro that makes something of each field.
macro_rules! with_badge_fields {
    ($then:ident { $($before:tt)* }) => {
        $then! { $($before)* {
            /// The slugs of the channels whose icons show it, at least one. Absent: all that the key can reach.
            channels: Slugs = Kind::Channels,
        } }
    };
}
#[cfg(feature = "client")]
pub(crate) use with_badge_fields;

with_badge_fields!(wire_object {
    /// Sets the number on the app's icon.
    BadgeRequest(
        /// The number: an integer from 0, which removes it, to 2,147,483,647.
        badge: Number = Kind::Integer(0),
    )
});

impl Endpoint for BadgeRequest {
    type Response = BadgeResponse;
    const SPEC: &'static Spec = &BADGE;
}

/// The endpoint.
pub static BADGE: Spec = Spec {
    name: "badge",
    method: "POST",
    path: "/badge",
    key: None,
    family: "badges",
    body: &Object { fields: &[BadgeRequest::FIELDS, &[TARGET]], required: BadgeRequest::REQUIRED, rules },
    shape: as_given,
    wire: target,
    repeat: |_| Repeat::Always,
    advice: |_, _| Vec::new(),
    answer: BadgeResponse::FIELDS,
    inert: |_| Answer::default(),
    removed: None,
};

fn target(members: &mut Members) {
    if let Some(channels) = members.shift_remove("channels") {
        members.insert("target".to_owned(), Value::Object([("channels".to_owned(), channels)].into_iter().collect()));
    }
}

/// The largest number: 2^31 - 1.
const MOST: u32 = i32::MAX as u32;

fn rules(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    if request.has("channels") && request.has("target") {
        let message = format_args!("is given beside target; keep one of them");
        findings.report(&path.member("channels"), Code::Conflict, message);
    }
    if let Some(badge) = request.get("badge").and_then(json::number)
        && badge.is_finite()
        && badge.as_f64() > f64::from(MOST)
    {
        let message = format_args!("is {badge}; give an integer from 0 to {MOST}");
        findings.report(&path.member("badge"), Code::OutOfRange, message);
    }
}

answer! {
    /// The answer to a badge request.
    BadgeResponse() {
        /// The service's own flag.
        success: bool,
        /// The number that was set.
        badge: u64,
        /// On how many devices.
        devices_updated: u64,
        /// How many users those devices belong to.
        users_updated: u64,
        /// The channels that received it; absent for the whole account.
        effective_channel_slugs: Vec<String>,
        /// The service's time, RFC 3339.
        timestamp: String,
    }
}
