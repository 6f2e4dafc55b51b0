//! `DELETE /live-activity/stream/{stream_key}`: ends a stream.

use serde_json::Map;

use super::action::{Action, PushAlert};
use super::answer::Answer;
use super::metadata::Metadata;
use super::object::wire_object;
use super::slugs::Slugs;
use super::spec::{Endpoint, NotFound, Spec, as_checked};
use super::state::{ContentState, FINAL_STATE};
use super::stream::{self, Operation, STREAM_KEY, StreamResponse, advice, answer_of, buttons, by_alert};
use crate::json::{self, Members, Number};
use crate::validate::{Findings, Kind, Object, Path, ViolationCode};

/// What the end of a stream can hold, for a macro that makes something of each field.
macro_rules! with_end_stream_fields {
    ($then:ident { $($before:tt)* }) => {
        $then! { $($before)* {
            /// The final state; a [`Change`](crate::Change) is enough, since nothing is started.
            content_state: ContentState = Kind::Object(&FINAL_STATE),
            /// Seconds until the ended activity leaves the Lock Screen, 0 for at once; it needs a `content_state`, and wins over
            /// `auto_dismiss_minutes`. Without either the service waits for about two minutes.
            auto_dismiss_seconds: Number = Kind::at_least(0),
            /// Minutes until the ended activity leaves the Lock Screen; it needs a `content_state`.
            auto_dismiss_minutes: Number = Kind::at_least(0),
            /// The first button.
            action: Action,
            /// The second button.
            secondary_action: Action,
            /// A sound and a banner that accompany the end.
            alert: PushAlert,
            /// As in [`StreamRequest`](crate::StreamRequest).
            tags: Slugs = Kind::Tags,
            /// As in [`StreamRequest`](crate::StreamRequest).
            metadata: Metadata,
        } }
    };
}
#[cfg(feature = "client")]
pub(crate) use with_end_stream_fields;

with_end_stream_fields!(wire_object {
    /// Ends a stream. Without a final state the last one stays as it is.
    EndStreamRequest()
});

impl Default for EndStreamRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl Endpoint for EndStreamRequest {
    type Response = StreamResponse;
    const SPEC: &'static Spec = &END_STREAM;
}

/// The endpoint.
pub static END_STREAM: Spec = Spec {
    name: "end_stream",
    method: "DELETE",
    path: "/live-activity/stream/{stream_key}",
    key: Some(STREAM_KEY),
    family: "live-activities",
    body: &Object { fields: &[EndStreamRequest::FIELDS], required: EndStreamRequest::REQUIRED, rules: buttons },
    shape: |members, findings| place_dismissal(&["auto_dismiss_seconds", "auto_dismiss_minutes"], members, findings),
    wire: as_checked,
    repeat: by_alert,
    advice,
    answer: StreamResponse::FIELDS,
    inert: stream::disabled,
    not_found: NotFound::Removed(already_ended),
};

/// What a second `DELETE` means that finds nothing: the first one, whose answer was lost, ended the stream.
pub(crate) fn already_ended(stream_key: &str) -> Answer {
    let mut answer = answer_of(&Operation::Ended, stream_key);
    answer.known.insert("ignored".to_owned(), true.into());
    answer
}

/// How long an ended activity stays is a caller's wish about the end, but on the wire it is part of the state.
pub(super) fn place_dismissal(names: &[&str], members: &mut Members, findings: &mut Findings) {
    for name in names.iter().copied() {
        let Some(wish) = members.shift_remove(name) else {
            continue;
        };
        if !members.contains_key("content_state") {
            members.insert("content_state".to_owned(), Map::new().into());
        }
        match members.get_mut("content_state").and_then(json::object_mut) {
            Some(state) if state.contains_key(name) => {
                findings.report(
                    &Path::Root.member(name),
                    ViolationCode::Conflict,
                    format_args!("is given twice, beside content_state and in it; keep one"),
                );
            }
            Some(state) => _ = state.insert(name.to_owned(), wish),
            // A content_state that is no object is reported as such.
            None => {}
        }
    }
}
