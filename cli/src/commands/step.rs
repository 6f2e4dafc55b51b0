//! `asmith step`: tells the `asmith run` around it that a step begins.

use std::process::ExitCode;

use super::inside::{Around, Manner};
use crate::args::StepArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job::socket::Message;

pub fn run(args: &StepArgs, console: Console) -> Result<ExitCode, Failure> {
    let manner = Manner { strict: args.strict, output: args.output.output, console };
    if let Some(around) = Around::find() {
        return around.tell_if_there(&Message::Step(args.title.clone()), manner);
    }
    let problem = format!("{}: there is no asmith run around this to show it", args.title);
    manner.not_taken(Failure::new(Exit::Unavailable, problem))
}
