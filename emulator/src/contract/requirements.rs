//! What a `content_state` must hold beyond its schema. Whether an activity is being started is known to the service
//! and is passed in.

use serde_json::{Map, Value};

use super::{Problem, StreamType};

/// The fields that `state` lacks for this type. An activity that starts needs all that its type can be drawn from; a
/// later update needs only the part that changes.
pub fn requirements(kind: StreamType, state: &Map<String, Value>, starting: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut need = |field: &str| {
        if !state.contains_key(field) {
            problems.push(missing(field, &format!("for type {}", kind.as_str())));
        }
    };
    match kind {
        StreamType::SegmentedProgress => {
            if starting {
                need("number_of_steps");
            }
            need("current_step");
        }
        StreamType::Progress => {
            let pair = state.contains_key("value") && state.contains_key("upper_limit");
            if !pair && !state.contains_key("percentage") {
                problems.push(missing("percentage", "for type progress, unless `value` and `upper_limit` are sent"));
            }
        }
        StreamType::Metrics | StreamType::Stats => need("metrics"),
        StreamType::Alert => need("message"),
        StreamType::Timer => {
            let open_ended = state.get("counts_down") == Some(&Value::Bool(false));
            if starting && !open_ended && !state.contains_key("duration_seconds") {
                problems.push(missing("duration_seconds", "to start a timer, unless `counts_down` is false"));
            }
        }
        StreamType::Value => need("value"),
    }
    problems
}

/// The problem of a `content_state` without `type` when no running activity tells which one is meant.
pub fn type_missing() -> Problem {
    missing("type", "when the stream has no running activity")
}

fn missing(field: &str, when: &str) -> Problem {
    let message = format!("`content_state.{field}` is needed {when}");
    Problem::new(format!("content_state.{field}"), "required_for_type", message)
}
