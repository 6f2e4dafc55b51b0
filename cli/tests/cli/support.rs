//! What the stories share: running the binary, and services to run it against.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use activitysmith_emulator::{Emulator, Options};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tokio::runtime::Runtime;

/// The key that every test uses, and that no output may hold.
pub const KEY: &str = "ask_test_unspeakable";

/// How long a process may say nothing, or not end: far longer than any takes, and less than a job of CI.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// `asmith` with these arguments and without anything of the machine's own settings.
pub fn asmith(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asmith"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdin(Stdio::null()).args(args);
    command
}

/// As [`asmith`], with the key and this base URL.
pub fn asmith_at(base_url: &str, args: &[&str]) -> Command {
    let mut command = asmith(args);
    command.env("ACTIVITYSMITH_BASE_URL", base_url).env("ACTIVITYSMITH_API_KEY", KEY);
    command
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("stdout is not JSON, {error}: {self:?}"))
    }

    /// It failed with this code, said this on stderr, and gave nothing to a program that reads it.
    pub fn failed(&self, code: i32, words: &str) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.stderr.starts_with("asmith: ") && self.stderr.contains(words), "{words} is not in {self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
    }

    /// It failed with this code after it had written this.
    pub fn failed_with(&self, code: i32, stdout: &str) {
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), stdout), "{self:?}");
    }

    pub fn succeeded(&self) -> &Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Run {
    read(&command.output().expect("the command can be run"))
}

/// As [`run`], with this on stdin.
pub fn run_with(command: &mut Command, stdin: &str) -> Run {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command can be run");
    // A command that fails early leaves some of it unread.
    let _ = child.stdin.take().expect("stdin is piped").write_all(stdin.as_bytes());
    read(&child.wait_with_output().expect("the command ends"))
}

fn read(output: &Output) -> Run {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    let run = Run { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) };
    assert!(!run.stdout.contains(KEY) && !run.stderr.contains(KEY), "the key is in the output: {run:?}");
    run
}

/// A process that a test talks to while it runs, and that does not outlive the test.
pub struct Running(pub Child);

impl Running {
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().expect("the command can be run"))
    }

    pub fn send(&self, signal: Signal) {
        kill(Pid::from_raw(self.0.id().try_into().expect("a process id")), signal).expect("it runs");
    }

    /// Its exit code, when it has ended.
    pub fn code(&mut self) -> Option<i32> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().expect("it can be waited for") {
                return status.code();
            }
            assert!(started.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only for a process that has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The lines that a process prints, each waited for; a wait that fails shows all of them.
pub struct Words {
    /// Until it has said the last one.
    lines: Receiver<String>,
    /// Those that were read.
    read: String,
}

impl Words {
    pub fn of(output: impl Read + Send + 'static) -> Self {
        let (sender, lines) = channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = String::new();
            while output.read_line(&mut line).is_ok_and(|length| length > 0) {
                // The test may be done with the lines.
                let _ = sender.send(std::mem::take(&mut line));
            }
        });
        Self { lines, read: String::new() }
    }

    /// The next line, or none after the last one.
    fn line(&mut self) -> Option<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                self.read.push_str(&line);
                Some(line)
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("it says no more, and does not end; it said:\n{}", self.read),
        }
    }

    /// The next line with these words in it.
    pub fn line_with(&mut self, words: &str) -> String {
        let line = loop {
            match self.line() {
                Some(line) if line.contains(words) => break line,
                Some(_) => {}
                None => panic!("{words} never came, but:\n{}", self.read),
            }
        };
        line.trim_end().to_owned()
    }

    /// All that it says from here on.
    pub fn rest(&mut self) -> String {
        std::iter::from_fn(|| self.line()).collect()
    }
}

/// An emulator in this process.
pub struct Service {
    pub emulator: Emulator,
    /// Drives it.
    _runtime: Runtime,
}

impl Service {
    pub fn start() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let emulator = runtime.block_on(Emulator::start(options)).expect("a free port");
        Self { emulator, _runtime: runtime }
    }

    /// `asmith` set up for this service.
    pub fn asmith(&self, args: &[&str]) -> Command {
        asmith_at(&self.emulator.base_url(), args)
    }

    /// Runs `asmith` against this service.
    pub fn run(&self, args: &[&str]) -> Run {
        run(&mut self.asmith(args))
    }

    /// The bodies of the requests that came, as texts.
    pub fn bodies(&self) -> Vec<String> {
        let text = |body| String::from_utf8(body).expect("bodies are UTF-8");
        self.emulator.requests().into_iter().map(|request| text(request.body)).collect()
    }

    /// The body of the last request.
    pub fn body(&self) -> Value {
        let body = self.bodies().pop().expect("a request came");
        serde_json::from_str(&body).expect("bodies are JSON")
    }
}

/// A server that gives the same answer to every request; its base URL.
pub fn server_that_says(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that has gone needs no answer.
            let _ = stream.and_then(|stream| answer(stream, status, body));
        }
    });
    format!("http://{address}/api")
}

fn answer(mut stream: TcpStream, status: &str, body: &str) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut chunk)? {
            0 => break,
            length => request.extend_from_slice(&chunk[..length]),
        }
    }
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

/// Words that say how long something took, as if it had taken no time at all; a machine may stall for a while.
pub fn timeless(words: &Value) -> String {
    let mut words = words.as_str().unwrap_or_default().to_owned();
    if let Some(end) = words.find(" s").filter(|end| words[end + 2..].chars().next().is_none_or(|next| next == ':')) {
        let begin = words[..end].trim_end_matches(|sign: char| sign.is_ascii_digit()).len();
        words.replace_range(begin..end, "0");
    }
    words
}

/// A file with this text, in a place of its own for this test process.
pub fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    std::fs::write(&path, text).expect("the file can be written");
    path.into_os_string().into_string().expect("a path of UTF-8")
}

/// What became of each request in a journal of `asmith emulate`, and the second line that it showed.
pub fn shown_in(journal: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(journal).expect("the journal is there");
    let shown = |line: &str| {
        let entry: Value = serde_json::from_str(line).expect("lines of JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&entry["response"]["operation"]), text(&entry["body"]["content_state"]["subtitle"]))
    };
    text.lines().map(shown).collect()
}
