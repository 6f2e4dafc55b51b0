//! `asmith watch`: runs a command again and again, and shows what it prints.

use std::io;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use activitysmith_kit::{Number, Patch};
use nix::sys::signal::Signal;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::process::Child;

use super::orphans::Orphans;
use super::signals::Signals;
use crate::args::{Output, WatchArgs};
use crate::console::{self, Console};
use crate::failure::Failure;
use crate::job::{self, Finish, Percent, Place, Report, Scanner, Shape, Source, code_of_no_run, in_words};
use crate::{runtime, value};

/// Bytes of an output: more than any state has.
const LONGEST_OUTPUT: usize = 64 * 1024;

pub fn run(args: &WatchArgs, console: Console) -> Result<ExitCode, Failure> {
    let runtime = runtime::of_this_thread().map_err(|error| runtime::cannot_start(&error))?;
    let code = runtime.block_on(attend(args, console)).map_err(|error| runtime::cannot_start(&error))?;
    runtime.shutdown_background();
    Ok(code.into())
}

async fn attend(args: &WatchArgs, console: Console) -> io::Result<u8> {
    let (signals, orphans) = (Signals::to_pass_on()?, Orphans::watch()?);
    let mut watch = Watch { args, console, signals, orphans, place: Place::find(), report: None, has_skipped: false };
    let started = Instant::now();
    let mut runs = 0;
    let mut code = 0;
    loop {
        match watch.look().await {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let program = args.command.first().map(|program| program.to_string_lossy()).unwrap_or_default();
                console::error(&format!("cannot run {program}: {error}"), &[]);
                code = code_of_no_run(&error);
                break;
            }
        }
        runs += 1;
        if args.times.is_some_and(|times| runs >= times) {
            break;
        }
        tokio::select! {
            _ = watch.signals.next() => break,
            () = tokio::time::sleep(args.every) => {}
            never = watch.orphans.reap(None) => match never {},
        }
    }
    let Watch { mut signals, report, .. } = watch;
    let is_success = code == 0;
    let is_asked_for = !is_success && args.report.push_on_failure.is_some();
    let report = report.or_else(|| is_asked_for.then(|| Report::open(&args.key, &args.report, Shape::Count, console)));
    let Some(mut report) = report else { return Ok(code) };
    let took = in_words(started.elapsed());
    let words = if is_success { format!("watched for {took}") } else { format!("cannot be run after {took}") };
    let finish = Finish { is_success, words };
    tokio::select! {
        () = report.finish(&finish) => {}
        _ = signals.next() => report.abandon(),
    }
    let code = report.code(code);
    if args.report.output.output == Output::Json {
        console::tell_json(&json!({
            "stream_key": args.key,
            "exit_code": code,
            "runs": runs,
            "problem": report.problem().map(Failure::summary),
            "requests": report.requests(),
        }));
    }
    Ok(code)
}

struct Watch<'a> {
    args: &'a WatchArgs,
    console: Console,
    signals: Signals,
    orphans: Orphans,
    place: Place,
    /// There is none before there is something to show.
    report: Option<Report<'a>>,
    /// The warning about a number that is not finite was printed.
    has_skipped: bool,
}

impl Watch<'_> {
    /// Runs the command once, and shows what it has printed. False after a signal to end.
    async fn look(&mut self) -> io::Result<bool> {
        let mut words = self.args.command.iter();
        let mut command = Command::new(words.next().map(std::ffi::OsString::as_os_str).unwrap_or_default());
        command.args(words).stdin(Stdio::null()).stdout(Stdio::piped());
        self.place.prepare(&mut command);
        let mut child = tokio::process::Command::from(command).spawn()?;
        let id = job::id_of(&child);
        let printed = tokio::select! {
            biased;
            signal = self.signals.next() => {
                if let Some(id) = id.filter(|_| !self.signals.is_shared(signal)) {
                    self.place.send(Signal::SIGTERM, id);
                }
                return Ok(false);
            }
            read = read(&mut child) => read?,
            never = self.orphans.reap(id) => match never {},
        };
        match printed {
            Printed::Output(output) => self.show(&output),
            Printed::TooMuch => {
                let most = LONGEST_OUTPUT / 1024;
                self.console.warn(&format!("the command printed more than {most} KiB; what was shown before stays"));
            }
            Printed::Failed => self.console.warn("the command has failed; what was shown before stays"),
        }
        Ok(true)
    }

    fn show(&mut self, output: &str) {
        if value::not_finite(output.trim_end_matches('%')).is_some() {
            if !std::mem::replace(&mut self.has_skipped, true) {
                self.console
                    .warn(&format!("the command printed {output}, which is not shown; what was shown before stays"));
            }
            return;
        }
        let Some(found) = found_in(output) else {
            return self.console.warn("the command printed neither a number nor a state as JSON");
        };
        let shape = match &found {
            Found::Percentage(_) => Shape::Percentage,
            Found::State(state) if state.contains("percentage") => Shape::Percentage,
            Found::State(_) | Found::Value(_) => Shape::Count,
        };
        let (args, console) = (self.args, self.console);
        let report = self.report.get_or_insert_with(|| Report::open(&args.key, &args.report, shape, console));
        let shown = match found {
            Found::State(state) => report.change_text(state),
            Found::Value(value) => report.update(Patch::new().value(value)),
            Found::Percentage(percentage) => report.update(Patch::new().percentage(percentage)),
        };
        if let Err(error) = shown {
            self.console.warn(&format!("what the command printed is not shown: {error}"));
        }
    }
}

/// What came of running the command once.
enum Printed {
    Output(String),
    TooMuch,
    Failed,
}

/// Waits for its end. What is longer than a state is not read to its own.
async fn read(child: &mut Child) -> io::Result<Printed> {
    let mut output = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(LONGEST_OUTPUT as u64 + 1).read_to_end(&mut output).await?;
    }
    let status = child.wait().await?;
    Ok(if output.len() > LONGEST_OUTPUT {
        Printed::TooMuch
    } else if status.success() {
        Printed::Output(String::from_utf8_lossy(&output).trim().to_owned())
    } else {
        Printed::Failed
    })
}

/// What an output shows.
#[derive(Debug, PartialEq)]
enum Found<'o> {
    /// Part of a state, or a whole one, as JSON.
    State(&'o str),
    Value(Number),
    Percentage(Percent),
}

fn found_in(output: &str) -> Option<Found<'_>> {
    if output.starts_with('{') {
        return Some(Found::State(output));
    }
    if value::is_number(output) {
        return serde_json::from_str(output).ok().map(Found::Value);
    }
    if output.contains('\n') {
        return None;
    }
    let output = Scanner::new(Some(Source::Lines)).read(format!("{output}\n").as_bytes());
    output.percent.map(Found::Percentage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_a_number_or_a_state_or_nothing() {
        for (output, found) in [
            ("42", Some(Found::Value(42.into()))),
            ("-1.50", Some(Found::Value((-1.5).into()))),
            ("42%", Some(Found::Percentage(42.0))),
            ("3/10", Some(Found::Percentage(30.0))),
            ("100.00000000000001%", Some(Found::Percentage(100.0))),
            ("101%", Some(Found::Percentage(101.0))),
            (r#"{"value": "many"}"#, Some(Found::State(r#"{"value": "many"}"#))),
            ("", None),
            ("many", None),
            ("1\n2", None),
        ] {
            assert_eq!(found_in(output), found, "{output}");
        }
    }
}
