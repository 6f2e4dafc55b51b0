//! Python: finds interpreters, keeps tools, builds the wheel, and does with them what the commands ask for.

mod bench;
mod demo;
mod emulator;
mod environment;
mod interpreter;
mod lint;
mod schemathesis;
mod test;
mod types;
mod wheel;
mod zigbuild;

pub(crate) use bench::bench;
pub(crate) use demo::example;
pub(crate) use emulator::package as package_emulator;
pub(crate) use lint::lint;
pub(crate) use schemathesis::conform;
pub(crate) use test::test;
pub(crate) use wheel::package;
pub(crate) use zigbuild::zigbuild;

use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use crate::system;
use crate::workspace::Workspace;
use environment::{Environment, packages};
use interpreter::Interpreter;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// The official SDK, which ours is compared with.
const OFFICIAL: &str = include_str!("../../python/official.txt");

/// The Python of this machine, with a pip and a maturin of the versions that we know.
struct Python<'a> {
    workspace: &'a Workspace,
    interpreter: Interpreter,
    builder: Environment,
}

impl<'a> Python<'a> {
    /// Sets up what is missing, as far as it may.
    fn ensure(workspace: &'a Workspace, setup: Setup) -> Result<Self> {
        let interpreter = interpreter(setup)?;
        let requirements = include_str!("../../python/build.txt");
        let builder = Environment::kept(workspace, &interpreter, requirements, |environment| {
            environment.create(&interpreter, &[])?;
            process::quiet(environment.python().args(PIP_INSTALL).args(packages(requirements)))
        })?;
        Ok(Self { workspace, interpreter, builder })
    }

    /// The tools of a requirements file, which are kept in the user's cache.
    fn tools(&self, requirements: &str) -> Result<Environment> {
        Environment::kept(self.workspace, &self.interpreter, requirements, |environment| {
            environment.create(&self.interpreter, &["--without-pip"])?;
            self.install(environment, packages(requirements))
        })
    }

    /// An empty environment among the build outputs.
    fn fresh(&self, interpreter: &Interpreter, name: &str) -> Result<Environment> {
        Environment::fresh(interpreter, self.workspace.target.join("python").join(name))
    }

    /// Installs packages from the registry, or from the user's own sources.
    fn install<S: AsRef<OsStr>>(&self, into: &Environment, packages: impl IntoIterator<Item = S>) -> Result<()> {
        process::quiet(self.pip(into).args(packages))
    }

    /// Installs a wheel as it is: ours needs no other package.
    fn install_wheel(&self, into: &Environment, wheel: &Path) -> Result<()> {
        process::quiet(self.pip(into).arg("--no-index").arg(wheel))
    }

    fn pip(&self, into: &Environment) -> Command {
        let mut command = self.builder.python();
        command.args(["-m", "pip", "--python"]).arg(into.program()).args(&PIP_INSTALL[2..]);
        command
    }
}

const PIP_INSTALL: [&str; 6] = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];

/// An interpreter that can make virtual environments.
fn interpreter(setup: Setup) -> Result<Interpreter> {
    let find = || interpreter::usual().filter(Interpreter::makes_environments);
    if let Some(found) = find() {
        return Ok(found);
    }
    let missing = "there is no CPython 3.9 or later that can make virtual environments";
    system::install(missing, &["python3", "python3-venv"], "install Python and put `python3` on the PATH", setup)?;
    find().ok_or_else(|| Failure::new(missing).hint("see what `python3 -m venv` says"))
}
