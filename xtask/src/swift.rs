//! What the commands do in Swift: the library and its sources, the tests, the bench and the example.

mod bindings;
mod library;

use crate::cli;
use crate::emulator::beside;
use crate::failure::{Failure, Result};
use crate::files;
use crate::process;
use crate::provision::swift::Toolchain;
use crate::rejected;
use crate::workspace::Workspace;
use fs_err as fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package of its own, which depends on the repository's by its path.
const EXAMPLE: &str = "examples/reindex/swift";
/// The program in Swift whose calls are timed.
const BENCH: &str = "tests/benches/swift";
/// What an executable may have beyond Swift's own runtime, in bytes.
const LARGEST: u64 = 12_000_000;
/// The manifest of a package that depends on ours by its path.
const MANIFEST: &str = include_str!("../swift/consumer/Package.swift.txt");
const PROGRAM: &str = include_str!("../swift/consumer/main.swift.txt");
const EXITS: &str = include_str!("../swift/consumer/exits.swift.txt");
/// Of this file the compiler must reject each line that is marked so, and no other.
const REJECTED: &str = "bindings-swift/Tests/Rejected.swift";
/// The tests that leave others little of the machine.
const ALONE: &str = "FullSpeedTests";

/// Fails when a committed file is not what would be generated now. It needs no Swift.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    bindings::check(workspace)
}

/// Writes the generated sources, and leaves the library in `dist/`.
pub(crate) fn package(workspace: &Workspace) -> Result<()> {
    let archive = library::build(workspace)?;
    bindings::write(workspace, &archive)?;
    let folder = library::lay_out(workspace, &archive)?;
    files::deliver(workspace, &library::pack(workspace, &folder)?, &format!("{}-", library::PACKAGE))
}

/// The example, built and ready to run in the folder that it indexes.
pub(crate) fn example(workspace: &Workspace, indexed: &Path) -> Result<Command> {
    let toolchain = Toolchain::ensure(workspace)?;
    library::lay_out(workspace, &library::build(workspace)?)?;
    let program = build(workspace, &toolchain, EXAMPLE, "debug", "reindex")?;
    Ok(toolchain.command(workspace, program, indexed))
}

/// Calls a second beside the Rust client's in the same run, and how large programs become.
pub(crate) fn bench(workspace: &Workspace) -> Result<()> {
    let toolchain = Toolchain::ensure(workspace)?;
    let archive = library::build(workspace)?;
    library::lay_out(workspace, &archive)?;
    let [asmith, rust] =
        workspace.build("release", &[], [("activitysmith-cli", "asmith"), ("activitysmith-tests", "swift-bench")])?;
    let swift = build(workspace, &toolchain, BENCH, "release", "bench")?;
    let example = build(workspace, &toolchain, EXAMPLE, "release", "reindex")?;

    let swift = toolchain.command(workspace, swift, &workspace.root);
    let speed = process::show(&mut beside(&asmith, &["--limits", "none"], &before(Command::new(rust), &swift)));

    println!("size/static library   {:>7} kB", fs::metadata(stripped(workspace, &archive)?)?.len().div_ceil(1000));
    let example = stripped(workspace, &example)?;
    println!("size/example          {:>7} kB", fs::metadata(&example)?.len().div_ceil(1000));
    files::at_most(LARGEST, &example)?;
    // Sizes are told also where the speed is missed.
    speed
}

/// A program of a package, built in a configuration.
fn build(
    workspace: &Workspace,
    toolchain: &Toolchain,
    package: &str,
    configuration: &str,
    program: &str,
) -> Result<PathBuf> {
    let scratch = workspace.target.join("swift").join(format!("{program}-{configuration}"));
    let product = scratch.join(configuration).join(program);
    // `swift build` does not see that the static library is another one now.
    files::remove(&product)?;
    let mut build = toolchain.command(workspace, "swift", &workspace.root.join(package));
    process::quiet(build.args(["build", "--configuration", configuration, "--scratch-path"]).arg(&scratch))?;
    Ok(product)
}

/// A copy of a file without what only debuggers read.
fn stripped(workspace: &Workspace, file: &Path) -> Result<PathBuf> {
    let copy = workspace.target.join("swift").join("stripped").with_extension(file.extension().unwrap_or_default());
    let option = if cfg!(target_os = "macos") { "-S" } else { "--strip-debug" };
    process::quiet(Command::new("strip").arg(option).arg("-o").arg(&copy).arg(file))?;
    Ok(copy)
}

/// A program that runs another one, which it is told of by its last arguments.
fn before(mut program: Command, inner: &Command) -> Command {
    program.arg(inner.get_program()).args(inner.get_args());
    program.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    program
}

/// The package's own tests, what its types refuse, and a fresh package that depends on it.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    // First of all, since it takes no Swift.
    bindings::check(workspace)?;
    let toolchain = Toolchain::ensure(workspace)?;
    let asmith = cli::asmith(workspace, "dev")?;
    let library = library::lay_out(workspace, &library::build(workspace)?)?;
    let tests = Tests { workspace, toolchain: &toolchain, asmith: &asmith, library: &library };
    tests.own()?;
    // It needs the modules that were built for the tests.
    tests.refusals()?;
    tests.fresh_package()?;
    tests.exits()?;
    tests.example()
}

struct Tests<'a> {
    workspace: &'a Workspace,
    toolchain: &'a Toolchain,
    asmith: &'a Path,
    library: &'a Path,
}

impl Tests<'_> {
    /// The package's own tests: the shared vectors, and how it behaves against the emulator.
    fn own(&self) -> Result<()> {
        println!("Swift: the package");
        files::remove(&self.scratch("package").join("debug").join("ActivitySmithKitPackageTests.xctest"))?;
        for which in ["--skip", "--filter"] {
            let mut swift = self.swift(&self.workspace.root);
            swift.args(["test", "--disable-xctest", which, ALONE, "--scratch-path"]).arg(self.scratch("package"));
            swift.args(["-Xswiftc", "-warnings-as-errors"]).env("ASMITH_BIN", self.asmith);
            // Nothing listens there: whatever a test says to this machine must not go through a proxy.
            swift.env("http_proxy", "http://127.0.0.1:1");
            process::show(&mut swift)?;
        }
        Ok(())
    }

    /// What must not compile.
    fn refusals(&self) -> Result<()> {
        println!("Swift: what its types refuse");
        let modules = self.scratch("package").join("debug").join("Modules");
        let header = self.workspace.root.join(library::HEADER);
        let mut swiftc = self.toolchain.command(self.workspace, "swiftc", &self.workspace.root);
        swiftc.args(["-typecheck", "-swift-version", "6", "-I"]).arg(modules);
        swiftc.arg("-Xcc").arg(format!("-fmodule-map-file={}", header.join("module.modulemap").display()));
        let output = swiftc.arg(REJECTED).output()?;
        let rejected = rejected::errors(&String::from_utf8_lossy(&output.stderr));
        let compared = rejected::compare(&self.workspace.root.join(REJECTED), "swiftc", &rejected);
        compared.map_err(|failure| failure.output(&output))
    }

    /// A new package in an empty folder, as a user makes one: by path, and as a release is resolved, with the library
    /// unpacked somewhere else and found by pkg-config.
    fn fresh_package(&self) -> Result<()> {
        println!("Swift: a fresh package that depends on it");
        self.starts("by-path", &self.workspace.root, None)?;
        // Beside each other lie what SwiftPM fetches and what it checks out of that.
        let fetched = self.scratch("released");
        files::empty(&fetched.join("repositories"))?;
        let released = fetched.join("checkouts").join("activitysmith-kit");
        files::empty(&released)?;
        let mut copy = Command::new("cp");
        copy.arg("-r").args(["Package.swift", "bindings-swift"].map(|name| self.workspace.root.join(name)));
        process::quiet(copy.arg(&released))?;
        self.starts("as-released", &released, Some(&self.library.join("lib").join("pkgconfig")))
    }

    /// The example, which has no warning; `cargo xtask demo` runs it.
    fn example(&self) -> Result<()> {
        println!("Swift: the example");
        let mut build = self.swift(&self.workspace.root.join(EXAMPLE));
        build.args(["build", "-Xswiftc", "-warnings-as-errors", "--scratch-path"]).arg(self.scratch("example-strict"));
        process::quiet(&mut build)
    }

    /// How a program ends that publishes: what each way out of it leaves, and what the next run finds. What has ended is
    /// started anew.
    fn exits(&self) -> Result<()> {
        println!("Swift: how a program ends");
        let program = self.build("exits", EXITS, &self.workspace.root, None)?;
        let ways = r#"for way in SIGTERM Ctrl-C handled exit let-go end; do "$@" $way; echo $way $?; "$@" after; done"#;
        let inner = self.toolchain.command(self.workspace, &program, &self.scratch("consumer").join("exits"));
        let sh = before(shell(ways), &inner);
        let expected = [
            "SIGTERM 143\nupdated\n",
            "Ctrl-C 130\nupdated\n",
            "handled 7\nstarted\n",
            "exit 3\nstarted\n",
            "let-go 4\nstarted\n",
            "end 0\nstarted\n",
        ];
        self.prints("exits", &sh, &expected.concat())?;
        self.unheard(&inner)?;
        self.rules(&program)
    }

    /// The core reads its rules from the environment, whatever the language.
    fn rules(&self, program: &Path) -> Result<()> {
        for (rules, expected) in [("{}", "2\n"), (r#"{"kept_events": 1}"#, "1\n")] {
            let mut run = self.toolchain.command(self.workspace, "env", &self.scratch("consumer").join("exits"));
            run.arg(format!("ACTIVITYSMITH_RULES={rules}")).arg(program).arg("rules");
            self.prints("rules", &run, expected)?;
        }
        Ok(())
    }

    /// A warning that cannot be written ends no program, and goes nowhere else.
    fn unheard(&self, program: &Command) -> Result<()> {
        let ways =
            r#""$@" unheard 2>&-; echo closed $?; "$@" unheard 2>/dev/full; echo full $?; "$@" broken; echo broken $?"#;
        let sh = before(shell(ways), program);
        self.prints("exits", &sh, "false 0\nclosed 0\nfalse 0\nfull 0\nfalse 0\nbroken 0\n")
    }

    fn starts(&self, name: &str, package: &Path, pkg_config: Option<&Path>) -> Result<()> {
        let program = self.build(name, PROGRAM, package, pkg_config)?;
        let folder = self.scratch("consumer").join(name);
        // The emulator hands on no variable of the kit's but its own.
        let run = |set: Option<&str>| {
            let mut run = self.toolchain.command(self.workspace, "env", &folder);
            run.args(set).arg(&program);
            run
        };
        // Of the stream that it leaves when it exits, the state and the end arrive.
        self.prints(name, &run(None), "started\n17\n2\n")?;
        self.prints(name, &run(Some("ACTIVITYSMITH_DISABLED=1")), "disabled\n17\n0\n")
    }

    /// Builds a program of a package that depends on ours, and gives back where it lies.
    fn build(&self, name: &str, text: &str, package: &Path, pkg_config: Option<&Path>) -> Result<PathBuf> {
        let folder = self.scratch("consumer").join(name);
        files::empty(&folder)?;
        fs::write(folder.join("Package.swift"), MANIFEST.replace("PACKAGE", &package.to_string_lossy()))?;
        files::empty(&folder.join("Sources"))?;
        fs::write(folder.join("Sources/main.swift"), text)?;

        let program = self.scratch(name).join("debug").join("consumer");
        files::remove(&program)?;
        let mut build = self.swift(&folder);
        build.args(["build", "-Xswiftc", "-warnings-as-errors", "--scratch-path"]).arg(self.scratch(name));
        if let Some(pkg_config) = pkg_config {
            build.env("PKG_CONFIG_PATH", pkg_config);
        }
        process::quiet(&mut build)?;
        Ok(program)
    }

    /// Runs a program with an emulator.
    fn prints(&self, name: &str, inner: &Command, expected: &str) -> Result<()> {
        let printed = process::read(&mut beside(self.asmith, &[], inner))?;
        if printed != expected {
            let message = format!("a fresh package ({name}) prints {printed:?} instead of {expected:?}");
            return Err(Failure::new(message));
        }
        Ok(())
    }

    fn swift(&self, folder: &Path) -> Command {
        let mut swift = self.toolchain.command(self.workspace, "swift", folder);
        process::without_proxies(&mut swift);
        swift
    }

    fn scratch(&self, name: &str) -> PathBuf {
        self.workspace.target.join("swift").join(name)
    }
}

/// A script of the shell that runs the program in its arguments.
fn shell(script: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]);
    shell
}
