//! What `stream` and `end` tell of their outcome: JSON on stdout for programs, a line on stderr for people.

use std::process::ExitCode;

use activitysmith_kit::wire::Request;
use activitysmith_kit::{Operation, StreamResponse, ValidationError};

use crate::args::Output;
use crate::console::{self, Console};
use crate::exit::{Exit, Failure};

/// Passes on what will work but may not come out as hoped. A request that is refused is reported where it is sent.
pub fn advise(request: Result<Request, ValidationError>, console: Console) {
    for advice in request.map(|request| request.advice).unwrap_or_default() {
        console.warn(&advice);
    }
}

/// Tells of a success, in the form that was asked for.
pub fn report(key: &str, response: &StreamResponse, output: Output, console: Console) -> Result<ExitCode, Failure> {
    console.note(&summary(key, response));
    for remark in response.warning.iter().chain(&response.message).chain(response.errors.iter().flatten()) {
        console.warn(remark);
    }
    if output == Output::Json {
        console::print_json(response)?;
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
