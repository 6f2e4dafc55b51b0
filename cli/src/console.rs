//! Where words go: people read stderr, programs read stdout. Nothing else in this crate prints.

use std::io::{self, ErrorKind, Write as _};

use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::secret;

/// Says things to people, unless they asked for silence.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// Only errors are shown.
    pub quiet: bool,
}

impl Console {
    /// Tells what happened.
    pub fn note(self, text: &str) {
        if !self.quiet {
            line("asmith: ", text);
        }
    }

    /// Tells which settings to use; the test key among them is no secret.
    pub fn note_settings(self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "asmith: {text}");
        }
    }

    /// Tells what went well but may not come out as hoped.
    pub fn warn(self, text: &str) {
        if !self.quiet {
            line("asmith: warning: ", text);
        }
    }
}

/// Tells why a command failed: one line, and one more for each detail.
pub fn error(summary: &str, details: &[String]) {
    line("asmith: ", summary);
    for detail in details {
        line("  ", detail);
    }
}

/// Tells what is wrong with the command line, in the lines of its parser.
pub fn usage(text: &str) {
    let _ = write!(io::stderr(), "asmith: {}", secret::mask(text));
}

/// Shows help where no command was given.
pub fn help(text: &str) {
    let _ = write!(io::stderr(), "{text}");
}

/// One line on stderr. What a server or a file wrote must neither break the line nor command the terminal. When stderr cannot
/// be written, there is no place left to report that. At once, since a command under us writes there, too.
fn line(prefix: &str, text: &str) {
    let text: String = secret::mask(text).chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let _ = io::stderr().write_all(format!("{prefix}{text}\n").as_bytes());
}

/// One JSON value as a line on stdout.
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    // Writing to memory fails only for keys that are no text, of which there are none.
    let text = serde_json::to_string(value).expect("the value has a form in JSON");
    print(&(text + "\n"))
}

/// One JSON value as a line on stderr, where stdout is a command's own.
pub fn tell_json(value: &impl Serialize) {
    let text = serde_json::to_string(value).expect("the value has a form in JSON");
    let _ = io::stderr().write_all(format!("{}\n", secret::mask(&text)).as_bytes());
}

/// A text on stdout, at once.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        // A reader that has gone, as in `| head -1`, is no failure of the command.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Unavailable, format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
