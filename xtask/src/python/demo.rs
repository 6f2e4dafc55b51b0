//! The example `reindex` in Python, for `cargo xtask demo`.

use super::{Python, wheel};
use crate::failure::Result;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::process::Command;

/// The example in a fresh environment with the wheel installed, ready to run.
pub(crate) fn example(workspace: &Workspace, setup: Setup) -> Result<Command> {
    let python = Python::ensure(workspace, setup)?;
    let wheel = wheel::build(&python, wheel::Purpose::Demo)?;
    let environment = python.fresh(&python.interpreter, "demo")?;
    python.install_wheel(&environment, &wheel)?;
    let mut command = environment.python();
    command.arg(workspace.root.join("examples/reindex/python/reindex.py"));
    Ok(command)
}
