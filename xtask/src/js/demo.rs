//! The example `reindex` in JavaScript, for `cargo xtask demo`.

use super::tools::Tools;
use super::wasm_pack::WasmPack;
use super::{files, package, ready};
use crate::failure::{Failure, Result};
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::process::Command;

const EXAMPLE: &str = "examples/reindex/javascript";

/// The example in a fresh folder with the package installed, ready to run. What it takes to build the package takes minutes to
/// fetch, which is done only where `--install` allows it.
pub(crate) fn example(workspace: &Workspace, setup: Setup) -> Result<Command> {
    let is_cached = Tools::are_cached(workspace) && WasmPack::is_cached(workspace);
    if !is_cached && !setup.install {
        return Err(Failure::new("the tools that build the npm package are not here yet")
            .hint("run this command with --install, which fetches and builds them once, in some minutes"));
    }
    let (tools, wasm_pack) = ready(workspace, setup)?;
    let tarball = package::build(workspace, &tools, &wasm_pack)?;
    let folder = workspace.target.join("js").join("demo");
    files::copy(&workspace.root.join(EXAMPLE), &folder)?;
    package::install(&tools, &tarball, &folder)?;
    let mut command = tools.command("node")?;
    command.arg(folder.join("reindex.mjs"));
    Ok(command)
}
