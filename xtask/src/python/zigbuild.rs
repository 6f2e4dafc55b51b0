//! cargo with zig as the C compiler, which compiles for other systems; both come as Python packages.

use super::Python;
use crate::failure::Result;
use crate::process;
use crate::setup::Setup;
use crate::workspace::Workspace;
use std::process::Command;

/// A command that takes cargo's arguments, and runs at the repository's root.
pub(crate) fn zigbuild(workspace: &Workspace, setup: Setup) -> Result<Command> {
    let tools = Python::ensure(workspace, setup)?.tools(include_str!("../../python/zig.txt"))?;
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
