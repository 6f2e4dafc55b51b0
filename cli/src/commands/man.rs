//! `asmith man`: prints the manual.

use std::process::ExitCode;

use clap::Command;
use clap_mangen::Man;

use crate::args;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;

/// One page for all of it: first the program, then each command and those below it.
pub fn run() -> Result<ExitCode, Failure> {
    let mut command = args::command();
    command.build();
    let mut page = Vec::new();
    render(&command, &mut page).map_err(|error| failed(&error))?;
    console::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Success.into())
}

fn render(command: &Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    Man::new(command.clone()).render(page)?;
    command.get_subcommands().filter(|below| !below.is_hide_set()).try_for_each(|below| render(below, page))
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::new(Exit::Unavailable, format!("the manual cannot be made: {error}"))
}
