//! `cargo xtask test swift`: the package's own tests, what its types refuse, and a fresh package that depends on it.

use super::toolchain::Toolchain;
use super::{bindings, demo, emptied, failure, library, rejected, unlinked};
use crate::failure::{Failure, Result};
use crate::process;
use crate::setup::{Outcome, Setup};
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The manifest of a package that depends on ours by its path.
const MANIFEST: &str = include_str!("../../swift/consumer/Package.swift.txt");
const PROGRAM: &str = include_str!("../../swift/consumer/main.swift.txt");
const EXITS: &str = include_str!("../../swift/consumer/exits.swift.txt");
/// The tests that leave others little of the machine.
const ALONE: &str = "FullSpeedTests";

pub(crate) fn test(workspace: &Workspace, setup: Setup) -> Result<Outcome> {
    // First of all, since it takes no Swift.
    bindings::check(workspace)?;
    let toolchain = match Toolchain::ensure(workspace, setup) {
        Ok(toolchain) => toolchain,
        Err(failure) => return setup.prevented(failure),
    };
    let [asmith] = workspace.build("dev", [("activitysmith-cli", "asmith")])?;
    let archive = library::build(workspace)?;
    let library = library::lay_out(workspace, &archive, setup)?;

    let tests = Tests { workspace, toolchain: &toolchain, asmith: &asmith, library: &library };
    tests.own()?;
    // It needs the modules that were built for the tests.
    tests.refusals()?;
    tests.fresh_package()?;
    tests.exits()?;
    tests.example()?;
    Ok(Outcome::Done)
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
        unlinked(&self.scratch("package").join("debug").join("ActivitySmithKitPackageTests.xctest"))?;
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
        rejected::check(&self.workspace.root, &mut swiftc)
    }

    /// A new package in an empty folder, as a user makes one: by path, and as a release is resolved, with the library
    /// unpacked somewhere else and found by pkg-config.
    fn fresh_package(&self) -> Result<()> {
        println!("Swift: a fresh package that depends on it");
        self.starts("by-path", &self.workspace.root, None)?;
        // Beside each other lie what SwiftPM fetches and what it checks out of that.
        let fetched = self.scratch("released");
        emptied(&fetched.join("repositories"))?;
        let released = fetched.join("checkouts").join("activitysmith-kit");
        emptied(&released)?;
        let mut copy = Command::new("cp");
        copy.arg("-r").args(["Package.swift", "bindings-swift"].map(|name| self.workspace.root.join(name)));
        process::quiet(copy.arg(&released))?;
        self.starts("as-released", &released, Some(&self.library.join("lib").join("pkgconfig")))
    }

    /// The example, which has no warning; `cargo xtask demo` runs it.
    fn example(&self) -> Result<()> {
        println!("Swift: the example");
        let mut build = self.swift(&self.workspace.root.join(demo::EXAMPLE));
        build.args(["build", "-Xswiftc", "-warnings-as-errors", "--scratch-path"]).arg(self.scratch("example-strict"));
        process::quiet(&mut build)
    }

    /// How a program ends that publishes: what each way out of it leaves, and what the next run finds. What has ended is
    /// started anew.
    fn exits(&self) -> Result<()> {
        println!("Swift: how a program ends");
        let program = self.build("exits", EXITS, &self.workspace.root, None)?;
        let ways = r#"for way in SIGTERM Ctrl-C handled exit let-go end; do "$@" $way; echo $way $?; "$@" after; done"#;
        let mut sh = Command::new("sh");
        let inner = self.toolchain.command(self.workspace, &program, &self.scratch("consumer").join("exits"));
        sh.args(["-c", ways, "sh"]).arg(inner.get_program()).args(inner.get_args());
        sh.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
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
        let mut sh = Command::new("sh");
        sh.args(["-c", ways, "sh"]).arg(program.get_program()).args(program.get_args());
        sh.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
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
        emptied(&folder)?;
        let put = |file: &str, text: &str| {
            let file = folder.join(file);
            fs::write(&file, text).map_err(|error| failure(&file, &error))
        };
        put("Package.swift", &MANIFEST.replace("PACKAGE", &package.to_string_lossy()))?;
        emptied(&folder.join("Sources"))?;
        put("Sources/main.swift", text)?;

        let program = self.scratch(name).join("debug").join("consumer");
        unlinked(&program)?;
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
        let mut emulator = Command::new(self.asmith);
        emulator.args(["--quiet", "emulate", "--exec", "--"]).arg(inner.get_program()).args(inner.get_args());
        emulator.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        process::without_proxies(&mut emulator);
        let printed = process::read(&mut emulator)?;
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
