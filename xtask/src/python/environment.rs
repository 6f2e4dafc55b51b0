//! Virtual environments: those of tools, kept in the user's cache, and fresh ones for what is tested.

use super::interpreter::Interpreter;
use crate::cache;
use crate::failure::Result;
use crate::process;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PYTHON: &str = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };

pub(super) struct Environment {
    pub(super) folder: PathBuf,
}

impl Environment {
    /// The environment in the cache that holds the packages of a requirements file; `fill` makes it where there is none.
    pub(super) fn kept(
        workspace: &Workspace,
        interpreter: &Interpreter,
        requirements: &str,
        fill: impl FnOnce(&Environment) -> Result<()>,
    ) -> Result<Self> {
        let name = name(interpreter.minor, requirements);
        let kept = cache::folder(workspace, &name);
        // Its interpreter may have been removed since.
        if kept.is_dir() && !kept.join(PYTHON).is_file() {
            fs::remove_dir_all(&kept).map_err(|error| cache::failure(&kept, &error))?;
        }
        let folder = cache::filled(workspace, &name, |folder| fill(&Self { folder: folder.to_owned() }))?;
        Ok(Self { folder })
    }

    /// An empty one without pip, in place of any that was there.
    pub(super) fn fresh(interpreter: &Interpreter, folder: PathBuf) -> Result<Self> {
        let environment = Self { folder };
        environment.create(interpreter, &["--clear", "--without-pip"])?;
        Ok(environment)
    }

    pub(super) fn create(&self, interpreter: &Interpreter, options: &[&str]) -> Result<()> {
        let mut command = python(&interpreter.program);
        process::quiet(command.args(["-m", "venv"]).args(options).arg(&self.folder))
    }

    /// Its interpreter.
    pub(super) fn python(&self) -> Command {
        python(&self.program())
    }

    pub(super) fn program(&self) -> PathBuf {
        self.folder.join(PYTHON)
    }
}

/// The packages of a requirements file, as pip takes them.
pub(super) fn packages(requirements: &str) -> impl Iterator<Item = &str> {
    requirements.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// An interpreter that the user's environment does not lead astray.
fn python(program: &Path) -> Command {
    let mut command = Command::new(program);
    process::without_service_settings(&mut command);
    for variable in ["PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV"] {
        command.env_remove(variable);
    }
    command
}

/// A folder's name made of the Python and the packages: another of them, another folder.
fn name(minor: u32, requirements: &str) -> String {
    let packages: Vec<&str> = packages(requirements).collect();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    format!("python-3.{minor}-{}", packages.join("-").replace("==", "-").chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environments_name_tells_its_packages() {
        let requirements = "# What checks.\nmypy==2.4.1\n\npyright[nodejs]==1.1.414\n";
        assert_eq!(name(11, requirements), "python-3.11-mypy-2.4.1-pyright-nodejs--1.1.414");
    }
}
