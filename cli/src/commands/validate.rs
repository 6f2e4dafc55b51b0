//! `asmith validate`: checks a request's JSON offline.

use std::process::ExitCode;

use activitysmith_kit::wire::Request;
use serde_json::json;

use crate::args::{Output, ValidateArgs};
use crate::console::{self, Console};
use crate::exit::{self, Exit, Failure};
use crate::input;

/// A key that is right, for requests that are checked without theirs.
const ANY_KEY: &str = "any";

pub fn run(args: &ValidateArgs, console: Console) -> Result<ExitCode, Failure> {
    let body = input::read(&args.file)?;
    let key = args.key.as_deref().unwrap_or(ANY_KEY);
    let checked = if args.end { Request::end_json(key, &body) } else { Request::stream_json(key, &body) };
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
    if violations.is_empty() {
        console.note("valid");
        return Ok(Exit::Success.into());
    }
    let details = violations.iter().map(ToString::to_string).collect();
    Err(Failure::with_details(Exit::Invalid, exit::count_violations(violations.len()), details))
}
