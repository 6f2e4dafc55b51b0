//! What `stream` and `end` tell of their outcome: JSON on stdout for programs, a line on stderr for people.

use std::process::ExitCode;

use activitysmith_kit::{Operation, StreamResponse};

use crate::args::Output;
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;

/// Tells of an answer, in the form that was asked for.
pub fn report(key: &str, response: &StreamResponse, output: Output, console: Console) -> Result<ExitCode, Failure> {
    if output == Output::Json {
        console::print_json(response)?;
    }
    for advice in &response.facts.advice {
        console.warn(advice);
    }
    let remarks = response.warning.iter().chain(&response.message).chain(response.errors.iter().flatten());
    if response.success == Some(false) {
        let summary = format!("{key}: the service answered success: false");
        return Err(Failure::with_details(Exit::Unavailable, summary, remarks.cloned().collect()));
    }
    console.note(&summary(key, response));
    for remark in remarks {
        console.warn(remark);
    }
    Ok(Exit::Success.into())
}

fn summary(key: &str, response: &StreamResponse) -> String {
    let operation = &response.operation;
    let meaning = match operation {
        Operation::Paused => ", so nothing was shown: the stream is paused in the service",
        Operation::Noop => ", nothing changed",
        Operation::Disabled => " by ACTIVITYSMITH_DISABLED, nothing was sent",
        Operation::Unknown(name) if name.is_empty() => "done, but the service did not say what",
        _ if response.ignored == Some(true) => ", but the request had no effect",
        _ => "",
    };
    let devices = response.devices_notified.map(|devices| format!(" (devices: {devices})")).unwrap_or_default();
    format!("{key}: {operation}{meaning}{devices}")
}
