//! `asmith run` as the first process of a container, and what other processes may see of it.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{job, states, until};
use crate::support::{Running, Service, Words, file, run};

fn is_root() -> bool {
    fs::metadata("/proc/self").expect("a folder").uid() == 0
}

/// The same command below another one, and with its variables.
fn below(outer: &[&str], inner: &Command) -> Command {
    let mut command = Command::new(outer[0]);
    command.args(&outer[1..]).arg(inner.get_program()).args(inner.get_args()).stdin(Stdio::null());
    command.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// The same command as the first process of a namespace of its own. None where the system grants no such namespace.
fn first(inner: &Command) -> Option<Command> {
    let mut unshare = vec!["unshare", "--pid", "--fork", "--mount-proc"];
    if !is_root() {
        unshare.extend(["--user", "--map-root-user"]);
    }
    let granted = Command::new(unshare[0]).args(&unshare[1..]).arg("true").stderr(Stdio::null()).status();
    if !granted.is_ok_and(|status| status.success()) {
        eprintln!("not tested: the system grants no namespace of processes");
        return None;
    }
    Some(below(&unshare, inner))
}

#[test]
fn the_first_process_ends_with_the_code_of_a_signal() {
    let service = Service::start();
    for inner in [
        job(&service, &["--progress", "off"], "echo ready; exec sleep 1000"),
        service.asmith(&["pipe", "job"]),
        service.asmith(&["emulate", "--exec", "--", "sh", "-c", "echo ready; exec sleep 1000"]),
    ] {
        for (signal, code) in [(Signal::SIGTERM, 143), (Signal::SIGINT, 130), (Signal::SIGHUP, 129)] {
            let Some(mut first) = first(&inner) else { return };
            let mut unshare = Running::start(first.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()));
            let mut stdin = unshare.0.stdin.take().expect("stdin is piped");
            stdin.write_all(b"ready\n").expect("it is open");
            Words::of(unshare.0.stdout.take().expect("stdout is piped")).line_with("ready");
            let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children", id = unshare.0.id()));
            let asmith = children.expect("it runs").trim().parse().expect("one child");
            kill(Pid::from_raw(asmith), signal).expect("it runs");
            assert_eq!(unshare.code(), Some(code), "{signal} {inner:?}");
        }
    }
}

/// Starts a few processes that end after their parents, and waits until none of them is left, not even as a zombie: then only the
/// first process and this shell have a folder.
const ORPHANS: &str = "for orphan in 1 2 3; do (sleep 0.05 &); done
    tries=0; while set -- /proc/[0-9]*; [ $# -gt 2 ]; do
        tries=$((tries + 1)); [ $tries -lt 2000 ] || { echo left: $*; exit 1; }; sleep 0.01; done";

#[test]
fn the_first_process_reaps_orphans() {
    let service = Service::start();
    let (orphans, code) = (format!("{ORPHANS}; exit 7"), format!("{ORPHANS}; echo 7"));
    for (inner, code) in [
        (job(&service, &[], &orphans), 7),
        (service.asmith(&["emulate", "--exec", "--", "sh", "-c", &orphans]), 7),
        (service.asmith(&["watch", "queue", "--every", "1ms", "--times", "2", "--", "sh", "-c", &code]), 0),
    ] {
        let Some(mut first) = first(&inner) else { return };
        let told = run(&mut first);
        assert_eq!((told.code, told.stdout.as_str()), (Some(code), ""), "{told:?}");
    }
}

#[test]
fn orphans_that_end_with_the_command_do_not_take_its_code() {
    let service = Service::start();
    for _ in 0..20 {
        let Some(mut first) = first(&job(&service, &[], "(true &); (true &); (exit 9 &); exit 5")) else { return };
        assert_eq!(run(&mut first).code, Some(5));
    }
}

/// Some supervisors ignore SIGCHLD, which their children inherit.
#[test]
fn a_command_has_its_code_where_ends_of_children_were_ignored() {
    let service = Service::start();
    for inner in [
        job(&service, &[], "exit 3"),
        service.asmith(&["emulate", "--exec", "--", "sh", "-c", "exit 3"]),
        service.asmith(&["watch", "queue", "--every", "1ms", "--times", "2", "--", "sh", "-c", "echo 3"]),
    ] {
        let is_watch = inner.get_args().next().is_some_and(|name| name == "watch");
        let mut ignoring = below(&["env", "--ignore-signal=CHLD"], &inner);
        assert_eq!(run(&mut ignoring).code, Some(if is_watch { 0 } else { 3 }));
    }
}

/// A command of a user without privileges.
struct Unprivileged {
    command: Command,
    /// The program in a place where all users can run it, if this one is root.
    copy: Option<PathBuf>,
}

impl Unprivileged {
    fn new(inner: &Command, name: &str) -> Self {
        if !is_root() {
            return Self { command: below(&["env"], inner), copy: None };
        }
        let copy = std::env::temp_dir().join(format!("asmith-{name}-{}", std::process::id()));
        fs::copy(inner.get_program(), &copy).expect("the program can be copied");
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).expect("rights");
        let mut command = Command::new(&copy);
        command.args(inner.get_args()).envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let command = below(&["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], &command);
        Self { command, copy: Some(copy) }
    }
}

impl Drop for Unprivileged {
    fn drop(&mut self) {
        if let Some(copy) = &self.copy {
            let _ = fs::remove_file(copy);
        }
    }
}

#[test]
fn processes_of_the_same_user_cannot_look_into_it_but_into_its_command() {
    let service = Service::start();
    let script = "cat /proc/$PPID/environ /proc/$PPID/maps 2>/dev/null; ls /proc/$PPID/fd 2>/dev/null
        cat /proc/$$/environ >/dev/null && cat /proc/$$/maps >/dev/null && echo its own";
    let mut looking = Unprivileged::new(&job(&service, &["--progress", "off"], script), "look");
    assert_eq!(run(&mut looking.command).succeeded().stdout, "its own\n");
}

/// It opens the file anew below `/proc/self`, which no other process of its user could.
#[test]
fn the_file_of_an_output_is_looked_at_by_any_user() {
    let service = Service::start();
    let out = file("looked-at", "");
    // It begins when the start has come, and ends when what it says has come.
    let mut looking = Unprivileged::new(&job(&service, &[], "read line; echo 1/4; echo 2/4; cat >/dev/null"), "file");
    looking.command.stdin(Stdio::piped()).stdout(File::create(&out).expect("a file"));
    let mut asmith = Running::start(&mut looking.command);
    let mut stdin = asmith.0.stdin.take().expect("stdin is piped");
    until(|| !states(&service).is_empty());
    stdin.write_all(b"go\n").expect("it reads");
    until(|| states(&service).iter().any(|state| state["subtitle"] == "50 %"));
    drop(stdin);
    assert_eq!(asmith.code(), Some(0));
}
