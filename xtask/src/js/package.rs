//! The npm package: wasm-pack compiles the core, the package's own script bundles it, npm packs it.

use super::node::NPM_PROGRAM;
use super::tools::Tools;
use super::wasm_pack::WasmPack;
use super::{files, ready};
use crate::deliver::deliver;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

pub(super) const FOLDER: &str = "bindings-wasm";

/// Leaves the package in `dist/`.
pub(crate) fn package(workspace: &Workspace, setup: Setup) -> Result<()> {
    let (tools, wasm_pack) = ready(workspace, setup)?;
    let tarball = build(workspace, &tools, &wasm_pack)?;
    deliver(workspace, &tarball, "activitysmith-kit-")
}

/// Builds the package as users get it, and gives back where it lies.
pub(super) fn build(workspace: &Workspace, tools: &Tools, wasm_pack: &WasmPack) -> Result<PathBuf> {
    let package = workspace.root.join(FOLDER);
    compile(workspace, wasm_pack)?;
    process::quiet(tools.command("node")?.arg("build.mjs").current_dir(&package))?;

    pack(tools, &package, &workspace.target.join("js").join("package"))
}

/// Packs what lies in a folder into an empty one, as npm publishes it, and gives back the tarball.
pub(super) fn pack(tools: &Tools, package: &Path, into: &Path) -> Result<PathBuf> {
    files::empty(into)?;
    let mut npm = tools.command(NPM_PROGRAM)?;
    process::quiet(npm.args(["pack", "--pack-destination"]).arg(into).current_dir(package))?;
    let tarballs = files::named(into, ".tgz")?;
    tarballs.into_iter().next().ok_or_else(|| Failure::new(format!("npm packed nothing into {}", into.display())))
}

/// Compiles the core, and writes what JavaScript and its types need of it.
pub(super) fn compile(workspace: &Workspace, wasm_pack: &WasmPack) -> Result<()> {
    let options = ["--target", "web", "--profile", "wasm", "--out-name", "glue"];
    wasm_pack.build(workspace, FOLDER, &workspace.root.join(FOLDER).join("pkg"), &options)
}

/// Installs the packed package, and nothing else, into a folder.
pub(super) fn install(tools: &Tools, tarball: &Path, folder: &Path) -> Result<()> {
    let mut npm = tools.command(NPM_PROGRAM)?;
    npm.args(["install", "--offline", "--no-audit", "--no-fund", "--no-save"]);
    // Named, so that npm does not take a folder above that has packages.
    process::quiet(npm.arg("--prefix").arg(folder).arg(tarball))
}
