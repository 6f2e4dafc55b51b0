//! `cargo xtask pictures`: draws the pictures of the documentation with our own renderer.

use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use std::fs;
use std::process::{Command, ExitCode};

/// Where the states lie, and the pictures beside them.
const FOLDER: &str = "docs/pictures";

/// Draw the pictures of the documentation: each state in docs/pictures, light and dark.
#[derive(clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let [asmith] = workspace.build("dev", [("activitysmith-cli", "asmith")])?;
    let folder = workspace.root.join(FOLDER);
    let entries = fs::read_dir(&folder).map_err(|error| Failure::new(format!("{FOLDER}: {error}")))?;
    for state in entries.flatten().map(|entry| entry.path()) {
        if state.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        for theme in ["light", "dark"] {
            let mut preview = Command::new(&asmith);
            preview.arg("preview").arg(&state).args(["--theme", theme, "--out"]);
            process::show(preview.arg(state.with_extension(format!("{theme}.png"))))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
