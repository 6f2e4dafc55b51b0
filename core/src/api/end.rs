//! `POST /live-activity/end`: ends a Live Activity by its id.

use super::Answer;
use super::action::Action;
use super::activity::ActivityResponse;
use super::end_stream::place_dismissal;
use super::metadata::Metadata;
use super::object::wire_object;
use super::slugs::Slugs;
use super::spec::{Endpoint, NotFound, Repeat, Spec, as_checked};
use super::state::{ContentState, ENDED_STATE};
use super::stream::advice;
use super::update::rules;
use crate::json::Number;
use crate::validate::{Kind, Object};

/// What the end of an activity can hold beside its state, for a macro that makes something of each field.
macro_rules! with_end_fields {
    ($then:ident { $($before:tt)* }) => {
        $then! { $($before)* {
            /// Minutes until the ended activity leaves the Lock Screen, 0 for at once. Without it the service waits for about three.
            auto_dismiss_minutes: Number = Kind::at_least(0),
            /// The first button.
            action: Action,
            /// The second button.
            secondary_action: Action,
            /// As in [`UpdateRequest`](crate::UpdateRequest).
            tags: Slugs = Kind::Tags,
            /// As in [`UpdateRequest`](crate::UpdateRequest).
            metadata: Metadata,
        } }
    };
}
#[cfg(feature = "client")]
pub(crate) use with_end_fields;

with_end_fields!(wire_object {
    /// Ends a Live Activity by its id.
    EndRequest(
        /// The activity, as the answer to its start names it.
        activity_id: String = Kind::NonEmpty,
        /// The final state.
        content_state: ContentState = Kind::Object(&ENDED_STATE),
    )
});

impl Endpoint for EndRequest {
    type Response = ActivityResponse;
    const SPEC: &'static Spec = &END;
}

/// The endpoint.
pub static END: Spec = Spec {
    name: "end",
    method: "POST",
    path: "/live-activity/end",
    key: None,
    family: "live-activities",
    body: &Object { fields: &[EndRequest::FIELDS], required: EndRequest::REQUIRED, rules },
    shape: |members, findings| place_dismissal(&["auto_dismiss_minutes"], members, findings),
    wire: as_checked,
    repeat: |_| Repeat::Always,
    advice,
    answer: ActivityResponse::FIELDS,
    inert: |_| Answer::default(),
    not_found: NotFound::Name,
};
