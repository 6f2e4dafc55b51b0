//! The Python interpreters of this machine, and virtual environments: those of tools, kept in the user's cache, and fresh ones for
//! what is tested.

use super::{cache, system};
use crate::failure::{Failure, Result};
use crate::files;
use crate::process;
use crate::workspace::Workspace;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The minor versions of Python 3 that the package promises to work on.
const SUPPORTED: std::ops::RangeInclusive<u32> = 9..=14;
/// Where an environment has its interpreter.
const PYTHON: &str = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
const PIP_INSTALL: [&str; 6] = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];

/// The Python of this machine, with a pip and a maturin of the versions that we know.
pub(crate) struct Python<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) interpreter: Interpreter,
    builder: Environment,
}

impl<'a> Python<'a> {
    /// Sets up what is missing, as far as it may.
    pub(crate) fn ensure(workspace: &'a Workspace) -> Result<Self> {
        let interpreter = interpreter(workspace)?;
        let requirements = include_str!("../../python/build.txt");
        let builder = Environment::kept(workspace, &interpreter, requirements, |environment| {
            environment.create(&interpreter, &[])?;
            process::quiet(environment.python().args(PIP_INSTALL).args(packages(requirements)))
        })?;
        Ok(Self { workspace, interpreter, builder })
    }

    /// A build of a wheel into a folder.
    pub(crate) fn maturin(&self, folder: &Path) -> Command {
        let mut command = self.builder.python();
        command.args(["-m", "maturin", "build", "--out"]).arg(folder);
        command
    }

    /// The tools of a requirements file, which are kept in the user's cache.
    pub(crate) fn tools(&self, requirements: &str) -> Result<Environment> {
        Environment::kept(self.workspace, &self.interpreter, requirements, |environment| {
            environment.create(&self.interpreter, &["--without-pip"])?;
            self.install(environment, packages(requirements))
        })
    }

    /// An empty environment among the build outputs.
    pub(crate) fn fresh(&self, interpreter: &Interpreter, name: &str) -> Result<Environment> {
        let environment = Environment { folder: self.workspace.target.join("python").join(name) };
        environment.create(interpreter, &["--clear", "--without-pip"])?;
        Ok(environment)
    }

    /// Installs a wheel as it is: ours needs no other package.
    pub(crate) fn install_wheel(&self, into: &Environment, wheel: &Path) -> Result<()> {
        process::quiet(self.pip(into).arg("--no-index").arg(wheel))
    }

    /// Installs packages from the registry, or from the user's own sources.
    pub(crate) fn install<S: AsRef<OsStr>>(
        &self,
        into: &Environment,
        packages: impl IntoIterator<Item = S>,
    ) -> Result<()> {
        process::quiet(self.pip(into).args(packages))
    }

    fn pip(&self, into: &Environment) -> Command {
        let mut command = self.builder.python();
        command.args(["-m", "pip", "--python"]).arg(into.program()).args(&PIP_INSTALL[2..]);
        command
    }
}

/// cargo with zig as the C compiler, which compiles for other systems; both come as Python packages. It takes cargo's arguments, and
/// runs at the repository's root.
pub(crate) fn zigbuild(workspace: &Workspace) -> Result<Command> {
    let tools = Python::ensure(workspace)?.tools(include_str!("../../python/zig.txt"))?;
    let program = tools.program().with_file_name(format!("cargo-zigbuild{}", std::env::consts::EXE_SUFFIX));
    let mut command = Command::new(program);
    process::without_service_settings(&mut command);
    // The zig of that environment rather than one on the PATH. What both keep goes where a home that is read-only does not matter.
    command.env("CARGO_ZIGBUILD_PYTHON_PATH", tools.program()).current_dir(&workspace.root);
    for (variable, name) in [("CARGO_ZIGBUILD_CACHE_DIR", "cargo-zigbuild"), ("ZIG_GLOBAL_CACHE_DIR", "zig")] {
        command.env(variable, workspace.target.join("zig").join(name));
    }
    Ok(command)
}

pub(crate) struct Environment {
    pub(crate) folder: PathBuf,
}

impl Environment {
    /// The environment in the cache that holds the packages of a requirements file; `fill` makes it where there is none.
    fn kept(
        workspace: &Workspace,
        interpreter: &Interpreter,
        requirements: &str,
        fill: impl FnOnce(&Environment) -> Result<()>,
    ) -> Result<Self> {
        let name = name(interpreter.minor, requirements);
        let kept = cache::folder(workspace, &name);
        // Its interpreter may have been removed since.
        if !kept.join(PYTHON).is_file() {
            files::remove(&kept)?;
        }
        let folder = cache::filled(workspace, &name, |folder| fill(&Self { folder: folder.to_owned() }))?;
        Ok(Self { folder })
    }

    fn create(&self, interpreter: &Interpreter, options: &[&str]) -> Result<()> {
        let mut command = python(&interpreter.program);
        process::quiet(command.args(["-m", "venv"]).args(options).arg(&self.folder))
    }

    /// Its interpreter.
    pub(crate) fn python(&self) -> Command {
        python(&self.program())
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.folder.join(PYTHON)
    }
}

/// The packages of a requirements file, as pip takes them.
pub(crate) fn packages(requirements: &str) -> impl Iterator<Item = &str> {
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

/// A folder's name that tells the Python and the packages: whoever changes one gets another folder.
fn name(minor: u32, requirements: &str) -> String {
    let packages: Vec<&str> = packages(requirements).collect();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    format!("python-3.{minor}-{}", packages.join("-").replace("==", "-").chars().map(plain).collect::<String>())
}

/// A CPython that the package promises to work on: the real one, whatever a version manager puts in front of it.
pub(crate) struct Interpreter {
    program: PathBuf,
    /// 11 of 3.11.
    pub(crate) minor: u32,
}

/// One of each version but the given one, the newest first; or the version, where there is none.
pub(crate) fn others(than: u32) -> Vec<std::result::Result<Interpreter, u32>> {
    let versions = SUPPORTED.rev().filter(|minor| *minor != than);
    versions.map(|minor| find(&format!("python3.{minor}")).ok_or(minor)).collect()
}

/// The one that `python3` names, or else the newest, if it can make virtual environments.
fn interpreter(workspace: &Workspace) -> Result<Interpreter> {
    let newest = || SUPPORTED.rev().find_map(|minor| find(&format!("python3.{minor}")));
    // Debian splits off what they are made of.
    let makes_environments = |python: &Interpreter| {
        process::probe(&python.program.to_string_lossy(), &["-c", "import ensurepip, venv"]).is_some()
    };
    let usual = || ["python3", "python"].into_iter().find_map(find).or_else(newest).filter(makes_environments);
    if let Some(found) = usual() {
        return Ok(found);
    }
    let missing = "there is no CPython 3.9 or later that can make virtual environments";
    let otherwise = "install Python and put `python3` on the PATH";
    system::install(workspace, missing, &["python3", "python3-venv"], otherwise)?;
    usual().ok_or_else(|| Failure::new(missing).hint("see what `python3 -m venv` says").missing())
}

fn find(name: &str) -> Option<Interpreter> {
    ask(Path::new(name)).or_else(|| ask(&behind_pyenv(name)?))
}

/// pyenv has a program of this name on the PATH for each version that it holds; those not chosen only complain.
fn behind_pyenv(name: &str) -> Option<PathBuf> {
    let versions = process::probe("pyenv", &["whence", name])?;
    let prefix = process::probe("pyenv", &["prefix", versions.lines().next()?])?;
    Some(Path::new(prefix.trim()).join("bin").join(name))
}

/// What a program says that it is, if it is one for us.
fn ask(program: &Path) -> Option<Interpreter> {
    let question = "import sys; print(sys.implementation.name, *sys.version_info[:2], sys.executable)";
    understand(&process::probe(program.to_str()?, &["-c", question])?)
}

fn understand(answer: &str) -> Option<Interpreter> {
    let words: Vec<&str> = answer.trim_end().splitn(4, ' ').collect();
    let [name, major, minor, program] = words[..] else { return None };
    let minor = minor.parse().ok().filter(|minor| SUPPORTED.contains(minor))?;
    (name == "cpython" && major == "3").then(|| Interpreter { program: program.into(), minor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environments_name_tells_its_packages() {
        let requirements = "# What checks.\nmypy==2.4.1\n\npyright[nodejs]==1.1.414\n";
        assert_eq!(name(11, requirements), "python-3.11-mypy-2.4.1-pyright-nodejs--1.1.414");
    }

    #[test]
    fn an_interpreter_is_taken_by_what_it_says_of_itself() {
        let python = understand("cpython 3 11 /opt/my python/bin/python3.11\n").unwrap();
        assert_eq!((python.program.as_path(), python.minor), (Path::new("/opt/my python/bin/python3.11"), 11));
        for answer in ["cpython 3 8 /usr/bin/python3", "pypy 3 11 /usr/bin/pypy3", "cpython 2 7 /usr/bin/python", ""] {
            assert!(understand(answer).is_none(), "{answer}");
        }
    }
}
