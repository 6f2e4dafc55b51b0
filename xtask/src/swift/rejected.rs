//! What the package's types refuse: of `Rejected.swift`, the compiler must reject each line that is marked so, and no
//! other.

use crate::failure::{Failure, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const FILE: &str = "bindings-swift/Tests/Rejected.swift";
/// Ends a line that the compiler must reject.
const MARK: &str = "// rejected";

/// Lines of a file, counted from 1.
type Lines = BTreeSet<usize>;

pub(super) fn check(root: &Path, swiftc: &mut Command) -> Result<()> {
    let text = fs::read_to_string(root.join(FILE)).map_err(|error| Failure::new(format!("{FILE}: {error}")))?;
    let output = swiftc.arg(FILE).output().map_err(|error| Failure::new(format!("cannot run swiftc: {error}")))?;
    let rejected = errors(&String::from_utf8_lossy(&output.stderr));
    let marked = marked(&text);
    if marked.is_empty() || marked != rejected {
        let message = format!("of {FILE}, lines {marked:?} are marked `{MARK}`, and the compiler rejects {rejected:?}");
        return Err(Failure::new(message).output(&output));
    }
    Ok(())
}

fn marked(text: &str) -> Lines {
    text.lines().enumerate().filter(|(_, line)| line.trim_end().ends_with(MARK)).map(|(index, _)| index + 1).collect()
}

/// The compiler writes `/folder/Rejected.swift:7:20: error: what`.
fn errors(printed: &str) -> Lines {
    let places = printed.lines().filter_map(|line| Some(line.split_once(": error: ")?.0));
    places.filter_map(|place| place.rsplit(':').nth(1)?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_marks_are_found_by_their_lines() {
        let printed = "/a/Rejected.swift:7:20: error: cannot convert\n\
                       /a/Rejected.swift:8:1: warning: unused\n  |  `- error: cannot convert\n";
        assert_eq!(errors(printed), Lines::from([7]));
        assert_eq!(marked("good()\nbad()  // rejected\n"), Lines::from([2]));
    }
}
