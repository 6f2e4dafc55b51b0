//! `cargo xtask test emulator`: holds the emulator against its OpenAPI documents, with requests made up by schemathesis.

use super::Python;
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::process::Command;

const SCHEMATHESIS: &str = include_str!("../../python/schemathesis.txt");

pub(crate) fn conform(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let python = match Python::ensure(workspace, setup) {
        Ok(python) => python,
        Err(failure) => return setup.prevented(failure),
    };
    let [asmith] = workspace.build("dev", [("activitysmith-cli", "asmith")])?;
    let environment = python.tools(SCHEMATHESIS)?;
    let mut command = Command::new(asmith);
    process::without_proxies(&mut command);
    process::without_service_settings(&mut command);
    command.args(["--quiet", "emulate", "--limits", "none", "--exec", "--"]);
    command.arg(environment.program()).arg("-B").arg(workspace.root.join("tests/emulator/conform.py"));
    // It keeps notes where it runs.
    process::show(command.current_dir(&workspace.target))?;
    Ok(Outcome::Done)
}
