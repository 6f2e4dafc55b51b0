//! `cargo xtask bench js`: the npm package beside the official SDK.

use super::package;
use super::ready;
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;

pub(crate) fn bench(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let (tools, wasm_pack) = match ready(workspace, setup) {
        Ok(ready) => ready,
        Err(failure) => return setup.prevented(failure),
    };
    let [asmith] = workspace.build("release", [("activitysmith-cli", "asmith")])?;
    let tarball = package::build(workspace, &tools, &wasm_pack)?;
    let mut bench = tools.command(asmith)?;
    process::without_proxies(&mut bench);
    bench.args(["emulate", "--limits", "none", "--exec", "--", "node", "tests/benches/js/main.mjs"]);
    process::show(bench.env("KIT_TARBALL", tarball).current_dir(&workspace.root))?;
    Ok(Outcome::Done)
}
