//! `POST /live-activity/update`: updates a Live Activity by its id.

use super::Answer;
use super::action::Action;
use super::activity::{ActivityResponse, activity_id};
use super::metadata::Metadata;
use super::object::wire_object;
use super::slugs::Slugs;
use super::spec::{Endpoint, NotFound, Repeat, Spec, as_checked, as_given};
use super::state::{ContentState, RUNNING_STATE};
use super::stream::{advice, buttons};
use crate::validate::{Findings, Kind, Object, Path, View};

/// What an update can hold beside its state, for a macro that makes something of each field.
macro_rules! with_update_fields {
    ($then:ident { $($before:tt)* }) => {
        $then! { $($before)* {
            /// The first button.
            action: Action,
            /// The second button.
            secondary_action: Action,
            /// Labels for the service's history: at most 20. Absent, the activity keeps its own; an empty list clears them.
            tags: Slugs = Kind::Tags,
            /// Details for the service's history. Absent, the activity keeps its own; an empty object clears them.
            metadata: Metadata,
        } }
    };
}
#[cfg(feature = "client")]
pub(crate) use with_update_fields;

with_update_fields!(wire_object {
    /// Updates a Live Activity by its id.
    UpdateRequest(
        /// The activity, as the answer to its start names it.
        activity_id: String = Kind::NonEmpty,
        /// What to show.
        content_state: ContentState = Kind::Object(&RUNNING_STATE),
    )
});

impl Endpoint for UpdateRequest {
    type Response = ActivityResponse;
    const SPEC: &'static Spec = &UPDATE;
}

/// The endpoint.
pub static UPDATE: Spec = Spec {
    name: "update",
    method: "POST",
    path: "/live-activity/update",
    key: None,
    family: "live-activities",
    body: &Object { fields: &[UpdateRequest::FIELDS], required: UpdateRequest::REQUIRED, rules },
    shape: as_given,
    wire: as_checked,
    repeat: |_| Repeat::Always,
    advice,
    answer: ActivityResponse::FIELDS,
    inert: |_| Answer::default(),
    not_found: NotFound::Name,
};

pub(super) fn rules(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    activity_id(request, path, findings);
    buttons(request, path, findings);
}
