//! Formatting of every JavaScript and TypeScript source, by prettier, and the types of the package's, by tsc.

use super::package::{self, FOLDER};
use super::ready;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::fs;

/// What people write; `dist/` and `pkg/` hold what tools make of it.
const SOURCES: [&str; 7] = [
    "bindings-wasm/*.{mjs,json}",
    "bindings-wasm/{ts,tests}/**/*.{ts,mts,cts,mjs,cjs}",
    "{tests,examples}/**/*.{ts,mts,cts,mjs,cjs}",
    "action/*.js",
    "emulator/packages/npm/*.{cjs,cts,json}",
    "emulator/src/page/assets/*.{html,css,js}",
    "xtask/npm/package.json",
];

/// Whose version is that of the crates.
const MANIFESTS: [&str; 3] =
    ["bindings-wasm/package.json", "emulator/packages/npm/package.json", "examples/reindex/javascript/package.json"];

pub(crate) fn check(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    for manifest in MANIFESTS {
        let text = fs::read_to_string(workspace.root.join(manifest))
            .map_err(|error| Failure::new(format!("{manifest}: {error}")))?;
        if !has_version(&text, env!("CARGO_PKG_VERSION")) {
            let problem = format!("{manifest} has another version than the crates, {}", env!("CARGO_PKG_VERSION"));
            return Err(Failure::new(problem).hint("set both to the same"));
        }
    }
    let (tools, wasm_pack) = match ready(workspace, setup) {
        Ok(ready) => ready,
        Err(failure) => return setup.prevented(failure),
    };
    let mut prettier = tools.command("prettier")?;
    prettier.args(["--check", "--log-level", "warn"]).args(SOURCES).current_dir(&workspace.root);
    process::quiet(&mut prettier).map_err(|failure| failure.hint("run `npx prettier --write` on those files"))?;
    // The types of what the core gives come with it.
    package::compile(workspace, &wasm_pack)?;
    let mut tsc = tools.command("tsc")?;
    process::quiet(tsc.args(["--noEmit", "--project", FOLDER]).current_dir(&workspace.root))?;
    Ok(Outcome::Done)
}

fn has_version(manifest: &str, version: &str) -> bool {
    let manifest: serde_json::Value = serde_json::from_str(manifest).unwrap_or_default();
    manifest["version"] == version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_another_version_is_told_apart() {
        assert!(has_version(r#"{"version": "0.1.0"}"#, "0.1.0"));
        for other in [r#"{"version": "0.1.1"}"#, r#"{"name": "kit"}"#, "{"] {
            assert!(!has_version(other, "0.1.0"), "{other}");
        }
    }
}
