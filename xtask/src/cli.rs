//! The command line: its package, which runs on any Linux without libraries of it, and its bench beside Node and `cat`.

use crate::emulator::beside;
use crate::failure::{Failure, Result};
use crate::files;
use crate::process;
use crate::provision::node::Node;
use crate::workspace::Workspace;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

const PACKAGE: &str = "activitysmith-cli";
const BINARY: &str = "asmith";

/// Which binary users get.
#[derive(Clone, Copy, Default)]
pub(crate) struct Variant<'v> {
    /// Another target of Rust than this machine's.
    pub(crate) target: Option<&'v str>,
    /// It draws no PNG.
    pub(crate) without_png: bool,
}

impl Variant<'_> {
    /// What it may weigh, in bytes.
    fn largest(self) -> u64 {
        if self.without_png { 8_000_000 } else { 13_000_000 }
    }
}

/// Leaves the program in `dist/`.
pub(crate) fn package(workspace: &Workspace, variant: Variant<'_>) -> Result<()> {
    let asmith = build(workspace, variant)?;
    files::at_most(variant.largest(), &asmith)?;
    if variant.target.is_none_or(|target| host().is_ok_and(|host| host == target)) {
        process::quiet(Command::new(&asmith).arg("--version"))?;
    }
    files::deliver(workspace, &asmith, BINARY)
}

/// The binary as users get it.
pub(crate) fn build(workspace: &Workspace, variant: Variant<'_>) -> Result<PathBuf> {
    let mut command = workspace.cargo(&["build", "--message-format", "json-render-diagnostics"]);
    if variant.without_png {
        command.arg("--no-default-features");
    }
    as_distributed(command.args(["--package", PACKAGE, "--bin", BINARY]), variant.target)?;
    let text = process::read(&mut command)?;
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executable = messages.filter_map(|message| Some(PathBuf::from(message["executable"].as_str()?))).next_back();
    executable.ok_or_else(|| Failure::new("cargo built no binary asmith"))
}

/// Has cargo, or who calls it, build a binary as users get it. The target is named, so that what is said of the binary is not said of
/// build scripts and macros.
pub(crate) fn as_distributed(command: &mut Command, target: Option<&str>) -> Result<()> {
    let target = target.map_or_else(host, |target| Ok(target.to_owned()))?;
    command.args(["--profile", "dist", "--target", &target]);
    if target.ends_with("linux-gnu") {
        // A static binary at a random address, which has 18,000 places to adjust at its start: packed, they take 0.4 MB less. A static glibc
        // before 2.36 would not understand them.
        let flags = "-C target-feature=+crt-static -C relocation-model=pie -C link-arg=-Wl,-z,pack-relative-relocs";
        command.env("RUSTFLAGS", flags);
    }
    Ok(())
}

fn host() -> Result<String> {
    let told = process::read(Command::new("rustc").arg("-vV"))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned);
    host.ok_or_else(|| Failure::new("rustc does not tell for which machine it is"))
}

/// The program, built by another profile.
pub(crate) fn asmith(workspace: &Workspace, profile: &str) -> Result<PathBuf> {
    let [asmith] = workspace.build(profile, &[], [(PACKAGE, BINARY)])?;
    Ok(asmith)
}

/// The program beside Node with the official SDK, and beside `cat`.
pub(crate) fn bench(workspace: &Workspace) -> Result<()> {
    let asmith = asmith(workspace, "release")?;
    let mut bench = Node::ensure(workspace)?.command("node")?;
    bench.arg("tests/benches/cli/main.mjs").env("ASMITH_BINARY", &asmith).current_dir(&workspace.root);
    process::show(&mut beside(&asmith, &["--limits", "none"], &bench))
}
