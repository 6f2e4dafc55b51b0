//! `cargo xtask bench`: runs the workspace's benchmarks, and other languages' packages beside the official SDKs.

use crate::cli;
use crate::failure::{Failure, Result};
use crate::js;
use crate::many_jobs;
use crate::process;
use crate::python;
use crate::setup::{Outcome, Setup};
use crate::swift;
use crate::system;
use crate::workspace::Workspace;
use clap::ValueEnum;
use std::process::ExitCode;

/// Run the benchmarks: the workspace's, each language's package beside the official SDK, and many jobs at the same moment.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run only one of programs (`cli`, `many-jobs`, `python`, `js`, `swift`), or only those of the workspace whose name contains this
    filter: Option<String>,
    /// Install missing system packages (CI=true implies it)
    #[arg(long)]
    install: bool,
}

/// A bench of whole programs: of a language's package, beside the official SDK where there is one, or of many jobs.
#[derive(Clone, Copy, ValueEnum)]
enum Programs {
    Cli,
    ManyJobs,
    Python,
    Js,
    Swift,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let setup = Setup::new(arguments.install);
    let filter = arguments.filter.as_deref();
    let chosen = filter.and_then(|filter| Programs::from_str(filter, false).ok());
    if let Some(programs) = chosen {
        return match programs.bench(&workspace, setup)? {
            Outcome::Done => Ok(ExitCode::SUCCESS),
            Outcome::Skipped(reason) => Err(Failure::new(reason)),
        };
    }
    // The one of the emulator is loaded by a program from elsewhere.
    if filter.is_none_or(|filter| "emulator".contains(filter))
        && process::probe("sh", &["-c", "command -v wrk"]).is_none()
    {
        system::install("wrk is missing (the emulator's benchmark loads it)", &["wrk"], "install wrk", setup)?;
    }
    cargo(&workspace, filter)?;
    if filter.is_none() {
        for programs in Programs::value_variants() {
            if let Outcome::Skipped(reason) = programs.bench(&workspace, setup)? {
                println!("left out: {reason}");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Programs {
    fn bench(self, workspace: &Workspace, setup: Setup) -> Result<Outcome> {
        match self {
            Self::Cli => cli::bench(workspace, setup),
            Self::ManyJobs => many_jobs::bench(workspace).map(|()| Outcome::Done),
            Self::Python => python::bench(workspace, setup),
            Self::Js => js::bench(workspace, setup),
            Self::Swift => swift::bench(workspace, setup),
        }
    }
}

/// The benchmarks of the workspace's packages.
fn cargo(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
    let mut found = false;
    for package in workspace.packages.iter().filter(|package| !package.benches.is_empty()) {
        found = true;
        // Named one by one: `--benches` would also run libraries and binaries, which have none.
        let mut command = workspace.cargo(&["bench", "--package", &package.name]);
        for bench in &package.benches {
            command.args(["--bench", bench]);
        }
        if let Some(filter) = filter {
            command.args(["--", filter]);
        }
        process::show(&mut command)?;
    }
    if !found {
        return Err(Failure::new("the workspace has no benchmarks").hint("add one to a package's `benches` folder"));
    }
    Ok(())
}
