//! The browser that tests drive: the one of this machine, or Debian's.

use crate::failure::{Failure, Result};
use crate::setup::Setup;
use crate::system;
use std::path::PathBuf;

/// What Chromium is called on the PATH, and where macOS keeps it.
const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Its program, in full.
pub(super) fn ensure(setup: Setup) -> Result<PathBuf> {
    if let Some(program) = present() {
        return Ok(program);
    }
    let missing = "there is no Chromium to open a page in";
    let otherwise = "install Chromium and put `chromium` on the PATH";
    system::install(missing, &["chromium"], otherwise, setup)?;
    present().ok_or_else(|| Failure::new(missing).hint(otherwise))
}

fn present() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|program| program.is_file())
}
