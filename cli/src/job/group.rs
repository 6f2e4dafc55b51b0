//! The processes of a command: how they are started, so that a terminal's job control works as without us, and how signals reach
//! all of them.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use tokio::process::Child;

/// Where the processes of a command are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a process group of their own, to which signals go.
    Own,
    /// In ours, as they would be without us: in a session with a terminal. What is typed there (Ctrl-C, Ctrl-Z) then reaches all that
    /// it would, a pipeline's other commands and the script around us included, and to read from the terminal is allowed.
    Shared,
}

impl Place {
    pub fn find() -> Self {
        if File::open("/dev/tty").is_ok() { Self::Shared } else { Self::Own }
    }

    /// Has a command start there.
    pub fn prepare(self, command: &mut Command) {
        if self == Self::Own {
            command.process_group(0);
        }
    }

    /// Sends a signal to a command and all that it has started and that has not gone its own way. It may have ended meanwhile.
    pub fn send(self, signal: Signal, command: Pid) {
        match self {
            Self::Own => {
                let _ = killpg(command, signal);
            }
            Self::Shared => {
                // Listed before, as the children of who has ended are not to be found.
                for process in descendants(command) {
                    let _ = kill(process, signal);
                }
            }
        }
    }
}

/// The process id of a command, until its exit status was taken.
pub fn id_of(command: &Child) -> Option<Pid> {
    command.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw)
}

/// A process and its descendants, it first. Where `/proc` does not tell, it alone.
fn descendants(process: Pid) -> Vec<Pid> {
    let mut found = vec![process];
    let mut next = 0;
    while let Some(parent) = found.get(next) {
        found.extend(children(*parent));
        next += 1;
    }
    found
}

fn children(process: Pid) -> Vec<Pid> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace().filter_map(|id| id.parse().ok()).map(Pid::from_raw).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    use super::*;

    #[test]
    fn descendants_are_found_through_all_generations() {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "sh -c 'echo ready; read line; true' <&0; true"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut shell = shell.spawn().unwrap();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        let found = descendants(Pid::from_raw(shell.id().try_into().unwrap()));
        assert_eq!(found.len(), 2, "{found:?}");
        drop(shell.stdin.take());
        shell.wait().unwrap();
    }
}
