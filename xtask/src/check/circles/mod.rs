//! Circles among the files of a crate or package: files that need each other cannot be understood, tested or moved one by one.
//!
//! Only what runs counts: neither tests, nor what Python and TypeScript import for its types alone.

mod graph;
mod rust;
mod scripts;

use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use graph::{Graph, Sources};
use std::collections::BTreeSet;
use std::process::Command;

struct Package {
    folder: &'static str,
    /// How the names of its files end.
    extension: &'static str,
    /// How many files may need each other.
    most: usize,
}

const PACKAGES: [Package; 9] = [
    Package { folder: "core/src", extension: "rs", most: 1 },
    Package { folder: "emulator/src", extension: "rs", most: 3 },
    Package { folder: "cli/src", extension: "rs", most: 3 },
    Package { folder: "xtask/src", extension: "rs", most: 3 },
    Package { folder: "bindings-wasm/src", extension: "rs", most: 3 },
    Package { folder: "bindings-python/src", extension: "rs", most: 3 },
    Package { folder: "bindings-swift/src", extension: "rs", most: 3 },
    Package { folder: "bindings-python/python/activitysmith_kit", extension: "py", most: 3 },
    Package { folder: "bindings-wasm/ts", extension: "ts", most: 3 },
];

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let mut problems = Vec::new();
    for package in &PACKAGES {
        let sources = package.sources(workspace)?;
        let graph = match package.extension {
            "rs" => rust::graph(&sources).map_err(|problem| Failure::new(format!("{}/{problem}", package.folder)))?,
            "py" => scripts::python(&sources),
            _ => scripts::typescript(&sources),
        };
        problems.extend(package.problems(&graph));
    }
    if problems.is_empty() {
        return Ok(());
    }
    let hint = "move what an arrow names to the file that it starts from, or to one that both files need";
    Err(Failure::new(problems.join("\n")).hint(hint))
}

impl Package {
    /// Its files, with those that are new to git.
    fn sources(&self, workspace: &Workspace) -> Result<Sources> {
        let folder = workspace.root.join(self.folder);
        let mut list = Command::new("git");
        list.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(&folder);
        let files = process::read(&mut list)?;
        let files = files.lines().filter(|file| file.rsplit_once('.').is_some_and(|(_, end)| end == self.extension));
        // One that has been removed may still be listed.
        Ok(files.filter_map(|file| Some((file.to_owned(), std::fs::read_to_string(folder.join(file)).ok()?))).collect())
    }

    /// Its circles that are too large.
    fn problems(&self, graph: &Graph) -> Vec<String> {
        let Self { folder, most, .. } = self;
        let allowed = if *most == 1 { "none may" } else { &format!("at most {most} may") };
        let problem = |circle: &BTreeSet<&str>| {
            let (number, tour) = (circle.len(), graph.tour(circle));
            format!("{number} files of {folder} need each other, where {allowed}:\n{tour}")
        };
        graph.circles().iter().filter(|circle| circle.len() > *most).map(problem).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_refused_with_its_arrows() {
        let mut graph = Graph::default();
        graph.add("a.rs", "b.rs", "B");
        graph.add("b.rs", "a.rs", "A");
        let package = |most| Package { folder: "kit/src", extension: "rs", most };
        let problem = "2 files of kit/src need each other, where none may:\na.rs -> b.rs (B)\nb.rs -> a.rs (A)";
        assert_eq!(package(1).problems(&graph), [problem]);
        assert!(package(2).problems(&graph).is_empty());
    }
}
