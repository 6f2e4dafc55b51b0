//! System packages, which apt installs where it is there and may do so.

use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::process::Command;

/// What Chromium is called on the PATH, and where macOS keeps it.
const CHROMIUM: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Makes sure that the crates which build against the system's libraries can do so.
pub(crate) fn openssl(workspace: &Workspace) -> Result<()> {
    // Only Linux takes its TLS library from a package; macOS and Windows bring their own.
    let is_there = !cfg!(target_os = "linux")
        || std::env::var_os("OPENSSL_DIR").is_some()
        || process::probe("pkg-config", &["--exists", "openssl"]).is_some();
    let missing = "OpenSSL's headers are missing (the core's feature `native-tls` builds against them)";
    let otherwise = "install pkg-config and OpenSSL's development package";
    if is_there { Ok(()) } else { install(workspace, missing, &["pkg-config", "libssl-dev"], otherwise) }
}

/// What loads the emulator in its benchmark.
pub(crate) fn wrk(workspace: &Workspace) -> Result<()> {
    // It has no version to ask for.
    if on_path("wrk").is_some() {
        return Ok(());
    }
    install(workspace, "wrk is missing (the emulator's benchmark loads it)", &["wrk"], "install wrk")
}

/// The browser that tests drive.
pub(crate) fn chromium(workspace: &Workspace) -> Result<PathBuf> {
    let present = || CHROMIUM.into_iter().find_map(on_path);
    if let Some(program) = present() {
        return Ok(program);
    }
    let missing = "there is no Chromium to open a page in";
    let otherwise = "install Chromium and put `chromium` on the PATH";
    install(workspace, missing, &["chromium"], otherwise)?;
    present().ok_or_else(|| Failure::new(missing).hint(otherwise).missing())
}

/// Installs packages where apt is there and may do so; else says what is missing, and what to do.
pub(super) fn install(workspace: &Workspace, missing: &str, packages: &[&str], otherwise: &str) -> Result<()> {
    let missing = Failure::new(missing).missing();
    if !has_apt() {
        return Err(missing.hint(otherwise));
    }
    if !workspace.install {
        let remedy = format!("run `sudo apt-get install {}`, or this command with --install", packages.join(" "));
        return Err(missing.hint(remedy));
    }
    update_package_lists()?;
    process::quiet(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

pub(super) fn has_apt() -> bool {
    process::probe("apt-get", &["--version"]).is_some()
}

/// Brings apt's lists up to date; a fresh container has none.
pub(super) fn update_package_lists() -> Result<()> {
    process::quiet(apt_get().arg("update"))
}

/// `apt-get` with the rights to install.
fn apt_get() -> Command {
    let mut command = as_root("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// A program with all rights.
pub(super) fn as_root(program: &str) -> Command {
    if is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.arg(program);
    command
}

/// Whether this runs with all rights.
#[cfg(unix)]
pub(super) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

#[cfg(not(unix))]
pub(super) fn is_root() -> bool {
    false
}

/// A program, in full; a name that is absolute stays as it is.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}
