//! `cargo xtask bench python`: our package beside the official SDK, each in an environment of its own.

use super::environment::packages;
use super::{Python, wheel};
use crate::failure::Result;
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::process::Command;

pub(crate) fn bench(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let python = match Python::ensure(workspace, setup) {
        Ok(python) => python,
        Err(failure) => return setup.prevented(failure),
    };
    let [asmith] = workspace.build("release", [("activitysmith-cli", "asmith")])?;
    let wheel = wheel::build(&python, wheel::Purpose::Release)?;
    let ours = python.fresh(&python.interpreter, "bench-ours")?;
    python.install_wheel(&ours, &wheel)?;
    python.install(&ours, packages(include_str!("../../python/bench.txt")))?;
    let official = python.fresh(&python.interpreter, "bench-official")?;
    python.install(&official, packages(super::OFFICIAL))?;

    let mut bench = Command::new(asmith);
    bench.args(["--quiet", "emulate", "--limits", "none", "--exec", "--"]);
    bench.arg(ours.program()).arg(workspace.root.join("tests/benches/python/bench.py"));
    bench.arg("--ours").arg(ours.program()).arg("--official").arg(official.program()).arg("--wheel").arg(wheel);
    process::without_proxies(&mut bench);
    // Python usually keeps what it compiled.
    bench.env_remove("PYTHONDONTWRITEBYTECODE");
    process::show(&mut bench)?;
    Ok(Outcome::Done)
}
