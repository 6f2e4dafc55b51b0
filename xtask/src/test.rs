//! `cargo xtask test`: runs the test suites, one per language.

use crate::failure::Result;
use crate::process;
use crate::setup::Setup;
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

/// One suite per language, in the order of running. Rust stays last, so that cargo's own summary ends the output.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Suite {
    Rust,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let setup = Setup::new(arguments.install);
    let chosen = |suite: &&Suite| arguments.suites.is_empty() || arguments.suites.contains(suite);
    for suite in Suite::value_variants().iter().filter(chosen) {
        match suite {
            Suite::Rust => rust(&workspace, setup)?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Unit, integration and doc tests of the whole workspace, with every feature.
fn rust(workspace: &Workspace, setup: Setup) -> Result<()> {
    system::ensure(setup)?;
    let everything = ["test", "--workspace", "--all-features"];
    // Building may need a proxy; the tests speak to this machine alone, and must not go through one.
    process::show(workspace.cargo(&everything).arg("--no-run"))?;
    let mut tests = workspace.cargo(&everything);
    process::without_proxies(&mut tests);
    process::show(tests.arg("--no-fail-fast"))
}
