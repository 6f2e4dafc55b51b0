//! Inside `asmith run`: what `step` and `stream` hand to it, in place of a request of their own.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::args::Output;
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job::socket::{self, Message, SOCKET, STREAM_KEY};

/// How a command hands a message over.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// It fails when no `asmith run` takes the message. Otherwise that is only noted, because a script runs as well without it.
    pub strict: bool,
    pub output: Output,
    pub console: Console,
}

impl Manner {
    /// Ends a command whose message no `asmith run` has taken.
    pub fn not_taken(self, problem: Failure) -> Result<ExitCode, Failure> {
        if self.strict {
            return Err(problem);
        }
        self.console.note(&problem.in_a_line());
        if self.output == Output::Json {
            console::print_json(&json!({"handed_over": false}))?;
        }
        Ok(Exit::Success.into())
    }
}

/// The `asmith run` that this process is inside of.
#[derive(Debug)]
pub struct Around {
    socket: OsString,
    pub stream_key: String,
}

impl Around {
    pub fn find() -> Option<Self> {
        let socket = std::env::var_os(SOCKET).filter(|socket| !socket.is_empty())?;
        Some(Self { socket, stream_key: std::env::var(STREAM_KEY).unwrap_or_default() })
    }

    /// Hands it a message, and reports the result. It may be gone, as after SIGKILL, or about to end.
    pub fn tell_if_there(&self, message: &Message, manner: Manner) -> Result<ExitCode, Failure> {
        match self.tell(message, manner.output, manner.console) {
            Err(failure) if failure.exit() == Exit::Unavailable => manner.not_taken(failure),
            sent => sent,
        }
    }

    /// Hands it a message, and reports the result. It fails when the `asmith run` is gone.
    pub fn tell(&self, message: &Message, output: Output, console: Console) -> Result<ExitCode, Failure> {
        let answer = socket::say(Path::new(&self.socket), message)?;
        if !answer.problems.is_empty() {
            let s = if answer.problems.len() == 1 { "" } else { "s" };
            let summary = format!("nothing was handed over: {} problem{s}", answer.problems.len());
            return Err(Failure::with_details(Exit::of_code(answer.exit), summary, answer.problems));
        }
        if output == Output::Json {
            console::print_json(&json!({"stream_key": self.stream_key, "handed_over": true}))?;
        }
        console.note(&format!("{}: handed to asmith run", self.stream_key));
        Ok(Exit::Success.into())
    }
}
