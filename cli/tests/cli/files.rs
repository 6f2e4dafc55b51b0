//! Files that never end: pipes without a writer, devices, and what is too large. None of them delays a command.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::support::{KEY, Running, Service, Words, asmith, run};

const STREAM: &[&str] = &["stream", "k", "--type", "progress", "--title", "T", "--percentage", "1"];
const JOB: &[&str] = &["run", "job", "--flush-timeout", "1h", "--", "sh", "-c", "exit 3"];

/// An empty folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join(".config/asmith")).expect("a folder");
    folder
}

fn pipe(folder: &Path) -> PathBuf {
    let path = folder.join("pipe");
    mkfifo(&path, Mode::S_IRWXU).expect("the folder takes pipes");
    path
}

/// `asmith` with the settings of this service, in this home.
fn at(home: &Path, service: &Service, args: &[&str]) -> Command {
    let mut command = service.asmith(args);
    command.env("HOME", home).current_dir(home);
    command
}

/// A process that may hang, and what it says on stderr.
struct Telling(Running, Words);

impl Telling {
    fn start(command: &mut Command) -> Self {
        let mut running = Running::start(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()));
        let words = Words::of(running.0.stderr.take().expect("stderr is piped"));
        Self(running, words)
    }

    /// It ends with this code, and says this.
    fn ends(mut self, code: i32, words: &str) {
        let told = self.1.rest();
        assert_eq!(self.0.code(), Some(code), "{told}");
        assert!(told.contains(words), "{words} is not in {told}");
    }
}

/// Makes something that is no file of settings, and how that is refused.
type Trap = (fn(&Path), &'static str);

const TRAPS: &[Trap] = &[
    (|path| mkfifo(path, Mode::S_IRWXU).expect("a pipe"), "it is not a regular file"),
    (|path| symlink(pipe(&folder("linked")), path).expect("a link"), "it is not a regular file"),
    (|path| symlink("/dev/zero", path).expect("a link"), "it is not a regular file"),
    (|path| fs::create_dir(path).expect("a folder"), "it is not a regular file"),
    (|path| drop(UnixListener::bind(path).expect("a socket")), "cannot be read"),
    (|path| symlink(path, path).expect("a link"), "cannot be read"),
    (|path| fs::File::create(path).and_then(|file| file.set_len(10_000_000_000)).expect("a file"), "larger than 1 MiB"),
];

#[test]
fn settings_that_are_not_named_are_read_from_regular_files_only() {
    let service = Service::start();
    for (number, (set, words)) in TRAPS.iter().enumerate() {
        for place in [".asmith.toml", ".config/asmith/config.toml"] {
            // The path of a socket must be short.
            let home = std::env::temp_dir().join(format!("asmith-files-{}-{number}", std::process::id()));
            let _ = fs::remove_dir_all(&home);
            fs::create_dir_all(home.join(".config/asmith")).expect("a folder");
            set(&home.join(place));
            Telling::start(&mut at(&home, &service, JOB)).ends(3, words);
            Telling::start(&mut at(&home, &service, STREAM)).ends(78, words);
            fs::remove_dir_all(&home).expect("it can be removed");
        }
    }
    assert!(service.bodies().is_empty());
}

#[test]
fn links_are_followed_to_files_and_to_nothing() {
    let service = Service::start();
    let home = folder("links");
    fs::create_dir_all(home.join("a/b")).expect("a folder");
    let text = format!("[profiles.work]\napi_key_file = \"{}\"\n", home.join("key").display());
    fs::write(home.join("a/user.toml"), text).expect("a file");
    fs::write(home.join("a/key"), KEY).expect("a file");
    fs::write(home.join("a/project.toml"), "profile = \"work\"").expect("a file");
    symlink("../../a/b/second", home.join(".config/asmith/config.toml")).expect("a link");
    symlink("../user.toml", home.join("a/b/second")).expect("a link");
    symlink("a/key", home.join("key")).expect("a link");
    symlink("a/project.toml", home.join(".asmith.toml")).expect("a link");
    run(at(&home, &service, STREAM).env_remove("ACTIVITYSMITH_API_KEY")).succeeded();
    for place in [".asmith.toml", ".config/asmith/config.toml"] {
        fs::remove_file(home.join(place)).and_then(|()| symlink("/dev/null", home.join(place))).expect("a link");
    }
    run(&mut at(&home, &service, STREAM)).succeeded();
    run(&mut at(&home, &service, &[STREAM, &["--config", "/dev/null"]].concat())).succeeded();
}

#[test]
fn a_pipe_that_is_named_gives_a_key_and_a_configuration() {
    let service = Service::start();
    let home = folder("pipes");
    let path = pipe(&home);
    let flag = path.to_str().expect("UTF-8");
    let configuration = format!("profile = \"work\"\n[profiles.work]\napi_key = \"{KEY}\"\n");
    let with_flag = |flags: &[&str]| {
        let mut command = at(&home, &service, &[STREAM, flags].concat());
        command.env_remove("ACTIVITYSMITH_API_KEY");
        command
    };
    let with_variable = |args: &[&str]| {
        let mut command = at(&home, &service, args);
        command.env_remove("ACTIVITYSMITH_API_KEY").env("ACTIVITYSMITH_API_KEY_FILE", &path);
        command
    };
    let key = format!("{KEY}\n");
    for (mut command, text, code) in [
        (with_flag(&["--api-key-file", flag]), &key, 0),
        (with_flag(&["--config", flag]), &configuration, 0),
        (with_variable(STREAM), &key, 0),
        (with_variable(&["run", "job", "--strict", "--", "true"]), &key, 0),
    ] {
        let writer = {
            let (path, text) = (path.clone(), text.clone());
            // It opens when the other end is opened.
            thread::spawn(move || OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes()))
        };
        Telling::start(&mut command).ends(code, "");
        writer.join().expect("it does not panic").expect("it is read");
    }
}

#[test]
fn a_pipe_that_gives_nothing_is_left_after_a_while() {
    let service = Service::start();
    let home = folder("silent");
    let path = pipe(&home);
    let flag = path.to_str().expect("UTF-8");
    let words = "no whole text came through the pipe within 5 s";
    let started = [
        (&[STREAM, &["--api-key-file", flag]].concat()[..], 78),
        (&[STREAM, &["--config", flag]].concat(), 78),
        (&[&["run", "job", "--api-key-file", flag], &JOB[4..]].concat(), 3),
        (&[&["run", "job", "--config", flag], &JOB[4..]].concat(), 3),
    ]
    .map(|(args, code)| (Telling::start(&mut at(&home, &service, args)), code));
    for (told, code) in started {
        told.ends(code, words);
    }
}

#[test]
fn a_budget_that_is_no_file_is_done_without() {
    let service = Service::start();
    let home = folder("budget");
    for path in [pipe(&home), "/dev/zero".into(), "/dev/null".into(), home.clone()] {
        Telling::start(at(&home, &service, JOB).env("ACTIVITYSMITH_BUDGET_FILE", &path)).ends(3, "");
        Telling::start(at(&home, &service, STREAM).env("ACTIVITYSMITH_BUDGET_FILE", &path)).ends(0, "");
    }
}

#[test]
fn certificates_that_are_no_file_are_done_without() {
    let home = folder("certificates");
    for path in [pipe(&home), "/dev/zero".into()] {
        for (args, code) in [(JOB, 3), (STREAM, 69)] {
            let mut command = asmith(&[args, &["--max-retries", "0"][..if code == 69 { 2 } else { 0 }]].concat());
            command.env("ACTIVITYSMITH_BASE_URL", "https://127.0.0.1:1/api").env("ACTIVITYSMITH_API_KEY", KEY);
            Telling::start(command.env("SSL_CERT_FILE", &path)).ends(code, "could not connect");
        }
    }
}

#[test]
fn a_doctor_looks_at_no_pipe() {
    let service = Service::start();
    let home = folder("doctor");
    let path = pipe(&home);
    let mut command = at(&home, &service, &["doctor"]);
    command.env("ACTIVITYSMITH_BUDGET_FILE", &path).env("SSL_CERT_FILE", &path);
    let mut running = Running::start(command.stdout(Stdio::piped()));
    let told = Words::of(running.0.stdout.take().expect("stdout is piped")).rest();
    assert_eq!((running.code(), told.matches("which cannot be used: it is not a regular file").count()), (Some(0), 2));
    let told = run(at(&home, &service, &["doctor"]).env("SSL_CERT_DIR", &home));
    assert!(!told.succeeded().stdout.contains("cannot be used"), "{told:?}");
}

#[test]
fn a_request_that_does_not_end_is_refused() {
    let service = Service::start();
    for args in [&["stream", "k", "--json", "/dev/zero"][..], &["validate", "/dev/zero"]] {
        service.run(args).failed(64, "/dev/zero cannot be read: it is larger than 16 MiB");
    }
}
