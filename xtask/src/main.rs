//! The developer commands of this repository: reads the command line of `cargo xtask` and hands over to its file.

mod bench;
mod check;
mod child;
mod cli;
mod demo;
mod emulator;
mod failure;
mod files;
mod generate;
mod js;
mod many_jobs;
mod package;
mod pictures;
mod process;
mod provision;
mod python;
mod rejected;
mod rust;
mod swift;
mod test;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Developer commands of ActivitySmithKit. Each does the set-up that it needs, from any folder of the checkout.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Test(test::Arguments),
    Check(check::Arguments),
    Bench(bench::Arguments),
    Package(package::Arguments),
    Pictures(pictures::Arguments),
    Generate(generate::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Package(arguments) => package::run(&arguments),
        Command::Pictures(arguments) => pictures::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit_code()
        }
    }
}
