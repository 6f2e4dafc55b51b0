//! The core's client on wasm32: with the target of the toolchain in use, or with Debian's Rust and its sources.

use crate::debian_rust::DebianRust;
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::{CORE, Workspace};
use std::path::Path;

const TARGET: &str = "wasm32-unknown-unknown";
/// Where Debian's Rust with the sources of the standard library lies in the cache.
const CACHED: &str = "debian-rust-with-sources";

pub(super) fn run(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    // What is there already comes first, then the ordinary way, then the one that works without rustup's server.
    let rust = if installed() {
        None
    } else if let Some(rust) = DebianRust::cached(workspace, CACHED)? {
        Some(rust)
    } else if install() {
        None
    } else if let Some(rust) = DebianRust::fetch(workspace, CACHED, None, setup)? {
        Some(rust)
    } else {
        return setup
            .missing(&format!("this Rust has no target {TARGET}"), &format!("run `rustup target add {TARGET}`"));
    };

    let mut command = workspace.cargo(&["check", "--package", CORE, "--no-default-features", "--features", "client"]);
    // A target folder of its own keeps the other builds fresh.
    command.args(["--target", TARGET, "--target-dir"]).arg(workspace.target.join("wasm"));
    if let Some(rust) = rust {
        rust.compile_with(&mut command);
        // Debian has no standard library for this target, so it is built along, which stable Rust allows only so.
        command.args(["-Z", "build-std=std,panic_abort"]).env("RUSTC_BOOTSTRAP", "1");
    }
    process::quiet(&mut command)?;
    Ok(Outcome::Done)
}

/// rustc names the folder of a target's standard library even where there is none.
fn installed() -> bool {
    process::probe("rustc", &["--print", "target-libdir", "--target", TARGET])
        .is_some_and(|folder| Path::new(folder.trim()).is_dir())
}

fn install() -> bool {
    process::probe("rustup", &["target", "add", TARGET]).is_some() && installed()
}
