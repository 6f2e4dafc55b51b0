//! What cargo knows of this workspace: where it lies, its packages, their features and targets; and how far a command may set the machine up.

use crate::failure::{Failure, Result};
use crate::process;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package whose features, oldest toolchain and wasm build are checked one by one.
pub(crate) const CORE: &str = "activitysmith-kit";

pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// The folder of build outputs, `target/` unless the user chose another.
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
    /// Whether system packages may be installed, and nothing may be left out.
    pub(crate) install: bool,
}

pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The oldest Rust that it promises to build with.
    pub(crate) rust_version: Option<String>,
    /// Every feature but `default`.
    pub(crate) features: Vec<String>,
    pub(crate) benches: Vec<String>,
}

impl Workspace {
    /// `install` is the user's flag; `CI=true` implies it.
    pub(crate) fn load(install: bool) -> Result<Self> {
        let root = root()?;
        let text = process::read(
            process::cargo().args(["metadata", "--quiet", "--no-deps", "--format-version", "1"]).current_dir(&root),
        )?;
        let metadata: Value = serde_json::from_str(&text)?;
        Ok(Self {
            root,
            target: text_of(&metadata["target_directory"]).into(),
            packages: items(&metadata["packages"]).map(package).collect(),
            install: install || std::env::var("CI").is_ok_and(|value| value == "true" || value == "1"),
        })
    }

    /// What came of something, or why it is left out: this machine lacks what it takes, and nobody asked for the set-up.
    pub(crate) fn or_left_out<T>(&self, outcome: Result<T>) -> Result<std::result::Result<T, String>> {
        match outcome {
            Err(failure) if failure.is_missing && !self.install => Ok(Err(failure.reason())),
            outcome => outcome.map(Ok),
        }
    }

    /// A cargo command that runs at the repository's root.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = process::cargo();
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// The licences, which are kept once and copied into packages.
    pub(crate) fn licences(&self) -> [PathBuf; 2] {
        ["LICENSE-APACHE", "LICENSE-MIT"].map(|name| self.root.join(name))
    }

    /// That of the font which the program `asmith` draws with.
    pub(crate) fn font_licence(&self) -> PathBuf {
        self.root.join("emulator/fonts/OFL.txt")
    }

    pub(crate) fn core(&self) -> Result<&Package> {
        self.packages
            .iter()
            .find(|package| package.name == CORE)
            .ok_or_else(|| Failure::new(format!("the workspace has no package {CORE}")))
    }

    /// Builds binaries, given as pairs of package and binary, in one run of cargo; gives back their paths.
    pub(crate) fn build<const N: usize>(
        &self,
        profile: &str,
        options: &[&str],
        binaries: [(&str, &str); N],
    ) -> Result<[PathBuf; N]> {
        let mut command = self.cargo(&["build", "--profile", profile, "--message-format", "json-render-diagnostics"]);
        command.args(options);
        for (package, binary) in binaries {
            command.args(["--package", package, "--bin", binary]);
        }
        let messages: Vec<Value> =
            process::read(&mut command)?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let mut paths = binaries.map(|_| PathBuf::new());
        for (path, (_, binary)) in paths.iter_mut().zip(binaries) {
            *path = messages
                .iter()
                .find(|message| message["target"]["name"] == binary && message["executable"].is_string())
                .map(|message| text_of(&message["executable"]).into())
                .ok_or_else(|| Failure::new(format!("cargo built no binary {binary}")))?;
        }
        Ok(paths)
    }
}

/// The repository's root: the folder above this package's, which `cargo run` names.
fn root() -> Result<PathBuf> {
    std::env::var_os("CARGO_MANIFEST_DIR")
        .and_then(|folder| Path::new(&folder).parent().map(Path::to_path_buf))
        .ok_or_else(|| Failure::new("the repository's root is not known").hint("run it as `cargo xtask`"))
}

fn package(package: &Value) -> Package {
    let benches = items(&package["targets"])
        .filter(|target| items(&target["kind"]).any(|kind| kind == "bench"))
        .map(|target| text_of(&target["name"]))
        .collect();
    let features = package["features"].as_object().into_iter().flat_map(|features| features.keys().cloned());
    Package {
        name: text_of(&package["name"]),
        version: text_of(&package["version"]),
        rust_version: package["rust_version"].as_str().map(str::to_owned),
        features: features.filter(|feature| feature != "default").collect(),
        benches,
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
