//! The types of the installed package, as its users' type checkers see them.
//!
//! `good.py` must pass; of `bad.py`, a checker must reject each line that is marked so, and no other.

use crate::failure::Result;
use crate::process;
use crate::provision::python::{Environment, Python};
use crate::rejected::{self, Lines};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package's own sources, from `bindings-python/`.
const SOURCES: &str = "python/activitysmith_kit";

pub(super) fn check(python: &Python<'_>, installed: &Environment) -> Result<()> {
    println!("Python 3.{}: the types", python.interpreter.minor);
    let tools = tools(python)?;
    let checkers = Checkers { tools: &tools, installed, folder: python.workspace.root.join("bindings-python") };
    checkers.accept()?;
    checkers.reject()
}

/// The sources as they stand in the checkout: the package's own, and the programs that show, test and measure it.
pub(super) fn check_sources(python: &Python<'_>) -> Result<()> {
    let tools = tools(python)?;
    let root = &python.workspace.root;
    let mypy = |folder: &str, files: &[&str]| {
        let mut command = mypy(&tools, &python.workspace.target.join("python/mypy"));
        command.env("MYPYPATH", root.join("bindings-python").join("python")).current_dir(root.join(folder));
        process::quiet(command.args(files))
    };
    mypy("bindings-python", &["--exclude", "tests/typing/bad.py", SOURCES, "tests"])?;
    mypy("emulator/packages/python", &["tests"])?;
    mypy("tests/benches/python", &["bench.py", "peak.py", "one_call_ours.py"])?;
    mypy("examples/reindex/python", &["reindex.py"])
}

struct Checkers<'a> {
    tools: &'a Environment,
    /// The environment that holds the package.
    installed: &'a Environment,
    folder: PathBuf,
}

impl Checkers<'_> {
    /// The package and its good uses.
    fn accept(&self) -> Result<()> {
        // As they stand here, where a stub tells what the generated module has.
        process::quiet(self.pyright()?.arg(SOURCES))?;
        process::quiet(self.mypy().args(["--package", "activitysmith_kit"]))?;
        process::quiet(self.mypy().arg("tests/typing/good.py"))?;
        process::quiet(self.pyright()?.args(["--verifytypes", "activitysmith_kit", "--ignoreexternal"]))?;
        process::quiet(self.pyright()?.arg("tests/typing/good.py"))
    }

    fn reject(&self) -> Result<()> {
        let file = "tests/typing/bad.py";
        let mypy = self.mypy().args(["--no-error-summary", "--hide-error-context"]).arg(file).output();
        let pyright = self.pyright()?.arg("--outputjson").arg(file).output();
        for (checker, output) in [("mypy", mypy), ("pyright", pyright)] {
            let output = output?;
            let printed = String::from_utf8_lossy(&output.stdout);
            let rejected = if checker == "mypy" { rejected::errors(&printed) } else { pyright_errors(&printed) };
            rejected::compare(&self.folder.join(file), checker, &rejected)
                .map_err(|failure| failure.output(&output))?;
        }
        Ok(())
    }

    fn mypy(&self) -> Command {
        let mut command = mypy(self.tools, &self.installed.folder.join("mypy"));
        command.arg("--python-executable").arg(self.installed.program()).current_dir(&self.folder);
        command
    }

    /// It takes the first Python on the PATH; `--verifytypes` knows no other way.
    fn pyright(&self) -> Result<Command> {
        let mut command = self.tools.python();
        process::first_on_path(&mut command, self.installed.program().parent().map(PathBuf::from))?;
        command.args(["-m", "pyright"]).current_dir(&self.folder);
        Ok(command)
    }
}

fn tools(python: &Python<'_>) -> Result<Environment> {
    python.tools(include_str!("../../python/types.txt"))
}

fn mypy(tools: &Environment, cache: &Path) -> Command {
    let mut command = tools.python();
    command.args(["-m", "mypy", "--strict", "--cache-dir"]).arg(cache);
    command
}

fn pyright_errors(printed: &str) -> Lines {
    let report: Value = serde_json::from_str(printed).unwrap_or_default();
    let diagnostics = report["generalDiagnostics"].as_array().into_iter().flatten();
    let errors = diagnostics.filter(|diagnostic| diagnostic["severity"] == "error");
    errors.filter_map(|error| Some(error["range"]["start"]["line"].as_u64()? as usize + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pyrights_errors_are_found_by_their_lines() {
        let pyright = r#"{"generalDiagnostics": [{"severity": "error", "range": {"start": {"line": 6}}},
            {"severity": "warning", "range": {"start": {"line": 1}}}]}"#;
        assert_eq!(pyright_errors(pyright), Lines::from([7]));
    }
}
