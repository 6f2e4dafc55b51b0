//! Where the key and the patience come from, and that the key stays secret.

use crate::support::{KEY, Service, asmith, file, run};

const STREAM: &[&str] = &["stream", "k", "--type", "progress", "--title", "T", "--percentage", "1"];

#[test]
fn a_key_as_an_argument_works_and_warns() {
    let service = Service::start();
    let mut command = service.asmith(&[STREAM, &["--api-key", KEY]].concat());
    let told = run(command.env_remove("ACTIVITYSMITH_API_KEY"));
    assert!(told.succeeded().stderr.contains("warning: --api-key shows the key"), "{told:?}");
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
    service.run(&["stream", KEY, "--title", "T"]).failed(78, "stream_key is the API key");
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
