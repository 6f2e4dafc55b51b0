//! Leaves a finished package in `dist/`.

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;
use std::path::Path;
use std::{fs, io};

/// Puts a finished file into `dist/`, in place of its earlier versions, whose names begin and end as its own, with a version between.
pub(crate) fn deliver(workspace: &Workspace, file: &Path, beginning: &str) -> Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let size = put(file, &workspace.root.join("dist"), beginning).map_err(|error| {
        Failure::new(format!("dist/{name}: {error}")).hint("check the rights and the space of `dist`")
    })?;
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
