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

/// The Nodes that the package promises to work on, as its `engines` say: those with `process.getBuiltinModule`.
const OLDEST: &str = "20.16, 22.3 or later";

fn is_promised((major, minor): (u32, u32)) -> bool {
    match major {
        20 => minor >= 16,
        22 => minor >= 3,
        _ => major > 22,
    }
}

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
        let missing = format!("there is no Node {OLDEST} with npm");
        let otherwise = format!("install Node {OLDEST} and put `node` and `npm` on the PATH");
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
    answer.as_deref().and_then(version).is_some_and(is_promised)
}

/// 20 and 16 of `v20.16.2`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_is_understood() {
        assert_eq!(version("v20.16.2\n"), Some((20, 16)));
        for none in ["20.20.2", "v20", ""] {
            assert_eq!(version(none), None);
        }
    }

    #[test]
    fn only_promised_nodes_are_used() {
        let promised = |text| version(text).is_some_and(is_promised);
        for (good, bad) in [("v20.16.0", "v20.15.1"), ("v22.3.0", "v22.2.0"), ("v24.0.0", "v21.7.3")] {
            assert!(promised(good) && !promised(bad), "{good} {bad}");
        }
    }
}
