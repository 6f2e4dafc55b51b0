//! The Python interpreters of this machine: the real ones, whatever a version manager puts in front of them.

use crate::process;
use std::path::{Path, PathBuf};

/// The minor versions of Python 3 that the package promises to work on.
const SUPPORTED: std::ops::RangeInclusive<u32> = 9..=14;

/// A CPython that the package promises to work on.
pub(super) struct Interpreter {
    pub(super) program: PathBuf,
    /// 11 of 3.11.
    pub(super) minor: u32,
}

impl Interpreter {
    /// Whether it has all that a virtual environment with pip is made of; Debian splits that off.
    pub(super) fn makes_environments(&self) -> bool {
        let program = self.program.to_string_lossy();
        process::probe(&program, &["-c", "import ensurepip, venv"]).is_some()
    }
}

/// The one that `python3` names, or else the newest.
pub(super) fn usual() -> Option<Interpreter> {
    let newest = || SUPPORTED.rev().find_map(|minor| find(&format!("python3.{minor}")));
    ["python3", "python"].into_iter().find_map(find).or_else(newest)
}

/// One of each version but the given one, the newest first; or the version, where there is none.
pub(super) fn others(than: u32) -> Vec<Result<Interpreter, u32>> {
    let versions = SUPPORTED.rev().filter(|minor| *minor != than);
    versions.map(|minor| find(&format!("python3.{minor}")).ok_or(minor)).collect()
}

fn find(name: &str) -> Option<Interpreter> {
    ask(Path::new(name)).or_else(|| ask(&behind_pyenv(name)?))
}

/// pyenv has a program of this name on the PATH for each version that it holds; those not chosen only complain.
fn behind_pyenv(name: &str) -> Option<PathBuf> {
    let versions = process::probe("pyenv", &["whence", name])?;
    let prefix = process::probe("pyenv", &["prefix", versions.lines().next()?])?;
    Some(Path::new(prefix.trim()).join("bin").join(name))
}

/// What a program says that it is, if it is one for us.
fn ask(program: &Path) -> Option<Interpreter> {
    let question = "import sys; print(sys.implementation.name, *sys.version_info[:2], sys.executable)";
    understand(&process::probe(program.to_str()?, &["-c", question])?)
}

fn understand(answer: &str) -> Option<Interpreter> {
    let words: Vec<&str> = answer.trim_end().splitn(4, ' ').collect();
    let [name, major, minor, program] = words[..] else { return None };
    let minor = minor.parse().ok().filter(|minor| SUPPORTED.contains(minor))?;
    (name == "cpython" && major == "3").then(|| Interpreter { program: program.into(), minor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_is_taken_by_what_it_says_of_itself() {
        let python = understand("cpython 3 11 /opt/my python/bin/python3.11\n").unwrap();
        assert_eq!((python.program.as_path(), python.minor), (Path::new("/opt/my python/bin/python3.11"), 11));
        for answer in ["cpython 3 8 /usr/bin/python3", "pypy 3 11 /usr/bin/pypy3", "cpython 2 7 /usr/bin/python", ""] {
            assert!(understand(answer).is_none(), "{answer}");
        }
    }
}
