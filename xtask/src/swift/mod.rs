//! Swift: finds or fetches a toolchain, builds the core as a static library, generates the Swift that calls it, and
//! does with them what the commands ask for.

mod bench;
mod bindings;
mod demo;
mod library;
mod package;
mod rejected;
mod test;
mod toolchain;
mod xcframework;

pub(crate) use bench::bench;
pub(crate) use bindings::check;
pub(crate) use demo::{REMEDY, example};
pub(crate) use package::package;
pub(crate) use test::test;

use crate::failure::{Failure, Result};
use std::path::Path;

/// What went wrong with a file or a folder.
fn failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

/// An empty folder, in place of whatever was there.
fn emptied(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(|error| failure(folder, &error))?;
    }
    std::fs::create_dir_all(folder).map_err(|error| failure(folder, &error))
}

/// Takes away a program that `swift build` has linked, since it does not see that the static library is another one now.
fn unlinked(program: &Path) -> Result<()> {
    let removed = if program.is_dir() { std::fs::remove_dir_all(program) } else { std::fs::remove_file(program) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failure(program, &error)),
        _ => Ok(()),
    }
}
