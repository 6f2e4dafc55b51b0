//! `asmith validate`: checks a request's JSON offline.

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use activitysmith_kit::call::Request;
use serde_json::json;

use crate::args::{Output, ValidateArgs};
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;

/// A key that is right, for requests that are checked without theirs.
const ANY_KEY: &str = "any";

pub fn run(args: &ValidateArgs, console: Console) -> Result<ExitCode, Failure> {
    if args.file == "-" && io::stdin().is_terminal() {
        console.note("reads the request's JSON from stdin; end it with Ctrl-D");
    }
    let body = input::request(&args.file, "asmith validate -")?;
    let key = args.key.as_deref().unwrap_or(ANY_KEY);
    let checked = Request::from_json(args.endpoint, key, &body);
    let (advice, violations) = match &checked {
        Ok(request) => (&*request.advice, &[][..]),
        Err(error) => (&[][..], error.violations()),
    };
    if args.output.output == Output::Json {
        let violations: Vec<_> = violations
            .iter()
            .map(|it| json!({"path": it.path, "code": it.code.as_str(), "message": it.message}))
            .collect();
        console::print_json(&json!({"valid": checked.is_ok(), "violations": violations, "advice": advice}))?;
    }
    for advice in advice {
        console.warn(advice);
    }
    match checked {
        Ok(_) => {
            console.note("valid");
            Ok(Exit::Success.into())
        }
        Err(error) => Err(Failure::of_violations(&error, "")),
    }
}
