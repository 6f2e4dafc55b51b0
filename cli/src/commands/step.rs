//! `asmith step`: tells the `asmith run` around it that a step begins.

use std::process::ExitCode;

use serde_json::json;

use super::inside::Around;
use crate::args::{Output, StepArgs};
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job::socket::Message;

pub fn run(args: &StepArgs, console: Console) -> Result<ExitCode, Failure> {
    if let Some(around) = Around::find() {
        return around.tell(&Message::Step(args.title.clone()), args.output.output, console);
    }
    // A script that runs by itself has done nothing wrong.
    console.note(&format!("{}: there is no asmith run around this to show it", args.title));
    if args.output.output == Output::Json {
        console::print_json(&json!({"handed_over": false}))?;
    }
    Ok(Exit::Success.into())
}
