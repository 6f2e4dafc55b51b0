//! The standard libraries of other targets, which rustup brings for the toolchain in use.

use crate::process;
use std::path::Path;

/// Whether the toolchain in use has the standard library of this target.
pub(crate) fn is_installed(target: &str) -> bool {
    // rustc names its folder even where there is none.
    process::probe("rustc", &["--print", "target-libdir", "--target", target])
        .is_some_and(|folder| Path::new(folder.trim()).is_dir())
}

/// Has rustup download it; false where that did not bring it.
pub(crate) fn install(target: &str) -> bool {
    process::probe("rustup", &["target", "add", target]).is_some() && is_installed(target)
}
