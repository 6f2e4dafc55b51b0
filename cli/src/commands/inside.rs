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

    /// Hands it a message, and tells what became of that.
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
