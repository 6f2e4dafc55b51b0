//! `cargo xtask package`: leaves what a user installs in `dist/`.

use crate::cli;
use crate::failure::{Failure, Result};
use crate::js;
use crate::process;
use crate::python;
use crate::setup::Setup;
use crate::swift;
use crate::workspace::{CORE, Workspace};
use clap::ValueEnum;
use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

/// Leave what a user installs in `dist/`: the crate, the wheel, the npm package, Swift's library, the command line,
/// the emulator as a wheel and an npm package.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The packages to make [default: all]
    packages: Vec<Package>,
    /// Build the command line for this target of Rust [default: this machine's]
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Build the command line without PNG, which makes it a fifth smaller
    #[arg(long)]
    without_png: bool,
    /// Install missing system packages (CI=true implies it)
    #[arg(long)]
    install: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Package {
    /// The crate `activitysmith-kit`
    Rust,
    /// The wheel
    Python,
    /// The npm package
    Js,
    /// The static library and header for Swift
    Swift,
    /// The program `asmith`
    Cli,
    /// The wheel and the npm package `activitysmith-kit-emulator`, which carry the program `asmith`
    Emulator,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let setup = Setup::new(arguments.install);
    let chosen = |package: &&Package| arguments.packages.is_empty() || arguments.packages.contains(package);
    if (arguments.target.is_some() || arguments.without_png) && !chosen(&&Package::Cli) {
        let problem = "--target and --without-png are for the package cli, which is not asked for";
        return Err(Failure::new(problem).hint("name it too, or leave them out"));
    }
    for package in Package::value_variants().iter().filter(chosen) {
        match package {
            Package::Rust => rust(&workspace)?,
            Package::Python => python::package(&workspace, setup)?,
            Package::Js => js::package(&workspace, setup)?,
            Package::Swift => swift::package(&workspace, setup)?,
            Package::Cli => {
                let target = arguments.target.as_deref();
                cli::package(&workspace, cli::Variant { target, without_png: arguments.without_png })?;
            }
            Package::Emulator => {
                python::package_emulator(&workspace, setup)?;
                js::package_emulator(&workspace, setup)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Puts a finished file into `dist/`, in place of its earlier versions, whose names begin and end as its own, with a version between.
pub(crate) fn deliver(workspace: &Workspace, file: &Path, beginning: &str) -> Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let size = put(file, &workspace.root.join("dist"), beginning).map_err(|error| {
        Failure::new(format!("dist/{name}: {error}")).hint("check the rights and the space of `dist`")
    })?;
    println!("dist/{name}  {} kB", size.div_ceil(1000));
    Ok(())
}

/// Copies a file under a name that nobody takes for it, so that half a file never bears its name; gives back its bytes.
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

/// The crate as the registry takes it, built once from what it holds.
fn rust(workspace: &Workspace) -> Result<()> {
    // What is packaged is the checkout as it stands.
    process::quiet(&mut workspace.cargo(&["package", "--package", CORE, "--allow-dirty"]))?;
    let version = &workspace.core()?.version;
    deliver(workspace, &workspace.target.join(format!("package/{CORE}-{version}.crate")), &format!("{CORE}-"))
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
