//! `asmith pipe`: passes stdin on to stdout, unchanged and as fast as it comes, and shows how much has passed.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::os::fd::AsFd as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use activitysmith_kit::publish;
use memchr::memchr_iter;
use nix::sys::signal::Signal;
use serde_json::json;
use tokio::sync::oneshot;

use super::orphans::Orphans;
use super::signals::{self, Signals};
use crate::args::{Output, PipeArgs};
use crate::console::{self, Console};
use crate::failure::Failure;
use crate::job::{BUFFER, Feed, Finish, Report, Scanner, Shape, Target, in_words, write_all};
use crate::runtime;

/// How often the count is looked at; what is sent of it is less.
const LOOK: Duration = Duration::from_millis(500);
/// The code of a program that could not read or write.
const BROKEN: u8 = 1;

/// What has become of what came.
enum End {
    All,
    /// The reader of stdout has closed it.
    Unread,
    Broken(&'static str, io::Error),
    Interrupted(Signal),
}

/// What is counted.
#[derive(Clone, Copy)]
enum Unit {
    Lines,
    Bytes,
    /// What lines say, not how many there are.
    States,
}

pub fn run(args: &PipeArgs, console: Console) -> Result<ExitCode, Failure> {
    let runtime = runtime::of_this_thread().map_err(|error| runtime::cannot_start(&error))?;
    let (code, signal) = runtime.block_on(attend(args, console)).map_err(|error| runtime::cannot_start(&error))?;
    runtime.shutdown_background();
    if let Some(signal) = signal {
        signals::end_by(signal as i32);
    }
    Ok(code.into())
}

async fn attend(args: &PipeArgs, console: Console) -> io::Result<(u8, Option<Signal>)> {
    let (mut signals, mut orphans) = (Signals::to_pass_on()?, Orphans::watch()?);
    let unit = match (args.json, args.bytes) {
        (true, _) => Unit::States,
        (_, true) => Unit::Bytes,
        _ => Unit::Lines,
    };
    let (count, feed) = (Arc::new(AtomicU64::new(0)), Arc::new(Feed::default()));
    let started = Instant::now();
    let mut passing = {
        let (count, feed) = (Arc::clone(&count), Arc::clone(&feed));
        let (sender, passing) = oneshot::channel();
        thread::Builder::new().name("pipe".to_owned()).spawn(move || {
            // The receiver may be gone.
            let _ = sender.send(pass_on(unit, &count, &feed));
        })?;
        passing
    };
    let total = args.total.or_else(|| args.bytes.then(size_of_stdin).flatten()).filter(|total| *total > 0);
    let shape = if total.is_some() || args.json { Shape::Percentage } else { Shape::Count };
    let mut report = Report::open(&args.key, &args.report, shape, console);
    let show = |report: &mut Report<'_>| {
        let count = count.load(Ordering::Relaxed);
        match (unit, total) {
            (Unit::States, _) => {}
            (_, Some(total)) => report.show(publish::percentage(count, total) as f64),
            (_, None) => report.count(count),
        }
        report.take(feed.take());
    };
    let end = loop {
        tokio::select! {
            biased;
            signal = signals.next() => break End::Interrupted(signal),
            end = &mut passing => break end.unwrap_or(End::All),
            () = tokio::time::sleep(LOOK) => show(&mut report),
            never = orphans.reap(None) => match never {},
        }
    };
    show(&mut report);
    let took = started.elapsed();
    let count = count.load(Ordering::Relaxed);
    let finish = finish(&end, unit, count, took);
    tokio::select! {
        () = report.finish(&finish) => {}
        _ = signals.next() => report.abandon(),
    }
    let (code, signal) = match end {
        End::All => (0, None),
        End::Unread => (141, Some(Signal::SIGPIPE)),
        End::Broken(what, error) => {
            console::error(&format!("cannot {what}: {error}"), &[]);
            (BROKEN, None)
        }
        End::Interrupted(signal) => (128 + signal as u8, Some(signal)),
    };
    let code = report.code(code);
    if args.report.output.output == Output::Json {
        console::tell_json(&json!({
            "stream_key": args.key,
            "exit_code": code,
            "count": count,
            "duration_seconds": took.as_secs_f64(),
            "problem": report.problem().map(Failure::summary),
            "requests": report.requests(),
        }));
    }
    Ok((code, signal))
}

fn pass_on(unit: Unit, count: &AtomicU64, feed: &Feed) -> End {
    let open = || -> io::Result<(File, File)> {
        Ok((io::stdin().as_fd().try_clone_to_owned()?.into(), Target::Stdout.open()?))
    };
    let (mut from, mut to) = match open() {
        Ok(both) => both,
        Err(error) => return End::Broken("read stdin", error),
    };
    let mut buffer = vec![0; BUFFER];
    let mut scanner = Scanner::new(None);
    let tell = |lines: Vec<String>| feed.add_states(lines.into_iter().filter(|line| line.starts_with('{')));
    loop {
        let passed = match from.read(&mut buffer) {
            Ok(0) => {
                if matches!(unit, Unit::States) {
                    tell(scanner.finish().lines);
                }
                return End::All;
            }
            Ok(length) => &buffer[..length],
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return End::Broken("read stdin", error),
        };
        match write_all(&mut to, passed) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return End::Unread,
            Err(error) => return End::Broken("write to stdout", error),
        }
        match unit {
            Unit::Bytes => count.fetch_add(passed.len() as u64, Ordering::Relaxed),
            Unit::Lines => count.fetch_add(memchr_iter(b'\n', passed).count() as u64, Ordering::Relaxed),
            Unit::States => {
                tell(scanner.read(passed).lines);
                0
            }
        };
    }
}

/// How many bytes a file on stdin has.
fn size_of_stdin() -> Option<u64> {
    let metadata = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?).metadata().ok()?;
    (metadata.is_file() && metadata.len() > 0).then_some(metadata.len())
}

fn finish(end: &End, unit: Unit, count: u64, took: Duration) -> Finish {
    let took = in_words(took);
    let words = match (end, unit) {
        (End::Interrupted(signal), _) => format!("{signal} after {took}"),
        (End::Broken(what, _), _) => format!("cannot {what}"),
        (_, Unit::Lines) => format!("{count} lines in {took}"),
        (_, Unit::Bytes) => format!("{count} bytes in {took}"),
        (_, Unit::States) => format!("done in {took}"),
    };
    Finish { is_success: matches!(end, End::All | End::Unread), words }
}
