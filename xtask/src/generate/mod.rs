//! `cargo xtask generate`: writes what other languages know of the core's models, by the templates in `xtask/templates/`, and
//! the OpenAPI document of the emulator's control endpoints.

mod template;

use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use activitysmith_kit::describe::{Schema, schema};
use fs_err as fs;
use std::process::ExitCode;

/// Write the files that are generated: the core's schema, Python's, TypeScript's and Swift's models, and the OpenAPI document of
/// the emulator's control endpoints.
///
/// They are committed; `cargo xtask check generated` fails when one is not what this would write.
#[derive(clap::Args)]
pub(crate) struct Arguments {}

/// A generated file.
pub(crate) struct Generated {
    /// From the repository's root.
    pub(crate) path: &'static str,
    pub(crate) text: String,
}

/// The generated files, and the templates that they come from.
const TEMPLATES: [(&str, &str); 15] = [
    ("bindings-python/python/activitysmith_kit/errors.py", "python/errors.py.j2"),
    ("bindings-python/python/activitysmith_kit/events.py", "python/events.py.j2"),
    ("bindings-python/python/activitysmith_kit/helpers.py", "python/helpers.py.j2"),
    ("bindings-python/python/activitysmith_kit/models.py", "python/models.py.j2"),
    ("bindings-python/python/activitysmith_kit/notifications.py", "python/notifications.py.j2"),
    ("bindings-python/python/activitysmith_kit/response.py", "python/response.py.j2"),
    ("bindings-python/python/activitysmith_kit/types.py", "python/types.py.j2"),
    ("bindings-swift/Sources/ActivitySmithKit/Answers.swift", "swift/answers.swift.j2"),
    ("bindings-swift/Sources/ActivitySmithKit/Calls.swift", "swift/calls.swift.j2"),
    ("bindings-swift/Sources/ActivitySmithKit/Names.swift", "swift/names.swift.j2"),
    ("bindings-swift/Sources/ActivitySmithKit/States.swift", "swift/states.swift.j2"),
    ("bindings-wasm/ts/error-kinds.ts", "typescript/error-kinds.ts.j2"),
    ("bindings-wasm/ts/errors.ts", "typescript/errors.ts.j2"),
    ("bindings-wasm/ts/models.ts", "typescript/models.ts.j2"),
    ("bindings-wasm/ts/option-fields.ts", "typescript/option-fields.ts.j2"),
];

pub(crate) fn run(_: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::load(false)?;
    for Generated { path, text } in all(&workspace)? {
        let file = workspace.root.join(path);
        if fs::read_to_string(&file).is_ok_and(|present| present == text) {
            println!("as it was  {path}");
            continue;
        }
        fs::write(&file, text)?;
        println!("written    {path}");
    }
    // Only tests know the schemas of the emulator's types. The same test fails where the document is stale.
    let mut document =
        workspace.cargo(&["test", "--quiet", "--package", "activitysmith-emulator", "--lib", "control::document"]);
    process::quiet(document.env("ACTIVITYSMITH_GENERATE", "1"))?;
    Ok(ExitCode::SUCCESS)
}

/// Fails when a committed file is not what would be generated now.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    for Generated { path, text } in all(workspace)? {
        if fs::read_to_string(workspace.root.join(path)).ok().as_deref() != Some(&text) {
            return Err(
                Failure::new(format!("{path} is not what the core's models say")).hint("run `cargo xtask generate`")
            );
        }
    }
    Ok(())
}

fn all(workspace: &Workspace) -> Result<Vec<Generated>> {
    let schema = schema();
    let templates = template::environment(&workspace.root.join("xtask/templates"))?;
    let mut files = vec![Generated { path: "core/schema.json", text: json(&schema)? }];
    for (path, template) in TEMPLATES {
        files.push(Generated { path, text: template::render(&templates, template, &schema)? });
    }
    Ok(files)
}

fn json(schema: &Schema) -> Result<String> {
    Ok(serde_json::to_string_pretty(schema)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_swift_is_too_long() {
        let files = all(&Workspace::load(false).unwrap()).unwrap();
        for Generated { path, text } in files.iter().filter(|file| file.path.starts_with("bindings-swift")) {
            for line in text.lines() {
                assert!(line.chars().count() <= template::WIDTH, "{path}: {line}");
            }
        }
    }
}
