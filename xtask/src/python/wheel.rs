//! The wheel: built by maturin, and left in `dist/` for users.

use super::Python;
use crate::deliver::deliver;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// What a user may have to download, in bytes.
const LIMIT: u64 = 2_000_000;

/// What a wheel is built for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// For users: small and fast.
    Release,
    /// To show it at once.
    Demo,
}

impl Purpose {
    /// Of Cargo.toml.
    const fn profile(self) -> &'static str {
        match self {
            Self::Release => "library",
            Self::Demo => "dev",
        }
    }
}

/// Leaves the wheel in `dist/`.
pub(crate) fn package(workspace: &Workspace, setup: Setup) -> Result<()> {
    let python = Python::ensure(workspace, setup)?;
    let wheel = build(&python, Purpose::Release)?;
    deliver(workspace, &wheel, "activitysmith_kit-")
}

/// Fails when users would have to download too much.
fn check_size(wheel: &Path) -> Result<()> {
    let metadata = fs::metadata(wheel).map_err(|error| Failure::new(format!("{}: {error}", wheel.display())))?;
    let size = metadata.len();
    if size > LIMIT {
        return Err(Failure::new(format!("the wheel has {size} bytes, more than the {LIMIT} that it may have"))
            .hint("see what grew: a dependency, a feature of one, or the profile `library` of Cargo.toml"));
    }
    Ok(())
}

/// Builds the wheel, and gives back where it lies.
pub(super) fn build(python: &Python<'_>, purpose: Purpose) -> Result<PathBuf> {
    let workspace = python.workspace;
    let folder = workspace.target.join("python").join(format!("wheel-{}", purpose.profile()));
    // What an earlier run left must not be taken for the new one.
    let _ = fs::remove_dir_all(&folder);
    copy_licences(&workspace.root, "bindings-python")?;
    let mut maturin = python.builder.python();
    maturin.args(["-m", "maturin", "build", "--profile", purpose.profile()]);
    maturin.args(["--manifest-path", "bindings-python/Cargo.toml", "--out"]).arg(&folder).current_dir(&workspace.root);
    process::show(&mut maturin)?;
    let wheel = only_wheel(&folder)?;
    match purpose {
        Purpose::Release => check_size(&wheel)?,
        Purpose::Demo => {}
    }
    Ok(wheel)
}

/// The wheel takes its licences from the package's own folder; they are kept once, at the repository's root.
pub(super) fn copy_licences(root: &Path, package: &str) -> Result<()> {
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        let copy = root.join(package).join(name);
        fs::copy(root.join(name), &copy).map_err(|error| Failure::new(format!("{}: {error}", copy.display())))?;
    }
    Ok(())
}

pub(super) fn only_wheel(folder: &Path) -> Result<PathBuf> {
    let files = fs::read_dir(folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "whl");
    let wheels: Vec<PathBuf> = files.flatten().map(|entry| entry.path()).filter(is_wheel).collect();
    match &wheels[..] {
        [wheel] => Ok(wheel.clone()),
        _ => Err(Failure::new(format!("maturin left {} wheels in {}, not one", wheels.len(), folder.display()))),
    }
}
