//! Where the key and the patience come from, and that the key stays secret.

use crate::support::{KEY, Service, asmith, file, run};

const STREAM: &[&str] = &["stream", "k", "--type", "progress", "--title", "T", "--percentage", "1"];

#[test]
fn a_key_as_an_argument_works_and_warns() {
    let service = Service::start();
    let mut command = service.asmith(&[STREAM, &["--api-key", KEY]].concat());
    let told = run(command.env_remove("ACTIVITYSMITH_API_KEY"));
    assert!(told.succeeded().stderr.contains("warning: --api-key exposes the key"), "{told:?}");
}

#[test]
fn a_key_comes_from_a_file() {
    let service = Service::start();
    let key = file("key", &format!("{KEY}\n"));
    run(service.asmith(&[STREAM, &["--api-key-file", &key]].concat()).env_remove("ACTIVITYSMITH_API_KEY")).succeeded();
    let mut command = service.asmith(STREAM);
    run(command.env_remove("ACTIVITYSMITH_API_KEY").env("ACTIVITYSMITH_API_KEY_FILE", &key)).succeeded();
}

#[test]
fn an_argument_wins_over_the_environment() {
    let service = Service::start();
    let mut command = service.asmith(&[STREAM, &["--base-url", &service.emulator.base_url()]].concat());
    run(command.env("ACTIVITYSMITH_BASE_URL", "http://127.0.0.1:1/api")).succeeded();
}

#[test]
fn a_key_given_to_the_wrong_flag_is_not_repeated() {
    let service = Service::start();
    service
        .run(&[STREAM, &["--api-key-file", KEY]].concat())
        .failed(78, "api_key_file names a file that cannot be read");
    service.run(&[STREAM, &["--api-key", KEY, "--api-key-file", "f"]].concat()).failed(64, "cannot be used with");
    run(&mut asmith(&[STREAM, &[&format!("--api-keyy={KEY}")]].concat())).failed(64, "unexpected argument");
    run(&mut asmith(&[KEY])).failed(64, "unrecognized subcommand '[redacted]'");
    service.run(&[STREAM, &["--timeout", KEY]].concat()).failed(64, "[redacted]");
    service.run(&[STREAM, &["--json", KEY]].concat()).failed(64, "[redacted] cannot be read");
    run(&mut asmith(&["validate", KEY])).failed(64, "[redacted] cannot be read");
    service.run(&["stream", KEY, "--title", "T"]).failed(78, "stream_key must not be the API key");
    assert!(service.bodies().is_empty());
}

#[test]
fn white_space_around_a_key_does_not_count() {
    let service = Service::start();
    for (name, key) in
        [("newline", format!("{KEY}\n")), ("windows", format!("{KEY}\r\n")), ("blanks", format!(" \t{KEY} \n\n"))]
    {
        run(service.asmith(STREAM).env("ACTIVITYSMITH_API_KEY", &key)).succeeded();
        run(service.asmith(&["run", "job", "--strict", "--", "true"]).env("ACTIVITYSMITH_API_KEY", &key)).succeeded();
        run(service.asmith(&["doctor"]).env("ACTIVITYSMITH_API_KEY", &key)).succeeded();
        let key = file(name, &key);
        let with_file = |args: &[&str]| {
            let mut command = service.asmith(args);
            run(command.env_remove("ACTIVITYSMITH_API_KEY").env("ACTIVITYSMITH_API_KEY_FILE", &key))
        };
        with_file(STREAM).succeeded();
        with_file(&["run", "job", "--strict", "--", "true"]).succeeded();
    }
    run(service.asmith(STREAM).env("ACTIVITYSMITH_API_KEY", "\n")).failed(78, "ACTIVITYSMITH_API_KEY");
}

/// More than can be added to any time.
const ENDLESS: &[&str] = &["1e19", "1e308", "9223372036854775807", "18446744073709551615s", "9999999999y"];

#[test]
fn a_duration_without_end_is_as_good_as_none() {
    let service = Service::start();
    let flags = ["--timeout", "--kill-after", "--dismiss-after", "--flush-timeout", "--jitter"];
    for endless in ENDLESS {
        let flags: Vec<_> = flags.into_iter().flat_map(|flag| [flag, endless]).collect();
        let told = service.run(&[&["run", "job"], &flags[..], &["--", "sh", "-c", "exit 3"]].concat());
        assert_eq!((told.code, told.stderr.as_str()), (Some(3), ""), "{endless}");
        let mut job = service.asmith(&["run", "job", "--", "sh", "-c", "exit 3"]);
        let told = run(job.env("ASMITH_RUN_TIMEOUT", endless).env("ASMITH_RUN_FLUSH_TIMEOUT", endless));
        assert_eq!((told.code, told.stderr.as_str()), (Some(3), ""), "{endless}");
        let killed = ["run", "job", "--timeout", "0.2", "--kill-after", endless, "--", "sleep", "1000"];
        assert_eq!(service.run(&killed).code, Some(124), "{endless}");
        service.run(&["watch", "queue", "--every", endless, "--times", "1", "--", "echo", "1"]).succeeded();
        service.run(&["pipe", "job", "--flush-timeout", endless, "--jitter", endless]).succeeded();
        service.run(&[STREAM, &["--timeout", endless]].concat()).failed(78, "timeout");
    }
}

#[test]
fn what_is_no_duration_is_refused_before_anything_runs() {
    let service = Service::start();
    for text in ["99999999999999999999h", "1e308s", "1e999", "-1", "-1s", "NaN", "inf", ""] {
        for flag in ["--timeout", "--kill-after", "--dismiss-after", "--flush-timeout", "--jitter"] {
            let flag = format!("{flag}={text}");
            service.run(&["run", "job", "--timeout=1", &flag, "--", "echo", "it ran"][..]).failed(64, "--");
        }
        service.run(&["watch", "queue", &format!("--every={text}"), "--", "echo", "1"]).failed(64, "--every");
        service.run(&[STREAM, &[&format!("--timeout={text}")]].concat()).failed(64, "--timeout");
    }
    assert!(service.bodies().is_empty());
}

#[test]
fn a_timeout_that_cannot_be_is_refused() {
    let service = Service::start();
    service.run(&[STREAM, &["--timeout", "soon"]].concat()).failed(64, "--timeout");
    service.run(&[STREAM, &["--timeout", "0"]].concat()).failed(78, "timeout");
    service.run(&[STREAM, &["--timeout", "2m 30s", "--max-retries", "0"]].concat()).succeeded();
    assert_eq!(service.bodies().len(), 1);
}
