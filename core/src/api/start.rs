//! `POST /live-activity/start`: starts a Live Activity that is updated by its id.

use serde_json::Value;

use super::Answer;
use super::action::{Action, PushAlert};
use super::activity::ActivityResponse;
use super::metadata::Metadata;
use super::object::wire_object;
use super::slugs::{Slugs, TARGET, one_target, place_channels};
use super::spec::{Endpoint, NotFound, Repeat, Spec, as_given};
use super::state::{ContentState, STARTED_STATE, names_type};
use super::stream::{advice, buttons};
use crate::json;
use crate::validate::{Findings, Kind, Object, Path, View, ViolationCode as Code};

/// What the start of an activity can hold beside its state, for a macro that makes something of each field.
macro_rules! with_start_fields {
    ($then:ident { $($before:tt)* }) => {
        $then! { $($before)* {
            /// The first button.
            action: Action,
            /// The second button.
            secondary_action: Action,
            /// A sound and a banner that accompany the start.
            alert: PushAlert,
            /// The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
            channels: Slugs = Kind::Channels,
            /// Labels for the service's history: at most 20.
            tags: Slugs = Kind::Tags,
            /// Details for the service's history.
            metadata: Metadata,
        } }
    };
}
#[cfg(feature = "client")]
pub(crate) use with_start_fields;

with_start_fields!(wire_object {
    /// Starts a Live Activity. It is not sent again once it may have arrived, since each start makes an activity of its own.
    StartRequest(
        /// What to show: a state that names its type.
        content_state: ContentState = Kind::Object(&STARTED_STATE),
    )
});

/// Anything that is a [`ContentState`] is a request by itself.
impl<S: Into<ContentState>> From<S> for StartRequest {
    fn from(content_state: S) -> Self {
        Self::new(content_state)
    }
}

impl Endpoint for StartRequest {
    type Response = ActivityResponse;
    const SPEC: &'static Spec = &START;
}

/// The endpoint.
pub static START: Spec = Spec {
    name: "start",
    method: "POST",
    path: "/live-activity/start",
    key: None,
    family: "live-activities",
    body: &Object { fields: &[StartRequest::FIELDS, &[TARGET]], required: StartRequest::REQUIRED, rules },
    shape: as_given,
    wire: place_channels,
    repeat: |_| Repeat::UnlessDone,
    advice,
    answer: ActivityResponse::FIELDS,
    inert: |_| Answer::default(),
    not_found: NotFound::Recipients,
};

fn rules(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    buttons(request, path, findings);
    one_target(request, path, findings);
    names_type(&STARTED_STATE, request, path, findings);
    let state = request.get("content_state").and_then(json::object);
    let is = |name: &str, value: Value| state.is_some_and(|state| state.get(name) == Some(&value));
    if is("type", "timer".into())
        && !is("counts_down", false.into())
        && !state.is_some_and(|it| it.contains_key("duration_seconds"))
    {
        let message = format_args!("is missing; give a number above 0, or counts_down false");
        findings.report(&path.member("content_state").member("duration_seconds"), Code::Missing, message);
    }
}
