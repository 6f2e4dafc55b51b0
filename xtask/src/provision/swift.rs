//! A Swift toolchain: the machine's own, or Debian's in a folder of the user's cache, in which its programs run as in a
//! system of their own (chroot). Folders of this machine are shown there only while a command runs, in a mount
//! namespace of its own, so that deleting the cache can never delete a checkout.

use super::{cache, system};
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The first Swift that knows the package's language mode and typed throws.
const OLDEST: u32 = 6;
/// The first release of Debian that has one.
const DEBIAN: &str = "trixie";
const PACKAGES: &str = "swiftlang,libc6-dev,libstdc++-14-dev,zlib1g-dev,ca-certificates";
/// Runs a command in the system below a folder.
const ENTER: &str = "xtask/swift/enter.sh";

pub(crate) enum Toolchain {
    Installed,
    /// Debian's, below this folder.
    Debian(PathBuf),
}

impl Toolchain {
    /// One that is there, or else Debian's, where it may be set up.
    pub(crate) fn ensure(workspace: &Workspace) -> Result<Self> {
        if let Some(present) = Self::present(workspace) {
            return Ok(present);
        }
        let missing = Failure::new(format!("there is no Swift {OLDEST} or later")).missing();
        let otherwise = "install Swift and put it on the PATH";
        if !cfg!(target_os = "linux") || !system::has_apt() {
            return Err(missing.hint(otherwise));
        }
        if !workspace.install {
            return Err(missing.hint(format!(
                "{otherwise}, or run this command with --install, which fetches Debian's into the user's cache (3 GB)"
            )));
        }
        if process::probe("debootstrap", &["--version"]).is_none() {
            system::install(workspace, "debootstrap is missing", &["debootstrap"], "install debootstrap")?;
        }
        println!("Swift: fetching Debian's into the user's cache");
        cache::filled(workspace, &cached(), fetch).map(Self::Debian)
    }

    /// One that is there without being fetched.
    fn present(workspace: &Workspace) -> Option<Self> {
        let installed = process::probe("swift", &["--version"]).and_then(|answer| major(&answer));
        if installed.is_some_and(|version| version >= OLDEST) {
            return Some(Self::Installed);
        }
        let folder = cache::folder(workspace, &cached());
        folder.is_dir().then_some(Self::Debian(folder))
    }

    /// A program, to be run in a folder: `swift`, or what `swift build` has built.
    pub(crate) fn command(&self, workspace: &Workspace, program: impl AsRef<Path>, folder: &Path) -> Command {
        let mut command = match self {
            Self::Installed => Command::new(program.as_ref()),
            Self::Debian(root) => inside(root, workspace, program.as_ref(), folder),
        };
        command.current_dir(folder);
        process::without_service_settings(&mut command);
        command
    }
}

/// A command that runs in Debian's system, where the checkout and the build outputs lie where they lie outside.
fn inside(root: &Path, workspace: &Workspace, program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private"]);
    if !system::is_root() {
        // With the user's own rights on files, and root's only on this view of them.
        command.arg("--map-root-user");
    }
    command.arg("sh").arg(workspace.root.join(ENTER)).arg(root).arg(folder);
    let beside = [workspace.target.as_path(), folder]
        .into_iter()
        .filter(|shown| !shown.starts_with(&workspace.root) && is_free(root, shown));
    let mut shown: Vec<&Path> = beside.chain([workspace.root.as_path()]).collect();
    // A folder before those that lie in it, which it would hide.
    shown.sort_unstable();
    command.args(shown).arg("--").arg(program);
    // What the user's own system has set does not hold in that one.
    command.env("HOME", workspace.target.join("swift").join("home"));
    for variable in ["LD_LIBRARY_PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
        command.env_remove(variable);
    }
    command
}

/// Whether a folder can be shown there without hiding anything that Debian's system has itself.
fn is_free(root: &Path, folder: &Path) -> bool {
    holds_nothing(&root.join(folder.strip_prefix("/").unwrap_or(folder)))
}

/// Whether there is no file at any depth: empty folders are left by commands for which something was shown.
fn holds_nothing(folder: &Path) -> bool {
    let is_empty = |entry: std::io::Result<DirEntry>| {
        entry.is_ok_and(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()) && holds_nothing(&entry.path()))
    };
    fs::read_dir(folder).map_or(true, |mut entries| entries.all(is_empty))
}

fn cached() -> String {
    format!("swift-debian-{DEBIAN}-{}", std::env::consts::ARCH)
}

/// Unpacks Debian's minimal system with Swift into a folder, which is the user's own in the end.
fn fetch(folder: &Path) -> Result<()> {
    let archive = archive()?;
    let mut debootstrap = system::as_root("debootstrap");
    debootstrap.args(["--variant=minbase", &format!("--include={PACKAGES}"), DEBIAN]).arg(folder).arg(archive);
    process::quiet(&mut debootstrap)?;
    if system::is_root() {
        return Ok(());
    }
    // What root made could neither be entered nor deleted by the user.
    let mut chown = system::as_root("chown");
    let cache = folder.parent().unwrap_or(folder);
    process::quiet(chown.arg("--recursive").arg("--reference").arg(cache).arg(folder))
}

/// Where this machine gets Debian's packages from.
fn archive() -> Result<String> {
    if let Some(archive) = known_archive() {
        return Ok(archive);
    }
    // Nothing is known of any where the lists were never fetched, or were deleted, as in a fresh container.
    system::update_package_lists()?;
    known_archive().ok_or_else(|| {
        Failure::new("apt names no archive of Debian to fetch Swift from").hint("install Swift and put it on the PATH")
    })
}

fn known_archive() -> Option<String> {
    let targets = process::probe("apt-get", &["indextargets", "--format", "$(REPO_URI)", "Origin: Debian"]);
    // Security updates have an archive of their own, which is none to start from.
    targets?.lines().find(|archive| !archive.contains("security")).map(str::to_owned)
}

/// The major version in `Swift version 6.0.3 (...)`.
fn major(answer: &str) -> Option<u32> {
    answer.split_once("Swift version ")?.1.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_free_also_when_something_in_it_was_shown_before() {
        let root = std::env::temp_dir().join(format!("xtask-toolchain-{}", std::process::id()));
        fs::create_dir_all(root.join("home/me/checkout")).unwrap();
        fs::create_dir_all(root.join("usr/bin")).unwrap();
        fs::write(root.join("usr/bin/swift"), []).unwrap();
        for (folder, is_it) in [("/home/me/checkout", true), ("/home", true), ("/work", true), ("/usr", false)] {
            assert_eq!(is_free(&root, Path::new(folder)), is_it, "{folder}");
        }
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_version_is_read_from_what_swift_says() {
        assert_eq!(major("swift-driver version: 1.115 Apple Swift version 6.1.2 (swiftlang-6.1.2)\n"), Some(6));
        assert_eq!(major("Swift version 5.10 (swift-5.10-RELEASE)"), Some(5));
        assert_eq!(major("no such command"), None);
    }
}
