//! The parts of a Rust toolchain that a minimal one lacks, which rustup brings: targets, components, and the oldest Rust.

use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use std::path::Path;
use std::process::Command;

/// The target of the npm package.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The standard library of another target.
pub(crate) fn target(target: &str) -> Result<()> {
    let is_there = || {
        // rustc names its folder even where there is none.
        process::probe("rustc", &["--print", "target-libdir", "--target", target])
            .is_some_and(|folder| Path::new(folder.trim()).is_dir())
    };
    ensure(&format!("this Rust has no target {target}"), &["target", "add", target], is_there)
}

/// The sources of the standard library, from which cargo builds one along.
pub(crate) fn sources() -> Result<()> {
    let is_there = || {
        process::probe("rustc", &["--print", "sysroot"])
            .is_some_and(|root| Path::new(root.trim()).join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file())
    };
    ensure("this Rust has no sources of its standard library", &["component", "add", "rust-src"], is_there)
}

/// A component that brings a subcommand of cargo.
pub(crate) fn component(workspace: &Workspace, name: &str, subcommand: &str) -> Result<()> {
    // By the very cargo that will run it.
    let is_there = || workspace.cargo(&[subcommand, "--version"]).output().is_ok_and(|output| output.status.success());
    ensure(&format!("this Rust has no {name}"), &["component", "add", name], is_there)
}

/// The cargo of another version of Rust, which runs at the repository's root.
pub(crate) fn cargo_of(workspace: &Workspace, version: &str) -> Result<Command> {
    let is_there = || process::probe("rustup", &["run", version, "cargo", "--version"]).is_some();
    let install = ["toolchain", "install", version, "--profile", "minimal", "--no-self-update"];
    ensure(&format!("there is no Rust {version} to check with"), &install, is_there)?;
    let mut command = Command::new("rustup");
    command.args(["run", version, "cargo"]).current_dir(&workspace.root);
    Ok(command)
}

/// Has rustup bring what is not there.
fn ensure(missing: &str, arguments: &[&str], is_there: impl Fn() -> bool) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    let remedy = format!("run `rustup {}`", arguments.join(" "));
    if process::probe("rustup", &["--version"]).is_none() {
        return Err(Failure::new(format!("{missing}, and there is no rustup to bring it"))
            .hint(format!("install rustup and {remedy}")));
    }
    process::quiet(Command::new("rustup").args(arguments)).map_err(|failure| failure.hint(&*remedy))?;
    if is_there() { Ok(()) } else { Err(Failure::new(missing).hint(remedy)) }
}
