//! How a command ended: its exit code as shells have it, and in words.

use std::io::{self, ErrorKind};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use nix::sys::signal::Signal;

/// The code of a command that took longer than it was given, as `timeout` has it.
const TIMED_OUT: u8 = 124;

/// How a command ended.
#[derive(Debug)]
pub enum Outcome {
    /// By itself, or by a signal.
    Ended(ExitStatus),
    /// By `asmith`, after this time.
    TimedOut(Duration),
    /// It never began.
    NotRun(io::Error),
}

impl Outcome {
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Ended(status) if status.success())
    }

    /// Its own code, or 128 and the signal that ended it; 126 and 127 where it could not be run.
    pub fn code(&self) -> u8 {
        match self {
            Self::Ended(status) => code(*status),
            Self::TimedOut(_) => TIMED_OUT,
            Self::NotRun(error) => code_of_no_run(error),
        }
    }

    /// The signal that ended it.
    pub fn signal(&self) -> Option<i32> {
        match self {
            Self::Ended(status) => status.signal(),
            _ => None,
        }
    }

    /// What people read of a failure.
    pub fn reason(&self, took: Duration) -> String {
        let took = in_words(took);
        match self {
            Self::Ended(status) => match status.signal() {
                Some(signal) => {
                    let name =
                        Signal::try_from(signal).map_or_else(|_| format!("signal {signal}"), |it| it.to_string());
                    format!("{name} after {took}")
                }
                None => format!("exit {} after {took}", self.code()),
            },
            Self::TimedOut(limit) => format!("timed out after {}", in_words(*limit)),
            Self::NotRun(error) if error.kind() == ErrorKind::NotFound => "command not found".to_owned(),
            Self::NotRun(_) => "cannot be run".to_owned(),
        }
    }
}

/// A command's own code, or 128 and the signal that ended it.
pub fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

/// The code of a command that could not be run: 127 where there is none, 126 for all else.
pub fn code_of_no_run(error: &io::Error) -> u8 {
    if error.kind() == ErrorKind::NotFound { 127 } else { 126 }
}

/// A time as people say it.
pub fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(status: i32) -> Outcome {
        Outcome::Ended(ExitStatus::from_raw(status))
    }

    #[test]
    fn an_end_has_a_code_and_words() {
        let took = Duration::from_secs(65);
        for (outcome, code, words) in [
            (ended(3 << 8), 3, "exit 3 after 1 min 5 s"),
            (ended(9), 137, "SIGKILL after 1 min 5 s"),
            (Outcome::TimedOut(Duration::from_secs(7200)), 124, "timed out after 2 h"),
            (Outcome::NotRun(ErrorKind::NotFound.into()), 127, "command not found"),
            (Outcome::NotRun(ErrorKind::PermissionDenied.into()), 126, "cannot be run"),
        ] {
            assert_eq!((outcome.code(), &*outcome.reason(took)), (code, words));
            assert!(!outcome.is_success());
        }
        assert!(ended(0).is_success());
        assert_eq!(ended(0).code(), 0);
    }

    #[test]
    fn a_time_is_as_long_as_it_matters() {
        for (seconds, words) in
            [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min 59 s"), (3600, "1 h"), (7384, "2 h 3 min")]
        {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }
}
