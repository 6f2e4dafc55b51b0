//! `cargo xtask bench`: runs the workspace's benchmarks.

use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use std::process::ExitCode;

/// Run the benchmarks of the workspace.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run only the benchmarks whose name contains this
    filter: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let mut found = false;
    for package in workspace.packages.iter().filter(|package| !package.benches.is_empty()) {
        found = true;
        // Named one by one: `--benches` would also run libraries and binaries, which have none.
        let mut command = workspace.cargo(&["bench", "--package", &package.name]);
        for bench in &package.benches {
            command.args(["--bench", bench]);
        }
        if let Some(filter) = &arguments.filter {
            command.args(["--", filter]);
        }
        process::show(&mut command)?;
    }
    if !found {
        return Err(Failure::new("the workspace has no benchmarks").hint("add one to a package's `benches` folder"));
    }
    Ok(ExitCode::SUCCESS)
}
