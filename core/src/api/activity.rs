//! What starting, updating and ending a Live Activity by its id share: the id, and the answer.

use serde_json::Value;

use super::answer::answer;
use super::stream::Operation;
use crate::validate::{Findings, Path, View, ViolationCode as Code};

/// An id stands in a body, so only what cannot be one is refused.
pub(super) fn activity_id(request: &View<'_>, path: &Path<'_>, findings: &mut Findings) {
    let Some(id) = request.get("activity_id").and_then(Value::as_str) else { return };
    if let Some(bad) = id.chars().find(|&c| c == '/' || c.is_whitespace() || c.is_control()) {
        let message = format_args!("contains {bad:?}; give the activity_id of an answer");
        findings.report(&path.member("activity_id"), Code::BadFormat, message);
    }
}

answer! {
    /// The answer to the start, an update or the end of a Live Activity by its id.
    ActivityResponse() {
        /// The service's own flag; a push that Apple accepted may still not be displayed.
        success: bool,
        /// The activity.
        activity_id: String,
        /// What the service did, where the activity belongs to a stream.
        operation: Operation,
        /// The stream that the activity belongs to.
        stream_key: String,
        /// The activity that a start ended to make room.
        ended_activity_id: String,
        /// The activity that a rotation of its stream ended.
        previous_activity_id: String,
        /// For how many devices Apple accepted the push.
        devices_notified: u64,
        /// For how many devices the push waits until their token is registered.
        devices_queued: u64,
        /// How many users those devices belong to.
        users_notified: u64,
        /// The channels that received it; absent for the whole account, or if not stated.
        effective_channel_slugs: Vec<String>,
        /// The tags that the activity has now.
        tags: Vec<String>,
        /// The request had no effect.
        ignored: bool,
        /// Why the activity ended.
        end_reason: String,
        /// The activity was marked as ended though Apple did not confirm it.
        forced_completion: bool,
        /// A remark of the service.
        warning: String,
        /// A message of the service.
        message: String,
        /// The errors of devices that could not be reached.
        errors: Vec<String>,
        /// The service's time, RFC 3339.
        timestamp: String,
    }
}
