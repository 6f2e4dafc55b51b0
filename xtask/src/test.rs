//! `cargo xtask test`: runs the test suites, one per language and one for the emulator.

use crate::failure::{Failure, Result};
use crate::js;
use crate::process;
use crate::python;
use crate::setup::{Outcome, Setup};
use crate::swift;
use crate::system;
use crate::workspace::Workspace;
use clap::ValueEnum;
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
    let workspace = Workspace::load()?;
    let setup = Setup::new(arguments.install);
    let chosen = |suite: &&Suite| arguments.suites.is_empty() || arguments.suites.contains(suite);
    for suite in Suite::value_variants().iter().filter(chosen) {
        let outcome = match suite {
            Suite::Python => python::test(&workspace, setup)?,
            Suite::Js => js::test(&workspace, setup)?,
            Suite::Swift => swift::test(&workspace, setup)?,
            Suite::Emulator => python::conform(&workspace, setup)?,
            Suite::Rust => rust(&workspace, setup)?,
        };
        if let Outcome::Skipped(reason) = outcome {
            // A suite that is named is run.
            if !arguments.suites.is_empty() {
                return Err(Failure::new(reason));
            }
            println!("{}: left out: {reason}", suite.name());
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Suite {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Unit, integration and doc tests of the whole workspace, with every feature. The simulation of publishers runs whole in a release
/// build, before them: in a debug build it would take an hour, so there it runs a small share.
fn rust(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    system::ensure(setup)?;
    let simulation = ["test", "--release", "--package", "activitysmith-tests", "--test", "simulation"];
    let everything = ["test", "--workspace", "--all-features"];
    for arguments in [&simulation[..], &everything] {
        // Building may need a proxy; the tests speak to this machine alone, and must not go through one.
        process::show(workspace.cargo(arguments).arg("--no-run"))?;
        let mut tests = workspace.cargo(arguments);
        process::without_proxies(&mut tests);
        process::show(tests.arg("--no-fail-fast"))?;
    }
    Ok(Outcome::Done)
}
