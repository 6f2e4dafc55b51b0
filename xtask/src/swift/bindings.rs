//! What the package holds of the library: the Swift and the header that UniFFI generates from it, and its name, by which
//! linkers find it. All of it is committed, since a user of the package has no Rust.

use super::library::{self, HEADER, MODULE_MAP};
use crate::failure::{Failure, Result};
use crate::files;
use crate::process;
use crate::workspace::Workspace;
use fs_err as fs;
use std::path::Path;

const SWIFT: &str = "bindings-swift/Sources/ActivitySmithNative/activitysmith_kit.swift";
const MANIFEST: &str = "Package.swift";
/// UniFFI's settings.
const CONFIG: &str = "bindings-swift/uniffi.toml";

/// The text of a file, and where it belongs.
struct Source {
    path: String,
    text: String,
}

/// Writes the generated files in their places.
pub(super) fn write(workspace: &Workspace, archive: &Path) -> Result<()> {
    for Source { path, text } in generate(workspace, archive)? {
        fs::write(workspace.root.join(path), text)?;
    }
    Ok(())
}

/// Fails when a committed file is not what would be generated now. It needs no Swift.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    // A library for debugging says the same, and is built in a fraction of the time.
    for Source { path, text } in generate(workspace, &library::quick(workspace)?)? {
        let committed = fs::read_to_string(workspace.root.join(&path)).unwrap_or_default();
        if let Some(difference) = difference(&committed, &text) {
            return Err(Failure::new(format!("{path} is not what the core's boundary says; {difference}"))
                .hint("run `cargo xtask package swift`, which writes it"));
        }
    }
    Ok(())
}

/// The first line in which a committed text is not the one that it should be.
fn difference(committed: &str, generated: &str) -> Option<String> {
    if committed == generated {
        return None;
    }
    let (mut theirs, mut ours) = (committed.lines(), generated.lines());
    for number in 1.. {
        let (present, due) = (theirs.next(), ours.next());
        if present != due || due.is_none() {
            let [present, due] = [present, due].map(|line| line.map_or("nothing", str::trim));
            return Some(format!("line {number} is\n  {present}\ninstead of\n  {due}"));
        }
    }
    None
}

fn generate(workspace: &Workspace, archive: &Path) -> Result<[Source; 4]> {
    let folder = workspace.target.join("swift").join("bindings");
    files::empty(&folder)?;
    // As maturin runs it for Python, so that it is built once.
    let mut bindgen = workspace.cargo(&["run", "--bin", "uniffi-bindgen", "--features", "uniffi", "--"]);
    bindgen.args(["generate", "--language", "swift", "--no-format", "--library"]).arg(archive);
    bindgen.arg("--config").arg(workspace.root.join(CONFIG));
    process::quiet(bindgen.arg("--out-dir").arg(&folder))?;
    let read = |name: &str| fs::read_to_string(folder.join(name));
    let header = "activitysmith_kitFFI.h";
    let version = &workspace.core()?.version;
    let manifest = fs::read_to_string(workspace.root.join(MANIFEST))?;
    Ok([
        Source { path: SWIFT.to_owned(), text: without_trailing_spaces(&read("activitysmith_kit.swift")?) },
        Source { path: format!("{HEADER}/{header}"), text: without_trailing_spaces(&read(header)?) },
        Source { path: format!("{HEADER}/{MODULE_MAP}"), text: module_map(version) },
        Source { path: MANIFEST.to_owned(), text: of_version(&manifest, version) },
    ])
}

fn without_trailing_spaces(text: &str) -> String {
    text.trim_end().lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// With the library's version in its name, so that one of another version is not linked, rather than found wanting when the
/// program runs.
fn module_map(version: &str) -> String {
    format!(
        "// The Rust library and its header, as a module. On Apple's platforms the XCFramework brings its own map.\n\
         module activitysmith_kitFFI {{\n    \
             header \"activitysmith_kitFFI.h\"\n    \
             link \"{}\"\n    \
             export *\n\
         }}\n",
        library::name(version)
    )
}

/// The package's manifest, which names the library of this version.
fn of_version(manifest: &str, version: &str) -> String {
    let lines = manifest.lines().map(|line| match line.strip_prefix("let version = ") {
        Some(_) => format!("let version = \"{version}\"\n"),
        None => format!("{line}\n"),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_told() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\n  b\nc\n", "a\n  d\ne\n").unwrap(), "line 2 is\n  b\ninstead of\n  d");
        assert_eq!(difference("", "a\n").unwrap(), "line 1 is\n  nothing\ninstead of\n  a");
    }

    #[test]
    fn the_manifest_names_the_version() {
        let manifest = "import Foundation\n\nlet version = \"0.1.0\"\n";
        assert_eq!(of_version(manifest, "0.2.0"), "import Foundation\n\nlet version = \"0.2.0\"\n");
    }
}
