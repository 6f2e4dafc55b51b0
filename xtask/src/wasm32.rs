//! The Rust that compiles for wasm32: the toolchain in use with its target or the sources of its standard library, or Debian's with
//! those.

use crate::debian_rust::DebianRust;
use crate::failure::{Failure, Result};
use crate::process;
use crate::rust_target;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// Where Debian's Rust with the sources of the standard library lies in the cache.
const CACHED: &str = "debian-rust-with-sources";

pub(crate) enum Wasm32 {
    Target,
    /// Debian's, or else the toolchain in use.
    Sources(Option<DebianRust>),
}

impl Wasm32 {
    /// What is there already comes first, then the ordinary way, then the one that works without rustup's server.
    pub(crate) fn ensure(workspace: &Workspace, setup: Setup) -> Result<Self> {
        if rust_target::is_installed(TARGET) {
            return Ok(Self::Target);
        }
        if let Some(rust) = DebianRust::cached(workspace, CACHED)? {
            return Ok(Self::Sources(Some(rust)));
        }
        if rust_target::install(TARGET) {
            return Ok(Self::Target);
        }
        if let Some(rust) = DebianRust::fetch(workspace, CACHED, None, setup)? {
            return Ok(Self::Sources(Some(rust)));
        }
        Err(Failure::new(format!("this Rust has no target {TARGET}")).hint(format!("run `rustup target add {TARGET}`")))
    }

    /// One that builds its standard library along, for modules that have to be small; where there is none, any.
    pub(crate) fn ensure_with_sources(workspace: &Workspace, setup: Setup) -> Result<Self> {
        if has_sources() {
            return Ok(Self::Sources(None));
        }
        if let Some(rust) = DebianRust::cached(workspace, CACHED)? {
            return Ok(Self::Sources(Some(rust)));
        }
        if install_sources() {
            return Ok(Self::Sources(None));
        }
        match DebianRust::fetch(workspace, CACHED, None, setup)? {
            Some(rust) => Ok(Self::Sources(Some(rust))),
            None => Self::ensure(workspace, setup),
        }
    }

    /// Has cargo, or what starts cargo, compile with this Rust.
    pub(crate) fn compile_with(&self, command: &mut Command) {
        let Self::Sources(debian) = self else { return };
        command.env("RUSTC_BOOTSTRAP", "1");
        let Some(rust) = debian else { return };
        rust.compile_with(command);
        if let Some(linker) = linker() {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }

    /// As `compile_with`, for as small a module as there can be: a panic stops it at once, and no text of one is kept. What `{:?}`
    /// writes is kept, since messages for users have it.
    pub(crate) fn compile_small_with(&self, command: &mut Command) {
        self.compile_with(command);
        let places = "-Zlocation-detail=none";
        match self {
            Self::Target => {}
            // Debian's is too old for the other.
            Self::Sources(Some(_)) => {
                command.env("RUSTFLAGS", places);
            }
            Self::Sources(None) => {
                command.env("RUSTFLAGS", format!("{places} -Zunstable-options -Cpanic=immediate-abort"));
            }
        }
    }

    /// What cargo must be told beside: where there is no standard library for this target it is built along, which stable Rust
    /// allows only with the variable set above.
    pub(crate) fn arguments(&self) -> &'static [&'static str] {
        match self {
            Self::Target => &[],
            Self::Sources(_) => &["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"],
        }
    }
}

/// Whether the toolchain in use has the sources of its standard library.
fn has_sources() -> bool {
    process::probe("rustc", &["--print", "sysroot"])
        .is_some_and(|folder| Path::new(folder.trim()).join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file())
}

fn install_sources() -> bool {
    process::probe("rustup", &["component", "add", "rust-src"]).is_some() && has_sources()
}

/// The linker of the toolchain in use; Debian's compiler comes without one for this target, and finds an installed one itself.
fn linker() -> Option<PathBuf> {
    let libraries = process::probe("rustc", &["--print", "target-libdir"])?;
    let linker = Path::new(libraries.trim()).with_file_name("bin").join("rust-lld");
    linker.is_file().then_some(linker)
}
