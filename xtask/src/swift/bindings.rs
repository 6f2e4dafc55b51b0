//! The Swift and the header that UniFFI generates from the library. They are committed, since a user of the package has
//! no Rust.

use super::library::{self, HEADER};
use super::{emptied, failure};
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;

const SWIFT: &str = "bindings-swift/Sources/ActivitySmithNative/activitysmith_kit.swift";

/// How UniFFI carries durations: as a double that stops the program when it is negative or large.
const DOUBLES: &str = "\
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> TimeInterval {
        let seconds: UInt64 = try readInt(&buf)
        let nanoseconds: UInt32 = try readInt(&buf)
        return Double(seconds) + (Double(nanoseconds) / 1.0e9)
    }

    public static func write(_ value: TimeInterval, into buf: inout [UInt8]) {
        if value.rounded(.down) > Double(Int64.max) {
            fatalError(\"Duration overflow, exceeds max bounds supported by Uniffi\")
        }

        if value < 0 {
            fatalError(\"Invalid duration, must be non-negative\")
        }

        let seconds = UInt64(value)
        let nanoseconds = UInt32((value - Double(seconds)) * 1.0e9)
        writeInt(&buf, seconds)
        writeInt(&buf, nanoseconds)
    }
";

/// What it gets instead: Swift's own durations, none of which stops anything.
const DURATIONS: &str = "\
    public static func read(from buf: inout (data: Data, offset: Data.Index)) throws -> Duration {
        let seconds: UInt64 = try readInt(&buf)
        let nanoseconds: UInt32 = try readInt(&buf)
        return .seconds(Int64(clamping: seconds)) + .nanoseconds(Int64(nanoseconds))
    }

    public static func write(_ value: Duration, into buf: inout [UInt8]) {
        let (seconds, attoseconds) = max(value, .zero).components
        writeInt(&buf, UInt64(clamping: seconds))
        writeInt(&buf, UInt32(clamping: attoseconds / 1_000_000_000))
    }
";

/// How UniFFI reads what crosses: through generic code of Foundation, which costs Swift a sixth of a call.
const SLOW: [&str; 2] = [
    "\
    let _ = withUnsafeMutableBytes(of: &value, { reader.data.copyBytes(to: $0, from: range)})
",
    "\
    var value = [UInt8](repeating: 0, count: count)
    value.withUnsafeMutableBufferPointer({ buffer in
        reader.data.copyBytes(to: buffer, from: range)
    })
",
];

/// The same, without detours.
const FAST: [&str; 2] = [
    "\
    withUnsafeMutableBytes(of: &value) { value in
        reader.data.withUnsafeBytes { value.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
",
    "\
    let value = reader.data.withUnsafeBytes { [UInt8]($0[range]) }
",
];

/// The text of a file, and where it belongs.
struct Source {
    path: String,
    text: String,
}

/// Writes the generated files in their places.
pub(super) fn write(workspace: &Workspace, archive: &Path) -> Result<()> {
    for Source { path, text } in generate(workspace, archive)? {
        let file = workspace.root.join(path);
        fs::write(&file, text).map_err(|error| failure(&file, &error))?;
    }
    Ok(())
}

/// Fails when a committed file is not what would be generated now. It needs no Swift.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
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

fn generate(workspace: &Workspace, archive: &Path) -> Result<[Source; 2]> {
    let folder = workspace.target.join("swift").join("bindings");
    emptied(&folder)?;
    let mut bindgen =
        workspace.cargo(&["run", "--package", "activitysmith-kit-python", "--bin", "uniffi-bindgen", "--"]);
    bindgen.args(["generate", "--language", "swift", "--no-format", "--library"]).arg(archive);
    process::quiet(bindgen.arg("--out-dir").arg(&folder))?;
    let read = |name: &str| {
        let file = folder.join(name);
        fs::read_to_string(&file).map_err(|error| failure(&file, &error))
    };
    let header = "activitysmith_kitFFI.h";
    Ok([
        Source { path: SWIFT.to_owned(), text: polished(&read("activitysmith_kit.swift")?)? },
        Source { path: format!("{HEADER}/{header}"), text: without_trailing_spaces(&read(header)?) },
    ])
}

/// With Swift's own durations, quick to read, and with documentation that names Rust's items without their addresses.
fn polished(text: &str) -> Result<String> {
    let mut text = text.to_owned();
    for (theirs, ours) in std::iter::once((DOUBLES, DURATIONS)).chain(SLOW.into_iter().zip(FAST)) {
        if text.matches(theirs).count() != 1 {
            let first = theirs.trim().lines().next().unwrap_or_default();
            return Err(
                Failure::new(format!("UniFFI does not write `{first}` any more")).hint(format!("mend {}", file!()))
            );
        }
        text = text.replace(theirs, ours);
    }
    Ok(without_trailing_spaces(&without_links(&text.replace("TimeInterval", "Duration"))))
}

/// ``[`Update`](crate::Update)`` becomes `` `Update` ``.
fn without_links(text: &str) -> String {
    let mut parts = text.split("[`");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((name, rest)) = part.split_once("`]") else {
            plain += &format!("[`{part}");
            continue;
        };
        let rest = rest.strip_prefix("(crate::").and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
        plain += &format!("`{name}`{rest}");
    }
    plain
}

fn without_trailing_spaces(text: &str) -> String {
    text.trim_end().lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_code_and_lists_stay() {
        assert_eq!(
            without_links("An [`Update`](crate::Update) or [`Extra`], not `[:]` or [1]."),
            "An `Update` or `Extra`, not `[:]` or [1]."
        );
    }

    #[test]
    fn the_first_line_that_differs_is_told() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\n  b\nc\n", "a\n  d\ne\n").unwrap(), "line 2 is\n  b\ninstead of\n  d");
        assert_eq!(difference("", "a\n").unwrap(), "line 1 is\n  nothing\ninstead of\n  a");
    }

    #[test]
    fn what_uniffi_writes_in_another_way_is_noticed() {
        let theirs = format!("{}{}{DOUBLES}", SLOW[0], SLOW[1]);
        let ours = format!("{}{}{DURATIONS}let a: Duration?\n", FAST[0], FAST[1]);
        assert_eq!(polished(&format!("{theirs}let a: TimeInterval?  \n\n")).unwrap(), ours);
        assert!(polished(DOUBLES).is_err());
    }
}
