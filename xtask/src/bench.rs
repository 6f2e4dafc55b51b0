//! `cargo xtask bench`: runs the workspace's benchmarks, and other languages' packages beside the official SDKs.

use crate::cli;
use crate::failure::Result;
use crate::js;
use crate::many_jobs;
use crate::python;
use crate::rust;
use crate::swift;
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
    let workspace = Workspace::load(arguments.install)?;
    let filter = arguments.filter.as_deref();
    if let Some(programs) = filter.and_then(|filter| Programs::from_str(filter, false).ok()) {
        programs.bench(&workspace)?;
        return Ok(ExitCode::SUCCESS);
    }
    rust::bench(&workspace, filter)?;
    if filter.is_none() {
        for programs in Programs::value_variants() {
            if let Err(reason) = workspace.or_left_out(programs.bench(&workspace))? {
                println!("left out: {reason}");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Programs {
    fn bench(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Cli => cli::bench(workspace),
            Self::ManyJobs => many_jobs::bench(workspace),
            Self::Python => python::bench(workspace),
            Self::Js => js::bench(workspace),
            Self::Swift => swift::bench(workspace),
        }
    }
}
