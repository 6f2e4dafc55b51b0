//! The XCFramework for Apple's platforms, made on a Mac: a static library for each platform whose Rust target is
//! installed. Untested: it has never run, for want of a Mac.

use super::library::{ARCHIVE, PACKAGE, copy_headers};
use super::{emptied, failure};
use crate::failure::Result;
use crate::process;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest systems that `Package.swift` names.
const OLDEST: [(&str, &str); 2] = [("MACOSX_DEPLOYMENT_TARGET", "13.0"), ("IPHONEOS_DEPLOYMENT_TARGET", "16.0")];

/// A platform, and the Rust targets whose libraries make up its own.
const PLATFORMS: [(&str, &[&str]); 3] = [
    ("macos", &["aarch64-apple-darwin", "x86_64-apple-darwin"]),
    ("ios", &["aarch64-apple-ios"]),
    ("ios-simulator", &["aarch64-apple-ios-sim", "x86_64-apple-ios"]),
];

/// Leaves `activitysmith_kitFFI.xcframework` in a folder.
pub(super) fn make(workspace: &Workspace, folder: &Path) -> Result<()> {
    let scratch = workspace.target.join("swift").join("xcframework");
    emptied(&scratch)?;
    let headers = scratch.join("include");
    copy_headers(workspace, &headers)?;
    without_link(&headers.join("module.modulemap"))?;

    let installed = process::probe("rustup", &["target", "list", "--installed"]).unwrap_or_default();
    let mut command = Command::new("xcodebuild");
    command.arg("-create-xcframework");
    for (platform, targets) in PLATFORMS {
        let targets: Vec<&str> = targets.iter().copied().filter(|target| is_there(target, &installed)).collect();
        if targets.is_empty() {
            println!("left out, as no Rust target of it is installed: {platform}");
            continue;
        }
        let library = scratch.join(platform).join(ARCHIVE);
        emptied(&scratch.join(platform))?;
        let parts = targets.iter().map(|target| build(workspace, target)).collect::<Result<Vec<_>>>()?;
        process::quiet(Command::new("lipo").arg("-create").args(parts).arg("-output").arg(&library))?;
        command.arg("-library").arg(library).arg("-headers").arg(&headers);
    }
    process::quiet(command.arg("-output").arg(folder.join("activitysmith_kitFFI.xcframework")))
}

/// The Mac's own target is there without rustup, too.
fn is_there(target: &str, installed: &str) -> bool {
    let own = format!("{}-apple-darwin", std::env::consts::ARCH);
    target == own || installed.lines().any(|line| line == target)
}

fn build(workspace: &Workspace, target: &str) -> Result<PathBuf> {
    let mut cargo = workspace.cargo(&["build", "--profile", "library", "--package", PACKAGE, "--target", target]);
    process::quiet(cargo.envs(OLDEST))?;
    Ok(workspace.target.join(target).join("library").join(ARCHIVE))
}

/// An XCFramework links its library itself.
fn without_link(map: &Path) -> Result<()> {
    let text = fs::read_to_string(map).map_err(|error| failure(map, &error))?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("link ")).collect();
    fs::write(map, lines.join("\n") + "\n").map_err(|error| failure(map, &error))
}
