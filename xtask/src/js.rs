//! What the commands do in JavaScript: the npm packages, their tests, the bench, the example and the checks.

use crate::cli;
use crate::emulator::beside;
use crate::failure::{Failure, Result};
use crate::files;
use crate::process;
use crate::provision::node::Node;
use crate::provision::system;
use crate::provision::wasm_pack::WasmPack;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDER: &str = "bindings-wasm";
const EXAMPLE: &str = "examples/reindex/javascript";
/// The package of the emulator, which holds the program `asmith` of this machine's kind.
const EMULATOR: &str = "emulator/packages/npm";

/// What people write; `dist/` and `pkg/` hold what tools make of it.
const SOURCES: [&str; 7] = [
    "bindings-wasm/*.{mjs,json}",
    "bindings-wasm/{ts,tests}/**/*.{ts,mts,cts,mjs,cjs}",
    "{tests,examples}/**/*.{ts,mts,cts,mjs,cjs}",
    "action/*.js",
    "emulator/packages/npm/*.{cjs,cts,json}",
    "emulator/src/page/assets/*.{html,css,js}",
    "xtask/npm/package.json",
];

/// Leaves the package in `dist/`.
pub(crate) fn package(workspace: &Workspace) -> Result<()> {
    let kit = Kit::ensure(workspace)?;
    files::deliver(workspace, &kit.build()?, "activitysmith-kit-")
}

/// Leaves the emulator's package in `dist/`.
pub(crate) fn package_emulator(workspace: &Workspace) -> Result<()> {
    let node = Node::ensure(workspace)?;
    let tarball = pack_emulator(workspace, &node, &cli::build(workspace, cli::Variant::default())?)?;
    files::deliver(workspace, &tarball, "activitysmith-kit-emulator-")
}

/// The example in a fresh folder with the package installed, ready to run. What it takes to build the package takes minutes to
/// fetch, for which nobody waits who has not asked for it: without leave to install, it must be there.
pub(crate) fn example(workspace: &Workspace) -> Result<Command> {
    let is_present = || Node::is_present(workspace) && WasmPack::is_present(workspace);
    if !workspace.install && !is_present() {
        let failure = Failure::new("the tools that build the npm package are not here yet").missing();
        return Err(
            failure.hint("run this command with --install, which fetches and builds them once, in some minutes")
        );
    }
    let kit = Kit::ensure(workspace)?;
    let folder = workspace.target.join("js").join("demo");
    files::copy(&workspace.root.join(EXAMPLE), &folder)?;
    kit.install(&kit.build()?, &folder)?;
    let mut command = kit.node.command("node")?;
    command.arg(folder.join("reindex.mjs"));
    Ok(command)
}

/// The package beside the official SDK.
pub(crate) fn bench(workspace: &Workspace) -> Result<()> {
    let kit = Kit::ensure(workspace)?;
    let asmith = cli::asmith(workspace, "release")?;
    let mut bench = kit.node.command("node")?;
    bench.arg("tests/benches/js/main.mjs").env("KIT_TARBALL", kit.build()?).current_dir(&workspace.root);
    process::show(&mut beside(&asmith, &["--limits", "none"], &bench))
}

/// Formatting of every JavaScript and TypeScript source, by prettier, and the types of the package's, by tsc.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    for folder in [FOLDER, EMULATOR, EXAMPLE] {
        let manifest = format!("{folder}/package.json");
        let text = fs_err::read_to_string(workspace.root.join(&manifest))?;
        if !has_version(&text, env!("CARGO_PKG_VERSION")) {
            let problem = format!("{manifest} has another version than the crates, {}", env!("CARGO_PKG_VERSION"));
            return Err(Failure::new(problem).hint("set both to the same"));
        }
    }
    let kit = Kit::ensure(workspace)?;
    let mut prettier = kit.node.command("prettier")?;
    prettier.args(["--check", "--log-level", "warn"]).args(SOURCES).current_dir(&workspace.root);
    process::quiet(&mut prettier).map_err(|failure| failure.hint("run `npx prettier --write` on those files"))?;
    // The types of what the core gives come with it.
    kit.compile()?;
    let mut tsc = kit.node.command("tsc")?;
    process::quiet(tsc.args(["--noEmit", "--project", FOLDER]).current_dir(&workspace.root))
}

fn has_version(manifest: &str, version: &str) -> bool {
    let manifest: serde_json::Value = serde_json::from_str(manifest).unwrap_or_default();
    manifest["version"] == version
}

/// The npm package that users get, in fresh folders: its own tests, and those of tests/js in every runtime.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    let kit = Kit::ensure(workspace)?;
    // Where there is no browser its test is left out, but not in CI.
    let chromium = workspace.or_left_out(system::chromium(workspace))?;
    if let Err(reason) = &chromium {
        println!("untested in a browser: {reason}");
    }
    let asmith = cli::asmith(workspace, "dev")?;
    let tarball = kit.build()?;
    let client = workspace.target.join("js").join("wasm-client");
    let options = ["--target", "nodejs", "--dev", "--out-name", "client"];
    kit.wasm_pack.build(workspace, "tests/wasm-client", &client, &options)?;

    // All of them run, whatever becomes of the first, so that one run shows every failure.
    let own = kit.test_own(&asmith, &tarball);
    let mut suites = kit.node_tests(&workspace.root.join("tests").join("js"), &asmith)?;
    suites.env("KIT_TARBALL", &tarball).env("KIT_WASM_CLIENT", client.join("client.js"));
    suites.env("KIT_EMULATOR_TARBALL", pack_emulator(workspace, &kit.node, &asmith)?);
    if let Ok(chromium) = chromium {
        suites.env("KIT_CHROMIUM", chromium);
    }
    own.and(process::show(&mut beside(&asmith, &[], &suites)))
}

/// What it takes to build the package: wasm-pack compiles the core, the package's own script bundles it, npm packs it.
struct Kit<'a> {
    workspace: &'a Workspace,
    node: Node,
    wasm_pack: WasmPack,
}

impl<'a> Kit<'a> {
    fn ensure(workspace: &'a Workspace) -> Result<Self> {
        Ok(Self { workspace, node: Node::ensure(workspace)?, wasm_pack: WasmPack::ensure(workspace)? })
    }

    /// Compiles the core, and writes what JavaScript and its types need of it.
    fn compile(&self) -> Result<()> {
        let options = ["--target", "web", "--profile", "wasm", "--out-name", "glue"];
        self.wasm_pack.build(self.workspace, FOLDER, &self.workspace.root.join(FOLDER).join("pkg"), &options)
    }

    /// Builds the package as users get it, and gives back where it lies.
    fn build(&self) -> Result<PathBuf> {
        let package = self.workspace.root.join(FOLDER);
        self.compile()?;
        process::quiet(self.node.command("node")?.arg("build.mjs").current_dir(&package))?;
        pack(&self.node, &package, &self.workspace.target.join("js").join("package"))
    }

    /// Installs the packed package, and nothing else, into a folder.
    fn install(&self, tarball: &Path, folder: &Path) -> Result<()> {
        // Named, lest npm take a folder above that has packages.
        let mut npm = self.node.npm(&["install", "--offline", "--no-audit", "--no-fund", "--no-save", "--prefix"])?;
        process::quiet(npm.arg(folder).arg(tarball))
    }

    /// The package's own tests and its types, beside the packed package. What they look for lies as it does in the repository.
    fn test_own(&self, asmith: &Path, tarball: &Path) -> Result<()> {
        let root = self.workspace.target.join("js").join("own");
        files::empty(&root)?;
        for shared in ["tests/vectors", "bindings-wasm/tests"] {
            files::copy(&self.workspace.root.join(shared), &root.join(shared))?;
        }
        self.node.link(&root)?;
        self.install(tarball, &root.join(FOLDER))?;
        let tests = root.join(FOLDER).join("tests");
        let mut types = self.node.command("tsc")?;
        let types = process::show(types.args(["--noEmit", "--project", "types"]).current_dir(&tests));
        types.and(process::show(&mut beside(asmith, &[], &self.node_tests(&tests, asmith)?)))
    }

    /// Has Node run the tests of a folder.
    fn node_tests(&self, folder: &Path, asmith: &Path) -> Result<Command> {
        let mut command = self.node.command("node")?;
        command.args(["--test", "--test-reporter=spec"]).env("ASMITH_BIN", asmith);
        // Given one by one, since Node 20 takes folders and later ones take patterns.
        command.args(files::named(folder, ".test.mjs")?).current_dir(folder);
        Ok(command)
    }
}

/// Packs the emulator's package with a binary, and gives back the tarball.
fn pack_emulator(workspace: &Workspace, node: &Node, asmith: &Path) -> Result<PathBuf> {
    let folder = workspace.target.join("js").join("emulator");
    files::copy(&workspace.root.join(EMULATOR), &folder)?;
    let licences = workspace.licences().into_iter().chain([workspace.font_licence()]);
    files::copy_into(&folder, licences.chain([asmith.to_owned()]))?;
    // npm then refuses it where the binary could not run. This machine's kind, in Node's words.
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let cpu = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let mut npm = node.npm(&["pkg", "set", &format!("os[]={os}"), &format!("cpu[]={cpu}")])?;
    process::quiet(npm.current_dir(&folder))?;
    pack(node, &folder, &workspace.target.join("js").join("emulator-package"))
}

/// Packs what lies in a folder into an empty one, as npm publishes it, and gives back the tarball.
fn pack(node: &Node, package: &Path, into: &Path) -> Result<PathBuf> {
    files::empty(into)?;
    process::quiet(node.npm(&["pack", "--pack-destination"])?.arg(into).current_dir(package))?;
    files::only(into, ".tgz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_another_version_is_told_apart() {
        assert!(has_version(r#"{"version": "0.1.0"}"#, "0.1.0"));
        for other in [r#"{"version": "0.1.1"}"#, r#"{"name": "kit"}"#, "{"] {
            assert!(!has_version(other, "0.1.0"), "{other}");
        }
    }
}
