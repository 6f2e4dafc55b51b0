//! `cargo xtask package`: leaves what a user installs in `dist/`.

use crate::cli;
use crate::failure::{Failure, Result};
use crate::js;
use crate::python;
use crate::rust;
use crate::swift;
use crate::workspace::Workspace;
use clap::ValueEnum;
use std::process::ExitCode;

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
    let workspace = Workspace::load(arguments.install)?;
    let chosen = |package: &&Package| arguments.packages.is_empty() || arguments.packages.contains(package);
    if (arguments.target.is_some() || arguments.without_png) && !chosen(&&Package::Cli) {
        let problem = "--target and --without-png are for the package cli, which is not asked for";
        return Err(Failure::new(problem).hint("name it too, or leave them out"));
    }
    for package in Package::value_variants().iter().filter(chosen) {
        match package {
            Package::Rust => rust::package(&workspace)?,
            Package::Python => python::package(&workspace)?,
            Package::Js => js::package(&workspace)?,
            Package::Swift => swift::package(&workspace)?,
            Package::Cli => {
                let target = arguments.target.as_deref();
                cli::package(&workspace, cli::Variant { target, without_png: arguments.without_png })?;
            }
            Package::Emulator => {
                python::package_emulator(&workspace)?;
                js::package_emulator(&workspace)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
