//! The core on the oldest Rust that its manifest promises: rustup's toolchain of that version, or Debian's.

use crate::debian_rust::DebianRust;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::{CORE, Workspace};
use std::process::Command;

pub(super) fn run(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let version = workspace
        .core()?
        .rust_version
        .as_deref()
        .ok_or_else(|| Failure::new(format!("{CORE} names no rust-version")).hint("state it in core/Cargo.toml"))?;
    let cached = format!("debian-rust-{version}");

    // What is there already comes first, then the ordinary way, then the one that works without rustup's server.
    let command = if let Some(toolchain) = installed(version) {
        rustup_cargo(workspace, &toolchain)
    } else if let Some(rust) = DebianRust::cached(&cached)? {
        debian_cargo(workspace, &rust)
    } else if let Some(toolchain) = install(version) {
        rustup_cargo(workspace, &toolchain)
    } else if let Some(rust) = DebianRust::fetch(&cached, Some(version), setup)? {
        debian_cargo(workspace, &rust)
    } else {
        return setup.missing(
            &format!("there is no Rust {version} to check the core with"),
            &format!("run `rustup toolchain install {version}`"),
        );
    };
    check(command, workspace)
}

/// A target folder of its own keeps the other builds fresh.
fn check(mut command: Command, workspace: &Workspace) -> Result<Outcome> {
    command.args(["check", "--package", CORE, "--all-features", "--target-dir"]).arg(workspace.target.join("msrv"));
    process::quiet(&mut command)?;
    Ok(Outcome::Done)
}

/// The name of rustup's toolchain of that version, any patch of it, if there is one.
fn installed(version: &str) -> Option<String> {
    let toolchains = process::probe("rustup", &["toolchain", "list"])?;
    let of_version =
        |name: &&str| name.strip_prefix(version).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']));
    toolchains.lines().filter_map(|line| line.split_whitespace().next()).find(of_version).map(str::to_owned)
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
