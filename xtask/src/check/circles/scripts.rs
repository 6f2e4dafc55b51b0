//! The imports of Python and TypeScript, by lines: ruff and prettier see to it that they look as they are read here.

use super::graph::{Graph, Sources};

/// What Python imports when it runs: at the beginning of a module or later, in a function.
///
/// Imports inside the package are relative, and no module lies in a folder of its own.
pub(super) fn python(sources: &Sources) -> Graph {
    let mut graph = Graph::default();
    for (file, text) in sources {
        // The indentation of `if TYPE_CHECKING:`, as long as its block may go on.
        let mut typing = None;
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        while let Some(line) = lines.next() {
            let statement = line.trim_start();
            let indent = line.len() - statement.len();
            if typing.is_some_and(|typing| indent > typing) {
                continue;
            }
            typing = (statement == "if TYPE_CHECKING:").then_some(indent);
            let Some((module, names)) = statement.strip_prefix("from .").and_then(|rest| rest.split_once(" import "))
            else {
                continue;
            };
            let mut names = names.to_owned();
            while names.starts_with('(') && !names.contains(')') {
                names.extend(lines.next().or(Some(")")));
            }
            for name in names.trim_matches(['(', ')']).split(',').filter_map(|name| name.split_whitespace().next()) {
                let module = format!("{}.py", if module.is_empty() { name } else { module });
                // What is no module of the package is an item of the package itself, unless it is in no Python at all.
                if sources.contains_key(&module) {
                    graph.add(file, &module, name);
                } else if statement.starts_with("from . ") {
                    graph.add(file, "__init__.py", name);
                }
            }
        }
    }
    graph
}

/// What TypeScript imports when it runs, and what it exports of other modules, since both load them.
pub(super) fn typescript(sources: &Sources) -> Graph {
    let mut graph = Graph::default();
    for (file, text) in sources {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let begins = |starts: &[&str]| starts.iter().any(|start| line.starts_with(start));
            if !begins(&["import ", "export {", "export *"]) || begins(&["import type "]) {
                continue;
            }
            let mut statement = line.to_owned();
            while !statement.contains(';') {
                statement.extend(lines.next().or(Some(";")));
            }
            let Some((names, module)) = statement["import ".len()..].split_once("\"./") else { continue };
            let Some((module, _)) = module.split_once(".js\"") else { continue };
            let names = names.trim_end_matches(" from ");
            let mut names = names.split(['{', '}', ',']).map(str::trim).filter(|name| !name.is_empty()).peekable();
            // Without names it is imported for what it does.
            let item =
                if names.peek().is_none() { Some(module) } else { names.find(|name| !name.starts_with("type ")) };
            let module = format!("{module}.ts");
            if let Some(item) = item.filter(|_| sources.contains_key(&module)) {
                graph.add(file, &module, item);
            }
        }
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::super::graph::sources;
    use super::*;

    #[test]
    fn python_imports_at_the_beginning_and_in_functions() {
        let sources = sources(&[
            ("__init__.py", ""),
            (
                "a.py",
                "from . import b, VERSION\n\ndef f():\n    from .c import (\n        X as Y,\n        Z,\n    )\n",
            ),
            ("b.py", "from ._native import Client\n"),
            ("c.py", ""),
        ]);
        assert_eq!(
            python(&sources).arrows(),
            ["a.py -> __init__.py (VERSION)", "a.py -> b.py (b)", "a.py -> c.py (X)"]
        );
    }

    #[test]
    fn imports_for_type_checkers_are_left_out() {
        let a = "if TYPE_CHECKING:\n    from typing import Any\n\n    from .b import B\nfrom .c import C\n";
        let sources = sources(&[("a.py", a), ("b.py", ""), ("c.py", "")]);
        assert_eq!(python(&sources).arrows(), ["a.py -> c.py (C)"]);
    }

    #[test]
    fn imports_of_types_alone_are_left_out() {
        let a = "import type { B } from \"./b.js\";\nimport { type C } from \"./c.js\";\nimport {\n  type D,\n  d,\n} from \"./d.js\";\n";
        let index =
            "export * from \"./a.js\";\nexport type { B } from \"./b.js\";\nimport \"./c.js\";\nimport x from \"x\";\n";
        let sources = sources(&[("a.ts", a), ("b.ts", ""), ("c.ts", ""), ("d.ts", ""), ("index.ts", index)]);
        assert_eq!(typescript(&sources).arrows(), ["a.ts -> d.ts (d)", "index.ts -> a.ts (*)", "index.ts -> c.ts (c)"]);
    }
}
