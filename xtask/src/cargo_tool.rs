//! Programs from crates.io that a command needs, each at one version: the one on the PATH, or one built into the user's cache.

use crate::cache;
use crate::failure::Result;
use crate::process;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

pub(crate) struct CargoTool<'a> {
    pub(crate) package: &'a str,
    pub(crate) program: &'a str,
    pub(crate) version: &'a str,
}

impl CargoTool<'_> {
    /// The program of just this version.
    pub(crate) fn ensure(&self, workspace: &Workspace) -> Result<PathBuf> {
        if self.is_installed() {
            return Ok(self.program.into());
        }
        let folder = cache::filled(workspace, &self.cached(), |folder| self.build(workspace, folder))?;
        Ok(folder.join("bin").join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX)))
    }

    /// Whether it is there without being built.
    pub(crate) fn is_present(&self, workspace: &Workspace) -> bool {
        self.is_installed() || cache::folder(workspace, &self.cached()).is_dir()
    }

    /// How to get it by hand.
    pub(crate) fn remedy(&self) -> String {
        format!("run `cargo install --locked --version {} {}`", self.version, self.package)
    }

    fn cached(&self) -> String {
        format!("{}-{}", self.package, self.version)
    }

    fn is_installed(&self) -> bool {
        process::probe(self.program, &["--version"])
            .is_some_and(|answer| answer.split_whitespace().any(|word| word == self.version))
    }

    fn build(&self, workspace: &Workspace, folder: &Path) -> Result<()> {
        let install = |locked: &[&str]| {
            let mut install = workspace.cargo(&["install", "--version", self.version, self.package]);
            install.args(locked).arg("--root").arg(folder);
            // A release profile spends minutes on a speed that a run of a second does not need.
            install.arg("--debug").env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("CARGO_TARGET_DIR");
            process::quiet(&mut install)
        };
        // A registry that lags behind lacks what the newest lock files name.
        install(&["--locked"]).or_else(|_| install(&[]))
    }
}
