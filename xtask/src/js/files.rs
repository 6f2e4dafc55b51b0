//! Folders among the build outputs: made anew, filled, and looked through.

use crate::failure::{Failure, Result};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// An empty folder; what an earlier run left must not be taken for the new.
pub(super) fn empty(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failure(folder, &error)),
        _ => {}
    }
    fs::create_dir_all(folder).map_err(|error| failure(folder, &error))
}

/// Makes a folder a copy of another one.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    empty(to)?;
    for entry in list(from)? {
        let target = to.join(entry.file_name().unwrap_or_default());
        if entry.is_dir() {
            copy(&entry, &target)?;
        } else {
            fs::copy(&entry, &target).map_err(|error| failure(&entry, &error))?;
        }
    }
    Ok(())
}

/// The files of a folder whose names end so, in order.
pub(super) fn named(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = list(folder)?;
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    files.sort();
    Ok(files)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| failure(folder, &error))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}
