//! `POST /badge`: sets the number on the app's icon.

use super::answer::{Answer, answer};
use super::object::wire_object;
use super::slugs::{Slugs, TARGET, one_target, place_channels};
use super::spec::{Endpoint, NotFound, Repeat, Spec, as_given, no_advice};
use crate::json::Number;
use crate::validate::{Kind, Object};

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
        badge: Number = BADGE_COUNT,
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
    body: &Object { fields: &[BadgeRequest::FIELDS, &[TARGET]], required: BadgeRequest::REQUIRED, rules: one_target },
    shape: as_given,
    wire: place_channels,
    repeat: |_| Repeat::Always,
    advice: no_advice,
    answer: BadgeResponse::FIELDS,
    inert: |_| Answer::default(),
    not_found: NotFound::Recipients,
};

/// The number on the app's icon: to 2^31 - 1.
pub(super) const BADGE_COUNT: Kind = Kind::Integer { least: 0, most: Some(i32::MAX as u32) };

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
        /// As `devices_updated`; the service keeps it for older clients.
        devices_notified: u64,
        /// As `users_updated`; the service keeps it for older clients.
        users_notified: u64,
        /// How many devices it was meant for.
        devices_targeted: u64,
        /// How many devices were switched off since Apple does not know them any more.
        devices_deactivated: u64,
        /// How many devices Apple does not know any more.
        devices_unregistered: u64,
        /// The channels that received it; absent for the whole account.
        effective_channel_slugs: Vec<String>,
        /// The service's time, RFC 3339.
        timestamp: String,
    }
}
