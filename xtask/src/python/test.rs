//! `cargo xtask test python`: the wheel that users get, installed and tested on every Python that this machine has.

use super::environment::{Environment, packages};
use super::interpreter::{self, Interpreter};
use super::{Python, emulator, types, wheel};
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../../bindings-python/README.md");
const PYTEST: &str = include_str!("../../python/test.txt");

pub(crate) fn test(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let python = match Python::ensure(workspace, setup) {
        Ok(python) => python,
        Err(failure) => return setup.prevented(failure),
    };
    let [asmith] = workspace.build("dev", [("activitysmith-cli", "asmith")])?;
    let wheel = wheel::build(&python, wheel::Purpose::Release)?;
    let tests = Tests { python: &python, wheel: &wheel, asmith: &asmith };

    // All of them run, whatever becomes of the first, so that one run shows every failure.
    let usual = tests.environment(&python.interpreter)?;
    let mut outcome = tests.package(&python.interpreter, &usual);
    outcome = outcome.and(types::check(&python, &usual));
    outcome = outcome.and(tests.first_example());
    outcome = outcome.and(tests.beside_the_official_sdk());
    outcome = outcome.and(tests.emulator_from_its_wheel());
    let mut missing = Vec::new();
    for other in interpreter::others(python.interpreter.minor) {
        match other {
            Ok(other) => outcome = outcome.and(tests.environment(&other).and_then(|it| tests.package(&other, &it))),
            Err(minor) => missing.push(format!("3.{minor}")),
        }
    }
    if !missing.is_empty() {
        println!("untested, as it is not on this machine: Python {}", missing.join(", "));
    }
    outcome.map(|()| Outcome::Done)
}

struct Tests<'a> {
    python: &'a Python<'a>,
    wheel: &'a Path,
    asmith: &'a Path,
}

impl Tests<'_> {
    /// What the package's own tests run in.
    fn environment(&self, interpreter: &Interpreter) -> Result<Environment> {
        self.installed(interpreter, &format!("test-3.{}", interpreter.minor), packages(PYTEST))
    }

    /// The package's own tests.
    fn package(&self, interpreter: &Interpreter, environment: &Environment) -> Result<()> {
        println!("Python 3.{}: the package", interpreter.minor);
        process::show(&mut self.pytest(environment, "bindings-python"))
    }

    /// The README's first program, with nothing but the wheel and the emulator.
    fn first_example(&self) -> Result<()> {
        println!("Python 3.{}: the first program of the README", self.python.interpreter.minor);
        let environment = self.python.fresh(&self.python.interpreter, "test-first-example")?;
        self.python.install_wheel(&environment, self.wheel)?;
        let mut command = Command::new(self.asmith);
        process::without_proxies(&mut command);
        process::without_service_settings(&mut command);
        command.args(["--quiet", "emulate", "--exec", "--"]).arg(environment.program());
        let printed = process::read(command.args(["-I", "-c", first_program(README)?]))?;
        if printed.starts_with("arrived\n") {
            return Ok(());
        }
        Err(Failure::new(format!(
            "bindings-python/README.md's first program prints {printed:?}, and not first \"arrived\""
        )))
    }

    /// The official SDK and ours in an environment of their own.
    fn beside_the_official_sdk(&self) -> Result<()> {
        let interpreter = &self.python.interpreter;
        println!("Python 3.{}: the official SDK, and programs written for it", interpreter.minor);
        let official = packages(PYTEST).chain(packages(super::OFFICIAL));
        let environment = self.installed(interpreter, "test-official", official)?;
        process::show(&mut self.pytest(&environment, "tests/python"))
    }

    /// The emulator's wheel beside ours, and no other `asmith` in reach.
    fn emulator_from_its_wheel(&self) -> Result<()> {
        let interpreter = &self.python.interpreter;
        println!("Python 3.{}: the emulator's wheel", interpreter.minor);
        let environment = self.installed(interpreter, "test-emulator", packages(PYTEST))?;
        self.python.install_wheel(&environment, &emulator::build(self.python, wheel::Purpose::Demo)?)?;
        let mut pytest = self.pytest(&environment, emulator::FOLDER);
        process::show(pytest.env_remove("ASMITH_BIN").env("PATH", ""))
    }

    /// A fresh environment that holds the wheel and some packages.
    fn installed<'p>(
        &self,
        interpreter: &Interpreter,
        name: &str,
        packages: impl Iterator<Item = &'p str>,
    ) -> Result<Environment> {
        let environment = self.python.fresh(interpreter, name)?;
        self.python.install_wheel(&environment, self.wheel)?;
        self.python.install(&environment, packages)?;
        Ok(environment)
    }

    /// The tests of a folder. They speak to this machine alone, and leave nothing in the checkout.
    fn pytest(&self, environment: &Environment, folder: &str) -> Command {
        let mut pytest = environment.python();
        process::without_proxies(&mut pytest);
        pytest.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]).env("PYTHONDONTWRITEBYTECODE", "1");
        pytest.env("ASMITH_BIN", self.asmith).current_dir(self.python.workspace.root.join(folder));
        pytest
    }
}

/// The first block of Python in a text of Markdown.
fn first_program(markdown: &str) -> Result<&str> {
    let block = markdown.split_once("```python\n").and_then(|(_, rest)| rest.split_once("```"));
    block.map(|(program, _)| program).ok_or_else(|| Failure::new("bindings-python/README.md has no program"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_program_is_the_first_block_of_python() {
        let markdown = "# Title\n```console\nno\n```\n```python\nyes()\n```\n```python\nno()\n```\n";
        assert_eq!(first_program(markdown).unwrap(), "yes()\n");
        assert!(first_program("no program").is_err());
    }
}
