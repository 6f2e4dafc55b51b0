//! The core as a library that Swift links, in `dist/swift`, where `Package.swift` looks for it: a static library with
//! its header, module map and pkg-config file on Linux, an XCFramework on a Mac.

use super::{emptied, failure, xcframework};
use crate::failure::Result;
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// The cargo package, and what cargo calls its library.
pub(super) const PACKAGE: &str = "activitysmith-kit-swift";
pub(super) const ARCHIVE: &str = "libactivitysmith_kit_swift.a";
/// How cargo builds it: for speed, where Python's is built for size. A call gains 7 % for 2 MB, and programs of Swift have no
/// start that a larger library would slow down.
pub(super) const PROFILE: [&str; 4] = ["--profile", "library", "--config", "profile.library.opt-level=3"];
/// The header and its module map, as the package has them.
pub(super) const HEADER: &str = "bindings-swift/Sources/activitysmith_kitFFI";
pub(super) const MODULE_MAP: &str = "module.modulemap";

/// Has cargo build the static library for this machine, and gives back where it lies.
pub(super) fn build(workspace: &Workspace) -> Result<PathBuf> {
    process::quiet(workspace.cargo(&["build", "--package", PACKAGE]).args(PROFILE))?;
    Ok(workspace.target.join("library").join(ARCHIVE))
}

/// The same without optimization: it tells what is exported, and little time is spent on it.
pub(super) fn quick(workspace: &Workspace) -> Result<PathBuf> {
    process::quiet(&mut workspace.cargo(&["build", "--package", PACKAGE]))?;
    Ok(workspace.target.join("debug").join(ARCHIVE))
}

/// Lays the library out in `dist/swift`, as it is installed, and gives back that folder.
pub(super) fn lay_out(workspace: &Workspace, archive: &Path, setup: Setup) -> Result<PathBuf> {
    let folder = folder(workspace);
    emptied(&folder)?;
    if cfg!(target_os = "macos") {
        xcframework::make(workspace, &folder, setup)?;
        return Ok(folder);
    }
    let version = &workspace.core()?.version;
    let lib = folder.join("lib");
    emptied(&lib.join("pkgconfig"))?;
    copy(archive, &lib.join(format!("lib{}.a", name(version))))?;
    copy_headers(workspace, &folder.join("include"))?;
    let description = lib.join("pkgconfig").join(format!("{PACKAGE}-{version}.pc"));
    fs::write(&description, pkg_config(version)).map_err(|error| failure(&description, &error))?;
    Ok(folder)
}

/// What linkers call the library.
pub(super) fn name(version: &str) -> String {
    format!("activitysmith_kit_swift-{version}")
}

pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("dist").join("swift")
}

pub(super) fn copy_headers(workspace: &Workspace, folder: &Path) -> Result<()> {
    emptied(folder)?;
    for name in ["activitysmith_kitFFI.h", MODULE_MAP] {
        copy(&workspace.root.join(HEADER).join(name), &folder.join(name))?;
    }
    Ok(())
}

pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(|_| ()).map_err(|error| failure(from, &error))
}

/// How linkers find the library wherever it is unpacked; with the libraries of the system that Rust's needs.
fn pkg_config(version: &str) -> String {
    format!(
        "prefix=${{pcfiledir}}/../..\n\n\
         Name: {PACKAGE}\n\
         Description: The core of ActivitySmithKit as a static library for Swift\n\
         Version: {version}\n\
         Libs: -L${{prefix}}/lib -l{} -lm -ldl -lpthread\n\
         Cflags: -I${{prefix}}/include\n",
        name(version)
    )
}
