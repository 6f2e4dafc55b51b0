//! `asmith end`: with and without a last state, and where there is nothing to end.

use serde_json::json;

use crate::support::{Service, asmith_at, run, run_with, server_that_says};

fn started() -> Service {
    let service = Service::start();
    service.run(&["stream", "backup", "--type", "progress", "--title", "Backup", "--percentage", "42"]).succeeded();
    service
}

#[test]
fn without_flags_nothing_is_said_but_that_it_ends() {
    let service = started();
    let run = service.run(&["end", "backup", "--output", "json"]);
    assert_eq!(run.succeeded().json()["operation"], "ended");
    assert_eq!(service.bodies().pop().as_deref(), Some(""));
}

#[test]
fn a_last_state_goes_with_it() {
    let service = started();
    service
        .run(&["end", "backup", "--title", "Backup", "--percentage", "100", "--auto-dismiss-seconds", "30"])
        .succeeded();
    let state = json!({"title": "Backup", "percentage": 100, "auto_dismiss_seconds": 30});
    assert_eq!(service.body(), json!({"content_state": state}));
}

#[test]
fn the_flag_for_the_dismissal_replaces_it_wherever_the_json_has_it() {
    for text in [
        r#"{"content_state": {"title": "Backup", "auto_dismiss_minutes": 1}}"#,
        r#"{"content_state": {"title": "Backup"}, "auto_dismiss_minutes": 1}"#,
    ] {
        let service = started();
        run_with(&mut service.asmith(&["end", "backup", "--json", "-", "--auto-dismiss-minutes", "5"]), text)
            .succeeded();
        assert_eq!(service.body(), json!({"content_state": {"title": "Backup", "auto_dismiss_minutes": 5}}));
    }
}

#[test]
fn a_dismissal_needs_a_last_state() {
    started().run(&["end", "backup", "--auto-dismiss-seconds", "30"]).failed(65, "content_state.title is missing");
}

#[test]
fn a_stream_that_is_not_there_is_a_failure_unless_that_is_fine() {
    let service = Service::start();
    service.run(&["end", "nobody"]).failed(69, "no such stream");
    let run = service.run(&["end", "nobody", "--missing-ok", "--output", "json"]);
    assert!(run.succeeded().stderr.contains("nothing to end"), "{run:?}");
    let answer = run.json();
    assert_eq!((&answer["operation"], &answer["ignored"]), (&json!("ended"), &json!(true)));
    assert_eq!((&answer["stream_key"], &answer["facts"]["status"]), (&json!("nobody"), &json!(404)));
}

#[test]
fn a_wrong_base_url_is_no_missing_stream() {
    for answer in ["<html>nothing here</html>", r#"{"error":"Not found"}"#] {
        let wrong = server_that_says("404 Not Found", answer);
        run(&mut asmith_at(&wrong, &["end", "backup", "--missing-ok"])).failed(69, "not the base URL");
    }
}

#[test]
fn an_end_that_did_not_succeed_is_no_success() {
    let service = server_that_says("200 OK", r#"{"success": false, "operation": "ended", "message": "Apple said no"}"#);
    run(&mut asmith_at(&service, &["end", "backup", "--missing-ok"])).failed(69, "success: false\n  Apple said no");
}
