//! What reaches users on systems that this machine is not: macOS and Windows.
//!
//! Clippy alone, since a program for them could be neither linked nor run here.

use crate::failure::Result;
use crate::process;
use crate::provision::rust;
use crate::python;
use crate::setup::{Outcome, Setup};
use crate::workspace::{CORE, Workspace};

/// The whole workspace: all of it is used and developed on macOS.
pub(super) fn macos(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    clippy(workspace, setup, "aarch64-apple-darwin", &["--workspace", "--all-targets", "--all-features"])
}

/// What runs on Windows so far: the crate, and the Python package with its generator.
pub(super) fn windows(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let packages = ["--package", CORE, "--package", "activitysmith-kit-python", "--package", "uniffi-bindgen"];
    let packages = [&packages[..], &["--features", "uniffi-bindgen/uniffi"]].concat();
    clippy(workspace, setup, "x86_64-pc-windows-gnu", &packages)
}

fn clippy(workspace: &Workspace, setup: Setup, target: &str, packages: &[&str]) -> Result<Outcome> {
    if let Err(failure) = rust::target(target) {
        return setup.prevented(failure);
    }
    let mut command = match python::zigbuild(workspace, setup) {
        Ok(command) => command,
        Err(failure) => return setup.prevented(failure),
    };
    command.arg("clippy").args(packages).args(["--target", target, "--", "-D", "warnings"]);
    process::quiet(&mut command)?;
    Ok(Outcome::Done)
}
