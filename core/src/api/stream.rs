//! `PUT /live-activity/stream/{stream_key}`: shows a state under a stream key.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::action::{Action, PushAlert};
use super::answer::{Answer, AnswerType, answer};
use super::metadata::Metadata;
use super::object::wire_object;
use super::patch::Patch;
use super::reading;
use super::slugs::{Slugs, TARGET, one_target};
use super::spec::{Endpoint, Key, NotFound, Repeat, Spec, as_checked, as_given};
use super::state::{CONTENT_STATE, ContentState, StateType, is_of_a_state, names_type};
use crate::json::{self, Members};
use crate::validate::{Findings, Kind, Object, Path, View, ViolationCode as Code, formats};

/// What can go beside a state, for a macro that makes something of each field: the request itself, setters, and changes to it.
macro_rules! with_stream_fields {
    ($then:ident { $($before:tt)* }) => {
        $then! { $($before)* {
            /// The first button; it applies to every state.
            action: Action,
            /// The second button; it needs a first one and applies to `alert`, `progress`, `segmented_progress` and `value`.
            secondary_action: Action,
            /// A sound and a banner that accompany this update.
            alert: PushAlert,
            /// The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
            channels: Slugs = Kind::Channels,
            /// Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears them.
            tags: Slugs = Kind::Tags,
            /// Details for the service's history. Absent, the stream keeps its own; an empty object clears them.
            metadata: Metadata,
        } }
    };
}
#[cfg(feature = "client")]
pub(crate) use with_stream_fields;

with_stream_fields!(wire_object {
    /// Shows a state under a stream key: the service starts, updates or replaces the Live Activity.
    StreamRequest(
        /// What to show.
        content_state: ContentState,
    )
});

/// Anything that is a [`ContentState`] is a request by itself: `Progress::new("Backup").percentage(42).into()`.
impl<S: Into<ContentState>> From<S> for StreamRequest {
    fn from(content_state: S) -> Self {
        Self::new(content_state)
    }
}

/// Setters of what goes beside the state, for what is published.
macro_rules! changes {
    ({ $( $(#[doc = $doc:literal])* $field:ident : $type:ty $(= $kind:expr)? ),* $(,)? }) => {
        impl Patch {
            $(
                $(#[doc = $doc])*
                #[must_use]
                pub fn $field(self, $field: impl Into<$type>) -> Self {
                    let value: $type = $field.into();
                    self.of_the_request(stringify!($field), &value)
                }
            )*
        }
    };
}
with_stream_fields!(changes {});

/// Of the state's fields beside those of the request, or of those of the state in a `content_state`.
impl<'de> Deserialize<'de> for Patch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (mut state, mut rest) = (Members::new(), Members::new());
        for (name, value) in reading::members(deserializer)? {
            match value {
                Value::Object(mut members) if name == "content_state" => state.append(&mut members),
                value if is_of_a_state(&name) => _ = state.insert(name, value),
                value => _ = rest.insert(name, value),
            }
        }
        Ok(Self::of(state, rest))
    }
}

impl Endpoint for StreamRequest {
    type Response = StreamResponse;
    const SPEC: &'static Spec = &STREAM;
}

/// The endpoint.
pub static STREAM: Spec = SPEC;

const SPEC: Spec = Spec {
    name: "stream",
    method: "PUT",
    path: "/live-activity/stream/{stream_key}",
    key: Some(STREAM_KEY),
    family: "live-activities",
    body: &BODY,
    shape: as_given,
    wire: as_checked,
    repeat: by_alert,
    advice,
    answer: StreamResponse::FIELDS,
    inert: disabled,
    not_found: NotFound::Recipients,
};

/// The same for what is published: it may have to start an activity at any time, so its state names its type.
pub(crate) static PUBLISH: Spec = Spec { body: &Object { rules: published, ..BODY }, ..SPEC };

const BODY: Object = Object { fields: &[StreamRequest::FIELDS, &[TARGET]], required: StreamRequest::REQUIRED, rules };

/// The name of a stream.
pub(super) const STREAM_KEY: Key = Key { name: "stream_key", check: stream_key };

/// The longest stream key, in characters.
const LONGEST_KEY: usize = 255;

fn stream_key(key: &Value, path: &Path<'_>, findings: &mut Findings) {
    let Value::String(key) = key else {
        findings.wrong_type(key, path, format_args!("; give a name such as nightly-backup"));
        return;
    };
    if key.is_empty() {
        findings.report(path, Code::Empty, format_args!("is empty; give a name such as nightly-backup"));
    }
    formats::at_most(LONGEST_KEY, key, path, findings);
    if let Some(bad) = key.chars().find(|&c| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')) {
        findings.report(
            path,
            Code::BadFormat,
            format_args!("contains {bad:?}; use ASCII letters, digits, underscores and hyphens only"),
        );
    }
}

fn rules(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    buttons(request, path, findings);
    one_target(request, path, findings);
}

fn published(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    rules(request, path, findings);
    names_type(&CONTENT_STATE, request, path, findings);
}

/// A second button needs a first, and only some states have room for it.
pub(super) fn buttons(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    if !request.has("secondary_action") {
        return;
    }
    let here = path.member("secondary_action");
    if !request.has("action") {
        findings.report(&here, Code::Conflict, format_args!("needs an action beside it; give it as action"));
    }
    let state_type = request.get("content_state").and_then(|state| state.get("type")).and_then(Value::as_str);
    if let Some(state_type) = state_type.and_then(StateType::from_name)
        && matches!(state_type, StateType::Metrics | StateType::Stats | StateType::Timer)
    {
        findings.report(
            &here,
            Code::NotApplicable,
            format_args!("does not apply to type {}; leave it out", state_type.as_str()),
        );
    }
}

/// A request with an alert makes a sound.
pub(super) fn by_alert(body: &Value) -> Repeat {
    if body.get("alert").is_some() { Repeat::UnlessDone } else { Repeat::Always }
}

/// Apple allows 4 KB for all that an activity shows; a state near that leaves no room for the service's own part.
const COMFORTABLE_STATE_BYTES: usize = 3_584;

pub(super) fn advice(body: &Value, body_bytes: usize) -> Vec<String> {
    let mut advice = Vec::new();
    let Some(state) = body.get("content_state") else {
        return advice;
    };
    // The state is not measured unless it could be too large.
    if body_bytes > COMFORTABLE_STATE_BYTES {
        let bytes = json::write(state).len();
        if bytes > COMFORTABLE_STATE_BYTES {
            advice.push(format!("content_state takes {bytes} bytes; iOS may drop a state of more than 4 KB"));
        }
    }
    let colors = state.get("step_colors").and_then(Value::as_array).map(Vec::len);
    let steps = state.get("current_step").and_then(json::number);
    if let (Some(colors), Some(steps)) = (colors, steps)
        && steps != colors.into()
    {
        advice.push(format!("content_state.step_colors has {colors} colors for {steps} completed steps"));
    }
    advice
}

/// Declares what the service can do: each operation with its name on the wire.
macro_rules! operations {
    ($( $(#[doc = $doc:literal])* $operation:ident = $name:literal, )*) => {
        /// What the service did. New operations may appear; they are kept as [`Operation::Unknown`].
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation {
            $( $(#[doc = $doc])* $operation, )*
            /// An operation newer than this release; empty when the answer named none.
            Unknown(String),
        }

        impl Operation {
            /// The name on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$operation => $name, )*
                    Self::Unknown(name) => name,
                }
            }

            pub(crate) fn from_name(name: &str) -> Self {
                match name {
                    $( $name => Self::$operation, )*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        #[cfg(feature = "describe")]
        impl crate::describe::DescribeChoice for Operation {
            fn describe() -> crate::describe::Choice {
                use crate::describe::{Choice, Name};
                let values = [$( Name::new($name, &[$( &[("doc", $doc)] ),*]) ),*];
                Choice { open: true, ..Choice::new("Operation", &[&[("doc", "What the service did; new ones may come.")]], values) }
            }
        }
    };
}

operations! {
    /// A new activity appeared.
    Started = "started",
    /// The running activity shows the new state.
    Updated = "updated",
    /// The running activity was ended and a new one took its place.
    Rotated = "rotated",
    /// The state was the same as before; nothing was pushed.
    Noop = "noop",
    /// The stream is paused in the service; the request was set aside.
    Paused = "paused",
    /// The activity ended.
    Ended = "ended",
    /// Nothing was sent, since `ACTIVITYSMITH_DISABLED` is set.
    Disabled = "disabled",
}

impl std::str::FromStr for Operation {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(Self::from_name(name))
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Default for Operation {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

impl AnswerType for Operation {
    fn is(value: &Value) -> bool {
        value.is_string()
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_name(&String::deserialize(deserializer)?))
    }
}

answer! {
    /// The answer to a stream request or to the end of a stream.
    StreamResponse(
        /// What the service did.
        operation: Operation
    ) {
        /// The service's own flag; a push that Apple accepted may still not be displayed.
        success: bool,
        /// The stream's key.
        stream_key: String,
        /// The service's time, RFC 3339.
        timestamp: String,
        /// The activity that is running or has just ended; absent while the stream is paused or idle.
        activity_id: String,
        /// The activity that a rotation ended.
        previous_activity_id: String,
        /// For how many devices Apple accepted the push.
        devices_notified: u64,
        /// For how many devices the push waits until their token is registered.
        devices_queued: u64,
        /// How many users those devices belong to.
        users_notified: u64,
        /// The channels that received it; absent for the whole account, or if not stated.
        effective_channel_slugs: Vec<String>,
        /// The tags that the stream has now.
        tags: Vec<String>,
        /// A remark of the service, for example that iOS holds back updates because there are too many.
        warning: String,
        /// The request had no effect.
        ignored: bool,
        /// Whether a push left the service.
        remote_push_sent: bool,
        /// The stream was marked as ended though Apple did not confirm it.
        forced_completion: bool,
        /// A message of the service.
        message: String,
        /// The errors of devices that could not be reached.
        errors: Vec<String>,
    }
}

/// What a call is answered with that sends nothing, since `ACTIVITYSMITH_DISABLED` is set.
pub(super) fn disabled(stream_key: &str) -> Answer {
    answer_of(&Operation::Disabled, stream_key)
}

/// An answer that the service did not give itself.
pub(crate) fn answer_of(operation: &Operation, stream_key: &str) -> Answer {
    let members = [("operation", operation.as_str()), ("stream_key", stream_key)];
    let known = members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    Answer { known, ..Answer::default() }
}

/// What the service did, as an answer says it.
pub(crate) fn operation(answer: &Answer) -> Operation {
    Operation::from_name(answer.text("operation").unwrap_or_default())
}
