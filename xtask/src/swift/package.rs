//! What a user of Swift installs: on Linux, an archive to unpack anywhere, which pkg-config finds; on a Mac, the
//! XCFramework, packed as SwiftPM fetches it.

use super::{bindings, failure, library, xcframework};
use crate::deliver::deliver;
use crate::failure::Result;
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::fs;
use std::process::Command;

/// Writes the generated sources, and leaves the library in `dist/`.
pub(crate) fn package(workspace: &Workspace, setup: Setup) -> Result<()> {
    let archive = library::build(workspace)?;
    bindings::write(workspace, &archive)?;
    let folder = library::lay_out(workspace, &archive, setup)?;
    let version = &workspace.core()?.version;
    let name = format!("{}-{version}-{}-{}", library::PACKAGE, std::env::consts::OS, std::env::consts::ARCH);
    let extension = if cfg!(target_os = "macos") { "zip" } else { "tar.gz" };
    let packed = workspace.target.join("swift").join(format!("{name}.{extension}"));
    let parent = packed.parent().unwrap_or(&workspace.target);
    fs::create_dir_all(parent).map_err(|error| failure(parent, &error))?;
    if cfg!(target_os = "macos") {
        xcframework::pack(&folder, &packed)?;
    } else {
        let mut tar = Command::new("tar");
        tar.args(["--create", "--gzip", "--file"]).arg(&packed).arg("--directory").arg(workspace.root.join("dist"));
        process::quiet(tar.args(folder.file_name()))?;
    }
    deliver(workspace, &packed, &format!("{}-", library::PACKAGE))
}
