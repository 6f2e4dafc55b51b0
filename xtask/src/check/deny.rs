//! Licences, sources and bans of the dependencies, by cargo-deny.

use crate::cargo_tool::CargoTool;
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::process::Command;

/// The version that reads our `deny.toml`.
const CARGO_DENY: CargoTool<'_> = CargoTool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2" };

pub(super) fn run(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let program = match CARGO_DENY.ensure(workspace) {
        Ok(program) => program,
        // What cargo said of it is worth reading where nothing may be left out.
        Err(failure) if setup.ci => return Err(failure),
        Err(_) => return setup.missing("there is no cargo-deny, and it cannot be built", &CARGO_DENY.remedy()),
    };
    let mut command = Command::new(program);
    // Advisories are left to the workflow on GitHub: they need a download of their own.
    command.args(["check", "bans", "licenses", "sources"]).current_dir(&workspace.root);
    process::quiet(&mut command).map_err(|failure| failure.hint("deny.toml says what is allowed, and why"))?;
    Ok(Outcome::Done)
}
