//! What users build, on the oldest Rust that its manifests promise: this machine's own, rustup's toolchain of that version, or
//! Debian's.

use crate::debian_rust::DebianRust;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::{CORE, Workspace};
use std::process::Command;

/// The packages that reach users as Rust sources.
const PACKAGES: [&str; 3] = [CORE, "activitysmith-emulator", "activitysmith-cli"];

pub(super) fn run(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let version = workspace
        .core()?
        .rust_version
        .as_deref()
        .ok_or_else(|| Failure::new(format!("{CORE} names no rust-version")).hint("state it in core/Cargo.toml"))?;
    let cached = format!("debian-rust-{version}");

    // What is there already comes first, then the ordinary way, then the one that works without rustup's server.
    let command = if is_own(version) {
        workspace.cargo(&[])
    } else if let Some(toolchain) = installed(version) {
        rustup_cargo(workspace, &toolchain)
    } else if let Some(rust) = DebianRust::cached(workspace, &cached)? {
        debian_cargo(workspace, &rust)
    } else if let Some(toolchain) = install(version) {
        rustup_cargo(workspace, &toolchain)
    } else if let Some(rust) = DebianRust::fetch(workspace, &cached, Some(version), setup)? {
        debian_cargo(workspace, &rust)
    } else {
        return setup.missing(
            &format!("there is no Rust {version} to check with"),
            &format!("run `rustup toolchain install {version}`"),
        );
    };
    check(command, workspace)
}

/// A target folder of its own keeps the other builds fresh.
fn check(mut command: Command, workspace: &Workspace) -> Result<Outcome> {
    command.args(["check", "--all-features", "--target-dir"]).arg(workspace.target.join("msrv"));
    for package in PACKAGES {
        command.args(["--package", package]);
    }
    process::quiet(&mut command)?;
    Ok(Outcome::Done)
}

/// The name of rustup's toolchain of that version, any patch of it, if there is one.
fn installed(version: &str) -> Option<String> {
    let toolchains = process::probe("rustup", &["toolchain", "list"])?;
    let mut names = toolchains.lines().filter_map(|line| line.split_whitespace().next());
    names.find(|name| is_of(version, name)).map(str::to_owned)
}

/// Whether the compiler in use is of that version.
fn is_own(version: &str) -> bool {
    // It reads `rustc 1.89.0 (29483883e 2025-08-04)`.
    let answer = process::probe("rustc", &["--version"]).unwrap_or_default();
    answer.split_whitespace().nth(1).is_some_and(|own| is_of(version, own))
}

/// Whether a full version, or a toolchain's name, is this version: any patch of it, for any machine.
fn is_of(version: &str, full: &str) -> bool {
    full.strip_prefix(version).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
}

fn install(version: &str) -> Option<String> {
    process::probe("rustup", &["toolchain", "install", version, "--profile", "minimal", "--no-self-update"])?;
    installed(version)
}

fn rustup_cargo(workspace: &Workspace, toolchain: &str) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", toolchain, "cargo"]).current_dir(&workspace.root);
    command
}

fn debian_cargo(workspace: &Workspace, rust: &DebianRust) -> Command {
    let mut command = workspace.cargo(&[]);
    rust.compile_with(&mut command);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_of_its_version_and_another_minor_is_not() {
        for full in ["1.89", "1.89.1", "1.89-x86_64-unknown-linux-gnu"] {
            assert!(is_of("1.89", full), "{full}");
        }
        for full in ["1.8", "1.891.0", "1.90.0", "stable-x86_64-unknown-linux-gnu"] {
            assert!(!is_of("1.89", full), "{full}");
        }
    }
}
