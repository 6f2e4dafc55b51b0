//! `asmith relay`, which only `asmith run` calls: goes on passing an output on when the command has ended and what it has left
//! behind may still write.

use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode, Stdio};

use crate::exit::Exit;
use crate::job::Target;

/// The name of the command.
const NAME: &str = "relay";

/// Starts it, between what is left to read and one of our outputs.
pub fn leave_behind(from: File, target: Target) -> io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(NAME).stdin(Stdio::from(from)).stdout(Stdio::from(target.open()?)).stderr(Stdio::null());
    // A Ctrl-C for other processes does not end it.
    command.process_group(0).spawn().map(drop)
}

pub fn run() -> ExitCode {
    let pass_on = || -> io::Result<u64> {
        let mut from = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        io::copy(&mut from, &mut Target::Stdout.open()?)
    };
    // An error has no reader: the job is over.
    let _ = pass_on();
    Exit::Success.into()
}
