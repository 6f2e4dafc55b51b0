//! `asmith stream`: shows a state.

use std::process::ExitCode;

use super::outcome;
use crate::args::StreamArgs;
use crate::body;
use crate::client::client;
use crate::console::Console;
use crate::failure::Failure;

pub fn run(args: &StreamArgs, console: Console) -> Result<ExitCode, Failure> {
    let body = body::stream(args)?;
    let client = client(&args.client, console)?;
    let response = client.live_activities().stream_json(&args.key, body).send()?;
    outcome::report(&args.key, &response, args.output.output, console)
}
