//! What rustup brings of Rust (targets, components, other versions), and the programs that cargo builds from crates.io.

use super::cache;
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
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
        let failure = Failure::new(format!("{missing}, and there is no rustup to bring it")).missing();
        return Err(failure.hint(format!("install rustup and {remedy}")));
    }
    process::quiet(Command::new("rustup").args(arguments)).map_err(|failure| failure.hint(&*remedy).missing())?;
    if is_there() { Ok(()) } else { Err(Failure::new(missing).hint(remedy).missing()) }
}

/// A program from crates.io at one version: the one on the PATH, or one built into the user's cache.
pub(crate) struct CargoTool<'a> {
    pub(crate) package: &'a str,
    pub(crate) program: &'a str,
    pub(crate) version: &'a str,
}

impl CargoTool<'_> {
    /// The program of just this version.
    pub(crate) fn ensure(&self, workspace: &Workspace) -> Result<PathBuf> {
        if self.is_installed() {
            return Ok(self.program.into());
        }
        let remedy = format!("run `cargo install --locked --version {} {}`", self.version, self.package);
        let folder = cache::filled(workspace, &self.cached(), |folder| self.build(workspace, folder))
            .map_err(|failure| failure.hint(remedy))?;
        Ok(folder.join("bin").join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX)))
    }

    /// Whether it is there without being built.
    pub(super) fn is_present(&self, workspace: &Workspace) -> bool {
        self.is_installed() || cache::folder(workspace, &self.cached()).is_dir()
    }

    fn cached(&self) -> String {
        format!("{}-{}", self.package, self.version)
    }

    fn is_installed(&self) -> bool {
        process::probe(self.program, &["--version"])
            .is_some_and(|answer| answer.split_whitespace().any(|word| word == self.version))
    }

    fn build(&self, workspace: &Workspace, folder: &Path) -> Result<()> {
        let install = |locked: &[&str]| {
            let mut install = workspace.cargo(&["install", "--version", self.version, self.package]);
            install.args(locked).arg("--root").arg(folder);
            // A release profile spends minutes on a speed that a run of a second does not need.
            install.arg("--debug").env("CARGO_PROFILE_DEV_DEBUG", "0");
            // What the tools share is compiled once.
            install.arg("--target-dir").arg(workspace.target.join("tools"));
            process::quiet(&mut install)
        };
        // A registry that lags behind lacks what the newest lock files name.
        install(&["--locked"]).or_else(|_| install(&[]))
    }
}
