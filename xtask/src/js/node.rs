//! Node and npm: those of this machine, or, where they are too old, newer ones from the npm registry in the user's cache.

use crate::cache;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use crate::system;
use crate::workspace::Workspace;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest Node that the package promises to work on.
const OLDEST: u32 = 20;
/// What is fetched where Node is older, as Debian's is.
const NODE: &str = "22.20.0";
const NPM: &str = "10.9.9";
/// Windows starts scripts only by their full names.
pub(super) const NPM_PROGRAM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

pub(super) struct Node {
    /// Where its programs lie, if not on the PATH.
    programs: Option<PathBuf>,
}

impl Node {
    pub(super) fn ensure(workspace: &Workspace, setup: Setup) -> Result<Self> {
        if let Some(node) = Self::present(workspace) {
            return Ok(node);
        }
        let missing = format!("there is no Node {OLDEST} or later with npm");
        let otherwise = format!("install Node {OLDEST} or later and put `node` and `npm` on the PATH");
        if process::probe(NPM_PROGRAM, &["--version"]).is_none() {
            system::install(&missing, &["nodejs", "npm"], &otherwise, setup)?;
        }
        if Self::present(workspace).is_none() && cfg!(target_os = "linux") {
            fetch(workspace)?;
        }
        Self::present(workspace).ok_or_else(|| Failure::new(missing).hint(otherwise))
    }

    /// What needs no fetching.
    pub(super) fn present(workspace: &Workspace) -> Option<Self> {
        if is_recent(Path::new("node")) && process::probe(NPM_PROGRAM, &["--version"]).is_some() {
            return Some(Self { programs: None });
        }
        let fetched = cache::folder(workspace, &cached()).join("node_modules").join(".bin");
        is_recent(&fetched.join("node")).then_some(Self { programs: Some(fetched) })
    }

    /// A command by which Node, npm and the programs of some folders are found.
    pub(super) fn command(&self, program: impl AsRef<OsStr>, folders: &[&Path]) -> Result<Command> {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let folders = folders.iter().map(|folder| folder.to_path_buf()).chain(self.programs.clone());
        let path = std::env::join_paths(folders.chain(std::env::split_paths(&inherited)))
            .map_err(|error| Failure::new(format!("the PATH: {error}")))?;
        let mut command = Command::new(program);
        process::without_service_settings(&mut command);
        command.env("PATH", path).env_remove("NODE_PATH").env_remove("NODE_OPTIONS");
        Ok(command)
    }
}

/// Any npm can install another Node and the npm that goes with it.
fn fetch(workspace: &Workspace) -> Result<()> {
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    cache::filled(workspace, &cached(), |folder| {
        let mut npm = Command::new(NPM_PROGRAM);
        npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]).arg(folder);
        npm.args([format!("node-linux-{architecture}@{NODE}"), format!("npm@{NPM}")]);
        process::quiet(&mut npm)
    })?;
    Ok(())
}

fn cached() -> String {
    format!("node-{NODE}")
}

fn is_recent(node: &Path) -> bool {
    let answer = node.to_str().and_then(|node| process::probe(node, &["--version"]));
    answer.as_deref().and_then(major).is_some_and(|major| major >= OLDEST)
}

/// 20 of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_is_understood() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20.20.2"), None);
        assert_eq!(major(""), None);
    }
}
