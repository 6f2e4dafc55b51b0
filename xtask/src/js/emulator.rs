//! The npm package `activitysmith-kit-emulator`: the program `asmith` of this machine's kind, and where it lies.

use super::node::NPM_PROGRAM;
use super::tools::Tools;
use super::{files, package as packages};
use crate::cli;
use crate::deliver::deliver;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// Leaves the package in `dist/`.
pub(crate) fn package(workspace: &Workspace, setup: Setup) -> Result<()> {
    let tools = Tools::ensure(workspace, setup)?;
    let tarball = pack(workspace, &tools, &cli::build(workspace, cli::Variant::default())?)?;
    deliver(workspace, &tarball, "activitysmith-kit-emulator-")
}

/// Packs a binary, and gives back the tarball.
pub(super) fn pack(workspace: &Workspace, tools: &Tools, asmith: &Path) -> Result<PathBuf> {
    let root = &workspace.root;
    let folder = workspace.target.join("js").join("emulator");
    files::copy(&root.join("emulator/packages/npm"), &folder)?;
    let licences = ["LICENSE-APACHE", "LICENSE-MIT", "emulator/fonts/OFL.txt"].map(|licence| root.join(licence));
    for file in licences.iter().map(PathBuf::as_path).chain([asmith]) {
        fs::copy(file, folder.join(file.file_name().unwrap_or_default()))
            .map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
    }
    // npm then refuses it where the binary could not run.
    let (os, cpu) = platform();
    let mut npm = tools.command(NPM_PROGRAM)?;
    process::quiet(npm.args(["pkg", "set", &format!("os[]={os}"), &format!("cpu[]={cpu}")]).current_dir(&folder))?;
    packages::pack(tools, &folder, &workspace.target.join("js").join("emulator-package"))
}

/// This machine's kind, in Node's words.
const fn platform() -> (&'static str, &'static str) {
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let cpu = if cfg!(target_arch = "x86_64") {
        "x64"
    } else if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        std::env::consts::ARCH
    };
    (os, cpu)
}
