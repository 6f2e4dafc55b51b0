//! `asmith man`: prints the manual.

use std::process::ExitCode;

use clap_mangen::Man;

use crate::args;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;

/// One page for all of it: first the program, then each command.
pub fn run() -> Result<ExitCode, Failure> {
    let mut command = args::command();
    command.build();
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page).map_err(|error| failed(&error))?;
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        Man::new(below.clone()).render(&mut page).map_err(|error| failed(&error))?;
    }
    console::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Success.into())
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::new(Exit::Unavailable, format!("the manual cannot be made: {error}"))
}
