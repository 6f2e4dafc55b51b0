//! `cargo xtask bench swift`: calls a second beside the Rust client's in the same run, and how large programs become.

use super::toolchain::Toolchain;
use super::{demo, failure, library, unlinked};
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program in Swift whose calls are timed.
const BENCH: &str = "tests/benches/swift";
/// What an executable may have beyond Swift's own runtime, in bytes.
const LIMIT: u64 = 12_000_000;

pub(crate) fn bench(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    let toolchain = match Toolchain::ensure(workspace, setup) {
        Ok(toolchain) => toolchain,
        Err(failure) => return setup.prevented(failure),
    };
    let archive = library::build(workspace)?;
    library::lay_out(workspace, &archive, setup)?;
    let [asmith, rust] =
        workspace.build("release", [("activitysmith-cli", "asmith"), ("activitysmith-tests", "swift-bench")])?;
    let swift = build(workspace, &toolchain, BENCH, "bench")?;
    let example = build(workspace, &toolchain, demo::EXAMPLE, "reindex")?;

    let swift = toolchain.command(workspace, swift, &workspace.root);
    let mut bench = Command::new(asmith);
    bench.args(["--quiet", "emulate", "--limits", "none", "--exec", "--"]).arg(rust);
    bench.arg(swift.get_program()).args(swift.get_args());
    bench.envs(swift.get_envs().filter_map(|(name, value)| Some((name, value?))));
    process::without_proxies(&mut bench);
    let speed = process::show(&mut bench);

    println!("size/static library   {:>7} kB", stripped(workspace, &archive)?.div_ceil(1000));
    let size = stripped(workspace, &example)?;
    println!("size/example          {:>7} kB", size.div_ceil(1000));
    if size > LIMIT {
        return Err(Failure::new(format!("the example has {size} bytes, more than the {LIMIT} that it may have")));
    }
    // Sizes are told also where the speed is missed.
    speed.map(|()| Outcome::Done)
}

/// A package's program, built for speed.
fn build(workspace: &Workspace, toolchain: &Toolchain, package: &str, program: &str) -> Result<PathBuf> {
    let scratch = workspace.target.join("swift").join(format!("{program}-release"));
    let product = scratch.join("release").join(program);
    unlinked(&product)?;
    let mut build = toolchain.command(workspace, "swift", &workspace.root.join(package));
    process::quiet(build.args(["build", "--configuration", "release", "--scratch-path"]).arg(&scratch))?;
    Ok(product)
}

/// How many bytes a file has without what only debuggers read.
fn stripped(workspace: &Workspace, file: &Path) -> Result<u64> {
    let copy = workspace.target.join("swift").join("stripped");
    let option = if cfg!(target_os = "macos") { "-S" } else { "--strip-debug" };
    process::quiet(Command::new("strip").arg(option).arg("-o").arg(&copy).arg(file))?;
    fs::metadata(&copy).map(|metadata| metadata.len()).map_err(|error| failure(&copy, &error))
}
