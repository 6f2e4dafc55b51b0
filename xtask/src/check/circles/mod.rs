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

/// A larger circle that stays for now.
struct Exception {
    /// One of its files.
    file: &'static str,
    /// How many files it may have.
    most: usize,
    reason: &'static str,
}

const EMULATOR: &str = "removed with the rebuild of the emulator";

const EXCEPTIONS: [Exception; 2] = [
    Exception { file: "emulator/src/engine/mod.rs", most: 22, reason: EMULATOR },
    Exception { file: "emulator/src/server/mod.rs", most: 17, reason: EMULATOR },
];

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let mut problems = Vec::new();
    let mut unused = EXCEPTIONS.iter().collect();
    for package in &PACKAGES {
        let sources = package.sources(workspace)?;
        let graph = match package.extension {
            "rs" => rust::graph(&sources).map_err(|problem| Failure::new(format!("{}/{problem}", package.folder)))?,
            "py" => scripts::python(&sources),
            _ => scripts::typescript(&sources),
        };
        problems.extend(package.problems(&graph, &mut unused));
    }
    let needless = |exception: &Exception| format!("{} needs no exception ({})", exception.file, exception.reason);
    problems.extend(unused.into_iter().map(needless));
    if problems.is_empty() {
        return Ok(());
    }
    let hint = "move what an arrow names to the file that it starts from, or to one that both files need; \
                exceptions stand in xtask/src/check/circles/mod.rs";
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

    /// Its circles that are too large. Takes away the exceptions that allow one.
    fn problems(&self, graph: &Graph, exceptions: &mut Vec<&Exception>) -> Vec<String> {
        let problem = |circle: &BTreeSet<&str>| {
            let here = |exception: &mut &Exception| {
                let file = exception.file.strip_prefix(self.folder).and_then(|file| file.strip_prefix('/'));
                file.is_some_and(|file| circle.contains(file))
            };
            let most = exceptions.extract_if(.., here).map(|exception| exception.most).max().unwrap_or(self.most);
            let allowed = if most == 1 { "none may" } else { &format!("at most {most} may") };
            let (folder, number, tour) = (self.folder, circle.len(), graph.tour(circle));
            (number > most).then(|| format!("{number} files of {folder} need each other, where {allowed}:\n{tour}"))
        };
        graph.circles().iter().filter(|circle| circle.len() > self.most).filter_map(problem).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: Package = Package { folder: "kit/src", extension: "rs", most: 1 };

    fn problems(mut exceptions: Vec<&Exception>) -> (Vec<String>, usize) {
        let mut graph = Graph::default();
        graph.add("a.rs", "b.rs", "B");
        graph.add("b.rs", "a.rs", "A");
        (PACKAGE.problems(&graph, &mut exceptions), exceptions.len())
    }

    #[test]
    fn a_circle_is_refused_with_its_arrows() {
        let problem = "2 files of kit/src need each other, where none may:\na.rs -> b.rs (B)\nb.rs -> a.rs (A)";
        assert_eq!(problems(vec![]), (vec![problem.to_owned()], 0));
    }

    #[test]
    fn an_exception_allows_a_circle_that_has_not_grown() {
        let exception = |file, most| Exception { file, most, reason: "" };
        assert_eq!(problems(vec![&exception("kit/src/b.rs", 2)]), (vec![], 0));
        assert_eq!(problems(vec![&exception("kit/src/b.rs", 1)]).0.len(), 1);
        // What allows nothing is left over.
        let (problems, left) = problems(vec![&exception("kit/src/c.rs", 2), &exception("kit-2/src/a.rs", 2)]);
        assert_eq!((problems.len(), left), (1, 2));
    }
}
