//! `cargo xtask test`: runs the test suites, one per language and one for the emulator.

use crate::failure::Result;
use crate::js;
use crate::python;
use crate::rust;
use crate::swift;
use crate::workspace::Workspace;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::process::ExitCode;

/// Run the tests of every language, or of those named.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The suites to run [default: all]
    suites: Vec<Suite>,
    /// Install missing system packages (CI=true implies it)
    #[arg(long)]
    install: bool,
}

/// One suite per language and one of the emulator's documents, in the order of running. Rust stays last, so that cargo's own summary ends the output.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Suite {
    Python,
    Js,
    Swift,
    Emulator,
    Rust,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load(arguments.install)?;
    let chosen = |suite: &&Suite| arguments.suites.is_empty() || arguments.suites.contains(suite);
    for suite in Suite::value_variants().iter().filter(chosen) {
        let outcome = match suite {
            Suite::Python => python::test(&workspace),
            Suite::Js => js::test(&workspace),
            Suite::Swift => swift::test(&workspace),
            Suite::Emulator => python::conform(&workspace),
            Suite::Rust => rust::test(&workspace),
        };
        // Whoever names a suite wants it run.
        if !arguments.suites.is_empty() {
            outcome?;
        } else if let Err(reason) = workspace.or_left_out(outcome)? {
            let name = suite.to_possible_value();
            println!("{}: left out: {reason}", name.as_ref().map_or("", PossibleValue::get_name));
        }
    }
    Ok(ExitCode::SUCCESS)
}
