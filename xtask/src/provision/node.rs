//! Node and npm, those of this machine or newer ones from the npm registry; and the npm tools that xtask/npm pins, installed once into
//! the user's cache, and linked to as the checkout's `node_modules`, where scripts, tests and editors look for them.

use super::{cache, system};
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use fs_err as fs;
use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
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
const NPM_PROGRAM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// What tells npm which tools to install, and how.
const FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("../../npm/package.json")),
    ("package-lock.json", include_str!("../../npm/package-lock.json")),
    (".npmrc", include_str!("../../npm/.npmrc")),
];

/// Node, npm and the tools.
pub(crate) struct Node {
    /// Where the tools' programs lie, and Node's, if not on the PATH.
    programs: Vec<PathBuf>,
    /// Where npm put the tools.
    modules: PathBuf,
}

impl Node {
    /// Sets up what is missing, as far as it may.
    pub(crate) fn ensure(workspace: &Workspace) -> Result<Self> {
        let programs = node(workspace)?;
        let tools = cache::filled(workspace, &tools(), |folder| install(&programs, folder))?;
        let modules = tools.join("node_modules");
        let node = Self { programs: [&[modules.join(".bin")], &programs[..]].concat(), modules };
        node.link(&workspace.root)?;
        Ok(node)
    }

    /// Whether nothing has to be fetched.
    pub(crate) fn is_present(workspace: &Workspace) -> bool {
        present(workspace).is_some() && cache::folder(workspace, &tools()).is_dir()
    }

    /// Lets what lies in a folder import the tools.
    pub(crate) fn link(&self, folder: &Path) -> Result<()> {
        let link = folder.join("node_modules");
        if fs::read_link(&link).is_ok_and(|target| target == self.modules) {
            return Ok(());
        }
        if link.is_symlink() {
            fs::remove_file(&link)?;
        }
        let linked = symlink(&self.modules, &link).map_err(Failure::from);
        linked.map_err(|failure| failure.hint("remove it; `cargo xtask` links it to the npm tools"))
    }

    /// A command by which Node, npm and the tools are found.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Result<Command> {
        command(program, &self.programs)
    }

    pub(crate) fn npm(&self, arguments: &[&str]) -> Result<Command> {
        npm(arguments, &self.programs)
    }
}

fn npm(arguments: &[&str], programs: &[PathBuf]) -> Result<Command> {
    let mut npm = command(NPM_PROGRAM, programs)?;
    npm.args(arguments);
    Ok(npm)
}

fn command(program: impl AsRef<OsStr>, programs: &[PathBuf]) -> Result<Command> {
    let mut command = Command::new(program);
    process::without_service_settings(&mut command);
    process::first_on_path(&mut command, programs.iter().cloned())?;
    command.env_remove("NODE_PATH").env_remove("NODE_OPTIONS");
    Ok(command)
}

/// Where the programs of a good Node lie, if not on the PATH.
fn node(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    if let Some(node) = present(workspace) {
        return Ok(node);
    }
    let missing = format!("there is no Node {OLDEST} with npm");
    let otherwise = format!("install Node {OLDEST} and put `node` and `npm` on the PATH");
    if process::probe(NPM_PROGRAM, &["--version"]).is_none() {
        system::install(workspace, &missing, &["nodejs", "npm"], &otherwise)?;
    }
    if present(workspace).is_none() && cfg!(target_os = "linux") {
        let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
        // Any npm can install another Node and the npm that goes with it.
        cache::filled(workspace, &fetched(), |folder| {
            let mut npm = npm(&["install", "--no-audit", "--no-fund", "--no-save", "--prefix"], &[])?;
            npm.arg(folder).args([format!("node-linux-{architecture}@{NODE}"), format!("npm@{NPM}")]);
            process::quiet(&mut npm)
        })?;
    }
    present(workspace).ok_or_else(|| Failure::new(missing).hint(otherwise).missing())
}

/// The same, of what needs no fetching.
fn present(workspace: &Workspace) -> Option<Vec<PathBuf>> {
    if is_recent(Path::new("node")) && process::probe(NPM_PROGRAM, &["--version"]).is_some() {
        return Some(Vec::new());
    }
    let fetched = cache::folder(workspace, &fetched()).join("node_modules").join(".bin");
    is_recent(&fetched.join("node")).then(|| vec![fetched])
}

fn fetched() -> String {
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

fn install(node: &[PathBuf], folder: &Path) -> Result<()> {
    for (name, text) in FILES {
        fs::write(folder.join(name), text)?;
    }
    // The programs lie in the packages; what scripts do beyond that is to look for them elsewhere.
    let mut npm = npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"], node)?;
    process::quiet(npm.current_dir(folder))
}

/// The folder's name tells the tools: whoever changes one gets another folder.
fn tools() -> String {
    let mut hasher = DefaultHasher::new();
    FILES.hash(&mut hasher);
    format!("npm-{:016x}", hasher.finish())
}

#[cfg(unix)]
fn symlink(folder: &Path, link: &Path) -> std::io::Result<()> {
    fs::os::unix::fs::symlink(folder, link)
}

#[cfg(windows)]
fn symlink(folder: &Path, link: &Path) -> std::io::Result<()> {
    fs::os::windows::fs::symlink_dir(folder, link)
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
