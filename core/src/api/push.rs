//! `POST /push-notification`: sends a push notification.

use serde_json::Value;

use super::Answer;
use super::action::{Action, PUSH_ACTION};
use super::answer::answer;
use super::badge::BADGE_COUNT;
use super::metadata::Metadata;
use super::object::wire_object;
use super::slugs::{Slugs, TARGET, one_target, place_channels};
use super::spec::{Endpoint, NotFound, Repeat, Spec, as_given, no_advice};
use crate::declare::names;
use crate::json::Number;
use crate::validate::{Findings, Kind, Kinded, Object, Path, View, ViolationCode as Code};

/// What a notification and its replacement can show, for a macro that makes something of each field, before some of its own.
macro_rules! with_content_fields {
    ($then:ident { $($before:tt)* } { $($more:tt)* }) => {
        $then! { $($before)* {
            /// The text.
            message: String,
            /// The second line.
            subtitle: String,
            /// The `https` URL of a picture in place of the app's icon.
            icon: String = Kind::HttpsUrl,
            /// The `https` URL of a picture or a video. Not together with `actions`.
            media: String = Kind::HttpsUrl,
            /// What a tap opens: a page, a Shortcut or an app by its URL, at most 2,048 characters. Absent, it opens `media` or the app.
            redirection: String = Kind::Link,
            /// Up to 4 buttons.
            actions: Vec<Action> = PUSH_ACTIONS,
            /// Data for the receiving app: a JSON object.
            payload: serde_json::Value,
            /// The number on the app's icon: an integer from 0, which removes it, to 2,147,483,647.
            badge: Number = BADGE_COUNT,
            /// Labels for the service's history: at most 20.
            tags: Slugs = Kind::Tags,
            /// Details for the service's history.
            metadata: Metadata,
            $($more)*
        } }
    };
}
pub(super) use with_content_fields;

with_content_fields!(wire_object {
    /// A push notification. It is not sent again once it may have arrived.
    Push(
        /// The headline; not blank.
        title: String = Kind::Label,
    )
} {
    /// The sound, by its name: `default` is the system's.
    sound: String = Kind::NonEmpty,
    /// How much it interrupts. The service's default is `active`.
    interruption_level: InterruptionLevel,
    /// The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
    channels: Slugs = Kind::Channels,
});

names! {
    /// How much a notification interrupts.
    pub enum InterruptionLevel {
        /// It is added to the list without a sound.
        Passive = "passive",
        /// It lights the screen and may sound.
        Active = "active",
        /// As `active`, and also through most Focus modes.
        TimeSensitive = "time-sensitive",
    }
}

impl Kinded for InterruptionLevel {
    const KIND: Kind = Kind::Choice(Self::NAMES);
}

/// A headline is a notification by itself.
impl From<&str> for Push {
    fn from(title: &str) -> Self {
        Self::new(title)
    }
}

impl Endpoint for Push {
    type Response = PushResponse;
    const SPEC: &'static Spec = &PUSH;
}

/// The endpoint.
pub static PUSH: Spec = Spec {
    name: "push",
    method: "POST",
    path: "/push-notification",
    key: None,
    family: "notifications",
    body: &Object { fields: &[Push::FIELDS, &[TARGET]], required: Push::REQUIRED, rules },
    shape: as_given,
    wire: place_channels,
    repeat: |_| Repeat::UnlessDone,
    advice: no_advice,
    answer: PushResponse::FIELDS,
    inert: |_| Answer::default(),
    not_found: NotFound::Recipients,
};

/// The buttons of a notification.
pub(super) const PUSH_ACTIONS: Kind = Kind::List { of: &Kind::Object(&PUSH_ACTION), least: 0, most: 4 };

fn rules(push: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    one_target(push, path, findings);
    media_or_actions(push, path, findings);
}

/// A notification has room for a picture or for buttons.
pub(super) fn media_or_actions(push: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    let has_actions = push.get("actions").and_then(Value::as_array).is_some_and(|actions| !actions.is_empty());
    if push.has("media") && has_actions {
        findings.report(
            &path.member("media"),
            Code::Conflict,
            format_args!("cannot go with actions; keep one of them"),
        );
    }
}

answer! {
    /// The answer to a push notification or its replacement.
    PushResponse() {
        /// The service's own flag; a push that Apple accepted may still not be displayed.
        success: bool,
        /// What the notification is called, to replace it later.
        notification_id: String,
        /// For how many devices Apple accepted it.
        devices_notified: u64,
        /// How many users those devices belong to.
        users_notified: u64,
        /// How many devices it was meant for.
        devices_targeted: u64,
        /// How many devices were switched off since Apple does not know them any more.
        devices_deactivated: u64,
        /// How many devices Apple does not know any more.
        devices_unregistered: u64,
        /// The channels that received it; absent for the whole account.
        effective_channel_slugs: Vec<String>,
        /// Its tags.
        tags: Vec<String>,
        /// It only tested the key, since no device is paired yet.
        credential_test: bool,
        /// A message of the service.
        message: String,
        /// The service's time, RFC 3339.
        timestamp: String,
    }
}
