//! The core as a library that Swift links, in `dist/swift`, where `Package.swift` looks for it: a static library with
//! its header, module map and pkg-config file on Linux; on a Mac an XCFramework, which is untested, for want of a Mac.

use crate::failure::Result;
use crate::files;
use crate::process;
use crate::provision::rust;
use crate::workspace::Workspace;
use fs_err as fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The cargo package, and what cargo calls its library.
pub(super) const PACKAGE: &str = "activitysmith-kit-swift";
const ARCHIVE: &str = "libactivitysmith_kit_swift.a";
/// As Python's, so that what both need is compiled once.
const PROFILE: [&str; 2] = ["--profile", "library"];
/// The header and its module map, as the package has them.
pub(super) const HEADER: &str = "bindings-swift/Sources/activitysmith_kitFFI";
pub(super) const MODULE_MAP: &str = "module.modulemap";

/// What Apple's platforms link: a static library for each platform whose Rust target is installed.
const XCFRAMEWORK: &str = "activitysmith_kitFFI.xcframework";
/// The oldest systems that `Package.swift` names.
const OLDEST: [(&str, &str); 2] = [("MACOSX_DEPLOYMENT_TARGET", "13.0"), ("IPHONEOS_DEPLOYMENT_TARGET", "16.0")];

/// A platform, and the Rust targets whose libraries make up its own.
const PLATFORMS: [(&str, &[&str]); 3] = [
    ("macos", &["aarch64-apple-darwin", "x86_64-apple-darwin"]),
    ("ios", &["aarch64-apple-ios"]),
    ("ios-simulator", &["aarch64-apple-ios-sim", "x86_64-apple-ios"]),
];

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
pub(super) fn lay_out(workspace: &Workspace, archive: &Path) -> Result<PathBuf> {
    let folder = workspace.root.join("dist").join("swift");
    files::empty(&folder)?;
    if cfg!(target_os = "macos") {
        xcframework(workspace, &folder)?;
        return Ok(folder);
    }
    let version = &workspace.core()?.version;
    let lib = folder.join("lib");
    files::empty(&lib.join("pkgconfig"))?;
    fs::copy(archive, lib.join(format!("lib{}.a", name(version))))?;
    copy_headers(workspace, &folder.join("include"))?;
    let description = lib.join("pkgconfig").join(format!("{PACKAGE}-{version}.pc"));
    fs::write(&description, pkg_config(version))?;
    Ok(folder)
}

/// What linkers call the library.
pub(super) fn name(version: &str) -> String {
    format!("activitysmith_kit_swift-{version}")
}

fn copy_headers(workspace: &Workspace, folder: &Path) -> Result<()> {
    files::empty(folder)?;
    files::copy_into(folder, ["activitysmith_kitFFI.h", MODULE_MAP].map(|name| workspace.root.join(HEADER).join(name)))
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

/// Packs what users install, and gives back where it lies: an archive to unpack anywhere, or the XCFramework as SwiftPM fetches it.
pub(super) fn pack(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let version = &workspace.core()?.version;
    let name = format!("{PACKAGE}-{version}-{}-{}", std::env::consts::OS, std::env::consts::ARCH);
    let extension = if cfg!(target_os = "macos") { "zip" } else { "tar.gz" };
    let scratch = workspace.target.join("swift");
    fs::create_dir_all(&scratch)?;
    let packed = scratch.join(format!("{name}.{extension}"));
    if cfg!(target_os = "macos") {
        files::remove(&packed)?;
        // With the links in it as links.
        process::quiet(Command::new("zip").args(["-r", "-y", "-q"]).arg(&packed).arg(XCFRAMEWORK).current_dir(folder))?;
        // A release's `Package.swift` names it by its address and this.
        let checksum = process::read(Command::new("swift").args(["package", "compute-checksum"]).arg(&packed))?;
        println!("checksum {}", checksum.trim());
    } else {
        let mut tar = Command::new("tar");
        tar.args(["--create", "--gzip", "--file"]).arg(&packed).arg("--directory").arg(workspace.root.join("dist"));
        process::quiet(tar.args(folder.file_name()))?;
    }
    Ok(packed)
}

/// Leaves the XCFramework in a folder. Rust targets that are not to be had are left out, but never in CI.
fn xcframework(workspace: &Workspace, folder: &Path) -> Result<()> {
    let scratch = workspace.target.join("swift").join("xcframework");
    files::empty(&scratch)?;
    let headers = scratch.join("include");
    copy_headers(workspace, &headers)?;
    without_link(&headers.join(MODULE_MAP))?;

    let mut command = Command::new("xcodebuild");
    command.arg("-create-xcframework");
    for (platform, targets) in PLATFORMS {
        let mut parts = Vec::new();
        for target in targets {
            match workspace.or_left_out(rust::target(target))? {
                Ok(()) => parts.push(build_for(workspace, target)?),
                Err(reason) => println!("left out: {reason}"),
            }
        }
        if parts.is_empty() {
            continue;
        }
        let library = scratch.join(platform).join(ARCHIVE);
        files::empty(&scratch.join(platform))?;
        process::quiet(Command::new("lipo").arg("-create").args(parts).arg("-output").arg(&library))?;
        command.arg("-library").arg(library).arg("-headers").arg(&headers);
    }
    process::quiet(command.arg("-output").arg(folder.join(XCFRAMEWORK)))
}

fn build_for(workspace: &Workspace, target: &str) -> Result<PathBuf> {
    let mut cargo = workspace.cargo(&["build", "--package", PACKAGE, "--target", target]);
    process::quiet(cargo.args(PROFILE).envs(OLDEST))?;
    Ok(workspace.target.join(target).join("library").join(ARCHIVE))
}

/// An XCFramework links its library itself.
fn without_link(map: &Path) -> Result<()> {
    let text = fs::read_to_string(map)?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("link ")).collect();
    Ok(fs::write(map, lines.join("\n") + "\n")?)
}
