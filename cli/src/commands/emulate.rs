//! `asmith emulate`: a local ActivitySmith, alone until a signal stops it, or around one command.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use activitysmith_emulator as emulator;
use activitysmith_emulator::{Emulator, Mode, Options, Retention, StartError, Timestamp};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::process::{Child, Command};

use super::orphans::Orphans;
use super::signals::{self, Signals};
use crate::args::{Clock, EmulateArgs, Limits};
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{job, runtime};

/// The default port, so that a base URL that was set once stays valid.
const DEFAULT_PORT: u16 = 4010;
/// What the command under `--exec` gets as its key. The emulator takes any; clients take this kind to loopback only.
const TEST_KEY: &str = "ask_test_emulate";
/// Requests that are kept for the journal's file; where they are large, memory has an end before.
const MOST_IN_FILE: usize = 100_000;
/// How often the parent process is checked.
const PARENT_CHECK: Duration = Duration::from_millis(200);
/// How the variables begin that the command must not inherit: they are for the service.
const VARIABLES: &str = "ACTIVITYSMITH_";
/// Names this program to the test helpers of all languages.
const PROGRAM: &str = "ASMITH_BIN";
/// The hosts that no proxy can reach: this machine.
const LOOPBACK: &str = "127.0.0.1,localhost";

pub fn run(args: &EmulateArgs, console: Console) -> Result<ExitCode, Failure> {
    // One thread serves more requests than two, which would wait for each other, and leaves the other cores to the
    // programs that send them.
    let runtime = runtime::of_this_thread().map_err(|error| runtime::cannot_start(&error))?;
    let mut journal = Journal::open(args)?;
    let code = runtime.block_on(async {
        match args.command.split_first() {
            None => serve(args, &mut journal, console).await,
            Some((program, arguments)) => exec(args, &mut journal, program, arguments).await,
        }
    });
    // A connection that lingers must not keep the process.
    runtime.shutdown_background();
    code
}

async fn serve(args: &EmulateArgs, journal: &mut Journal, console: Console) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen(signals::STOP).map_err(|error| no_signals(&error))?;
    let mut orphans = Orphans::watch().map_err(|error| no_signals(&error))?;
    let parent = parent_id();
    allow_many_connections();
    let emulator = start(args, journal, DEFAULT_PORT).await?;
    console::print(&format!("listening on {}\n", emulator.base_url()))?;
    console.note_settings(&format!(
        "for clients: ACTIVITYSMITH_BASE_URL={} ACTIVITYSMITH_API_KEY={TEST_KEY}",
        emulator.base_url()
    ));
    if !args.no_control {
        console.note_settings(&format!("the phone: http://{}/", emulator.addr()));
    }
    tokio::select! {
        _ = signals.next() => {}
        () = orphaned(parent), if args.exit_with_parent => {}
        never = orphans.reap(None) => match never {},
    }
    end(emulator, args, journal).await?;
    Ok(Exit::Success.into())
}

/// Keeps what is to be kept of it.
async fn end(emulator: Emulator, args: &EmulateArgs, journal: &mut Journal) -> Result<(), Failure> {
    let kept = journal.keep(&emulator);
    let state = args.state.as_deref().unwrap_or_else(|| Path::new("")).display();
    let stopped = emulator.stop().await.map_err(|error| cannot(&format!("keep the state in {state}"), &error));
    kept.and(stopped)
}

/// Waits until the parent has ended, upon which the system gives this process another one.
async fn orphaned(parent: u32) {
    while parent_id() == parent {
        tokio::time::sleep(PARENT_CHECK).await;
    }
}

/// Lets as many connections be open as the system grants. With fewer it serves as well, only others wait.
fn allow_many_connections() {
    if let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most);
    }
}

async fn exec(
    args: &EmulateArgs,
    journal: &mut Journal,
    program: &OsStr,
    arguments: &[OsString],
) -> Result<ExitCode, Failure> {
    let mut signals = Signals::to_pass_on().map_err(|error| no_signals(&error))?;
    let mut orphans = Orphans::watch().map_err(|error| no_signals(&error))?;
    let emulator = start(args, journal, 0).await?;
    let mut command = Command::new(program);
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with(VARIABLES) {
            command.env_remove(name);
        }
    }
    command.env("ACTIVITYSMITH_BASE_URL", emulator.base_url()).env("ACTIVITYSMITH_API_KEY", TEST_KEY);
    if std::env::var_os(PROGRAM).is_none_or(|program| program.is_empty())
        && let Ok(program) = std::env::current_exe()
    {
        command.env(PROGRAM, program);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        command.env(name, without_proxy(name));
    }
    let code = match command.spawn() {
        Ok(mut child) => attend(&mut child, &mut signals, &mut orphans)
            .await
            .map_err(|error| cannot("wait for the command", &error))?,
        Err(error) => {
            console::error(&format!("cannot run {}: {error}", program.to_string_lossy()), &[]);
            job::code_of_no_run(&error).into()
        }
    };
    end(emulator, args, journal).await?;
    Ok(code)
}

/// Where the requests and their answers are kept, if that is asked for.
struct Journal(Option<(PathBuf, File)>);

impl Journal {
    /// Opened before anything runs, so that one that cannot be written is no surprise at the end. What it holds stays until
    /// the emulator has started.
    fn open(args: &EmulateArgs) -> Result<Self, Failure> {
        let open = |path: &PathBuf| match File::options().create(true).write(true).truncate(false).open(path) {
            Ok(file) => Ok((path.clone(), file)),
            Err(error) => Err(Failure::new(Exit::Usage, format!("{} cannot be written: {error}", path.display()))),
        };
        args.journal.as_ref().map(open).transpose().map(Self)
    }

    /// Empties it, if it is a file that can be.
    fn begin(&self) {
        if let Some((_, file)) = &self.0 {
            let _ = file.set_len(0);
        }
    }

    fn keep(&mut self, emulator: &Emulator) -> Result<(), Failure> {
        let Some((path, file)) = &mut self.0 else { return Ok(()) };
        let mut lines = Vec::new();
        for entry in emulator.requests() {
            serde_json::to_writer(&mut lines, &entry).expect("entries have a form in JSON");
            lines.push(b'\n');
        }
        file.write_all(&lines).map_err(|error| cannot(&format!("write {}", path.display()), &error))
    }
}

/// What a variable says of hosts that are reached without a proxy, and this machine. Programs read one spelling or the other, so
/// what stands in one holds for both.
fn without_proxy(name: &str) -> OsString {
    let other = if name == "NO_PROXY" { "no_proxy" } else { "NO_PROXY" };
    let given = [name, other].into_iter().filter_map(std::env::var_os).find(|hosts| !hosts.is_empty());
    match given {
        None => LOOPBACK.into(),
        // All hosts; many programs know the star only where it stands alone.
        Some(hosts) if hosts == "*" => hosts,
        Some(mut hosts) => {
            hosts.push(",");
            hosts.push(LOOPBACK);
            hosts
        }
    }
}

/// Passes signals on until the command has ended.
async fn attend(child: &mut Child, signals: &mut Signals, orphans: &mut Orphans) -> io::Result<ExitCode> {
    loop {
        let id = job::id_of(child);
        tokio::select! {
            biased;
            signal = signals.next() => if let Some(id) = id { signals.pass_on(signal, id) },
            status = child.wait() => return Ok(job::code(status?).into()),
            never = orphans.reap(id) => match never {},
        }
    }
}

/// Signals are listened to before anything can be seen of us, so that none comes too early.
fn no_signals(error: &io::Error) -> Failure {
    cannot("listen to signals", error)
}

async fn start(args: &EmulateArgs, journal: &Journal, default_port: u16) -> Result<Emulator, Failure> {
    let port = args.port.unwrap_or(default_port);
    let options = Options {
        port,
        mode: if args.lenient { Mode::Lenient } else { Mode::Strict },
        limits: match args.limits {
            Limits::Service => emulator::Limits::service(),
            Limits::None => emulator::Limits::none(),
        },
        clock: match args.clock {
            Clock::Real => emulator::Clock::Real,
            Clock::Manual => emulator::Clock::Manual(Timestamp::from(SystemTime::now())),
            Clock::At(time) => emulator::Clock::Manual(time),
        },
        seed: args.seed,
        no_control: args.no_control,
        state: args.state.clone(),
        retention: match args.journal {
            Some(_) => Retention { journal: MOST_IN_FILE, ..Retention::default() },
            None => Retention::default(),
        },
        ..Options::default()
    };
    let emulator = Emulator::start(options).await.map_err(|error| match error {
        StartError::Listen { source, .. } if source.kind() == ErrorKind::AddrInUse => {
            let problem = format!("port {port} of 127.0.0.1 is in use; give another --port, or 0 for any free one");
            Failure::new(Exit::Unavailable, problem)
        }
        StartError::Listen { .. } => Failure::new(Exit::Unavailable, error.to_string()),
        StartError::State { .. } | StartError::Foreign { .. } => Failure::new(Exit::Usage, error.to_string()),
    })?;
    journal.begin();
    Ok(emulator)
}

fn cannot(what: &str, error: &io::Error) -> Failure {
    Failure::new(Exit::Unavailable, format!("cannot {what}: {error}"))
}
