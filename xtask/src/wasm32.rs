//! The Rust that compiles for wasm32: the toolchain in use with its target, or Debian's with the sources of its standard library.

use crate::debian_rust::DebianRust;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// Where Debian's Rust with the sources of the standard library lies in the cache.
const CACHED: &str = "debian-rust-with-sources";

pub(crate) enum Wasm32 {
    Target,
    Sources(DebianRust),
}

impl Wasm32 {
    /// What is there already comes first, then the ordinary way, then the one that works without rustup's server.
    pub(crate) fn ensure(workspace: &Workspace, setup: Setup) -> Result<Self> {
        if installed() {
            return Ok(Self::Target);
        }
        if let Some(rust) = DebianRust::cached(workspace, CACHED)? {
            return Ok(Self::Sources(rust));
        }
        if install() {
            return Ok(Self::Target);
        }
        if let Some(rust) = DebianRust::fetch(workspace, CACHED, None, setup)? {
            return Ok(Self::Sources(rust));
        }
        Err(Failure::new(format!("this Rust has no target {TARGET}")).hint(format!("run `rustup target add {TARGET}`")))
    }

    /// Has cargo, or what starts cargo, compile with this Rust.
    pub(crate) fn compile_with(&self, command: &mut Command) {
        let Self::Sources(rust) = self else { return };
        rust.compile_with(command);
        command.env("RUSTC_BOOTSTRAP", "1");
        if let Some(linker) = linker() {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }

    /// What cargo must be told beside: Debian has no standard library for this target, so it is built along, which stable Rust
    /// allows only with the variable set above.
    pub(crate) fn arguments(&self) -> &'static [&'static str] {
        match self {
            Self::Target => &[],
            Self::Sources(_) => &["-Z", "build-std=std,panic_abort"],
        }
    }
}

/// rustc names the folder of a target's standard library even where there is none.
fn installed() -> bool {
    process::probe("rustc", &["--print", "target-libdir", "--target", TARGET])
        .is_some_and(|folder| Path::new(folder.trim()).is_dir())
}

fn install() -> bool {
    process::probe("rustup", &["target", "add", TARGET]).is_some() && installed()
}

/// The linker of the toolchain in use; Debian's compiler comes without one for this target, and finds an installed one itself.
fn linker() -> Option<PathBuf> {
    let libraries = process::probe("rustc", &["--print", "target-libdir"])?;
    let linker = Path::new(libraries.trim()).with_file_name("bin").join("rust-lld");
    linker.is_file().then_some(linker)
}
