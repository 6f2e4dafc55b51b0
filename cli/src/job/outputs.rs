//! Where a command's outputs go: as a rule where ours go, with nothing between; where progress is to be found in them, through a
//! pipe for each, and where a file is written, by looking at that.

use std::fs::File;
use std::io::{self, IsTerminal as _, PipeReader};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::process::{Command, Stdio};
use std::sync::Arc;

use command_fds::{CommandFdExt as _, FdMapping};
use nix::sys::stat::{SFlag, fstat};

use super::feed::Feed;
use super::file::{self, FileTail};
use super::progress::{Output, Scanner, Source};
use super::relay::{Relay, Target};
use crate::args::{ProgressArg, RunArgs};
use crate::value;

/// The outputs of a command.
#[derive(Debug)]
pub struct Outputs {
    pub feed: Arc<Feed>,
    /// What is read, until the command runs.
    pipes: Vec<(PipeReader, Target, Scanner)>,
    relays: Vec<Relay>,
    /// The file that the command writes to, until it runs.
    file: Option<File>,
    tail: Option<FileTail>,
    most_lines: usize,
    is_looked_at: bool,
}

impl Outputs {
    /// Has a command start with the outputs that these flags ask for.
    pub fn prepare(args: &RunArgs, command: &mut Command) -> io::Result<Self> {
        let most_lines = usize::from(args.output_lines.unwrap_or(0));
        let mut outputs = Self {
            feed: Arc::default(),
            pipes: Vec::new(),
            relays: Vec::new(),
            file: None,
            tail: None,
            most_lines,
            is_looked_at: true,
        };
        let is_unasked = args.progress.is_none() && args.steps.is_none() && args.progress_fd.is_none();
        let source = match &args.progress {
            Some(ProgressArg::Auto) => Some(Source::Auto { asked: true }),
            Some(ProgressArg::Regex(regex)) => Some(Source::Regex(regex.clone())),
            Some(ProgressArg::Off) => None,
            // Unasked only where it makes no difference: to a pipe and nothing else.
            None => (is_unasked && is_pipe(io::stdout().as_fd())).then_some(Source::Auto { asked: false }),
        };
        if most_lines > 0 || args.progress.is_some() && source.is_some() {
            outputs.add(command, &[Target::Stdout, Target::Stderr], source.as_ref())?;
        } else if source.is_some() {
            outputs.add(command, &[Target::Stdout], source.as_ref())?;
        } else if is_unasked {
            outputs.file = file::behind(io::stdout().as_fd());
        }
        outputs.is_looked_at = !is_unasked || source.is_some() || outputs.file.is_some();
        if let Some(number) = args.progress_fd {
            let (read, write) = io::pipe()?;
            command
                .fd_mappings(vec![FdMapping { parent_fd: write.into(), child_fd: number }])
                .map_err(|error| io::Error::other(error.to_string()))?;
            outputs.pipes.push((read, Target::Nowhere, Scanner::new(Some(Source::Lines))));
        }
        Ok(outputs)
    }

    /// Reads these outputs.
    fn add(&mut self, command: &mut Command, targets: &[Target], source: Option<&Source>) -> io::Result<()> {
        // What goes to one place keeps its order there only through one pipe.
        let same = is_same(io::stdout().as_fd(), io::stderr().as_fd());
        for &target in targets {
            if same && target == Target::Stderr {
                continue;
            }
            let (read, write) = io::pipe()?;
            if target == Target::Stdout {
                if same {
                    command.stderr(Stdio::from(write.try_clone()?));
                }
                command.stdout(Stdio::from(write));
            } else {
                command.stderr(Stdio::from(write));
            }
            self.pipes.push((read, target, Scanner::new(source.cloned())));
        }
        Ok(())
    }

    /// Begins to pass them on. What that needs is there before the command runs, which must not be left without it.
    pub fn start(mut self) -> io::Result<Self> {
        for (read, target, scanner) in self.pipes.drain(..) {
            let (feed, most_lines) = (Arc::clone(&self.feed), self.most_lines);
            self.relays.push(Relay::start(read, target, look(scanner, feed, target, most_lines))?);
        }
        if let Some(file) = self.file.take() {
            let (feed, scanner) = (Arc::clone(&self.feed), Scanner::new(Some(Source::Auto { asked: false })));
            // Without it the command is none the worse.
            self.tail = FileTail::start(file, look(scanner, feed, Target::Stdout, 0)).ok();
            self.is_looked_at = self.tail.is_some();
        }
        Ok(self)
    }

    /// Whether the output can show progress, or progress was turned off. Else all that is known is that the command runs.
    pub fn is_looked_at(&self) -> bool {
        self.is_looked_at
    }

    /// Waits until all that the command has written is passed on.
    pub async fn finish(&mut self) -> io::Result<()> {
        let mut outcome = Ok(());
        for relay in &mut self.relays {
            outcome = outcome.and(relay.finish().await);
        }
        self.relays.clear();
        if let Some(tail) = &mut self.tail {
            tail.finish().await;
        }
        outcome
    }
}

/// Reads what passes, a piece at a time; an empty one is the end.
fn look(mut scanner: Scanner, feed: Arc<Feed>, target: Target, most_lines: usize) -> impl FnMut(&[u8]) {
    move |piece| {
        let Output { percent, lines } = if piece.is_empty() { scanner.finish() } else { scanner.read(piece) };
        if target == Target::Nowhere {
            feed.add(Output { percent, lines: Vec::new() }, 0);
            feed.add_states(lines.into_iter().filter_map(state_of));
        } else {
            feed.add(Output { percent, lines }, most_lines);
        }
    }
}

/// The state that a line stands for, as JSON. The core skips a number that is not finite, and warns of it.
fn state_of(line: String) -> Option<String> {
    if line.starts_with('{') {
        return Some(line);
    }
    value::not_finite(line.trim_end_matches('%')).map(|number| format!("{{\"percentage\": {number}}}"))
}

fn is_pipe(descriptor: BorrowedFd<'_>) -> bool {
    let kind = |mode| SFlag::from_bits_truncate(mode) & SFlag::S_IFMT;
    !descriptor.is_terminal() && fstat(descriptor).is_ok_and(|found| kind(found.st_mode) == SFlag::S_IFIFO)
}

fn is_same(one: BorrowedFd<'_>, other: BorrowedFd<'_>) -> bool {
    match (fstat(one), fstat(other)) {
        (Ok(one), Ok(other)) => (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino),
        _ => false,
    }
}
