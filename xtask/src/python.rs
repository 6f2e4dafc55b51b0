//! What the commands do in Python: the wheels, their tests, the bench, the example and the lints.

mod types;

use crate::cli;
use crate::emulator::beside;
use crate::failure::{Failure, Result};
use crate::files;
use crate::process;
use crate::provision::python::{Environment, Interpreter, Python, others, packages};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package of the emulator, a wheel that holds the program `asmith`.
const EMULATOR: &str = "emulator/packages/python";
const README: &str = include_str!("../../bindings-python/README.md");
const PYTEST: &str = include_str!("../python/test.txt");
/// The official SDK, which ours is compared with.
const OFFICIAL: &str = include_str!("../python/official.txt");
/// What a user may have to download, in bytes.
const LARGEST: u64 = 2_000_000;

/// What a wheel is built for.
#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    /// For users: small and fast.
    Release,
    /// To show or test it at once.
    Demo,
}

/// Leaves the wheel in `dist/`.
pub(crate) fn package(workspace: &Workspace) -> Result<()> {
    let wheel = wheel(&Python::ensure(workspace)?, Purpose::Release)?;
    files::deliver(workspace, &wheel, "activitysmith_kit-")
}

/// Leaves the emulator's wheel in `dist/`.
pub(crate) fn package_emulator(workspace: &Workspace) -> Result<()> {
    let wheel = emulator_wheel(&Python::ensure(workspace)?, Purpose::Release)?;
    files::deliver(workspace, &wheel, "activitysmith_kit_emulator-")
}

/// Builds the wheel, and gives back where it lies.
fn wheel(python: &Python<'_>, purpose: Purpose) -> Result<PathBuf> {
    let workspace = python.workspace;
    let profile = if purpose == Purpose::Release { "library" } else { "dev" };
    let folder = workspace.target.join("python").join(format!("wheel-{profile}"));
    files::empty(&folder)?;
    // The wheel takes its licences from the package's own folder; they are kept once, at the repository's root.
    files::copy_into(&workspace.root.join("bindings-python"), workspace.licences())?;
    let mut maturin = python.maturin(&folder);
    maturin.args(["--profile", profile, "--manifest-path", "bindings-python/Cargo.toml"]).current_dir(&workspace.root);
    let run = if purpose == Purpose::Release { process::show } else { process::quiet };
    run(&mut maturin)?;
    let wheel = files::only(&folder, ".whl")?;
    if purpose == Purpose::Release {
        files::at_most(LARGEST, &wheel)?;
    }
    Ok(wheel)
}

/// Builds the emulator's wheel, and gives back where it lies: maturin puts the program `asmith` where Python's installers put
/// programs. What cargo has built before, it does not build again.
fn emulator_wheel(python: &Python<'_>, purpose: Purpose) -> Result<PathBuf> {
    let workspace = python.workspace;
    let package = workspace.root.join(EMULATOR);
    let folder = workspace.target.join("python").join("emulator");
    files::empty(&folder)?;
    files::copy_into(&package, workspace.licences().into_iter().chain([workspace.font_licence()]))?;
    let mut maturin = python.maturin(&folder);
    match purpose {
        Purpose::Release => cli::as_distributed(&mut maturin, None)?,
        Purpose::Demo => drop(maturin.args(["--profile", "dev"])),
    }
    process::show(maturin.current_dir(package))?;
    files::only(&folder, ".whl")
}

/// The example in a fresh environment with the wheel installed, ready to run.
pub(crate) fn example(workspace: &Workspace) -> Result<Command> {
    let python = Python::ensure(workspace)?;
    let wheel = wheel(&python, Purpose::Demo)?;
    let environment = python.fresh(&python.interpreter, "demo")?;
    python.install_wheel(&environment, &wheel)?;
    let mut command = environment.python();
    command.arg(workspace.root.join("examples/reindex/python/reindex.py"));
    Ok(command)
}

/// Our package beside the official SDK, each in an environment of its own.
pub(crate) fn bench(workspace: &Workspace) -> Result<()> {
    let python = Python::ensure(workspace)?;
    let asmith = cli::asmith(workspace, "release")?;
    let wheel = wheel(&python, Purpose::Release)?;
    let ours = python.fresh(&python.interpreter, "bench-ours")?;
    python.install_wheel(&ours, &wheel)?;
    python.install(&ours, packages(include_str!("../python/bench.txt")))?;
    let official = python.fresh(&python.interpreter, "bench-official")?;
    python.install(&official, packages(OFFICIAL))?;

    // Whoever runs Python usually lets it keep what it compiled.
    let mut bench = ours.python();
    bench.arg(workspace.root.join("tests/benches/python/bench.py"));
    bench.arg("--ours").arg(ours.program()).arg("--official").arg(official.program()).arg("--wheel").arg(wheel);
    process::show(&mut beside(&asmith, &["--limits", "none"], &bench))
}

/// Formatting and lints of every Python source in the repository, by ruff (ruff.toml says which), and their types, by mypy.
pub(crate) fn lint(workspace: &Workspace) -> Result<()> {
    let python = Python::ensure(workspace)?;
    let tools = python.tools(include_str!("../python/lint.txt"))?;
    let ruff = |arguments: &[&str]| {
        let mut command = tools.python();
        command.args(["-m", "ruff"]).args(arguments).args(["--quiet", "--no-cache", "."]);
        process::quiet(command.current_dir(&workspace.root))
    };
    ruff(&["format", "--check"]).map_err(|failure| failure.hint("run `ruff format`"))?;
    ruff(&["check"])?;
    types::check_sources(&python)
}

/// Holds the emulator against its OpenAPI documents, with requests made up by schemathesis.
pub(crate) fn conform(workspace: &Workspace) -> Result<()> {
    let python = Python::ensure(workspace)?;
    let asmith = cli::asmith(workspace, "dev")?;
    let mut conform = python.tools(include_str!("../python/schemathesis.txt"))?.python();
    // It keeps notes where it runs.
    conform.arg("-B").arg(workspace.root.join("tests/emulator/conform.py")).current_dir(&workspace.target);
    process::show(&mut beside(&asmith, &["--limits", "none"], &conform))
}

/// The wheel that users get, installed and tested on every Python that this machine has.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    let python = Python::ensure(workspace)?;
    let asmith = cli::asmith(workspace, "dev")?;
    let wheel = wheel(&python, Purpose::Release)?;
    let tests = Tests { python: &python, wheel: &wheel, asmith: &asmith };

    // All of them run, whatever becomes of the first, so that one run shows every failure.
    let usual = tests.environment(&python.interpreter)?;
    let mut outcome = tests.package(&python.interpreter, &usual);
    outcome = outcome.and(types::check(&python, &usual));
    outcome = outcome.and(tests.first_example());
    outcome = outcome.and(tests.beside_the_official_sdk());
    outcome = outcome.and(tests.emulator_from_its_wheel());
    let mut missing = Vec::new();
    for other in others(python.interpreter.minor) {
        match other {
            Ok(other) => outcome = outcome.and(tests.environment(&other).and_then(|it| tests.package(&other, &it))),
            Err(minor) => missing.push(format!("3.{minor}")),
        }
    }
    if !missing.is_empty() {
        println!("untested, as it is not on this machine: Python {}", missing.join(", "));
    }
    outcome
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

    /// The README's first program, by somebody who has nothing but the wheel and the emulator.
    fn first_example(&self) -> Result<()> {
        println!("Python 3.{}: the first program of the README", self.python.interpreter.minor);
        let environment = self.python.fresh(&self.python.interpreter, "test-first-example")?;
        self.python.install_wheel(&environment, self.wheel)?;
        let mut program = environment.python();
        program.args(["-I", "-c", first_program(README)?]);
        let printed = process::read(&mut beside(self.asmith, &[], &program))?;
        if printed.starts_with("arrived\n") {
            return Ok(());
        }
        Err(Failure::new(format!(
            "bindings-python/README.md's first program prints {printed:?}, and not first \"arrived\""
        )))
    }

    /// The official SDK and ours in one environment, which nobody else gets to see.
    fn beside_the_official_sdk(&self) -> Result<()> {
        let interpreter = &self.python.interpreter;
        println!("Python 3.{}: the official SDK, and programs written for it", interpreter.minor);
        let official = packages(PYTEST).chain(packages(OFFICIAL));
        let environment = self.installed(interpreter, "test-official", official)?;
        process::show(&mut self.pytest(&environment, "tests/python"))
    }

    /// The emulator's wheel beside ours, and no other `asmith` in reach.
    fn emulator_from_its_wheel(&self) -> Result<()> {
        let interpreter = &self.python.interpreter;
        println!("Python 3.{}: the emulator's wheel", interpreter.minor);
        let environment = self.installed(interpreter, "test-emulator", packages(PYTEST))?;
        self.python.install_wheel(&environment, &emulator_wheel(self.python, Purpose::Demo)?)?;
        let mut pytest = self.pytest(&environment, EMULATOR);
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
        process::without_proxies(&mut pytest)
            .args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"])
            .env("PYTHONDONTWRITEBYTECODE", "1");
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
