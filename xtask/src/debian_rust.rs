//! A Rust compiler from Debian's packages, unpacked into the user's cache, where rustup cannot download.
//!
//! Nothing is installed: apt downloads and verifies the packages, and cargo is told which compiler to use.

use crate::cache;
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::Setup;
use crate::system;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct DebianRust {
    folder: PathBuf,
    /// The folder of the compiler's own shared libraries, which bears the architecture's name.
    libraries: PathBuf,
}

impl DebianRust {
    /// What an earlier run left in the cache under this name.
    pub(crate) fn cached(workspace: &Workspace, name: &str) -> Result<Option<Self>> {
        let folder = cache::folder(workspace, name);
        if !folder.is_dir() {
            return Ok(None);
        }
        Self::at(folder).map(Some)
    }

    /// Fetches the given version, or else the newest with the sources of its standard library, into the cache.
    /// Gives back nothing where Debian's packages are out of reach.
    pub(crate) fn fetch(
        workspace: &Workspace,
        name: &str,
        version: Option<&str>,
        setup: Setup,
    ) -> Result<Option<Self>> {
        let Some(full) = offered(version, setup)? else {
            return Ok(None);
        };
        let packages = packages(&full, version.is_none());
        let folder =
            cache::filled(workspace, name, |folder| packages.iter().try_for_each(|package| unpack(package, folder)))?;
        Self::at(folder).map(Some)
    }

    /// Has cargo compile with this Rust.
    pub(crate) fn compile_with(&self, cargo: &mut Command) {
        cargo.env("RUSTC", self.folder.join("usr/bin/rustc")).env("LD_LIBRARY_PATH", &self.libraries);
    }

    fn at(folder: PathBuf) -> Result<Self> {
        let has_driver = |library: &PathBuf| {
            fs::read_dir(library).is_ok_and(|files| {
                files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("librustc_driver"))
            })
        };
        let folders = fs::read_dir(folder.join("usr/lib")).map_err(|error| cache::failure(&folder, &error))?;
        let libraries = folders.flatten().map(|entry| entry.path()).find(has_driver);
        let libraries = libraries.ok_or_else(|| {
            Failure::new(format!("{} holds no Rust compiler", folder.display()))
                .hint("delete that folder and run again")
        })?;
        Ok(Self { folder, libraries })
    }
}

/// The full version of Debian's `rustc-web` that fits, the newest first.
fn offered(version: Option<&str>, setup: Setup) -> Result<Option<String>> {
    let find = || {
        let table = process::probe("apt-cache", &["madison", "rustc-web"])?;
        // Lines read `rustc-web | 1.85.0+dfsg3-1~deb12u3 | ARCHIVE`.
        let mut versions = table.lines().filter_map(|line| line.split('|').nth(1).map(str::trim));
        let fits = |full: &&str| {
            let Some(version) = version else { return true };
            full.strip_prefix(version).is_some_and(|rest| rest.starts_with('.'))
        };
        versions.find(fits).map(str::to_owned)
    };
    let found = find();
    if found.is_none() && setup.install && process::probe("apt-get", &["--version"]).is_some() {
        system::update_package_lists()?;
        return Ok(find());
    }
    Ok(found)
}

/// The packages that make up a compiler, each with its version.
fn packages(full: &str, with_sources: bool) -> Vec<String> {
    // The package of the compiler's libraries is named for the release: 1.85 of 1.85.0+dfsg3-1~deb12u3.
    let release = full.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let libraries = format!("libstd-rust-web-{release}={full}");
    let dependencies = process::probe("apt-cache", &["depends", &libraries]).unwrap_or_default();
    let llvm = dependencies.split_whitespace().find(|word| word.starts_with("libllvm")).map(str::to_owned);

    let mut packages = vec![format!("rustc-web={full}"), format!("libstd-rust-web-dev={full}"), libraries];
    packages.extend(llvm);
    if with_sources {
        packages.push(format!("rust-web-src={full}"));
    }
    packages
}

/// Downloads one package and unpacks it into the folder.
fn unpack(package: &str, folder: &Path) -> Result<()> {
    process::quiet(Command::new("apt-get").args(["download", package]).current_dir(folder))?;
    let files = fs::read_dir(folder).map_err(|error| cache::failure(folder, &error))?;
    for file in files.flatten().map(|file| file.path()).filter(|file| file.extension().is_some_and(|end| end == "deb"))
    {
        process::quiet(Command::new("dpkg").arg("--extract").arg(&file).arg(folder))?;
        fs::remove_file(&file).map_err(|error| cache::failure(&file, &error))?;
    }
    Ok(())
}
