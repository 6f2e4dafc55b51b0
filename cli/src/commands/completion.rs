//! `asmith completion`: prints a completion script.

use std::process::ExitCode;

use crate::args::{self, CompletionArgs};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;

pub fn run(args: &CompletionArgs) -> Result<ExitCode, Failure> {
    // Into memory first, since the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(), "asmith", &mut script);
    console::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success.into())
}
