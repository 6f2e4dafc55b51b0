//! JavaScript: keeps Node and its tools, builds the npm package, and does with it what the commands ask for.

mod bench;
mod check;
mod chromium;
mod demo;
mod emulator;
mod files;
mod node;
mod package;
mod test;
mod tools;
mod wasm_pack;

pub(crate) use bench::bench;
pub(crate) use check::check;
pub(crate) use demo::example;
pub(crate) use emulator::package as package_emulator;
pub(crate) use package::package;
pub(crate) use test::test;

use crate::failure::Result;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::ffi::OsStr;
use std::process::Command;
use tools::Tools;
use wasm_pack::WasmPack;

/// A command by which Node and the npm tools are found, the official SDK among them.
pub(crate) fn command(workspace: &Workspace, setup: Setup, program: impl AsRef<OsStr>) -> Result<Command> {
    Tools::ensure(workspace, setup)?.command(program)
}

/// Sets up what it takes to build the package.
fn ready(workspace: &Workspace, setup: Setup) -> Result<(Tools, WasmPack)> {
    Ok((Tools::ensure(workspace, setup)?, WasmPack::ensure(workspace)?))
}
