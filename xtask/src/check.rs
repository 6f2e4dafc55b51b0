//! `cargo xtask check`: everything that a change must satisfy beside its tests, one line per step.

mod circles;
mod rules;

use crate::failure::Result;
use crate::generate;
use crate::js;
use crate::provision::rust::component;
use crate::provision::system;
use crate::python;
use crate::rust;
use crate::swift;
use crate::workspace::Workspace;
use clap::ValueEnum;
use clap::builder::PossibleValue;
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
    let workspace = Workspace::load(arguments.install)?;
    let chosen = |step: &&Step| arguments.steps.is_empty() || arguments.steps.contains(step);
    for step in Step::value_variants().iter().filter(chosen) {
        let start = Instant::now();
        let name = step.to_possible_value();
        say(&format!("{:<10}", name.as_ref().map_or("", PossibleValue::get_name)));
        let outcome = workspace.or_left_out(step.run(&workspace));
        let time = start.elapsed().as_secs_f64();
        match &outcome {
            Ok(Ok(())) => say(&format!("ok     {time:>7.1} s\n")),
            Ok(Err(reason)) => say(&format!("left out: {reason}\n")),
            Err(_) => say(&format!("failed {time:>7.1} s\n")),
        }
        let _ = outcome?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Step {
    fn run(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Format => component(workspace, "rustfmt", "fmt")?,
            Self::Lint | Self::Features | Self::Macos | Self::Windows => component(workspace, "clippy", "clippy")?,
            _ => {}
        }
        // They compile every feature of the core.
        if matches!(self, Self::Lint | Self::Docs | Self::Features | Self::Msrv) {
            system::openssl(workspace)?;
        }
        match self {
            Self::Format => rust::format(workspace),
            Self::Rules => rules::check(workspace),
            Self::Circles => circles::check(workspace),
            Self::Generated => generate::check(workspace),
            Self::Python => python::lint(workspace),
            Self::Js => js::check(workspace),
            Self::Swift => swift::check(workspace),
            Self::Lint => rust::lint(workspace),
            Self::Docs => rust::docs(workspace),
            Self::Deny => rust::deny(workspace),
            Self::Features => rust::features(workspace),
            Self::Msrv => rust::msrv(workspace),
            Self::Wasm => rust::wasm(workspace),
            Self::Macos => rust::macos(workspace),
            Self::Windows => rust::windows(workspace),
        }
    }
}

/// Prints at once: a step is named while it runs.
fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // A reader that has gone away is no reason to stop checking.
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}
