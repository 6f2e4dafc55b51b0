//! The way from inside a command to the `asmith run` around it: a socket in a folder that only its user can open. A message
//! is one line of JSON, and so is its answer.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{mpsc, oneshot};

use crate::exit::Exit;
use crate::failure::Failure;

/// The variable that tells a command where the socket is.
pub const SOCKET: &str = "ASMITH_SOCKET";
/// The variable that tells it which stream is its own.
pub const STREAM_KEY: &str = "ASMITH_STREAM_KEY";

/// A request of the API is a few kilobytes at most.
const LONGEST_MESSAGE: u64 = 256 * 1024;
/// How long either side waits for the other, which is busy for microseconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// The length that a socket's path may have everywhere.
const LONGEST_PATH: usize = 100;

/// A message from inside the command.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// A step of this name begins.
    Step(String),
    /// Changes to the state, in the shape of a request.
    Changes(Value),
}

/// The answer to a message.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Answer {
    /// All that is wrong with it, if anything.
    pub problems: Vec<String>,
    /// The exit code that goes with them.
    pub exit: u8,
}

/// A message, and where its answer goes.
pub type Received = (Message, oneshot::Sender<Answer>);

/// The socket, and its folder, which goes with it.
#[derive(Debug)]
pub struct Socket {
    folder: PathBuf,
    listener: Option<UnixListener>,
}

impl Socket {
    /// A new one. Where there is no room for it, a command goes without.
    pub fn open() -> io::Result<Self> {
        let mut problem = io::Error::from(io::ErrorKind::NotFound);
        for parent in ["XDG_RUNTIME_DIR", "TMPDIR"].into_iter().filter_map(std::env::var_os).chain(["/tmp".into()]) {
            match Self::open_in(Path::new(&parent)) {
                Ok(socket) => return Ok(socket),
                Err(error) => problem = error,
            }
        }
        Err(problem)
    }

    fn open_in(parent: &Path) -> io::Result<Self> {
        let folder = parent.join(format!("asmith-{:016x}", fastrand::u64(..)));
        if !parent.is_absolute() || folder.as_os_str().len() > LONGEST_PATH {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        DirBuilder::new().mode(0o700).create(&folder)?;
        // From here on, what has been made goes with it.
        let mut socket = Self { folder, listener: None };
        let listener = UnixListener::bind(socket.path())?;
        fs::set_permissions(socket.path(), Permissions::from_mode(0o600))?;
        listener.set_nonblocking(true)?;
        socket.listener = Some(listener);
        Ok(socket)
    }

    pub fn path(&self) -> PathBuf {
        self.folder.join("socket")
    }

    /// Hands on messages until the receiver is closed. It has to be called within a runtime.
    pub fn listen(&mut self, messages: mpsc::Sender<Received>) {
        let Some(listener) = self.listener.take().and_then(|it| tokio::net::UnixListener::from_std(it).ok()) else {
            return;
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let messages = messages.clone();
                tokio::spawn(async move {
                    // A client that has closed its connection, or sent nothing, needs no answer.
                    let _ = tokio::time::timeout(PATIENCE, attend(stream, messages)).await;
                });
            }
        });
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // What cannot be removed, and what SIGKILL leaves, lies in a folder that the system clears. No other process can know
        // whether it is still needed.
        let _ = fs::remove_file(self.path());
        let _ = fs::remove_dir(&self.folder);
    }
}

async fn attend(mut stream: tokio::net::UnixStream, messages: mpsc::Sender<Received>) -> io::Result<()> {
    let (read, mut write) = stream.split();
    let mut line = String::new();
    tokio::io::BufReader::new(read.take(LONGEST_MESSAGE)).read_line(&mut line).await?;
    let answer = match serde_json::from_str(&line) {
        Ok(message) => {
            let (sender, answer) = oneshot::channel();
            let _ = messages.send((message, sender)).await;
            answer.await.unwrap_or_else(|_| refused("the command has ended"))
        }
        Err(error) => refused(&format!("the message cannot be understood: {error}")),
    };
    let mut answer = serde_json::to_vec(&answer)?;
    answer.push(b'\n');
    write.write_all(&answer).await
}

fn refused(problem: &str) -> Answer {
    Answer { problems: vec![problem.to_owned()], exit: Exit::Unavailable as u8 }
}

/// Says something to the `asmith run` at this path.
pub fn say(path: &Path, message: &Message) -> Result<Answer, Failure> {
    let converse = || -> io::Result<Answer> {
        let mut stream = UnixStream::connect(path)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        stream.write_all(&line)?;
        stream.shutdown(Shutdown::Write)?;
        let mut answer = String::new();
        BufReader::new(stream.take(LONGEST_MESSAGE)).read_line(&mut answer)?;
        Ok(serde_json::from_str(&answer)?)
    };
    converse().map_err(|error| {
        Failure::new(Exit::Unavailable, format!("the asmith run around this does not answer: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_else_can_open_it_and_it_leaves_nothing_behind() {
        let socket = Socket::open_in(&std::env::temp_dir()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&socket.path()), mode(&socket.folder)), (0o600, 0o700));
        let folder = socket.folder.clone();
        drop(socket);
        assert!(!folder.exists());
    }

    #[test]
    fn a_place_without_room_is_none() {
        for parent in ["/nowhere", "relative", &format!("/tmp/{}", "x".repeat(100)), "/dev/null"] {
            assert!(Socket::open_in(Path::new(parent)).is_err(), "{parent}");
        }
    }
}
