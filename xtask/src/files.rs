//! Files and folders among the build outputs: made anew, copied, looked for, and left in `dist/`.

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;
use fs_err as fs;
use std::io;
use std::path::{Path, PathBuf};

/// Makes an empty folder; what an earlier run left must not be taken for the new.
pub(crate) fn empty(folder: &Path) -> Result<()> {
    remove(folder)?;
    Ok(fs::create_dir_all(folder)?)
}

/// Removes a file, a link or a folder, if it is there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() && !path.is_symlink() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes a folder a copy of another one.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    empty(to)?;
    for entry in fs::read_dir(from)? {
        let (path, target) = entry.map(|entry| (entry.path(), to.join(entry.file_name())))?;
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(path, target)?;
        }
    }
    Ok(())
}

/// Copies files into a folder, under their own names.
pub(crate) fn copy_into(folder: &Path, files: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<()> {
    for file in files {
        let file = file.as_ref();
        fs::copy(file, folder.join(file.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// The files of a folder whose names end so, in order.
pub(crate) fn named(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    files.sort();
    Ok(files)
}

/// The only file of a folder whose name ends so.
pub(crate) fn only(folder: &Path, ending: &str) -> Result<PathBuf> {
    match &named(folder, ending)?[..] {
        [file] => Ok(file.clone()),
        files => Err(Failure::new(format!("{} has {} files *{ending}, not one", folder.display(), files.len()))),
    }
}

/// Fails when users would have to download more than so many bytes.
pub(crate) fn at_most(limit: u64, file: &Path) -> Result<()> {
    let size = fs::metadata(file)?.len();
    if size <= limit {
        return Ok(());
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Err(Failure::new(format!("{name} has {size} bytes, more than the {limit} that it may have"))
        .hint("see what has grown: a dependency, a feature of one, or a profile of Cargo.toml"))
}

/// Puts a finished file into `dist/`, in place of its earlier versions, whose names begin and end as its own, with a version between.
pub(crate) fn deliver(workspace: &Workspace, file: &Path, beginning: &str) -> Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let size = put(file, &workspace.root.join("dist"), beginning)?;
    println!("dist/{name}  {} kB", size.div_ceil(1000));
    Ok(())
}

/// Copies a file under a temporary name and renames it, so that a half-written file never has the final name. Returns its size.
fn put(file: &Path, folder: &Path, beginning: &str) -> io::Result<u64> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".unfinished-{}", std::process::id()));
    let size = fs::copy(file, &unfinished)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let rest = name.strip_prefix(beginning);
        // `kit-` begins the names of `kit-emulator`, too.
        let is_earlier =
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(|sign: char| sign.is_ascii_digit()));
        if is_earlier && path.extension() == file.extension() {
            fs::remove_file(path)?;
        }
    }
    fs::rename(unfinished, folder.join(file.file_name().unwrap_or_default()))?;
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_replaces_its_earlier_versions_and_no_other_package() {
        let folder = std::env::temp_dir().join(format!("xtask-package-{}", std::process::id()));
        let dist = folder.join("dist");
        fs::create_dir_all(&dist).unwrap();
        for name in ["kit-0.1.0.crate", "kit-0.1.0.tgz", "kit-emulator-0.1.0.crate", "other-0.1.0.crate"] {
            fs::write(dist.join(name), "old").unwrap();
        }
        fs::write(folder.join("kit-0.2.0.crate"), "new").unwrap();
        assert_eq!(put(&folder.join("kit-0.2.0.crate"), &dist, "kit-").unwrap(), 3);
        let mut names: Vec<_> = fs::read_dir(&dist).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["kit-0.1.0.tgz", "kit-0.2.0.crate", "kit-emulator-0.1.0.crate", "other-0.1.0.crate"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
