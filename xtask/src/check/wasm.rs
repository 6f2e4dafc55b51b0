//! The core's client on wasm32.

use crate::failure::Result;
use crate::process;
use crate::provision::rust::{self, WASM};
use crate::setup::{Outcome, Setup};
use crate::workspace::{CORE, Workspace};

pub(super) fn run(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    if let Err(failure) = rust::target(WASM) {
        return setup.prevented(failure);
    }
    let mut command = workspace.cargo(&["check", "--package", CORE, "--no-default-features", "--features", "client"]);
    // A target folder of its own keeps the other builds fresh.
    command.args(["--target", WASM, "--target-dir"]).arg(workspace.target.join("wasm"));
    process::quiet(&mut command)?;
    Ok(Outcome::Done)
}
