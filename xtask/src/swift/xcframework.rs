//! The XCFramework for Apple's platforms, made on a Mac: a static library for each platform whose Rust target is
//! installed. Untested: it has never run, for want of a Mac.

use super::library::{ARCHIVE, MODULE_MAP, PACKAGE, PROFILE, copy_headers};
use super::{emptied, failure, unlinked};
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAME: &str = "activitysmith_kitFFI.xcframework";
/// The oldest systems that `Package.swift` names.
const OLDEST: [(&str, &str); 2] = [("MACOSX_DEPLOYMENT_TARGET", "13.0"), ("IPHONEOS_DEPLOYMENT_TARGET", "16.0")];

/// A platform, and the Rust targets whose libraries make up its own.
const PLATFORMS: [(&str, &[&str]); 3] = [
    ("macos", &["aarch64-apple-darwin", "x86_64-apple-darwin"]),
    ("ios", &["aarch64-apple-ios"]),
    ("ios-simulator", &["aarch64-apple-ios-sim", "x86_64-apple-ios"]),
];

/// Leaves `activitysmith_kitFFI.xcframework` in a folder. Rust targets that are not installed are left out, but never in CI.
pub(super) fn make(workspace: &Workspace, folder: &Path, setup: Setup) -> Result<()> {
    let scratch = workspace.target.join("swift").join("xcframework");
    emptied(&scratch)?;
    let headers = scratch.join("include");
    copy_headers(workspace, &headers)?;
    without_link(&headers.join(MODULE_MAP))?;

    let installed = process::probe("rustup", &["target", "list", "--installed"]).unwrap_or_default();
    let mut command = Command::new("xcodebuild");
    command.arg("-create-xcframework");
    for (platform, targets) in PLATFORMS {
        let mut parts = Vec::new();
        for target in targets {
            if is_there(target, &installed) {
                parts.push(build(workspace, target)?);
            } else if let Outcome::Skipped(reason) = setup
                .missing(&format!("there is no Rust target {target}"), &format!("run `rustup target add {target}`"))?
            {
                println!("left out: {reason}");
            }
        }
        if parts.is_empty() {
            continue;
        }
        let library = scratch.join(platform).join(ARCHIVE);
        emptied(&scratch.join(platform))?;
        process::quiet(Command::new("lipo").arg("-create").args(parts).arg("-output").arg(&library))?;
        command.arg("-library").arg(library).arg("-headers").arg(&headers);
    }
    process::quiet(command.arg("-output").arg(folder.join(NAME)))
}

/// Packs it as a release's `Package.swift` names it, by its address and the checksum that this prints.
pub(super) fn pack(folder: &Path, packed: &Path) -> Result<()> {
    unlinked(packed)?;
    // With the links in it as links.
    process::quiet(Command::new("zip").args(["-r", "-y", "-q"]).arg(packed).arg(NAME).current_dir(folder))?;
    let checksum = process::read(Command::new("swift").args(["package", "compute-checksum"]).arg(packed))?;
    println!("checksum {}", checksum.trim());
    Ok(())
}

/// The Mac's own target is there without rustup, too.
fn is_there(target: &str, installed: &str) -> bool {
    let own = format!("{}-apple-darwin", std::env::consts::ARCH);
    target == own || installed.lines().any(|line| line == target)
}

fn build(workspace: &Workspace, target: &str) -> Result<PathBuf> {
    let mut cargo = workspace.cargo(&["build", "--package", PACKAGE, "--target", target]);
    process::quiet(cargo.args(PROFILE).envs(OLDEST))?;
    Ok(workspace.target.join(target).join("library").join(ARCHIVE))
}

/// An XCFramework links its library itself.
fn without_link(map: &Path) -> Result<()> {
    let text = fs::read_to_string(map).map_err(|error| failure(map, &error))?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("link ")).collect();
    fs::write(map, lines.join("\n") + "\n").map_err(|error| failure(map, &error))
}
