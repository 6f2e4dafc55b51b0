//! Runs other programs: in the open, or quietly with the output kept for the case that they fail.

use crate::failure::{Failure, Result};
use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// The cargo that runs this program, so that its toolchain is used for all that follows.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Settings of the caller's own for the service must not reach a test or an example.
    without_service_settings(&mut command);
    command
}

/// Takes every `ACTIVITYSMITH_*` variable away from a command.
pub(crate) fn without_service_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ACTIVITYSMITH_") {
            command.env_remove(name);
        }
    }
}

/// Takes the proxy variables away from a command that speaks to this machine alone.
pub(crate) fn without_proxies(command: &mut Command) -> &mut Command {
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command
}

/// Has a command, and what it starts, look for programs in some folders before those of the PATH.
pub(crate) fn first_on_path(command: &mut Command, folders: impl IntoIterator<Item = PathBuf>) -> Result<()> {
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(folders.into_iter().chain(std::env::split_paths(&inherited)))?;
    command.env("PATH", path);
    Ok(())
}

/// Runs a command whose output the user sees.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(failed(command, status)) }
}

/// Runs a command whose output the user sees only when it fails.
pub(crate) fn quiet(command: &mut Command) -> Result<()> {
    // A list of the crates that were compiled would bury what went wrong.
    command.env("CARGO_TERM_QUIET", "true");
    if std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if output.status.success() { Ok(()) } else { Err(failed(command, output.status).output(&output)) }
}

/// Runs a command for what it prints on stdout.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        return Err(failed(command, output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::new(format!("`{}` printed no UTF-8", describe(command))))
}

/// What a command prints on stdout, or nothing where it is missing, fails or complains.
pub(crate) fn probe(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    if output.status.success() { String::from_utf8(output.stdout).ok() } else { None }
}

/// A command as one would type it, with the variables set for it.
fn describe(command: &Command) -> String {
    let variables = command.get_envs().filter_map(|(name, value)| {
        let name = name.to_string_lossy();
        // How cargo looks changes nothing about what failed, and a PATH is too long to read.
        (!name.starts_with("CARGO_TERM_") && name != "PATH").then_some(())?;
        Some(format!("{name}={}", quoted(value?)))
    });
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args()).map(quoted);
    variables.chain(words).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.contains(char::is_whitespace) { format!("'{word}'") } else { word.into_owned() }
}

fn failed(command: &Command, status: ExitStatus) -> Failure {
    Failure::new(format!("`{}` failed ({status})", describe(command))).code(status)
}

pub(crate) fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    Failure::new(format!("cannot run {program}: {error}")).hint(format!("install {program} and put it on the PATH"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_described_as_one_would_type_it() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.args(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").env_remove("HOME");
        assert_eq!(describe(&command), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
    }
}
