//! wasm-pack, with the wasm-bindgen of just the version that Cargo.lock names.

use super::rust::{self, CargoTool};
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use fs_err as fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const WASM_PACK: CargoTool<'_> = CargoTool { package: "wasm-pack", program: "wasm-pack", version: "0.15.1" };

pub(crate) struct WasmPack {
    program: PathBuf,
    bindgen: PathBuf,
}

impl WasmPack {
    pub(crate) fn ensure(workspace: &Workspace) -> Result<Self> {
        rust::target(rust::WASM)?;
        rust::sources()?;
        let bindgen = bindgen(&bindgen_version(workspace)?).ensure(workspace)?;
        Ok(Self { program: WASM_PACK.ensure(workspace)?, bindgen })
    }

    /// Whether it is there, be it installed or left by an earlier run.
    pub(crate) fn is_present(workspace: &Workspace) -> bool {
        WASM_PACK.is_present(workspace)
            && bindgen_version(workspace).is_ok_and(|version| bindgen(&version).is_present(workspace))
    }

    /// Compiles a crate, given by its folder, and writes the module and its JavaScript into a folder.
    pub(crate) fn build(&self, workspace: &Workspace, krate: &str, out: &Path, options: &[&str]) -> Result<()> {
        let mut command = Command::new(&self.program);
        // What it would check is set up already; and its download of wasm-opt works only where GitHub is reached.
        command.args(["build", krate, "--mode", "force", "--no-pack", "--no-opt", "--no-gitignore"]);
        command.args(options).arg("--out-dir").arg(out);
        command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", workspace.target.join("wasm"));
        // Users load what is built to be released, so its standard library is built along, to be as small as it can be: a panic
        // stops it at once, and no text of one is kept. Tests need panics in words.
        if !options.contains(&"--dev") {
            command.args(["--", "-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"]);
            // What the variable allows is not stable yet.
            command.env("RUSTC_BOOTSTRAP", "1");
            command.env("RUSTFLAGS", "-Zlocation-detail=none -Zunstable-options -Cpanic=immediate-abort");
        }
        // It takes a wasm-bindgen of the right version from the PATH.
        process::first_on_path(&mut command, self.bindgen.parent().map(Path::to_path_buf))?;
        process::quiet(&mut command)
    }
}

fn bindgen(version: &str) -> CargoTool<'_> {
    CargoTool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version }
}

fn bindgen_version(workspace: &Workspace) -> Result<String> {
    let text = fs::read_to_string(workspace.root.join("Cargo.lock"))?;
    locked("wasm-bindgen", &text).ok_or_else(|| Failure::new("Cargo.lock names no wasm-bindgen"))
}

/// The version of a package in a lock file.
fn locked(package: &str, lock: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_that_of_the_package_of_just_this_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked("wasm-bindgen", lock).as_deref(), Some("0.2.130"));
        assert_eq!(locked("wasm", lock), None);
    }
}
