//! The example `reindex` in Swift, for `cargo xtask demo`.

use super::toolchain::Toolchain;
use super::{library, unlinked};
use crate::failure::Result;
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::path::Path;
use std::process::Command;

/// A package of its own, which depends on the repository's by its path.
pub(super) const EXAMPLE: &str = "examples/reindex/swift";

/// What to do where [`example`] gives back nothing.
pub(crate) const REMEDY: &str =
    "there is no Swift 6 or later yet; install it, or let `cargo xtask test swift --install` fetch Debian's";

/// The example, built and ready to run in the folder that it indexes, where a toolchain is there already: who wants a demo does
/// not wait for 3 GB.
pub(crate) fn example(workspace: &Workspace, setup: Setup, indexed: &Path) -> Result<Option<Command>> {
    let Some(toolchain) = Toolchain::present(workspace) else {
        return Ok(None);
    };
    let folder = workspace.root.join(EXAMPLE);
    let archive = library::build(workspace)?;
    library::lay_out(workspace, &archive, setup)?;
    let scratch = workspace.target.join("swift").join("example");
    let program = scratch.join("debug").join("reindex");
    unlinked(&program)?;
    let mut build = toolchain.command(workspace, "swift", &folder);
    process::quiet(build.args(["build", "--scratch-path"]).arg(&scratch))?;
    Ok(Some(toolchain.command(workspace, program, indexed)))
}
