//! Formatting of every JavaScript and TypeScript source, by prettier, and the types of the package's, by tsc.

use super::package::{self, FOLDER};
use super::ready;
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;

/// What people write; `dist/` and `pkg/` hold what tools make of it.
const SOURCES: [&str; 4] = [
    "bindings-wasm/*.{mjs,json}",
    "bindings-wasm/{ts,tests}/**/*.{ts,mts,cts,mjs,cjs}",
    "{tests,examples}/**/*.{ts,mts,cts,mjs,cjs}",
    "xtask/npm/package.json",
];

pub(crate) fn check(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
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
