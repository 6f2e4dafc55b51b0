//! `asmith emulate`: a local ActivitySmith, alone until it is told to stop, or around one command.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::os::unix::process::{ExitStatusExt as _, parent_id};
use std::path::Path;
use std::process::{ExitCode, ExitStatus};
use std::time::{Duration, SystemTime};

use activitysmith_emulator as emulator;
use activitysmith_emulator::{Emulator, Mode, Options, Timestamp};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::process::{Child, Command};

use super::signals::{self, Signals};
use crate::args::{Clock, EmulateArgs, Limits};
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;

/// Where it listens unless told otherwise, so that a base URL that was set once holds.
const DEFAULT_PORT: u16 = 4010;
/// What the command under `--exec` gets as its key. The emulator takes any; clients take this kind to loopback only.
const TEST_KEY: &str = "ask_test_emulate";
/// How often it is looked whether the parent is still there.
const PARENT_CHECK: Duration = Duration::from_millis(200);
/// How the variables begin that the command must not inherit: they are for the service.
const VARIABLES: &str = "ACTIVITYSMITH_";
/// What no proxy could reach: this machine itself.
const LOOPBACK: &str = "127.0.0.1,localhost";

pub fn run(args: &EmulateArgs, console: Console) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| cannot("start", &error))?;
    let code = runtime.block_on(async {
        match args.command.split_first() {
            None => serve(args, console).await,
            Some((program, arguments)) => exec(args, program, arguments).await,
        }
    });
    // A connection that lingers must not keep the process.
    runtime.shutdown_background();
    code
}

async fn serve(args: &EmulateArgs, console: Console) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen(signals::STOP).map_err(|error| no_signals(&error))?;
    let parent = parent_id();
    allow_many_connections();
    let emulator = start(args, DEFAULT_PORT).await?;
    console::print(&format!("listening on {}\n", emulator.base_url()))?;
    console.note_settings(&format!(
        "for clients: ACTIVITYSMITH_BASE_URL={} ACTIVITYSMITH_API_KEY={TEST_KEY}",
        emulator.base_url()
    ));
    if args.exit_with_parent {
        tokio::select! {
            _ = signals.next() => {}
            () = orphaned(parent) => {}
        }
    } else {
        signals.next().await;
    }
    emulator.stop().await;
    Ok(Exit::Success.into())
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

async fn exec(args: &EmulateArgs, program: &OsStr, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    let mut signals = Signals::to_pass_on().map_err(|error| no_signals(&error))?;
    let emulator = start(args, 0).await?;
    let mut command = Command::new(program);
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with(VARIABLES) {
            command.env_remove(name);
        }
    }
    command.env("ACTIVITYSMITH_BASE_URL", emulator.base_url()).env("ACTIVITYSMITH_API_KEY", TEST_KEY);
    for name in ["NO_PROXY", "no_proxy"] {
        command.env(name, without_proxy(name));
    }
    match command.spawn() {
        Ok(mut child) => attend(&mut child, &mut signals).await.map_err(|error| cannot("wait for the command", &error)),
        Err(error) => {
            console::error(&format!("cannot run {}: {error}", program.to_string_lossy()), &[]);
            // As shells have it: 127 for what is not there, 126 for what cannot be run.
            Ok(if error.kind() == ErrorKind::NotFound { 127 } else { 126 }.into())
        }
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
async fn attend(child: &mut Child, signals: &mut Signals) -> io::Result<ExitCode> {
    loop {
        tokio::select! {
            biased;
            signal = signals.next() => if let Some(id) = child.id() { signals.pass_on(signal, id) },
            status = child.wait() => return Ok(code(status?)),
        }
    }
}

/// The command's own code, or 128 and the signal that ended it, as shells have it.
fn code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX))
}

/// Signals are listened to before anything can be seen of us, so that none comes too early.
fn no_signals(error: &io::Error) -> Failure {
    cannot("listen to signals", error)
}

async fn start(args: &EmulateArgs, default_port: u16) -> Result<Emulator, Failure> {
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
        ..Options::default()
    };
    Emulator::start(options).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            let problem = format!("port {port} of 127.0.0.1 is in use; give another --port, or 0 for any free one");
            Failure::new(Exit::Unavailable, problem)
        }
        ErrorKind::InvalidData => {
            let file = args.state.as_deref().unwrap_or_else(|| Path::new("")).display();
            Failure::new(Exit::Usage, format!("{file} is left as it is: {error}"))
        }
        _ => cannot(&format!("listen on port {port} of 127.0.0.1"), &error),
    })
}

fn cannot(what: &str, error: &io::Error) -> Failure {
    Failure::new(Exit::Unavailable, format!("cannot {what}: {error}"))
}
