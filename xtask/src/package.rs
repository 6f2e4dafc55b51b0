//! `cargo xtask package`: leaves what a user installs in `dist/`.

use crate::cli;
use crate::deliver::deliver;
use crate::failure::{Failure, Result};
use crate::js;
use crate::process;
use crate::python;
use crate::setup::Setup;
use crate::swift;
use crate::workspace::{CORE, Workspace};
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

/// The crate as the registry takes it, built once from what it holds.
fn rust(workspace: &Workspace) -> Result<()> {
    // What is packaged is the checkout as it stands.
    process::quiet(&mut workspace.cargo(&["package", "--package", CORE, "--allow-dirty"]))?;
    let version = &workspace.core()?.version;
    deliver(workspace, &workspace.target.join(format!("package/{CORE}-{version}.crate")), &format!("{CORE}-"))
}
