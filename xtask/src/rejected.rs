//! Files of which a compiler or type checker must reject each line that is marked so, and no other.

use crate::failure::{Failure, Result};
use std::collections::BTreeSet;
use std::path::Path;

/// What a line ends with that must be rejected: a comment of Python or of Swift.
const MARKS: [&str; 2] = ["# rejected", "// rejected"];

/// Lines of a file, counted from 1.
pub(crate) type Lines = BTreeSet<usize>;

/// Fails where the rejected lines are not the marked ones.
pub(crate) fn compare(file: &Path, checker: &str, rejected: &Lines) -> Result<()> {
    let marked = marked(&fs_err::read_to_string(file)?);
    if !marked.is_empty() && marked == *rejected {
        return Ok(());
    }
    let file = file.display();
    Err(Failure::new(format!("of {file}, lines {marked:?} are marked as rejected, and {checker} rejects {rejected:?}")))
}

fn marked(text: &str) -> Lines {
    let is_marked = |line: &str| MARKS.iter().any(|mark| line.trim_end().ends_with(mark));
    text.lines().zip(1..).filter(|(line, _)| is_marked(line)).map(|(_, number)| number).collect()
}

/// The lines of errors that read `bad.py:7: error: what` or `/folder/Rejected.swift:7:20: error: what`.
pub(crate) fn errors(printed: &str) -> Lines {
    let places = printed.lines().filter_map(|line| Some(line.split_once(": error: ")?.0));
    places.filter_map(|place| place.split(':').nth(1)?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_marks_are_found_by_their_lines() {
        let mypy = "tests/typing/bad.py:7: error: Incompatible types  [arg-type]\nbad.py:8: note: see: error\n";
        let swift = "/a/Rejected.swift:7:20: error: cannot convert\n\
                     /a/Rejected.swift:8:1: warning: unused\n  |  `- error: cannot convert\n";
        assert_eq!([mypy, swift].map(errors), [Lines::from([7]), Lines::from([7])]);
        assert_eq!(marked("good()\nbad()  # rejected\nbad()  // rejected\n"), Lines::from([2, 3]));
    }
}
