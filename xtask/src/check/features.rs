//! The core's features one by one: none may lean on another that it does not name.

use crate::failure::Result;
use crate::process;
use crate::workspace::{CORE, Workspace};

pub(super) fn run(workspace: &Workspace) -> Result<()> {
    check(workspace, "")?;
    for feature in &workspace.core()?.features {
        check(workspace, feature)?;
    }
    check_exact_numbers(workspace)
}

/// Another crate of a program may switch on this feature of serde_json, which gives numbers another form inside.
fn check_exact_numbers(workspace: &Workspace) -> Result<()> {
    let feature = "--features=serde_json/arbitrary_precision";
    let arguments = ["test", "--package", CORE, "--lib", "--no-default-features", feature, "--quiet"];
    process::quiet(&mut workspace.cargo(&arguments))
}

/// Clippy rather than `cargo check`, since what one feature leaves unused is a warning.
fn check(workspace: &Workspace, feature: &str) -> Result<()> {
    let features = format!("--features={feature}");
    let arguments = ["clippy", "--package", CORE, "--no-default-features", &features, "--", "-D", "warnings"];
    process::quiet(&mut workspace.cargo(&arguments))
}
