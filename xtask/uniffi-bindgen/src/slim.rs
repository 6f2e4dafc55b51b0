//! Takes out of the generated module what makes it slow to import: Python modules of which it needs little or nothing.
//!
//! The imports are one block of text, which is replaced as a whole. Every use of what they bring is counted before, so that a new
//! version of UniFFI, or an async function in the core, stops the build instead of breaking the package.

/// What the generated module imports.
const IMPORTS: &str = "\
import os
import sys
import ctypes
from dataclasses import dataclass
import enum
import struct
import contextlib
import datetime
import threading
import itertools
import traceback
import typing
import platform
";

/// What it gets instead: the little that it uses of `contextlib`, `threading` and `typing`, which take several times as long to
/// import as everything else in the module.
const IN_THEIR_PLACE: &str = r#"import os
import sys
import ctypes
import struct
from _thread import allocate_lock


class _Steps:
    """A generator that yields once, as a context."""

    def __init__(self, steps):
        self._steps = steps

    def __enter__(self):
        return next(self._steps)

    def __exit__(self, kind, error, trace):
        if error is None:
            next(self._steps, None)
        else:
            self._steps.throw(error)


class contextlib:
    @staticmethod
    def contextmanager(function):
        return lambda *args: _Steps(function(*args))


class threading:
    Lock = allocate_lock


class typing:
    Protocol = object
"#;

/// Type checkers pass the module over, and find its untyped constructor typed: that of the inbox, which Windows does not have.
const UNCHECKED: &str = "# mypy: ignore-errors\n";
const UNTYPED: &str = "def __init__(self, ):";
const TYPED: &str = "def __init__(self) -> None:";

/// All that may be used of the modules that are not imported any more.
const STAND_INS: [&str; 3] = ["contextlib.contextmanager", "threading.Lock", "typing.Protocol"];
const REMOVED: [&str; 9] =
    ["dataclass", "enum", "contextlib", "datetime", "threading", "itertools", "traceback", "typing", "platform"];

/// The module with fewer imports, unless it is not what this knows.
pub(crate) fn slim(module: &str) -> Result<String, String> {
    let mut parts = module.split(IMPORTS);
    let (Some(head), Some(body), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err("its imports are not those that xtask/uniffi-bindgen/src/slim.rs knows".to_owned());
    };
    for line in body.lines() {
        if let Some(used) = REMOVED.iter().find(|name| uses(line, name)) {
            return Err(format!(
                "it uses {used}, for which xtask/uniffi-bindgen/src/slim.rs has no stand-in, in: {}",
                line.trim()
            ));
        }
    }
    if body.matches(UNTYPED).count() > 1 {
        return Err(format!("it has `{UNTYPED}` more than once, and xtask/uniffi-bindgen/src/slim.rs knows of one"));
    }
    Ok(format!("{UNCHECKED}{head}{IN_THEIR_PLACE}{}", body.replace(UNTYPED, TYPED)))
}

/// Whether code of this line uses a removed module otherwise than its stand-in allows.
fn uses(line: &str, name: &str) -> bool {
    let code = STAND_INS
        .iter()
        .fold(line.split('#').next().unwrap_or_default().to_owned(), |code, allowed| code.replace(allowed, ""));
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        let after = &code[start + name.len()..];
        // As a module or a decorator; the words of a sentence are neither.
        !before.is_some_and(|c| is_word(c) || c == '.') && (after.starts_with('.') || before == Some('@'))
            || code.trim_start().starts_with("import ") && code.trim_end().ends_with(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(body: &str) -> String {
        format!("from __future__ import annotations\n{IMPORTS}\n{body}\n    {UNTYPED}\n")
    }

    #[test]
    fn the_imports_are_replaced_and_nothing_else() {
        let text = module("    @contextlib.contextmanager\n# see datetime.datetime\nclass Enum(typing.Protocol): ...");
        let slim = slim(&text).unwrap();
        assert!(!slim.contains("import typing") && !slim.contains("dataclasses"));
        assert_eq!(slim.replace(IN_THEIR_PLACE, IMPORTS).replace(TYPED, UNTYPED), format!("{UNCHECKED}{text}"));
    }

    #[test]
    fn other_imports_are_not_touched() {
        assert!(slim("import asyncio\nimport os\n").unwrap_err().contains("its imports are not those"));
        assert!(slim(&module(IMPORTS)).unwrap_err().contains("its imports are not those"));
    }

    /// As on Windows, where the core has no inbox.
    #[test]
    fn a_module_without_the_untyped_constructor_is_slimmed_all_the_same() {
        let body = "class NativeClient(typing.Protocol):\n    def __init__(self, settings: str):\n        ...\n";
        assert_eq!(slim(&format!("{IMPORTS}{body}")).unwrap(), format!("{UNCHECKED}{IN_THEIR_PLACE}{body}"));
    }

    #[test]
    fn a_second_untyped_constructor_is_refused() {
        let problem = slim(&module(&format!("    {UNTYPED}\n        pass"))).unwrap_err();
        assert!(problem.contains("more than once"), "{problem}");
    }

    #[test]
    fn what_has_no_stand_in_is_named() {
        for body in
            ["@dataclass", "x = enum.Enum", "typing.Any", "threading.RLock()", "contextlib.suppress()", "import typing"]
        {
            let problem = slim(&module(body)).unwrap_err();
            assert!(problem.contains("has no stand-in"), "{body}: {problem}");
        }
    }
}
