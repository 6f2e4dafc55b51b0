//! System packages: those that the Rust build needs beside a Rust toolchain, and the way to install any.

use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use std::process::Command;

/// Makes sure that the crates which build against the system's libraries can do so.
pub(crate) fn ensure(setup: Setup) -> Result<()> {
    if has_openssl() {
        return Ok(());
    }
    let missing = "OpenSSL's headers are missing (the core's feature `native-tls` builds against them)";
    let otherwise = "install pkg-config and OpenSSL's development package";
    install(missing, &["pkg-config", "libssl-dev"], otherwise, setup)
}

/// Installs packages where apt is there and may do so; else says what is missing, and what to do.
pub(crate) fn install(missing: &str, packages: &[&str], otherwise: &str, setup: Setup) -> Result<()> {
    if process::probe("apt-get", &["--version"]).is_none() {
        return Err(Failure::new(missing).hint(otherwise));
    }
    if !setup.install {
        let remedy = format!("run `sudo apt-get install {}`, or this command with --install", packages.join(" "));
        return Err(Failure::new(missing).hint(remedy));
    }
    update_package_lists()?;
    process::quiet(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

/// Brings apt's lists up to date; a fresh container has none.
pub(crate) fn update_package_lists() -> Result<()> {
    process::quiet(apt_get().arg("update"))
}

/// Only Linux takes its TLS library from a package; macOS and Windows bring their own.
fn has_openssl() -> bool {
    !cfg!(target_os = "linux")
        || std::env::var_os("OPENSSL_DIR").is_some()
        || process::probe("pkg-config", &["--exists", "openssl"]).is_some()
}

/// `apt-get` with the rights to install.
fn apt_get() -> Command {
    let mut command = as_root("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// A program with all rights.
pub(crate) fn as_root(program: &str) -> Command {
    if is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.arg(program);
    command
}

/// Whether this runs with all rights.
#[cfg(unix)]
pub(crate) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

#[cfg(not(unix))]
pub(crate) fn is_root() -> bool {
    false
}
