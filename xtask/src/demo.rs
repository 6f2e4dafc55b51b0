//! `cargo xtask demo`: a real job, in each language, reports its progress to an emulator on this machine.

use crate::child::{self, Running};
use crate::emulator::{Emulator, KEY, isolated};
use crate::failure::{Failure, Result, code_of};
use crate::js;
use crate::python;
use crate::setup::Setup;
use crate::swift;
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// Run the main job: start a local emulator, index a folder with the example `reindex` in each language, and watch its stream.
///
/// No account, phone or network is needed. Ctrl-C ends the job and then the emulator.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder to index [default: this repository]
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// Leave the emulator running after the job, until Ctrl-C (during the job, it ends both)
    #[arg(long)]
    keep: bool,
    /// Install missing system packages, for the languages beside Rust (CI=true implies it)
    #[arg(long)]
    install: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let folder = folder(arguments, &workspace)?;
    let setup = Setup::new(arguments.install);
    let [asmith, reindex] = workspace.build("dev", [("activitysmith-cli", "asmith"), ("reindex", "reindex")])?;
    let jobs = [
        ("Rust", Job::Ready(Command::new(reindex))),
        ("Python", Job::of(python::example(&workspace, setup), setup)?),
        ("JavaScript", Job::of(js::example(&workspace, setup), setup)?),
        (
            "Swift",
            match swift::example(&workspace, setup, &folder).transpose() {
                Some(example) => Job::of(example, setup)?,
                // It is never fetched for a demo.
                None => Job::Missing(swift::REMEDY.into()),
            },
        ),
    ];

    let interruptions = child::interruptions()?;
    let mut emulator = Emulator::start(&asmith, &[])?;
    println!("watch the phone at {}", emulator.page());
    for (language, job) in jobs {
        let mut job = match job {
            Job::Ready(command) => command,
            Job::Missing(reason) => {
                println!("{language}: left out: {reason}");
                continue;
            }
        };
        println!("{language}:");
        let job = isolated(&mut job)
            .arg(&folder)
            .env("ACTIVITYSMITH_BASE_URL", &emulator.url)
            .env("ACTIVITYSMITH_API_KEY", KEY);
        let ending = Running::start(job)?.wait(&interruptions)?;
        // Who stops a job wants no more of it.
        if ending.interrupted || !ending.status.success() {
            return Ok(ExitCode::from(code_of(ending.status)));
        }
    }
    if arguments.keep {
        emulator.keep(&interruptions)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The job in one language.
enum Job {
    Ready(Command),
    /// What this machine lacks for it, and how to get it.
    Missing(String),
}

impl Job {
    /// What could not be set up is left out, unless the user asked for the set-up.
    fn of(example: Result<Command>, setup: Setup) -> Result<Self> {
        match example {
            Ok(command) => Ok(Self::Ready(command)),
            Err(failure) if setup.install => Err(failure),
            Err(failure) => Ok(Self::Missing(failure.reason())),
        }
    }
}

/// The folder to index, which the user names from where they stand.
fn folder(arguments: &Arguments, workspace: &Workspace) -> Result<PathBuf> {
    let folder = arguments.path.as_ref().unwrap_or(&workspace.root);
    if !folder.is_dir() {
        return Err(Failure::new(format!("{} is not a folder", folder.display())).hint("name one with --path DIR"));
    }
    std::path::absolute(folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))
}
