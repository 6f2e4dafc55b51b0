//! What users build, on the oldest Rust that its manifests promise.

use crate::failure::{Failure, Result};
use crate::process;
use crate::provision::rust;
use crate::setup::{Outcome, Setup};
use crate::workspace::{CORE, Workspace};

/// The packages that reach users as Rust sources.
const PACKAGES: [&str; 3] = [CORE, "activitysmith-emulator", "activitysmith-cli"];

pub(super) fn run(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let version = workspace
        .core()?
        .rust_version
        .as_deref()
        .ok_or_else(|| Failure::new(format!("{CORE} names no rust-version")).hint("state it in core/Cargo.toml"))?;
    let mut command = match rust::cargo_of(workspace, version) {
        Ok(command) => command,
        Err(failure) => return setup.prevented(failure),
    };
    // A target folder of its own keeps the other builds fresh.
    command.args(["check", "--all-features", "--target-dir"]).arg(workspace.target.join("msrv"));
    for package in PACKAGES {
        command.args(["--package", package]);
    }
    process::quiet(&mut command)?;
    Ok(Outcome::Done)
}
