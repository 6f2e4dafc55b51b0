//! The commands that make one request: `push`, `metric`, `badge` and `activity`; and what they share with `stream` and `end`.

use std::process::ExitCode;

use activitysmith_kit::api::Endpoint;
use activitysmith_kit::call::Request;
use activitysmith_kit::{
    BadgeRequest, EndRequest, Error, MetricRequest, Push, PushReplacement, StartRequest, UpdateRequest,
};
use serde::Serialize;
use serde_json::Value;

use super::{dry_run, outcome};
use crate::args::{ActivityCommand, CallArgs, MetricArgs, Output, PushArgs, SendArgs};
use crate::body::{self, Numbers};
use crate::client::client;
use crate::console::{self, Console};
use crate::failure::Failure;

pub fn push(args: &PushArgs, console: Console) -> Result<ExitCode, Failure> {
    let CallArgs { request, send } = &args.call;
    let body = body::of(request, Numbers::Written)?;
    let Some(id) = &args.replace else {
        return tell::<Push>("", body, send, console, |answer| {
            ("push".to_owned(), text(answer, "notification_id", "sent"))
        });
    };
    tell::<PushReplacement>(id, body, send, console, |_| (id.clone(), "replaced".to_owned()))
}

pub fn metric(args: &MetricArgs, console: Console) -> Result<ExitCode, Failure> {
    let CallArgs { request, send } = &args.call;
    let body = body::of(request, Numbers::Written)?;
    tell::<MetricRequest>(&args.key, body, send, console, |_| (args.key.clone(), "set".to_owned()))
}

pub fn badge(args: &CallArgs<BadgeRequest>, console: Console) -> Result<ExitCode, Failure> {
    let body = body::of(&args.request, Numbers::Written)?;
    tell::<BadgeRequest>("", body, &args.send, console, |answer| {
        ("badge".to_owned(), answer.get("badge").map_or_else(|| "set".to_owned(), Value::to_string))
    })
}

pub fn activity(command: &ActivityCommand, console: Console) -> Result<ExitCode, Failure> {
    match command {
        ActivityCommand::Start(args) => start(args, console),
        ActivityCommand::Update(args) => change::<UpdateRequest>(args, "updated", console),
        ActivityCommand::End(args) => change::<EndRequest>(args, "ended", console),
    }
}

/// Prints the id, which the next commands need, where the whole answer was not asked for.
fn start(args: &CallArgs<StartRequest>, console: Console) -> Result<ExitCode, Failure> {
    let body = body::of(&args.request, Numbers::Written)?;
    let mut id = String::new();
    let code = tell::<StartRequest>("", body, &args.send, console, |answer| {
        id = text(answer, "activity_id", "");
        ("activity".to_owned(), "started".to_owned())
    })?;
    if args.send.output.output == Output::Text && !id.is_empty() {
        console::print(&format!("{id}\n"))?;
    }
    Ok(code)
}

fn change<E>(args: &CallArgs<E>, done: &str, console: Console) -> Result<ExitCode, Failure>
where
    E: Endpoint<Response: Serialize> + 'static,
{
    let body = body::of(&args.request, Numbers::Written)?;
    tell::<E>("", body, &args.send, console, |answer| (text(answer, "activity_id", "activity"), done.to_owned()))
}

/// Sends a request, or shows it where that was asked for. `words` say what an answer is about, and what was done with that.
pub fn tell<E>(
    key: &str,
    body: Vec<u8>,
    args: &SendArgs,
    console: Console,
    words: impl FnOnce(&Value) -> (String, String),
) -> Result<ExitCode, Failure>
where
    E: Endpoint<Response: Serialize> + 'static,
{
    if args.dry_run {
        return dry_run::show(Request::from_json(E::SPEC, key, &body), args.output.output, console);
    }
    let answer = send::<E>(key, body, args, console)??;
    let (subject, done) = words(&answer);
    outcome::report(&subject, &done, &answer, args.output.output, console)
}

/// Sends a request. What it is answered with is told apart from a client that cannot be made.
pub fn send<E>(key: &str, body: Vec<u8>, args: &SendArgs, console: Console) -> Result<Result<Value, Error>, Failure>
where
    E: Endpoint<Response: Serialize> + 'static,
{
    let answer = client(&args.client, console)?.call_json::<E>(key, body).send();
    // Writing to memory fails only for keys that are no text, of which there are none.
    Ok(answer.map(|answer| serde_json::to_value(answer).expect("the answer has a form in JSON")))
}

/// What an answer says under a name, or else this.
fn text(answer: &Value, name: &str, or: &str) -> String {
    answer[name].as_str().unwrap_or(or).to_owned()
}
