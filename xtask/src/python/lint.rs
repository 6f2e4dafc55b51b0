//! Formatting and lints of every Python source in the repository, by ruff (ruff.toml says which), and their types, by mypy.

use super::{Python, types};
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;

pub(crate) fn lint(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let tools = |python: &Python<'_>| python.tools(include_str!("../../python/lint.txt"));
    let ready = Python::ensure(workspace, setup).and_then(|python| Ok((tools(&python)?, python)));
    let (tools, python) = match ready {
        Ok(ready) => ready,
        Err(failure) => return setup.prevented(failure),
    };
    let ruff = |arguments: &[&str]| {
        let mut command = tools.python();
        command.args(["-m", "ruff"]).args(arguments).args(["--quiet", "--no-cache", "."]);
        process::quiet(command.current_dir(&workspace.root))
    };
    ruff(&["format", "--check"]).map_err(|failure| failure.hint("run `ruff format`"))?;
    ruff(&["check"])?;
    types::check_sources(&python)?;
    Ok(Outcome::Done)
}
