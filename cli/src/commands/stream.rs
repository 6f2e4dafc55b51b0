//! `asmith stream`: shows a state, by a request of its own or, inside `asmith run`, through that.

use std::process::ExitCode;

use activitysmith_kit::api::STREAM;
use activitysmith_kit::call::{self, Request};
use activitysmith_kit::{Error, StreamRequest};

use super::dry_run;
use super::inside::{Around, Manner};
use super::outcome;
use crate::args::StreamArgs;
use crate::body::{self, Numbers};
use crate::client::client;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job::socket::{Message, SOCKET};

pub fn run(args: &StreamArgs, console: Console) -> Result<ExitCode, Failure> {
    let around = Around::find().filter(|around| args.key.as_ref().is_none_or(|key| *key == around.stream_key));
    let is_inside = around.is_some() || args.key.is_none();
    let numbers = if is_inside && !args.dry_run { Numbers::Computed } else { Numbers::Written };
    let body = body::stream(args, numbers)?;
    let Some(key) = &args.key else {
        let manner = Manner { strict: args.strict, output: args.output.output, console };
        let Some(around) = around else {
            let problem = format!("there is no asmith run around this to show it ({SOCKET} is not set)");
            return manner.not_taken(Failure::new(Exit::Unavailable, problem));
        };
        return around.tell_if_there(&message(&body)?, manner);
    };
    if args.dry_run {
        return dry_run::show(Request::from_json(&STREAM, key, &body), args.output.output, console);
    }
    if let Some(around) = around {
        match around.tell(&message(&body)?, args.output.output, console) {
            // It has ended, and its socket with it; the stream is there all the same.
            Err(failure) if failure.exit() == Exit::Unavailable => {}
            sent => return sent,
        }
    }
    let client = client(&args.client, console)?;
    let response = client.call_json::<StreamRequest>(key, body).send()?;
    outcome::report(key, &response, args.output.output, console)
}

fn message(body: &[u8]) -> Result<Message, Failure> {
    Ok(Message::Changes(call::parse_json(body).map_err(Error::from)?))
}
