//! What the commands do in Rust: the tests, benches and package of the workspace, and its checks.

use crate::failure::{Failure, Result};
use crate::files;
use crate::process;
use crate::provision::python::zigbuild;
use crate::provision::rust::{CargoTool, WASM, cargo_of, target};
use crate::provision::system;
use crate::workspace::{CORE, Workspace};
use std::process::Command;

/// The version that reads our `deny.toml`.
const CARGO_DENY: CargoTool<'_> = CargoTool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2" };
/// The packages that reach users as Rust sources.
const SOURCES: [&str; 3] = [CORE, "activitysmith-emulator", "activitysmith-cli"];
const STRICT: [&str; 3] = ["--", "-D", "warnings"];

/// Unit, integration and doc tests of the whole workspace, with every feature. The simulation of publishers runs whole in an
/// optimized build, before them: in a debug build it would take an hour, so there it runs a small share.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    system::openssl(workspace)?;
    let simulation = ["test", "--profile", "simulation", "--package", "activitysmith-simulation"];
    let everything = ["test", "--workspace", "--all-features"];
    for arguments in [&simulation[..], &everything] {
        // Building may need a proxy; the tests speak to this machine alone, and must not go through one.
        process::show(workspace.cargo(arguments).arg("--no-run"))?;
        process::show(process::without_proxies(workspace.cargo(arguments).arg("--no-fail-fast")))?;
    }
    Ok(())
}

/// The benchmarks of the workspace's packages, or those whose names contain the filter.
pub(crate) fn bench(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
    // The one of the emulator is loaded by a program from elsewhere.
    if filter.is_none_or(|filter| "emulator".contains(filter)) {
        system::wrk(workspace)?;
    }
    for package in workspace.packages.iter().filter(|package| !package.benches.is_empty()) {
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
    Ok(())
}

/// Leaves the crate in `dist/` as the registry takes it, built once from what it holds.
pub(crate) fn package(workspace: &Workspace) -> Result<()> {
    // What is packaged is the checkout as it stands.
    process::quiet(&mut workspace.cargo(&["package", "--package", CORE, "--allow-dirty"]))?;
    let version = &workspace.core()?.version;
    files::deliver(workspace, &workspace.target.join(format!("package/{CORE}-{version}.crate")), &format!("{CORE}-"))
}

pub(crate) fn format(workspace: &Workspace) -> Result<()> {
    process::quiet(&mut workspace.cargo(&["fmt", "--all", "--check"]))
        .map_err(|failure| failure.hint("run `cargo fmt --all`"))
}

pub(crate) fn lint(workspace: &Workspace) -> Result<()> {
    process::quiet(workspace.cargo(&["clippy", "--workspace", "--all-targets", "--all-features"]).args(STRICT))
}

pub(crate) fn docs(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo(&["doc", "--workspace", "--all-features", "--no-deps"]);
    process::quiet(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Licences, sources and bans of the dependencies, by cargo-deny.
pub(crate) fn deny(workspace: &Workspace) -> Result<()> {
    let mut command = Command::new(CARGO_DENY.ensure(workspace)?);
    // Advisories are left to the workflow on GitHub: they need a download of their own.
    command.args(["check", "bans", "licenses", "sources"]).current_dir(&workspace.root);
    process::quiet(&mut command).map_err(|failure| failure.hint("deny.toml says what is allowed, and why"))
}

/// The core's features one by one: none may lean on another that it does not name.
pub(crate) fn features(workspace: &Workspace) -> Result<()> {
    let features = workspace.core()?.features.iter().map(String::as_str);
    for feature in std::iter::once("").chain(features) {
        // Clippy rather than `cargo check`, since what one feature leaves unused is a warning.
        let mut clippy =
            workspace.cargo(&["clippy", "--package", CORE, "--no-default-features", "--features", feature]);
        process::quiet(clippy.args(STRICT))?;
    }
    // Another crate of a program may switch on this feature of serde_json, which gives numbers another form inside.
    let exact_numbers = "--features=serde_json/arbitrary_precision";
    let arguments = ["test", "--package", CORE, "--lib", "--no-default-features", exact_numbers, "--quiet"];
    process::quiet(&mut workspace.cargo(&arguments))
}

/// What users build, on the oldest Rust that its manifests promise.
pub(crate) fn msrv(workspace: &Workspace) -> Result<()> {
    let version = workspace.core()?.rust_version.as_deref();
    let version = version
        .ok_or_else(|| Failure::new(format!("{CORE} names no rust-version")).hint("state it in core/Cargo.toml"))?;
    let mut command = cargo_of(workspace, version)?;
    // A target folder of its own keeps the other builds fresh.
    command.args(["check", "--all-features", "--target-dir"]).arg(workspace.target.join("msrv"));
    process::quiet(command.args(SOURCES.iter().flat_map(|package| ["--package", package])))
}

/// The core's client on wasm32.
pub(crate) fn wasm(workspace: &Workspace) -> Result<()> {
    target(WASM)?;
    let mut command = workspace.cargo(&["check", "--package", CORE, "--no-default-features", "--features", "client"]);
    // A target folder of its own keeps the other builds fresh.
    process::quiet(command.args(["--target", WASM, "--target-dir"]).arg(workspace.target.join("wasm")))
}

/// The whole workspace for macOS: all of it is used and developed there.
pub(crate) fn macos(workspace: &Workspace) -> Result<()> {
    lint_for(workspace, "aarch64-apple-darwin", &["--workspace", "--all-targets", "--all-features"])
}

/// What runs on Windows so far: the crate, and the Python package with its generator.
pub(crate) fn windows(workspace: &Workspace) -> Result<()> {
    let packages = ["--package", CORE, "--package", "activitysmith-kit-python", "--package", "uniffi-bindgen"];
    let packages = [&packages[..], &["--features", "uniffi-bindgen/uniffi"]].concat();
    lint_for(workspace, "x86_64-pc-windows-gnu", &packages)
}

/// Clippy alone, since a program for another system could be neither linked nor run here.
fn lint_for(workspace: &Workspace, system: &str, packages: &[&str]) -> Result<()> {
    target(system)?;
    let mut command = zigbuild(workspace)?;
    process::quiet(command.arg("clippy").args(packages).args(["--target", system]).args(STRICT))
}
