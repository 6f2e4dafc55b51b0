//! Snapshots over HTTP and in a file, and an emulator without control endpoints.

use std::path::PathBuf;

use activitysmith_emulator::{Emulator, Limits, Options};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{KEY, Server, answer};

/// A path of this test alone, at which nothing is.
fn fresh(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}.json", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

fn kept_in(path: &std::path::Path) -> Options {
    Options { state: Some(path.to_owned()), limits: Limits::none(), ..Options::default() }
}

#[tokio::test]
async fn a_snapshot_is_taken_out_and_put_in() {
    let server = Server::quiet().await;
    server.put("pick", 40).await;
    let (_, snapshot) = answer(server.control(Method::GET, "export")).await;
    assert_eq!((&snapshot["format"], &snapshot["version"]), (&json!("activitysmith-emulator"), &json!(1)));
    assert!(!snapshot.to_string().contains(KEY));
    let other = Server::quiet().await;
    answer(other.control(Method::POST, "import").json(&snapshot)).await;
    assert_eq!(other.put("pick", 40).await["operation"], "noop");
    let (_, clock) = answer(other.control(Method::GET, "clock")).await;
    assert_eq!(clock["now"], snapshot["clock"]);
}

#[tokio::test]
async fn a_snapshot_that_is_cut_off_or_foreign_changes_nothing() {
    let server = Server::quiet().await;
    server.put("pick", 40).await;
    let (_, snapshot) = answer(server.control(Method::GET, "export")).await;
    let text = snapshot.to_string();
    let newer = text.replace("\"version\":1", "\"version\":2");
    let odd = text.replace("\"updates\":", "\"downdates\":");
    for (bad, reason) in [
        (&text[..text.len() / 2], "cut off"),
        ("", "cut off"),
        ("{\"streams\": []}", "no snapshot"),
        ("<html></html>", "no JSON"),
        (newer.as_str(), "version 2"),
        (odd.as_str(), "does not fit"),
    ] {
        let (status, refused) = answer(server.control(Method::POST, "import").body(bad.to_owned())).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{bad}");
        assert!(refused["message"].as_str().unwrap().contains(reason), "{refused}");
    }
    assert_eq!(server.put("pick", 40).await["operation"], "noop");
}

#[tokio::test]
async fn a_snapshot_may_be_larger_than_a_request() {
    let server = Server::quiet().await;
    let (_, mut snapshot) = answer(server.control(Method::GET, "export")).await;
    snapshot["service"]["accounts"] = json!("x".repeat(3 << 20));
    let (status, refused) = answer(server.control(Method::POST, "import").json(&snapshot)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "it was read: {refused}");
}

#[tokio::test]
async fn a_state_that_is_kept_in_a_file_outlives_the_emulator() {
    let path = fresh("kept");
    let server = Server::start(kept_in(&path)).await;
    server.put("pick", 40).await;
    server.emulator.stop().await.unwrap();
    let server = Server::start(kept_in(&path)).await;
    assert_eq!(server.put("pick", 40).await["operation"], "noop");
    server.emulator.stop().await.unwrap();
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_file_that_holds_something_else_stops_the_start_and_is_left_alone() {
    let path = fresh("foreign");
    for text in ["dear diary", "{\"format\":\"activitysmith-emulator\",\"vers"] {
        std::fs::write(&path, text).unwrap();
        let error = Emulator::start(kept_in(&path)).await.unwrap_err();
        assert!(error.to_string().contains("snapshot"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_written_stops_the_start() {
    let nowhere = fresh("nowhere").join("state.json");
    let error = Emulator::start(kept_in(&nowhere)).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot keep the state in {}: ", nowhere.display())), "{error}");
}

#[tokio::test]
async fn a_file_that_cannot_be_written_any_more_is_no_secret() {
    let folder = fresh("gone");
    std::fs::create_dir(&folder).unwrap();
    let server = Server::start(kept_in(&folder.join("state.json"))).await;
    server.put("pick", 40).await;
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(server.emulator.stop().await.unwrap_err().kind(), std::io::ErrorKind::NotFound);
}

#[tokio::test]
async fn without_control_only_the_api_is_there() {
    let server = Server::start(Options { no_control: true, ..Options::default() }).await;
    assert_eq!(server.put("pick", 1).await["operation"], "started");
    for path in ["health", "streams", "events", "openapi.json", "requests", "export"] {
        assert_eq!(answer(server.control(Method::GET, path)).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (status, _): (_, Value) = answer(server.control(Method::POST, "reset")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
