//! `asmith run`: runs a command and shows it as a Live Activity. The command comes first: it starts before anything is sent, and
//! nothing that happens to a request changes what it does, when it ends or with which code.

use std::future::pending;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};
use std::time::Duration;

use activitysmith_kit::call::Request;
use nix::sys::signal::{Signal, raise};
use nix::unistd::Pid;
use serde_json::json;
use tokio::process::Child;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::dry_run;
use super::orphans::Orphans;
use super::signals::{self, Signals};
use crate::args::{Output, RunArgs};
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job::socket::{Received, SOCKET, STREAM_KEY, Socket};
use crate::job::{self, Finish, Outcome, Outputs, Place, Report, Shape, code_of_no_run, heartbeat, in_words};

/// How long a report waits for the rest of the output, whose reader may be slow.
const LAST_OUTPUT: Duration = Duration::from_secs(1);
/// What is sent where the command's output could not be passed on: the code of a program that could not write.
const NOT_WRITTEN: u8 = 1;

/// How it ends.
struct End {
    code: u8,
    /// The signal that ended the command, and that we were sent, too.
    signal: Option<i32>,
}

pub fn run(args: &RunArgs, console: Console) -> Result<ExitCode, Failure> {
    if args.shell && args.command.len() != 1 {
        let problem = "with --shell the command is one text, in quotes: --shell -- 'make | tee log'";
        return Err(Failure::new(Exit::Usage, problem));
    }
    if args.dry_run {
        let first = Report::first_request(&args.key, &args.report, shape(args));
        return dry_run::show(Request::new(&args.key, &first), args.report.output.output, console);
    }
    let runtime = crate::runtime::of_this_thread();
    let runtime = runtime.unwrap_or_else(|error| run_unwatched(args, &error));
    let cannot = |error: std::io::Error| Failure::new(Exit::Unavailable, format!("cannot watch the command: {error}"));
    let end = runtime.block_on(attend(args, console)).map_err(cannot)?;
    // A request that lingers must not keep the process.
    runtime.shutdown_background();
    if let Some(signal) = end.signal {
        signals::end_by(signal);
    }
    Ok(end.code.into())
}

async fn attend(args: &RunArgs, console: Console) -> std::io::Result<End> {
    let place = Place::find();
    let mut signals = Signals::of_job(place).unwrap_or_else(|error| run_unwatched(args, &error));
    let mut orphans = Orphans::watch().unwrap_or_else(|error| run_unwatched(args, &error));
    let mut socket = Socket::open().ok();
    let mut command = command(args, place, socket.as_ref());
    let outputs = Outputs::prepare(args, &mut command).and_then(Outputs::start);
    let mut outputs = outputs.unwrap_or_else(|error| {
        // Who becomes another program removes nothing afterwards.
        drop(socket.take());
        run_unwatched(args, &error)
    });
    let started = Instant::now();
    let mut command = tokio::process::Command::from(command);
    let child = command.spawn();
    // With our copies of what only the command writes to.
    drop(command);

    let (sender, mut messages) = mpsc::channel(16);
    if let Some(socket) = &mut socket {
        socket.listen(sender);
    }
    let mut report = Report::open(&args.key, &args.report, shape(args), console);
    let mut job = Job { args, place, signals: &mut signals, orphans: &mut orphans, received: Vec::new() };
    let outcome = match child {
        Ok(child) => job.watch(child, started, &mut report, &outputs, &mut messages).await?,
        Err(error) => {
            tell_not_run(args, &error);
            Outcome::NotRun(error)
        }
    };
    // A message that comes from here on is refused at once.
    drop(messages);
    let took = started.elapsed();
    let written = job.finish(&outcome, took, &mut report, &mut outputs).await;
    let mut end = End { code: outcome.code(), signal: outcome.signal().filter(|signal| job.has_received(*signal)) };
    if let Err(error) = written {
        console::error(&format!("cannot pass on the output: {error}"), &[]);
        end.code = if outcome.is_success() { NOT_WRITTEN } else { end.code };
    }
    end.code = report.code(end.code);
    if args.report.output.output == Output::Json {
        console::tell_json(&summary(args, &outcome, &end, took, &report));
    }
    Ok(end)
}

/// Becomes the command: where there is not enough to watch it with, there may be enough to run it.
fn run_unwatched(args: &RunArgs, problem: &std::io::Error) -> ! {
    console::error(&format!("cannot watch the command, which runs all the same: {problem}"), &[]);
    let error = bare_command(args).env_remove(SOCKET).exec();
    tell_not_run(args, &error);
    std::process::exit(code_of_no_run(&error).into())
}

fn tell_not_run(args: &RunArgs, error: &std::io::Error) {
    let command = bare_command(args);
    console::error(&format!("cannot run {}: {error}", command.get_program().to_string_lossy()), &[]);
}

fn bare_command(args: &RunArgs) -> Command {
    if args.shell {
        let shell = std::env::var_os("SHELL").filter(|shell| !shell.is_empty());
        let mut command = Command::new(shell.unwrap_or_else(|| "/bin/sh".into()));
        command.arg("-c").args(&args.command);
        return command;
    }
    let mut words = args.command.iter();
    let mut command = Command::new(words.next().map(std::ffi::OsString::as_os_str).unwrap_or_default());
    command.args(words);
    command
}

fn command(args: &RunArgs, place: Place, socket: Option<&Socket>) -> Command {
    let mut command = bare_command(args);
    command.env(STREAM_KEY, &args.key);
    match socket {
        Some(socket) => command.env(SOCKET, socket.path()),
        // That of another run around us is not its own.
        None => command.env_remove(SOCKET),
    };
    place.prepare(&mut command);
    command
}

fn shape(args: &RunArgs) -> Shape {
    match args.steps {
        Some(of) => Shape::Steps { begun: 0, of },
        None if args.progress_fd.is_some() => Shape::Percentage,
        None => match &args.progress {
            Some(progress) if progress.is_some() => Shape::Percentage,
            _ => Shape::Elapsed,
        },
    }
}

/// What goes on while the command runs, and after it.
struct Job<'a> {
    args: &'a RunArgs,
    place: Place,
    signals: &'a mut Signals,
    orphans: &'a mut Orphans,
    /// The signals that came while the command ran.
    received: Vec<Signal>,
}

impl Job<'_> {
    /// Attends to the command until it has ended.
    async fn watch(
        &mut self,
        mut child: Child,
        started: Instant,
        report: &mut Report<'_>,
        outputs: &Outputs,
        messages: &mut mpsc::Receiver<Received>,
    ) -> std::io::Result<Outcome> {
        let id = job::id_of(&child);
        let mut alarm = self.args.timeout.map(|limit| (started + limit, Signal::SIGTERM));
        let mut late = false;
        let mut beat = (!outputs.is_looked_at()).then(|| heartbeat::next(Duration::ZERO));
        loop {
            let heart = async {
                match beat {
                    Some(after) => sleep_until(started + after).await,
                    None => pending().await,
                }
            };
            let ring = async {
                match alarm {
                    Some((at, _)) => sleep_until(at).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                biased;
                signal = self.signals.next() => if let Some(id) = id { self.pass_on(signal, id) },
                status = child.wait() => {
                    let status = status?;
                    let limit = self.args.timeout.filter(|_| late);
                    return Ok(limit.map_or(Outcome::Ended(status), Outcome::TimedOut));
                }
                () = ring => if let (Some(id), Some((_, signal))) = (id, alarm.take()) {
                    self.place.send(signal, id);
                    if !late {
                        // A stopped command receives it too.
                        self.place.send(Signal::SIGCONT, id);
                        alarm = Some((Instant::now() + self.args.kill_after, Signal::SIGKILL));
                    }
                    late = true;
                },
                Some((message, answer)) = messages.recv() => {
                    // A client that has closed its connection needs no answer.
                    let _ = answer.send(report.handle(message));
                }
                () = outputs.feed.changed() => report.take(outputs.feed.take()),
                () = heart => {
                    report.still_runs(started.elapsed());
                    beat = Some(heartbeat::next(started.elapsed()));
                }
                never = self.orphans.reap(id) => match never {},
            }
        }
    }

    fn pass_on(&mut self, signal: Signal, id: Pid) {
        self.received.push(signal);
        if self.signals.is_shared(signal) {
            return;
        }
        self.place.send(signal, id);
        if signal == Signal::SIGTSTP {
            // Until SIGCONT, which is passed on to the job.
            let _ = raise(Signal::SIGSTOP);
        }
    }

    fn has_received(&self, signal: i32) -> bool {
        // One that leaves a core behind would leave a second one, of us.
        signal != Signal::SIGQUIT as i32 && self.received.iter().any(|received| *received as i32 == signal)
    }

    /// Shows how it ended, and passes on what is left of the output. A signal to end meanwhile ends it at once.
    async fn finish(
        &mut self,
        outcome: &Outcome,
        took: Duration,
        report: &mut Report<'_>,
        outputs: &mut Outputs,
    ) -> std::io::Result<()> {
        let feed = std::sync::Arc::clone(&outputs.feed);
        let passing_on = outputs.finish();
        tokio::pin!(passing_on);
        let mut written = tokio::select! {
            written = timeout(LAST_OUTPUT, &mut passing_on) => written.ok(),
            () = end_asked_for(self.signals) => return Ok(()),
        };
        report.take(feed.take());
        let finish = Finish { is_success: outcome.is_success(), words: words(outcome, took, &feed.lines()) };
        let hurried = tokio::select! {
            () = report.finish(&finish) => false,
            () = end_asked_for(self.signals) => true,
        };
        if hurried {
            report.abandon();
            return Ok(());
        }
        if written.is_none() {
            written = tokio::select! {
                written = &mut passing_on => Some(written),
                () = end_asked_for(self.signals) => None,
            };
        }
        written.unwrap_or(Ok(()))
    }
}

/// Waits for a signal to end.
async fn end_asked_for(signals: &mut Signals) {
    let asks = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];
    while !asks.contains(&signals.next().await) {}
}

/// What people read of how it ended.
fn words(outcome: &Outcome, took: Duration, lines: &[String]) -> String {
    let how = if outcome.is_success() { format!("done in {}", in_words(took)) } else { outcome.reason(took) };
    if lines.is_empty() { how } else { format!("{how}: {}", crate::secret::mask(&lines.join(" | "))) }
}

fn summary(args: &RunArgs, outcome: &Outcome, end: &End, took: Duration, report: &Report<'_>) -> serde_json::Value {
    json!({
        "stream_key": args.key,
        "exit_code": end.code,
        "signal": outcome.signal(),
        "timed_out": matches!(outcome, Outcome::TimedOut(_)),
        "duration_seconds": took.as_secs_f64(),
        "problem": report.problem().map(Failure::summary),
        "requests": report.requests(),
    })
}
