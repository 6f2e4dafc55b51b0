//! The user's cache folder, which keeps the tools that take long to build or to fetch.

use crate::failure::Result;
use crate::files;
use crate::workspace::Workspace;
use fs_err as fs;
use std::path::{Path, PathBuf};

/// A folder of the given name in the cache; it need not exist yet. Where the user's cache cannot be written it lies among the
/// build outputs, so that a read-only home keeps nothing from being checked.
pub(super) fn folder(workspace: &Workspace, name: &str) -> PathBuf {
    let cache = users().map(|cache| cache.join("activitysmith-kit"));
    match cache {
        // What is there already only needs to be read.
        Some(cache) if cache.join(name).is_dir() || is_writable(&cache) => cache.join(name),
        _ => workspace.target.join("cache").join(name),
    }
}

/// The folder of the given name in the cache, with what `fill` puts into it where it is not there yet.
pub(super) fn filled(workspace: &Workspace, name: &str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let folder = folder(workspace, name);
    if folder.is_dir() {
        return Ok(folder);
    }
    // Renamed when complete, so that an interrupted run leaves nothing that looks usable; and one for each process, so that
    // two runs at the same time do not write over each other.
    let unfinished = folder.with_file_name(format!("{name}-unfinished-{}", std::process::id()));
    let filled = files::empty(&unfinished).and_then(|()| fill(&unfinished)).and_then(|()| settle(&unfinished, &folder));
    if let Err(failure) = filled {
        // Best effort: what led here is what the user has to read.
        let _ = files::remove(&unfinished);
        return Err(failure.missing());
    }
    Ok(folder)
}

/// Gives a complete folder its name. Another run may have been faster; its folder is as good.
fn settle(unfinished: &Path, folder: &Path) -> Result<()> {
    match fs::rename(unfinished, folder) {
        Err(_) if folder.is_dir() => files::remove(unfinished),
        renamed => Ok(renamed?),
    }
}

fn users() -> Option<PathBuf> {
    absolute("XDG_CACHE_HOME").or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
}

/// The XDG specification has relative paths ignored.
fn absolute(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// Found out by writing, as rights alone do not tell of a file system that is read-only.
fn is_writable(folder: &Path) -> bool {
    let probe = folder.join(format!("writable-{}", std::process::id()));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&probe, []));
    // What cannot be removed could not be written.
    let _ = fs::remove_file(&probe);
    written.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_writable_if_a_file_can_be_written_into_it() {
        let folder = std::env::temp_dir().join(format!("xtask-cache-{}", std::process::id()));
        assert!(is_writable(&folder.join("new")));
        assert_eq!(fs::read_dir(folder.join("new")).map(Iterator::count).ok(), Some(0));
        fs::write(folder.join("file"), []).unwrap();
        assert!(!is_writable(&folder.join("file")));
        fs::remove_dir_all(folder).unwrap();
    }
}
