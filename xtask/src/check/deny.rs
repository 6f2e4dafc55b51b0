//! Licences, sources and bans of the dependencies, by cargo-deny, which is built once into the user's cache.

use crate::cache;
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::process::Command;

/// The version that reads our `deny.toml`.
const VERSION: &str = "0.20.2";

pub(super) fn run(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let program = match cargo_deny(workspace) {
        Ok(program) => program,
        // What cargo said of it is worth reading where nothing may be left out.
        Err(failure) if setup.ci => return Err(failure),
        Err(_) => {
            return setup.missing(
                &format!("there is no cargo-deny {VERSION}, and it cannot be built"),
                &format!("run `cargo install --locked --version {VERSION} cargo-deny`"),
            );
        }
    };
    let mut command = Command::new(program);
    // Advisories are left to the workflow on GitHub: they need a download of their own.
    command.args(["check", "bans", "licenses", "sources"]).current_dir(&workspace.root);
    process::quiet(&mut command).map_err(|failure| failure.hint("deny.toml says what is allowed, and why"))?;
    Ok(Outcome::Done)
}

/// The cargo-deny on the PATH if it is ours, else the cached one.
fn cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    let installed = process::probe("cargo-deny", &["--version"]);
    if installed.is_some_and(|version| version.split_whitespace().any(|word| word == VERSION)) {
        return Ok("cargo-deny".into());
    }
    let folder = cache::folder(workspace, &format!("cargo-deny-{VERSION}"));
    let program = folder.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        let mut install = workspace.cargo(&["install", "--locked", "--version", VERSION, "cargo-deny", "--root"]);
        // Its own release profile spends minutes on a speed that a run of a second does not need.
        install
            .arg(&folder)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env_remove("CARGO_TARGET_DIR");
        process::quiet(&mut install)?;
    }
    Ok(program)
}
