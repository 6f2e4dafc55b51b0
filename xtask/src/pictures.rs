//! `cargo xtask pictures`: draws the pictures of the documentation with our own renderer.

use crate::cli;
use crate::failure::Result;
use crate::files;
use crate::process;
use crate::workspace::Workspace;
use std::process::{Command, ExitCode};

/// Where the states lie, and the pictures beside them.
const FOLDER: &str = "docs/pictures";

/// Draw the pictures of the documentation: each state in docs/pictures, light and dark.
#[derive(clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load(false)?;
    let asmith = cli::asmith(&workspace, "dev")?;
    for state in files::named(&workspace.root.join(FOLDER), ".json")? {
        for theme in ["light", "dark"] {
            let mut preview = Command::new(&asmith);
            preview.arg("preview").arg(&state).args(["--theme", theme, "--out"]);
            process::show(preview.arg(state.with_extension(format!("{theme}.png"))))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
