//! `asmith stream`: shows a state, by a request of its own or, inside `asmith run`, through that.

use std::process::ExitCode;

use activitysmith_kit::{Error, StreamRequest, call::parse_json};

use super::inside::{Around, Manner};
use super::{call, outcome};
use crate::args::{CallArgs, StreamArgs};
use crate::body::{self, Numbers};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job::socket::{Message, SOCKET};

pub fn run(args: &StreamArgs, console: Console) -> Result<ExitCode, Failure> {
    let around = Around::find().filter(|around| args.key.as_ref().is_none_or(|key| *key == around.stream_key));
    let CallArgs { request, send } = &args.call;
    let output = send.output.output;
    let is_inside = around.is_some() || args.key.is_none();
    let numbers = if is_inside && !send.dry_run { Numbers::Computed } else { Numbers::Written };
    let body = body::of(request, numbers)?;
    let Some(key) = &args.key else {
        let manner = Manner { strict: args.strict, output, console };
        let Some(around) = around else {
            let problem = format!("there is no asmith run around this to show it ({SOCKET} is not set)");
            return manner.not_taken(Failure::new(Exit::Unavailable, problem));
        };
        return around.tell_if_there(&message(&body)?, manner);
    };
    if let Some(around) = around.filter(|_| !send.dry_run) {
        match around.tell(&message(&body)?, output, console) {
            // It has ended, and its socket with it; the stream is there all the same.
            Err(failure) if failure.exit() == Exit::Unavailable => {}
            sent => return sent,
        }
    }
    call::tell::<StreamRequest>(key, body, send, console, |_| (key.clone(), outcome::UNSAID.to_owned()))
}

fn message(body: &[u8]) -> Result<Message, Failure> {
    Ok(Message::Changes(parse_json(body).map_err(Error::from)?))
}
