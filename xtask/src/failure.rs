//! What a command ends with when it fails: one clear line, a hint of the fix, and the exit code to pass on.

use std::error::Error;
use std::fmt;
use std::process::{ExitCode, ExitStatus, Output};

pub(crate) type Result<T> = std::result::Result<T, Failure>;

#[derive(Debug)]
pub(crate) struct Failure {
    /// What the failed program said, shown before the message.
    output: String,
    message: String,
    hint: Option<String>,
    code: u8,
    /// This machine lacks something; what needs it can be left out.
    pub(crate) is_missing: bool,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { output: String::new(), message: message.into(), hint: None, code: 1, is_missing: false }
    }

    /// Says how to repair it; an earlier, more precise hint stays.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint.get_or_insert_with(|| hint.into());
        self
    }

    /// Says that this machine lacks something.
    pub(crate) fn missing(mut self) -> Self {
        self.is_missing = true;
        self
    }

    /// Keeps what a child process said until the failure is shown.
    pub(crate) fn output(mut self, output: &Output) -> Self {
        self.output = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat();
        self
    }

    /// Passes on how a child process ended.
    pub(crate) fn code(mut self, status: ExitStatus) -> Self {
        self.code = code_of(status);
        self
    }

    /// What is wrong and how to repair it, in one line.
    pub(crate) fn reason(&self) -> String {
        self.hint.iter().fold(self.message.clone(), |message, hint| format!("{message}; {hint}"))
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}error: {}", self.output, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// What a library reports, with its causes.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message += &format!(": {error}");
            cause = error.source();
        }
        Self::new(message)
    }
}

/// The exit code of a finished process; 128 + the signal for one that a signal ended, as shells have it.
pub(crate) fn code_of(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal as u8;
    }
    // A code that does not fit into a byte is still a failure.
    status.code().map_or(1, |code| u8::try_from(code).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_file_and_each_cause_once() {
        let reason = Failure::from(fs_err::read("no/such/file").unwrap_err()).hint("make it").reason();
        assert!(reason.contains("`no/such/file`") && reason.ends_with("; make it"), "{reason}");
        assert_eq!(reason.matches("os error").count(), 1, "{reason}");
    }

    #[test]
    fn an_earlier_hint_stays() {
        assert_eq!(Failure::new("a").hint("b").hint("c").to_string(), "error: a\nhint: b");
    }
}
