//! Whether limits of publishing are named where they do not belong: every rule is a field of `publish::Rules`, and only the core reads it.

use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use fs_err as fs;
use std::collections::BTreeSet;
use std::process::Command;

const RULES: &str = "core/src/publish/rules.rs";
/// What may hold no rule of its own.
const FOLDERS: [&str; 5] = ["action", "bindings-python", "bindings-swift", "bindings-wasm", "cli"];
/// A setting of clients and publishers has the same name.
const SETTINGS: [&str; 1] = ["flush_timeout"];

pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let names = names(&fs::read_to_string(workspace.root.join(RULES))?);
    let mut list = Command::new("git");
    let files = process::read(list.arg("ls-files").args(FOLDERS).current_dir(&workspace.root))?;
    let mut found = Vec::new();
    for file in files.lines().filter(|file| !file.contains("/tests/") && !file.contains("/Tests/")) {
        // What is no text holds no names.
        let Ok(text) = fs::read_to_string(workspace.root.join(file)) else { continue };
        for (number, line) in text.lines().enumerate() {
            let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').map(snake_case);
            found
                .extend(words.filter(|word| names.contains(word)).map(|word| format!("{file}:{}: {word}", number + 1)));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let hint = "leave the limit to the core, or give what is none another name";
    Err(Failure::new(format!("rules of publishing are named outside the core:\n{}", found.join("\n"))).hint(hint))
}

/// The fields of the rules that are more than one word; others mean many things.
fn names(text: &str) -> BTreeSet<String> {
    let field = |line: &str| {
        let (name, rest) = line.trim().split_once(": ")?;
        let is_field = rest.contains(" = ") && rest.ends_with(',') && name.contains('_') && !name.contains(' ');
        (is_field && !SETTINGS.contains(&name)).then(|| name.to_owned())
    };
    text.lines().filter_map(field).collect()
}

/// A name in any language's spelling as Rust spells a field.
fn snake_case(name: &str) -> String {
    let has_lower = name.contains(|c: char| c.is_ascii_lowercase());
    let mut snake = String::new();
    for c in name.trim_start_matches('_').chars() {
        if has_lower && c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake.strip_suffix("_seconds").map(str::to_owned).unwrap_or(snake)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_found_however_it_is_spelled() {
        let rules = "        success_timeout: Duration as \"success_timeout_seconds\" = seconds(2),\n        slowest: f64 = 0.1,\n";
        let names = names(rules);
        assert_eq!(names.iter().collect::<Vec<_>>(), ["success_timeout"]);
        for spelled in ["success_timeout", "successTimeout", "SUCCESS_TIMEOUT", "_success_timeout_seconds"] {
            assert!(names.contains(&snake_case(spelled)), "{spelled}");
        }
        assert!(!names.contains(&snake_case("timeout")));
    }
}
