//! `cargo xtask check`: everything that a change must satisfy beside its tests, one line per step.

mod circles;
mod deny;
mod features;
mod msrv;
mod platforms;
mod rules;
mod wasm;

use crate::failure::Result;
use crate::generate;
use crate::js;
use crate::process;
use crate::provision::rust;
use crate::python;
use crate::setup::{Outcome, Setup};
use crate::swift;
use crate::system;
use crate::workspace::Workspace;
use clap::ValueEnum;
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

/// Check formatting, lints, documentation, licences, every feature, the oldest Rust, wasm32, macOS and Windows.
///
/// Tools and toolchains that are missing are fetched into the user's cache (rustup's own, or
/// ~/.cache/activitysmith-kit); a step that still cannot run is left out with the reason, but fails where CI=true.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The steps to run [default: all]
    steps: Vec<Step>,
    /// Install missing system packages (CI=true implies it)
    #[arg(long)]
    install: bool,
}

/// In the order in which they run: those that fail soonest first.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Step {
    /// Formatting, by rustfmt
    Format,
    /// Limits of publishing: whether only the core names them
    Rules,
    /// Files of a crate or package: whether any need each other in a circle
    Circles,
    /// What is generated from the core's models and the emulator's types: whether it is what they say now
    Generated,
    /// Formatting and lints of the Python sources, by ruff, and their types, by mypy
    Python,
    /// Formatting of the JavaScript and TypeScript sources, by prettier, and the npm package's types, by tsc
    Js,
    /// What UniFFI generates for Swift: whether it is what the core's boundary says now
    Swift,
    /// Clippy, on every target with every feature
    Lint,
    /// The documentation, without warnings
    Docs,
    /// Licences, sources and bans of the dependencies, by cargo-deny
    Deny,
    /// The core with no feature, and with each one alone
    Features,
    /// The core, the emulator and the command line on the oldest Rust that they promise to build with
    Msrv,
    /// The core's client on wasm32-unknown-unknown
    Wasm,
    /// Clippy for macOS, on every target with every feature
    Macos,
    /// Clippy for Windows, on the core and the Python package
    Windows,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let setup = Setup::new(arguments.install);
    let chosen = |step: &&Step| arguments.steps.is_empty() || arguments.steps.contains(step);
    for step in Step::value_variants().iter().filter(chosen) {
        let start = Instant::now();
        say(&format!("{:<10}", step.name()));
        let outcome = step.run(&workspace, setup);
        let time = start.elapsed().as_secs_f64();
        match &outcome {
            Ok(Outcome::Done) => say(&format!("ok     {time:>7.1} s\n")),
            Ok(Outcome::Skipped(reason)) => say(&format!("left out: {reason}\n")),
            Err(_) => say(&format!("failed {time:>7.1} s\n")),
        }
        outcome?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn run(self, workspace: &Workspace, setup: Setup) -> Result<Outcome> {
        if let Some((name, subcommand)) = self.component()
            && let Err(failure) = rust::component(workspace, name, subcommand)
        {
            return setup.prevented(failure);
        }
        if self.needs_system_libraries()
            && let Err(failure) = system::ensure(setup)
        {
            return setup.prevented(failure);
        }
        match self {
            Self::Format => format(workspace)?,
            Self::Rules => rules::check(workspace)?,
            Self::Circles => circles::check(workspace)?,
            Self::Generated => generate::check(workspace)?,
            Self::Python => return python::lint(workspace, setup),
            Self::Js => return js::check(workspace, setup),
            Self::Swift => swift::check(workspace)?,
            Self::Lint => lint(workspace)?,
            Self::Docs => docs(workspace)?,
            Self::Deny => return deny::run(workspace, setup),
            Self::Features => features::run(workspace)?,
            Self::Msrv => return msrv::run(workspace, setup),
            Self::Wasm => return wasm::run(workspace, setup),
            Self::Macos => return platforms::macos(workspace, setup),
            Self::Windows => return platforms::windows(workspace, setup),
        }
        Ok(Outcome::Done)
    }

    /// The component of a Rust toolchain that it needs and a minimal one lacks, and the subcommand of cargo that it brings.
    fn component(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Format => Some(("rustfmt", "fmt")),
            Self::Lint | Self::Features | Self::Macos | Self::Windows => Some(("clippy", "clippy")),
            _ => None,
        }
    }

    /// Whether it compiles every feature of the core.
    fn needs_system_libraries(self) -> bool {
        matches!(self, Self::Lint | Self::Docs | Self::Features | Self::Msrv)
    }
}

fn format(workspace: &Workspace) -> Result<()> {
    process::quiet(&mut workspace.cargo(&["fmt", "--all", "--check"]))
        .map_err(|failure| failure.hint("run `cargo fmt --all`"))
}

fn lint(workspace: &Workspace) -> Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    process::quiet(&mut workspace.cargo(&arguments))
}

fn docs(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo(&["doc", "--workspace", "--all-features", "--no-deps"]);
    process::quiet(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Prints at once: a step is named while it runs.
fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // A reader that has gone away is no reason to stop checking.
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}
