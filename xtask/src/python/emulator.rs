//! The wheel `activitysmith-kit-emulator`: maturin puts the program `asmith` where Python's installers put programs.

use super::Python;
use super::wheel::{self, Purpose};
use crate::cli;
use crate::deliver::deliver;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::fs;
use std::path::PathBuf;

pub(super) const FOLDER: &str = "emulator/packages/python";

/// Leaves the wheel in `dist/`.
pub(crate) fn package(workspace: &Workspace, setup: Setup) -> Result<()> {
    let python = Python::ensure(workspace, setup)?;
    let wheel = build(&python, Purpose::Release)?;
    deliver(workspace, &wheel, "activitysmith_kit_emulator-")
}

/// Builds the wheel, and gives back where it lies. What cargo has built before, it does not build again.
pub(super) fn build(python: &Python<'_>, purpose: Purpose) -> Result<PathBuf> {
    let workspace = python.workspace;
    let package = workspace.root.join(FOLDER);
    let folder = workspace.target.join("python").join("emulator");
    // What an earlier run left must not be taken for the new one.
    let _ = fs::remove_dir_all(&folder);
    wheel::copy_licences(&workspace.root, FOLDER)?;
    let font = package.join("OFL.txt");
    fs::copy(workspace.root.join("emulator/fonts/OFL.txt"), &font)
        .map_err(|error| Failure::new(format!("{}: {error}", font.display())))?;
    let mut maturin = python.builder.python();
    maturin.args(["-m", "maturin", "build", "--out"]).arg(&folder).current_dir(&package);
    match purpose {
        Purpose::Release => cli::as_distributed(&mut maturin, None)?,
        Purpose::Demo => {
            maturin.args(["--profile", "dev"]);
        }
    }
    process::show(&mut maturin)?;
    wheel::only_wheel(&folder)
}
