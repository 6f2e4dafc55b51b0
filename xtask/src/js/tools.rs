//! The npm tools that xtask/npm pins: installed once into the user's cache, and linked to as the checkout's `node_modules`, where
//! scripts, tests and editors look for them.

use super::node::{NPM_PROGRAM, Node};
use crate::cache;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What tells npm which tools to install, and how.
const FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("../../npm/package.json")),
    ("package-lock.json", include_str!("../../npm/package-lock.json")),
    (".npmrc", include_str!("../../npm/.npmrc")),
];

pub(super) struct Tools {
    node: Node,
    /// Where npm put them.
    modules: PathBuf,
}

impl Tools {
    pub(super) fn ensure(workspace: &Workspace, setup: Setup) -> Result<Self> {
        let node = Node::ensure(workspace, setup)?;
        let modules = cache::filled(workspace, &cached(), |folder| install(&node, folder))?.join("node_modules");
        let tools = Self { node, modules };
        tools.link(&workspace.root)?;
        Ok(tools)
    }

    /// Lets what lies in a folder import the tools.
    pub(super) fn link(&self, folder: &Path) -> Result<()> {
        let link = folder.join("node_modules");
        if fs::read_link(&link).is_ok_and(|target| target == self.modules) {
            return Ok(());
        }
        let failure = |error| {
            Failure::new(format!("{}: {error}", link.display()))
                .hint("remove it; `cargo xtask` links it to the npm tools")
        };
        if link.is_symlink() {
            fs::remove_file(&link).map_err(failure)?;
        }
        symlink(&self.modules, &link).map_err(failure)
    }

    /// Whether an earlier run left them.
    pub(super) fn are_cached(workspace: &Workspace) -> bool {
        Node::present(workspace).is_some() && cache::folder(workspace, &cached()).is_dir()
    }

    /// A command by which Node, npm and the tools are found.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Result<Command> {
        self.node.command(program, &[&self.modules.join(".bin")])
    }
}

fn install(node: &Node, folder: &Path) -> Result<()> {
    for (name, text) in FILES {
        let file = folder.join(name);
        fs::write(&file, text).map_err(|error| cache::failure(&file, &error))?;
    }
    // The programs lie in the packages; what scripts do beyond that is to look for them elsewhere.
    let mut npm = node.command(NPM_PROGRAM, &[])?;
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    process::quiet(&mut npm)
}

/// The folder's name is made of the tools: another tool, another folder.
fn cached() -> String {
    let mut hasher = DefaultHasher::new();
    FILES.hash(&mut hasher);
    format!("npm-{:016x}", hasher.finish())
}

#[cfg(unix)]
fn symlink(folder: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(folder, link)
}

#[cfg(windows)]
fn symlink(folder: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(folder, link)
}
