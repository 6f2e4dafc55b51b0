//! What a command would send, for those who want to see it before.

use std::process::ExitCode;

use activitysmith_kit::ValidationError;
use activitysmith_kit::call::Request;
use serde::Serialize;
use serde_json::Value;

use crate::args::Output;
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::secret;

/// A request for programs, its body in the form in which it would be sent.
#[derive(Serialize)]
struct Shown<'a> {
    method: &'a str,
    path: &'a str,
    body: Option<Value>,
}

/// Prints a request. It is checked as one that is sent, and needs no key.
pub fn show(request: Result<Request, ValidationError>, output: Output, console: Console) -> Result<ExitCode, Failure> {
    let request = request.map_err(|error| Failure::of_violations(&error, ""))?;
    let method = request.spec.method;
    let path = secret::mask(&request.path);
    let body = request.body.as_deref().map(String::from_utf8_lossy);
    let body = body.as_deref().map(secret::mask);
    if output == Output::Json {
        let body = body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        console::print_json(&Shown { method, path: &path, body })?;
    } else {
        let body = body.map(|body| format!("{body}\n")).unwrap_or_default();
        console::print(&format!("{method} {path}\n{body}"))?;
    }
    for advice in &request.advice {
        console.warn(advice);
    }
    console.note("nothing was sent");
    Ok(Exit::Success.into())
}
