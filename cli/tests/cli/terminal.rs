//! `asmith` in a terminal of its own: what is typed there, and what happens when it closes.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Command, Stdio};

use nix::fcntl::OFlag;
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::run::until;
use crate::support::{Running, Words, file};

/// The far side of a terminal: what a person types into. To drop it closes the terminal.
struct Keyboard(File);

/// A new terminal, as the stdin of programs in it.
fn terminal() -> (Keyboard, Stdio) {
    // None of it must stay open in the programs that other tests start at the same time.
    let far =
        posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC).expect("the machine has pseudo-terminals");
    grantpt(&far).expect("the terminal is ours");
    unlockpt(&far).expect("the terminal is ours");
    let path = ptsname_r(&far).expect("the terminal has a name");
    let near = OpenOptions::new().read(true).write(true).custom_flags(OFlag::O_NOCTTY.bits()).open(path);
    (Keyboard(OwnedFd::from(far).into()), near.expect("the terminal opens").into())
}

impl Keyboard {
    fn types(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).expect("the terminal is open");
    }
}

/// A script in a terminal of its own, whose words come through a pipe: a terminal that has closed shows nothing.
struct Play {
    /// None after it has closed.
    keyboard: Option<Keyboard>,
    leader: Running,
    words: Words,
}

impl Play {
    /// `$0` is `asmith`, and `$PROGRAM` the script of the command under it.
    fn start(script: &str, program: &str) -> Self {
        let (keyboard, stdin) = terminal();
        // The leader of a session of its own, which takes its stdin for the session's terminal.
        let mut command = Command::new("setsid");
        command.args(["-c", "sh", "-c", script, env!("CARGO_BIN_EXE_asmith")]);
        command.env("PROGRAM", program).stdin(stdin).stdout(Stdio::piped());
        let mut leader = Running::start(&mut command);
        let words = Words::of(leader.0.stdout.take().expect("stdout is piped"));
        Self { keyboard: Some(keyboard), leader, words }
    }

    fn types(&mut self, text: &str) {
        self.keyboard.as_mut().expect("it is open").types(text);
    }

    fn line_with(&mut self, words: &str) -> String {
        self.words.line_with(words)
    }

    /// The process of `asmith`, when the command under it is ready.
    fn asmith(&mut self) -> Pid {
        let line = self.line_with("ready");
        Pid::from_raw(line.trim_start_matches("ready ").parse().expect("a process id"))
    }

    fn rest(&mut self) -> String {
        self.words.rest()
    }
}

/// Counts a signal until it is told to end; then says how often it came. The shell would also tell of every `sleep` that a signal
/// ended.
fn count(name: &str) -> String {
    format!(
        "exec 2>/dev/null; n=0; trap 'n=$((n+1)); echo came $n' {name}; trap 'echo total $n; exit 5' TERM
        echo ready $PPID; while :; do sleep 0.02; done"
    )
}

/// The two that have a command under them.
const BOTH: [&str; 2] = [r#""$0" emulate --exec -- sh -c "$PROGRAM""#, RUN];
const RUN: &str = r#""$0" -q run job -- sh -c "$PROGRAM""#;

#[test]
fn ctrl_c_reaches_the_command_once() {
    for asmith_under in BOTH {
        let mut play = Play::start(&format!("exec {asmith_under}"), &count("INT"));
        let asmith = play.asmith();
        play.types("\x03");
        play.line_with("came");
        kill(asmith, Signal::SIGTERM).expect("it runs");
        assert_eq!(play.rest().lines().last(), Some("total 1"), "{asmith_under}");
        assert_eq!(play.leader.code(), Some(5));
    }
}

#[test]
fn a_terminal_that_closes_reaches_the_command_once() {
    // Under a shell, whose end tells all that is in the foreground; and alone, where only `asmith` is told.
    for script in BOTH.into_iter().flat_map(|it| [format!("{it}; true"), format!("exec {it}")]) {
        let mut play = Play::start(&script, &count("HUP"));
        let asmith = play.asmith();
        drop(play.keyboard.take());
        play.line_with("came");
        kill(asmith, Signal::SIGTERM).expect("it runs");
        assert_eq!(play.rest().lines().last(), Some("total 1"), "{script}");
    }
}

#[test]
fn ctrl_c_twice_reaches_a_job_twice_and_ends_the_script_around_it() {
    // What is typed once it has said so finds the signal as it is by default.
    let program = "trap 'trap - INT; echo came' INT; echo ready $PPID; while :; do sleep 0.02; done";
    // Bash goes on after a command that a signal did not end, and gives up after one that it did.
    let mut play = Play::start(&format!("bash -c '{RUN}; echo went on' \"$0\""), program);
    play.asmith();
    play.types("\x03");
    play.line_with("came");
    play.types("\x03");
    assert_eq!(play.rest(), "");
}

#[test]
fn ctrl_z_stops_a_job_with_us_and_the_shell_can_go_on_with_it() {
    let program = "trap 'echo going on' CONT; trap 'exit 5' TERM; echo ready $PPID; while :; do sleep 0.02; done";
    let mut play = Play::start(&format!("set -m; {RUN}; echo stopped; fg >/dev/null; echo code $?"), program);
    let asmith = play.asmith();
    play.types("\x1a");
    play.line_with("stopped");
    play.line_with("going on");
    kill(asmith, Signal::SIGTERM).expect("it runs");
    assert_eq!(play.line_with("code"), "code 5");
}

#[test]
fn a_job_has_the_terminal_for_itself() {
    let program = "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo ready $PPID >&9 && read line && echo got $line >&9";
    let mut play = Play::start(&format!("exec 9>&1 >/dev/tty 2>/dev/tty; {RUN}"), program);
    play.asmith();
    play.types("a word\n");
    assert_eq!(play.line_with("got"), "got a word");
}

/// The line that the issue accepts, as a person types it.
#[test]
fn a_job_whose_output_goes_to_the_terminal_is_shown_to_run_still() {
    let journal = file("terminal-journal", "");
    let program = r#"for i in 1 2 3; do echo "$i/3"; sleep 2; done; exit 3"#;
    let run = r#""$0" run nightly-backup --title "Nightly backup" -- sh -c "$PROGRAM" >/dev/tty"#;
    let mut play = Play::start(&format!(r#""$0" emulate --journal {journal} --exec -- {run}; echo code $?"#), program);
    assert_eq!(play.line_with("code"), "code 3");
    let shown = crate::support::shown_in(&journal);
    let words = [("started", ""), ("updated", "still running after "), ("ended", "exit 3 after ")];
    let is_as_meant =
        |(shown, meant): (&(String, String), &(&str, &str))| shown.0 == meant.0 && shown.1.starts_with(meant.1);
    assert!(shown.len() == 3 && shown.iter().zip(&words).all(is_as_meant), "{shown:?}");
}

#[test]
fn a_timeout_in_a_terminal_ends_what_the_command_has_started_and_nobody_else() {
    let program = "sh -c 'echo inner $$; exec sleep 1000'; true";
    let run = RUN.replace(" -- ", " --timeout 5 -- ");
    let mut play = Play::start(&format!("{run}; echo code $?"), program);
    let inner = play.line_with("inner").replace("inner ", "");
    assert_eq!(play.line_with("code"), "code 124");
    // A child that was not waited for yet is still there, as a zombie.
    let runs = || std::fs::read(format!("/proc/{inner}/cmdline")).is_ok_and(|words| !words.is_empty());
    until(|| !runs());
}

#[test]
fn validate_says_that_it_reads_what_is_typed() {
    let (mut keyboard, stdin) = terminal();
    let mut asmith = Running::start(crate::support::asmith(&["validate"]).stdin(stdin).stderr(Stdio::piped()));
    keyboard.types("{\"content_state\": {\"title\": \"T\", \"percentage\": 5}}\n\x04");
    let told = Words::of(asmith.0.stderr.take().expect("stderr is piped")).rest();
    assert_eq!(asmith.code(), Some(0), "{told}");
    assert!(told.contains("reads the request's JSON from stdin"), "{told}");
}
