//! `PUT /push-notification/{notification_id}`: replaces the content of a push notification.

use serde_json::Value;

use super::Answer;
use super::action::Action;
use super::badge::BADGE_COUNT;
use super::metadata::Metadata;
use super::object::wire_object;
use super::push::{PUSH_ACTIONS, PushResponse, media_or_actions, with_content_fields};
use super::slugs::Slugs;
use super::spec::{Endpoint, Key, NotFound, Repeat, Spec, as_checked, as_given, no_advice};
use crate::json::Number;
use crate::validate::{Findings, Kind, Object, Path, ViolationCode as Code, formats};

with_content_fields!(wire_object {
    /// What replaces a push notification, silently and for the same recipients. Content that is left out is removed; tags and
    /// metadata that are left out stay.
    PushReplacement(
        /// The headline; not blank.
        title: String = Kind::Label,
    )
} {});

/// A headline is a replacement by itself.
impl From<&str> for PushReplacement {
    fn from(title: &str) -> Self {
        Self::new(title)
    }
}

impl Endpoint for PushReplacement {
    type Response = PushResponse;
    const SPEC: &'static Spec = &REPLACE_PUSH;
}

/// The endpoint.
pub static REPLACE_PUSH: Spec = Spec {
    name: "replace_push",
    method: "PUT",
    path: "/push-notification/{notification_id}",
    key: Some(Key { name: "notification_id", check: notification_id }),
    family: "notifications",
    body: &Object { fields: &[PushReplacement::FIELDS], required: PushReplacement::REQUIRED, rules: media_or_actions },
    shape: as_given,
    wire: as_checked,
    repeat: |_| Repeat::Always,
    advice: no_advice,
    answer: PushResponse::FIELDS,
    inert: |_| Answer::default(),
    not_found: NotFound::Name,
};

/// The longest id, in characters.
const LONGEST_ID: usize = 255;

fn notification_id(id: &Value, path: &Path<'_>, findings: &mut Findings) {
    const REMEDY: &str = "give the notification_id of an answer";
    let Value::String(id) = id else {
        findings.wrong_type(id, path, format_args!("; {REMEDY}"));
        return;
    };
    if id.trim().is_empty() {
        findings.report(path, Code::Empty, format_args!("is blank; {REMEDY}"));
    } else if id == "." || id == ".." {
        // In a path these name another place, also percent-encoded.
        findings.report(path, Code::BadFormat, format_args!("is \"{id}\"; {REMEDY}"));
    }
    formats::at_most(LONGEST_ID, id, path, findings);
}
