//! The core's client on wasm32.

use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::wasm32::{TARGET, Wasm32};
use crate::workspace::{CORE, Workspace};

pub(super) fn run(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let rust = match Wasm32::ensure(workspace, setup) {
        Ok(rust) => rust,
        Err(failure) => return setup.prevented(failure),
    };
    let mut command = workspace.cargo(&["check", "--package", CORE, "--no-default-features", "--features", "client"]);
    // A target folder of its own keeps the other builds fresh.
    command.args(["--target", TARGET, "--target-dir"]).arg(workspace.target.join("wasm"));
    command.args(rust.arguments());
    rust.compile_with(&mut command);
    process::quiet(&mut command)?;
    Ok(Outcome::Done)
}
