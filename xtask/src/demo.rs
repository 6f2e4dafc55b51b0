//! `cargo xtask demo`: a real job, in each language, reports its progress to an emulator on this machine.

use crate::child::{self, Running};
use crate::emulator::{Emulator, KEY, isolated};
use crate::failure::{Failure, Result, code_of};
use crate::js;
use crate::python;
use crate::swift;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
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
    /// Install what the languages beside Rust lack: system packages, the tools of JavaScript, Swift (CI=true implies it)
    #[arg(long)]
    install: bool,
}

/// The exit code after Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

type Example = fn(&Workspace, &Path) -> Result<Command>;

/// What makes the job ready in each language beside Rust, with the folder that it indexes.
const EXAMPLES: [(&str, Example); 3] = [
    ("Python", |workspace, _| python::example(workspace)),
    ("JavaScript", |workspace, _| js::example(workspace)),
    ("Swift", swift::example),
];

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load(arguments.install)?;
    let folder = folder(arguments, &workspace)?;
    // What draws pictures as PNG takes long to compile, and the demo has none.
    let binaries = [("activitysmith-cli", "asmith"), ("reindex", "reindex")];
    let [asmith, reindex] = workspace.build("dev", &["--no-default-features"], binaries)?;

    let interruptions = child::interruptions()?;
    let mut emulator = Emulator::start(&asmith, &[])?;
    println!("watch the phone at {}", emulator.page());
    let run = |language: &str, mut job: Command| -> Result<Option<ExitCode>> {
        println!("{language}:");
        let job = isolated(&mut job)
            .arg(&folder)
            .env("ACTIVITYSMITH_BASE_URL", &emulator.url)
            .env("ACTIVITYSMITH_API_KEY", KEY);
        let ending = Running::start(job)?.wait(&interruptions)?;
        // Who stops a job wants no more of it.
        let is_over = ending.interrupted || !ending.status.success();
        Ok(is_over.then(|| ExitCode::from(code_of(ending.status))))
    };
    if let Some(code) = run("Rust", Command::new(reindex))? {
        return Ok(code);
    }
    for (language, example) in EXAMPLES {
        println!("{language}: building the example, which takes some minutes the first time");
        let example = example(&workspace, &folder);
        if interruptions.try_recv().is_ok() {
            return Ok(ExitCode::from(INTERRUPTED));
        }
        match workspace.or_left_out(example)? {
            Ok(job) => {
                if let Some(code) = run(language, job)? {
                    return Ok(code);
                }
            }
            Err(reason) => println!("{language}: left out: {reason}"),
        }
    }
    if arguments.keep {
        emulator.keep(&interruptions)?;
    } else {
        println!("that was all; with --keep the emulator stays, and its page can be looked at");
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder to index, which the user names from where they stand.
fn folder(arguments: &Arguments, workspace: &Workspace) -> Result<PathBuf> {
    let folder = arguments.path.as_ref().unwrap_or(&workspace.root);
    if !folder.is_dir() {
        return Err(Failure::new(format!("{} is not a folder", folder.display())).hint("name one with --path DIR"));
    }
    Ok(std::path::absolute(folder)?)
}
