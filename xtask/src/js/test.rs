//! `cargo xtask test js`: the npm package that users get, in fresh folders: its own tests, and those of tests/js in every runtime.

use super::package::{self, FOLDER};
use super::tools::Tools;
use super::{chromium, emulator, files, ready};
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn test(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let (tools, wasm_pack) = match ready(workspace, setup) {
        Ok(ready) => ready,
        Err(failure) => return setup.prevented(failure),
    };
    let chromium = browser(setup)?;
    let [asmith] = workspace.build("dev", [("activitysmith-cli", "asmith")])?;
    let tarball = package::build(workspace, &tools, &wasm_pack)?;
    let client = workspace.target.join("js").join("wasm-client");
    let options = ["--target", "nodejs", "--dev", "--out-name", "client"];
    wasm_pack.build(workspace, "tests/wasm-client", &client, &options)?;

    let emulator = emulator::pack(workspace, &tools, &asmith)?;
    let tests = Tests { workspace, tools: &tools, asmith: &asmith, tarball: &tarball };
    // All of them run, whatever becomes of the first, so that one run shows every failure.
    let own = tests.own();
    let mut suites = tests.node(&workspace.root.join("tests").join("js"))?;
    suites.env("KIT_TARBALL", &tarball).env("KIT_WASM_CLIENT", client.join("client.js"));
    suites.env("KIT_EMULATOR_TARBALL", &emulator);
    if let Some(chromium) = chromium {
        suites.env("KIT_CHROMIUM", chromium);
    }
    own.and(process::show(&mut suites)).map(|()| Outcome::Done)
}

/// The browser; where there is none its test is left out, but not in CI.
fn browser(setup: Setup) -> Result<Option<PathBuf>> {
    let failure = match chromium::ensure(setup) {
        Ok(program) => return Ok(Some(program)),
        Err(failure) => failure,
    };
    if let Outcome::Skipped(reason) = setup.prevented(failure)? {
        println!("untested in a browser: {reason}");
    }
    Ok(None)
}

struct Tests<'a> {
    workspace: &'a Workspace,
    tools: &'a Tools,
    asmith: &'a Path,
    tarball: &'a Path,
}

impl Tests<'_> {
    /// The package's own tests and its types, beside the packed package. What they look for lies as it does in the repository.
    fn own(&self) -> Result<()> {
        let root = self.workspace.target.join("js").join("own");
        files::empty(&root)?;
        for shared in ["tests/vectors", "bindings-wasm/tests"] {
            files::copy(&self.workspace.root.join(shared), &root.join(shared))?;
        }
        self.tools.link(&root)?;
        package::install(self.tools, self.tarball, &root.join(FOLDER))?;
        let tests = root.join(FOLDER).join("tests");
        let mut types = self.tools.command("tsc")?;
        let types = process::show(types.args(["--noEmit", "--project", "types"]).current_dir(&tests));
        types.and(process::show(&mut self.node(&tests)?))
    }

    /// Has Node run the tests of a folder beside an emulator of their own.
    fn node(&self, folder: &Path) -> Result<Command> {
        let mut command = self.tools.command(self.asmith)?;
        process::without_proxies(&mut command);
        command.env("ASMITH_BIN", self.asmith);
        command.args(["emulate", "--exec", "--", "node", "--test", "--test-reporter=spec"]);
        // Given one by one, since Node 20 takes folders and later ones take patterns.
        command.args(files::named(folder, ".test.mjs")?).current_dir(folder);
        Ok(command)
    }
}
