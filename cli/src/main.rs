//! `asmith`: Live Activities from cron, CI and the terminal. Reads the command line, runs one command, gives its exit code.

#[cfg(not(unix))]
compile_error!("asmith runs on Unix only: its signals and process groups are what `emulate --exec` is made of");

mod args;
mod body;
mod client;
mod commands;
mod config;
mod console;
mod exit;
mod failure;
mod input;
mod job;
mod runtime;
mod secret;
mod usage;
mod value;

use std::process::ExitCode;

use clap::FromArgMatches as _;

use args::{Cli, Command, Translated};
use console::Console;
use failure::Failure;

fn main() -> ExitCode {
    keep_memory_private();
    let command = args::command();
    let Translated { args, members } = args::translate(&command, std::env::args_os());
    let matches = command.try_get_matches_from(args);
    let mut cli = match matches.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches)) {
        Ok(cli) => cli,
        Err(answer) => return usage::report(answer),
    };
    if let Some(place) = cli.command.members() {
        *place = members;
    }
    let console = Console { quiet: cli.quiet };
    run(cli.command, console).unwrap_or_else(|failure| failure.report())
}

/// Prevents core files of this process, and that other processes of its user read its memory and variables: they hold the key. It
/// does not affect the commands that it runs, because executing a program resets it.
fn keep_memory_private() {
    // If it fails, everything else works as before.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}

fn run(command: Command, console: Console) -> Result<ExitCode, Failure> {
    match command {
        Command::Run(args) => commands::run::run(&args, console),
        Command::Pipe(args) => commands::pipe::run(&args, console),
        Command::Watch(args) => commands::watch::run(&args, console),
        Command::Step(args) => commands::step::run(&args, console),
        Command::Stream(args) => commands::stream::run(&args, console),
        Command::End(args) => commands::end::run(&args, console),
        Command::Push(args) => commands::call::push(&args, console),
        Command::Metric(args) => commands::call::metric(&args, console),
        Command::Badge(args) => commands::call::badge(&args, console),
        Command::Activity(args) => commands::call::activity(&args.command, console),
        Command::Validate(args) => commands::validate::run(&args, console),
        Command::Preview(args) => commands::preview::run(&args, console),
        Command::Emulate(args) => commands::emulate::run(&args, console),
        Command::Doctor(args) => commands::doctor::run(&args, console),
        Command::Man => commands::man::run(),
        Command::Completion(args) => commands::completion::run(&args),
        Command::Relay => Ok(commands::relay::run()),
    }
}
