//! `asmith end`: ends a stream.

use std::process::ExitCode;

use activitysmith_kit::wire::Request;
use activitysmith_kit::{ApiError, ApiErrorKind, Error};
use serde_json::Value;

use super::outcome;
use crate::args::{EndArgs, Output};
use crate::body;
use crate::client::client;
use crate::console::{self, Console};
use crate::exit::{Exit, Failure};

pub fn run(args: &EndArgs, console: Console) -> Result<ExitCode, Failure> {
    let body = body::end(args)?;
    let client = client(&args.client, console)?;
    outcome::advise(Request::end_json(&args.key, &body), console);
    match client.live_activities().end_stream_json(&args.key, body).send() {
        Ok(response) => outcome::report(&args.key, &response, args.output.output, console),
        Err(Error::Api(error)) if args.missing_ok && no_such_stream(&error) => {
            console.note(&format!("{}: there was nothing to end", args.key));
            if let (Output::Json, Ok(answer)) = (args.output.output, serde_json::from_str::<Value>(&error.body)) {
                console::print_json(&answer)?;
            }
            Ok(Exit::Success.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Only the service's own words count: the 404 of some other server says that the base URL is wrong.
fn no_such_stream(error: &ApiError) -> bool {
    error.kind == ApiErrorKind::NotFound && error.code.is_some()
}
