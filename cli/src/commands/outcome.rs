//! What a command tells of its outcome: JSON on stdout for programs, a line on stderr for people.

use std::process::ExitCode;

use serde_json::Value;

use crate::args::Output;
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;

/// What was done with a stream, where the answer does not say it.
pub const UNSAID: &str = "done, but the service did not say what";

/// Tells of an answer, in the form that was asked for: what it is about, and what was done unless it says that itself.
pub fn report(
    subject: &str,
    done: &str,
    answer: &Value,
    output: Output,
    console: Console,
) -> Result<ExitCode, Failure> {
    if output == Output::Json {
        console::print_json(answer)?;
    }
    for advice in texts(&answer["facts"]["advice"]) {
        console.warn(advice);
    }
    let remarks = [&answer["warning"], &answer["message"], &answer["errors"]].into_iter().flat_map(texts);
    if answer["success"] == false {
        let summary = format!("{subject}: the service answered success: false");
        return Err(Failure::with_details(Exit::Unavailable, summary, remarks.map(str::to_owned).collect()));
    }
    console.note(&format!("{subject}: {}", summary(done, answer)));
    if let Some(ended) = answer["ended_activity_id"].as_str() {
        console.warn(&format!("{ended} was ended to make room"));
    }
    for remark in remarks {
        console.warn(remark);
    }
    Ok(Exit::Success.into())
}

fn summary(done: &str, answer: &Value) -> String {
    // It has no status where nothing was sent.
    if answer["facts"]["status"] == 0 {
        return "disabled by ACTIVITYSMITH_DISABLED, nothing was sent".to_owned();
    }
    let operation = answer["operation"].as_str().filter(|operation| !operation.is_empty());
    let meaning = match operation {
        Some("paused") => ", so nothing was shown: the stream is paused in the service",
        Some("noop") => ", nothing changed",
        _ if answer["ignored"] == true => ", but the request had no effect",
        _ => "",
    };
    let devices = [&answer["devices_notified"], &answer["devices_updated"]].into_iter().rfind(|count| count.is_u64());
    let devices = devices.map(|devices| format!(" (devices: {devices})")).unwrap_or_default();
    format!("{}{meaning}{devices}", operation.unwrap_or(done))
}

/// A text, or those of a list.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    items.iter().filter_map(Value::as_str)
}
