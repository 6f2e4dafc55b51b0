//! The parts of a Rust toolchain that a minimal one lacks: rustfmt and Clippy.

use crate::process;
use crate::workspace::Workspace;

/// A subcommand of cargo, and what rustup calls the component that brings it.
#[derive(Clone, Copy)]
pub(super) struct Component {
    subcommand: &'static str,
    pub(super) name: &'static str,
}

pub(super) const RUSTFMT: Component = Component { subcommand: "fmt", name: "rustfmt" };
pub(super) const CLIPPY: Component = Component { subcommand: "clippy", name: "clippy" };

impl Component {
    /// Whether it is there, if need be from rustup.
    pub(super) fn ensure(self, workspace: &Workspace) -> bool {
        self.answers(workspace)
            || process::probe("rustup", &["component", "add", self.name]).is_some() && self.answers(workspace)
    }

    fn answers(self, workspace: &Workspace) -> bool {
        // By the very cargo that will run it.
        let mut command = workspace.cargo(&[self.subcommand, "--version"]);
        command.output().is_ok_and(|output| output.status.success())
    }
}
