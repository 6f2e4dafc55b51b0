//! What a command reads and writes is its own: untouched, or passed on byte for byte.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::Stdio;

use super::{job, last, run};
use crate::support::{Running, Service, file, run_with};

/// What makes a command's outputs go through pipes of ours.
const PIPED: &[&str] = &["--progress", "auto"];

#[test]
fn outputs_are_the_commands_own_unless_progress_is_looked_for() {
    let service = Service::start();
    let kind = |flags: &[&str]| run(&service, flags, "readlink /proc/self/fd/1").stdout;
    assert_ne!(kind(&["--progress", "off"]), kind(PIPED));
    let out = file("own-output", "");
    let mut command = job(&service, &[], "readlink /proc/self/fd/1");
    assert!(command.stdout(File::create(&out).expect("a file")).status().expect("it runs").success());
    assert_eq!(
        std::fs::read_to_string(&out).expect("a file").trim_end(),
        out,
        "nothing comes between a command and its file"
    );
}

#[test]
fn stdin_is_the_commands_own() {
    let service = Service::start();
    let told = run_with(&mut job(&service, PIPED, "cat"), "through\n");
    assert_eq!(told.succeeded().stdout, "through\n");
}

#[test]
fn bytes_are_passed_on_as_they_are() {
    let service = Service::start();
    let every: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    let path = file("every-byte", "");
    std::fs::write(&path, &every).expect("a file");
    let output = job(&service, PIPED, &format!("cat {path}; cat {path} >&2")).output().expect("it runs");
    assert!(output.status.success());
    assert!(output.stdout == every && output.stderr == every);
}

#[test]
fn what_goes_to_one_place_keeps_its_order() {
    let service = Service::start();
    let script = "i=0; while [ $i -lt 200 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done";
    let path = file("both-outputs", "");
    let out = File::create(&path).expect("a file");
    let mut command = job(&service, PIPED, script);
    command.stdout(out.try_clone().expect("a copy")).stderr(out);
    assert!(command.status().expect("it runs").success());
    let expected = (0..200).map(|i| format!("o{i}\ne{i}\n")).collect::<Vec<_>>().concat();
    assert_eq!(std::fs::read_to_string(path).expect("a file"), expected);
}

#[test]
fn a_gigabyte_without_a_line_takes_no_memory() {
    let service = Service::start();
    let mut command = job(&service, PIPED, "head -c 1000000000 /dev/zero; grep VmHWM /proc/$PPID/status >&2");
    let mut asmith = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    let mut stdout = asmith.0.stdout.take().expect("stdout is piped");
    let (mut piece, mut length) = (vec![0; 1 << 16], 0_usize);
    loop {
        match stdout.read(&mut piece).expect("it writes") {
            0 => break,
            read => length += read,
        }
    }
    let mut told = String::new();
    asmith.0.stderr.take().expect("stderr is piped").read_to_string(&mut told).expect("UTF-8");
    assert_eq!((asmith.code(), length), (Some(0), 1_000_000_000));
    let kilobytes: u64 = told.split_whitespace().nth(1).and_then(|it| it.parse().ok()).expect("a size");
    assert!(kilobytes < 60_000, "{told}");
}

#[test]
fn a_reader_that_goes_away_ends_the_command_as_ever() {
    let service = Service::start();
    for flags in [&[][..], PIPED] {
        let mut asmith = Running::start(job(&service, flags, "yes").stdout(Stdio::piped()));
        let mut start = [0; 4];
        asmith.0.stdout.take().expect("stdout is piped").read_exact(&mut start).expect("it writes");
        assert_eq!(asmith.code(), Some(141), "{flags:?}");
    }
    assert_eq!(last(&service)["subtitle"].as_str().map(|words| &words[..8]), Some("exit 141"));
}

/// Linux has a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_passed_on_is_no_success() {
    let service = Service::start();
    let full = || File::options().write(true).open("/dev/full").expect("it is there");
    // The command's own failure, with nothing between.
    assert_ne!(job(&service, &[], "echo x").stdout(full()).output().expect("it runs").status.code(), Some(0));
    let output = job(&service, PIPED, "echo x").stdout(full()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot pass on the output"));
}

#[test]
fn what_a_command_leaves_behind_can_write_on() {
    let service = Service::start();
    for flags in [&["--progress", "off"][..], PIPED] {
        // The one that is left behind writes when it is told that we have ended.
        let mut command = job(&service, flags, "exec 3<&0; (read line <&3; echo late) & echo early");
        let mut asmith = Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
        let mut stdin = asmith.0.stdin.take().expect("stdin is piped");
        let mut stdout = asmith.0.stdout.take().expect("stdout is piped");
        assert_eq!(asmith.code(), Some(0), "{flags:?}");
        stdin.write_all(b"go\n").expect("it reads");
        let mut told = String::new();
        stdout.read_to_string(&mut told).expect("UTF-8");
        assert_eq!(told, "early\nlate\n", "{flags:?}");
    }
}
