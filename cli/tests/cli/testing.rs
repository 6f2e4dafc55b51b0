//! The crate's `testing::Emulator`, which runs `asmith emulate`.

use std::net::TcpStream;

use activitysmith_kit::testing::Emulator;
use activitysmith_kit::{Error, Operation, Progress};
use serde_json::json;

use crate::support::{asmith, run};

fn emulator() -> Emulator {
    Emulator::start_with(env!("CARGO_BIN_EXE_asmith"), ["--limits", "none"]).unwrap()
}

#[test]
fn an_account_shows_what_a_client_and_a_command_sent() {
    let emulator = emulator();
    let account = emulator.account();
    let client = account.builder().build_blocking().unwrap();
    client.live_activities().stream("nightly-backup", Progress::new("Nightly backup").percentage(42)).send().unwrap();
    run(asmith(&["stream", "deploy", "--type", "progress", "--title", "T", "--percentage", "7"])
        .envs(account.environment()))
    .succeeded();
    assert_eq!(account.stream("nightly-backup").unwrap()["content_state"]["percentage"], 42);
    assert_eq!(account.stream("deploy").unwrap()["content_state"]["percentage"], 7);
    assert_eq!(account.requests().unwrap().len(), 2);
    let other = emulator.account();
    assert!(other.stream("nightly-backup").unwrap_err().to_string().contains("nightly-backup"));
    assert!(other.requests().unwrap().is_empty());
}

#[test]
fn an_account_is_set_up_and_its_streams_are_acted_on() {
    let emulator = emulator();
    let account = emulator.account();
    let client = account.builder().build_blocking().unwrap();
    let send = |percentage| {
        client
            .live_activities()
            .stream("k", Progress::new("T").percentage(percentage))
            .send()
            .map(|done| done.operation)
    };
    assert_eq!(send(1).unwrap(), Operation::Started);
    account.pause("k").unwrap();
    assert_eq!(send(2).unwrap(), Operation::Paused);
    account.resume("k").unwrap();
    assert_eq!(send(3).unwrap(), Operation::Started);
    account.dismiss("k").unwrap();
    account.set_up(&json!({"revoked": true})).unwrap();
    let Err(Error::Api(error)) = send(4) else { panic!("the key was revoked") };
    assert_eq!(error.kind.as_str(), "unauthorized");
    assert!(account.set_up(&json!({"billing": "unknown"})).is_err());
}

#[test]
fn it_stops_when_it_is_dropped() {
    let emulator = emulator();
    let address = emulator.base_url().trim_start_matches("http://").trim_end_matches("/api").to_owned();
    assert!(TcpStream::connect(&address).is_ok());
    drop(emulator);
    assert!(TcpStream::connect(&address).is_err());
}
