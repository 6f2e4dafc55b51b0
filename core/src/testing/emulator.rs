//! The local ActivitySmith, `asmith emulate`, as a process of its own. The crate does not depend on it.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::ActivitySmith;
use crate::client::Builder;

/// What the emulator prints first, before its base URL.
const GREETING: &str = "listening on ";
/// The time limit of the start, and of each request to the emulator's own endpoints.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A local ActivitySmith on a free port. It stops when it is dropped, or when the program that started it ends.
///
/// It is the program `asmith`, found through the variable `ASMITH_BIN` or on the `PATH`. It needs no account, phone or network.
///
/// ```no_run
/// use activitysmith_kit::Progress;
/// use activitysmith_kit::testing::Emulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let emulator = Emulator::start()?;
/// let account = emulator.account();
/// let client = account.builder().build()?;
/// client.live_activities().stream("nightly-backup", Progress::new("Nightly backup").percentage(42)).await?;
/// assert_eq!(account.stream("nightly-backup")?["content_state"]["percentage"], 42);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Emulator {
    process: Child,
    /// Held open, so that the emulator can write to it.
    _stdout: BufReader<ChildStdout>,
    base_url: String,
}

impl Emulator {
    /// Starts one and waits until it listens, at most 30 seconds.
    ///
    /// # Errors
    ///
    /// `asmith` is not found ([`ErrorKind::NotFound`]), cannot be run, or does not listen.
    pub fn start() -> io::Result<Self> {
        Self::start_with(program(std::env::var_os("ASMITH_BIN")), [""; 0])
    }

    /// As [`start`](Self::start), with this program in place of the one that is found, and with these arguments of
    /// `asmith emulate`, for example `["--limits", "none"]`.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Self::start).
    pub fn start_with(
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> io::Result<Self> {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.args(["--quiet", "emulate", "--exit-with-parent", "--port", "0"]).args(arguments);
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut process = spawned.map_err(|error| cannot_run(program, &error))?;
        let stdout = process.stdout.take().expect("stdout is piped");
        match base_url(program, stdout) {
            Ok((base_url, stdout)) => Ok(Self { process, _stdout: stdout, base_url }),
            Err(error) => {
                end(&mut process);
                Err(error)
            }
        }
    }

    /// The base URL of its API.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// A new account, with streams and limits of its own.
    pub fn account(&self) -> Account<'_> {
        Account { emulator: self, api_key: format!("ask_test_{:032x}", fastrand::u128(..)) }
    }

    /// Calls one of the emulator's own endpoints, below `/_emulator`, and returns its JSON.
    fn request(&self, method: &str, path: &str, api_key: &str, body: Option<&Value>) -> io::Result<Value> {
        let address = self.base_url.trim_start_matches("http://").split('/').next().unwrap_or_default();
        let mut connection = TcpStream::connect(address)?;
        connection.set_read_timeout(Some(TIMEOUT))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        // Of the version whose answers end with the connection.
        write!(
            connection,
            "{method} /_emulator{path} HTTP/1.0\r\nHost: {address}\r\nAuthorization: Bearer {api_key}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        if head.split(' ').nth(1) != Some("200") {
            return Err(io::Error::other(format!("{method} {path}: the emulator answered {body}")));
        }
        serde_json::from_str(body).map_err(io::Error::other)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// An account of an [`Emulator`].
#[derive(Debug)]
pub struct Account<'e> {
    emulator: &'e Emulator,
    api_key: String,
}

impl Account<'_> {
    /// The account's key.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The builder of a client of this account.
    pub fn builder(&self) -> Builder {
        ActivitySmith::builder().api_key(&*self.api_key).base_url(&*self.emulator.base_url)
    }

    /// The variables that select this account, for the environment of a command.
    pub fn environment(&self) -> [(&'static str, &str); 2] {
        [("ACTIVITYSMITH_BASE_URL", &self.emulator.base_url), ("ACTIVITYSMITH_API_KEY", &self.api_key)]
    }

    /// A stream as the service has it. Its `content_state` is what the phone shows.
    ///
    /// # Errors
    ///
    /// There is no such stream, or the emulator does not answer.
    pub fn stream(&self, stream_key: &str) -> io::Result<Value> {
        self.request("GET", &format!("/streams/{}", encoded(stream_key)), None)
    }

    /// The account's requests, oldest first, among the newest 1,000 of all accounts.
    ///
    /// # Errors
    ///
    /// The emulator does not answer.
    pub fn requests(&self) -> io::Result<Vec<Value>> {
        match self.request("GET", "/requests", None)?["requests"].take() {
            Value::Array(requests) => Ok(requests),
            other => Err(io::Error::other(format!("the emulator answered {other} in place of a list of requests"))),
        }
    }

    /// Pauses a stream, as its owner can from the app.
    ///
    /// # Errors
    ///
    /// As of [`stream`](Self::stream).
    pub fn pause(&self, stream_key: &str) -> io::Result<()> {
        self.act_on(stream_key, "pause")
    }

    /// Resumes a paused stream.
    ///
    /// # Errors
    ///
    /// As of [`stream`](Self::stream).
    pub fn resume(&self, stream_key: &str) -> io::Result<()> {
        self.act_on(stream_key, "resume")
    }

    /// Removes a stream's activity from the screen, as the user can.
    ///
    /// # Errors
    ///
    /// As of [`stream`](Self::stream).
    pub fn dismiss(&self, stream_key: &str) -> io::Result<()> {
        self.act_on(stream_key, "dismiss")
    }

    /// Sets up the account anew: `billing`, `channels`, `has_device`, `key_channels`, `metrics` and `revoked`. What is left out is as
    /// in a new account.
    ///
    /// # Errors
    ///
    /// The emulator refuses the settings, or does not answer.
    pub fn set_up(&self, settings: &Value) -> io::Result<()> {
        self.request("PUT", "/account", Some(settings)).map(drop)
    }

    fn act_on(&self, stream_key: &str, action: &str) -> io::Result<()> {
        self.request("POST", &format!("/streams/{}/{action}", encoded(stream_key)), None).map(drop)
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> io::Result<Value> {
        self.emulator.request(method, path, &self.api_key, body)
    }
}

/// The program: the one that the variable names, else the one on the `PATH`.
fn program(variable: Option<OsString>) -> OsString {
    variable.filter(|program| !program.is_empty()).unwrap_or_else(|| "asmith".into())
}

fn cannot_run(program: &OsStr, error: &io::Error) -> io::Error {
    let program = program.display();
    let problem = match error.kind() {
        ErrorKind::NotFound => {
            format!("{program} is not found; put asmith on the PATH, or name the program in the variable ASMITH_BIN")
        }
        _ => format!("cannot run {program}: {error}"),
    };
    io::Error::new(error.kind(), problem)
}

/// The base URL in the first line of the output.
fn base_url(program: &OsStr, stdout: ChildStdout) -> io::Result<(String, BufReader<ChildStdout>)> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let (mut stdout, mut line) = (BufReader::new(stdout), String::new());
        let read = stdout.read_line(&mut line);
        let _ = sender.send(read.map(|_| (line, stdout)));
    });
    let program = program.display();
    let late = || io::Error::new(ErrorKind::TimedOut, format!("{program} emulate did not listen within 30 s"));
    let (line, stdout) = receiver.recv_timeout(TIMEOUT).map_err(|_| late())??;
    let base_url = line.strip_prefix(GREETING).map(|url| url.trim_end().to_owned());
    let base_url = base_url
        .ok_or_else(|| io::Error::other(format!("{program} emulate did not print its address, but {line:?}")))?;
    Ok((base_url, stdout))
}

/// Asks it to end, so that it still writes what it keeps, and waits until it has.
fn end(process: &mut Child) {
    #[cfg(unix)]
    if let Ok(id) = i32::try_from(process.id()) {
        let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), nix::sys::signal::Signal::SIGTERM);
    }
    #[cfg(not(unix))]
    let _ = process.kill();
    let _ = process.wait();
}

/// A stream key as a part of a path.
fn encoded(stream_key: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    stream_key.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_goes_before_the_path_unless_it_is_empty() {
        assert_eq!(program(Some("/opt/asmith".into())), "/opt/asmith");
        assert_eq!(program(Some("".into())), "asmith");
        assert_eq!(program(None), "asmith");
    }

    #[test]
    fn an_error_about_a_missing_program_says_what_to_do() {
        let error = Emulator::start_with("/nowhere/asmith", [""; 0]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(error.to_string().contains("ASMITH_BIN"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn another_program_is_an_error_that_shows_what_it_printed() {
        let error = Emulator::start_with("echo", [""; 0]).unwrap_err();
        assert!(error.to_string().contains("--exit-with-parent"), "{error}");
    }

    #[test]
    fn a_stream_key_is_encoded() {
        assert_eq!(encoded("nightly-backup.1"), "nightly-backup.1");
        assert_eq!(encoded("a b:ü"), "a%20b%3A%C3%BC");
    }
}
