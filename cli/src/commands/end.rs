//! `asmith end`: ends a stream.

use std::process::ExitCode;

use activitysmith_kit::api::END_STREAM;
use activitysmith_kit::call::Request;
use activitysmith_kit::{ApiError, EndStreamRequest, Error, Operation};
use serde_json::{Value, json};

use super::{call, dry_run, outcome};
use crate::args::{CallArgs, EndArgs, Output};
use crate::body::{self, Numbers};
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;

pub fn run(args: &EndArgs, console: Console) -> Result<ExitCode, Failure> {
    let CallArgs { request, send } = &args.call;
    let output = send.output.output;
    let body = body::of(request, Numbers::Written)?;
    if send.dry_run {
        return dry_run::show(Request::from_json(&END_STREAM, &args.key, &body), output, console);
    }
    match call::send::<EndStreamRequest>(&args.key, body, send, console)? {
        Ok(answer) => outcome::report(&args.key, outcome::UNSAID, &answer, output, console),
        Err(Error::Api(error)) if args.missing_ok && error.is_unknown_stream() => {
            console.note(&format!("{}: there was nothing to end", args.key));
            if output == Output::Json {
                console::print_json(&nothing_to_end(&args.key, &error))?;
            }
            Ok(Exit::Success.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// What a program reads of it: the members that it would look at in any other answer, too.
fn nothing_to_end(key: &str, error: &ApiError) -> Value {
    json!({
        "operation": Operation::Ended.as_str(),
        "stream_key": key,
        "ignored": true,
        "message": error.code,
        "facts": {"status": error.status, "attempts": error.attempts},
    })
}
