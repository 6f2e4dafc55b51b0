//! `asmith push`, `metric` and `activity`: what arrives, and what is told of it.

use activitysmith_kit::describe::schema;
use serde_json::json;

use crate::support::{Service, asmith, asmith_at, run, run_with, server_that_says};

#[test]
fn a_push_is_a_headline_and_whatever_flags_say() {
    let service = Service::start();
    let told = service.run(&["push", "Backup failed"]);
    assert_eq!(service.body(), json!({"title": "Backup failed"}));
    assert_eq!(told.succeeded().stdout, "");
    assert!(told.stderr.starts_with("asmith: push: ") && told.stderr.ends_with(" (devices: 1)\n"), "{told:?}");
    let flags = [
        &["--title", "T", "--message", "exit 3", "--subtitle", "S", "--icon", "https://a.test/i.png"][..],
        &["--redirection", "https://a.test", "--payload", r#"{"run":7}"#, "--badge", "2", "--sound", "default"],
        &["--interruption-level", "time-sensitive", "--channel", "ops", "--channel", "dev", "--tag", "a"],
        &["--metadata", "attempt:=3", "--action", "Log=https://a.test/7,8", "--action", "Again=https://a.test,webhook"],
        &["--action", r#"Stop=https://a.test,method=GET,body={"id":1}"#],
    ];
    service.run(&[&["push"], &flags.concat()[..]].concat()).succeeded();
    let whole = json!({
        "title": "T", "message": "exit 3", "subtitle": "S", "icon": "https://a.test/i.png",
        "redirection": "https://a.test", "payload": {"run": 7}, "badge": 2, "sound": "default",
        "interruption_level": "time-sensitive", "target": {"channels": ["ops", "dev"]}, "tags": ["a"],
        "metadata": {"attempt": 3},
        "actions": [
            {"title": "Log", "type": "open_url", "url": "https://a.test/7,8"},
            {"title": "Again", "type": "webhook", "url": "https://a.test"},
            {"title": "Stop", "type": "webhook", "url": "https://a.test", "method": "GET", "body": {"id": 1}},
        ],
    });
    assert_eq!(service.body(), whole);
    let fields = schema().requests.into_iter().find(|request| request.name == "Push").expect("it is there").fields;
    for field in fields.iter().filter(|field| !["channels", "media"].contains(&field.name)) {
        assert!(whole.get(field.name).is_some(), "{} has no flag", field.name);
    }
    service.run(&["push", "T", "--media", "https://a.test/p.png"]).succeeded();
    assert_eq!(service.body(), json!({"title": "T", "media": "https://a.test/p.png"}));
}

#[test]
fn a_push_is_replaced_by_the_id_that_its_answer_has() {
    let service = Service::start();
    let sent = service.run(&["push", "Deploy runs", "--output", "json"]).json();
    let id = sent["notification_id"].as_str().expect("it has one");
    let told = service.run(&["push", "--replace", id, "Deploy done", "--no-tags"]);
    assert_eq!(told.succeeded().stderr, format!("asmith: {id}: replaced (devices: 1)\n"));
    assert_eq!(service.body(), json!({"title": "Deploy done", "tags": []}));
    let request = service.emulator.requests().pop().expect("it came");
    assert_eq!((request.method.as_str(), request.path), ("PUT", format!("/push-notification/{id}")));
    let refused = ["--channel", "ops", "--sound", "default", "--interruption-level", "passive"];
    let told = service.run(&[&["push", "--replace", id, "T"], &refused[..]].concat());
    told.failed(65, "asmith: nothing was sent: 3 violations\n");
    service.run(&["push", "--replace", "nobody", "T"]).failed(69, "404");
}

#[test]
fn a_metric_is_a_key_and_a_value() {
    let service = Service::start();
    for (args, body) in [
        (&["42"][..], json!({"value": 42})),
        (&["-3.5"], json!({"value": -3.5})),
        (&["healthy"], json!({"value": "healthy"})),
        (&["--value-text", "42.50"], json!({"value": "42.50"})),
        (&["1", "--timestamp", "2026-01-31T09:30:00Z"], json!({"value": 1, "timestamp": "2026-01-31T09:30:00Z"})),
    ] {
        let told = service.run(&[&["metric", "queue.depth"], args].concat());
        assert_eq!(told.succeeded().stderr, "asmith: queue.depth: set\n");
        assert_eq!(service.body(), body);
    }
    assert_eq!(service.emulator.requests().pop().expect("it came").path, "/metrics/queue.depth/value");
    assert_eq!(service.run(&["metric", "a", "1", "--output", "json"]).json()["success"], true);
}

#[test]
fn a_script_keeps_the_id_of_what_it_started() {
    let service = Service::start();
    let state = ["--title", "Import", "--type", "progress", "--percentage"];
    let started = service.run(&[&["activity", "start", "--channel", "ops"], &state[..], &["1"]].concat());
    assert_eq!(started.succeeded().stderr, "asmith: activity: started (devices: 1)\n");
    assert_eq!(service.body()["target"], json!({"channels": ["ops"]}));
    let id = started.stdout.trim_end();
    assert!(!id.is_empty() && started.stdout.lines().count() == 1, "{started:?}");
    let told = service.run(&[&["activity", "update", id], &state[..], &["50"]].concat());
    assert_eq!(told.succeeded().stdout, "");
    assert_eq!(told.stderr, format!("asmith: {id}: updated (devices: 1)\n"));
    let state = json!({"title": "Import", "type": "progress", "percentage": 50});
    assert_eq!(service.body(), json!({"activity_id": id, "content_state": state}));
    let told = service.run(&["activity", "end", id, "--title", "Import", "--auto-dismiss-minutes", "5"]);
    assert_eq!(told.succeeded().stderr, format!("asmith: {id}: ended (devices: 1)\n"));
    let state = json!({"title": "Import", "auto_dismiss_minutes": 5});
    assert_eq!(service.body(), json!({"activity_id": id, "content_state": state}));
}

#[test]
fn programs_read_the_whole_answer_and_nothing_else() {
    let service = Service::start();
    let start = ["activity", "start", "--title", "T", "--type", "progress", "--percentage", "1", "--output", "json"];
    let told = service.run(&start);
    assert!(told.succeeded().json()["activity_id"].is_string());
    assert_eq!(told.stdout.lines().count(), 1);
}

#[test]
fn json_takes_the_place_of_arguments() {
    let service = Service::start();
    run_with(&mut service.asmith(&["push", "--json", "-"]), r#"{"title": "T", "badge": 1}"#).succeeded();
    assert_eq!(service.body(), json!({"title": "T", "badge": 1}));
    run_with(&mut service.asmith(&["push", "U", "--json", "-"]), r#"{"title": "T", "badge": 1}"#).succeeded();
    assert_eq!(service.body(), json!({"title": "U", "badge": 1}));
    run_with(&mut service.asmith(&["metric", "k", "--json", "-"]), r#"{"value": 5}"#).succeeded();
    run_with(&mut service.asmith(&["badge", "--json", "-"]), r#"{"badge": 5}"#).succeeded();
    assert_eq!(service.body(), json!({"badge": 5}));
}

#[test]
fn what_would_be_sent_is_shown_without_a_key() {
    for (args, shown) in [
        (&["push", "T"][..], "POST /push-notification\n{\"title\":\"T\"}\n"),
        (&["push", "T", "--replace", "n 1/x"], "PUT /push-notification/n%201%2Fx\n{\"title\":\"T\"}\n"),
        (&["metric", "k", "1"], "POST /metrics/k/value\n{\"value\":1}\n"),
        (
            &["activity", "update", "a", "--title", "T"],
            "POST /live-activity/update\n{\"content_state\":{\"title\":\"T\"},\"activity_id\":\"a\"}\n",
        ),
    ] {
        assert_eq!(run(&mut asmith(&[args, &["--dry-run"]].concat())).succeeded().stdout, shown);
    }
}

#[test]
fn a_missing_argument_is_64() {
    for (args, words) in [
        (&["push"][..], "<TITLE>"),
        (&["metric", "k"], "<VALUE>"),
        (&["badge"], "<N>"),
        (&["activity", "update", "--title", "T"], "<ACTIVITY_ID>"),
        (&["activity"], "asmith activity"),
        (&["push", "T", "--title", "U"], "cannot be used with"),
        (&["push", "T", "--action", "Log"], "write it as TITLE=URL"),
        (&["push", "--titel=T"], "--titel"),
    ] {
        let told = run(&mut asmith(args));
        assert_eq!((told.code, told.stdout.as_str()), (Some(64), ""), "{told:?}");
        assert!(told.stderr.contains(words), "{told:?}");
    }
}

#[test]
fn disabled_sends_nothing_and_succeeds() {
    let start = ["activity", "start", "--title", "T", "--type", "progress", "--percentage", "1"];
    for args in [&["push", "T"][..], &["metric", "k", "1"], &start] {
        let told = run(asmith_at("http://127.0.0.1:1/api", args).env("ACTIVITYSMITH_DISABLED", "1"));
        assert_eq!(told.succeeded().stdout, "");
        assert!(told.stderr.contains("disabled by ACTIVITYSMITH_DISABLED, nothing was sent"), "{told:?}");
    }
}

#[test]
fn what_the_service_remarks_is_told() {
    let answer = r#"{"success": true, "activity_id": "a2", "ended_activity_id": "a1", "errors": ["one token"]}"#;
    let start = ["activity", "start", "--title", "T", "--type", "progress", "--percentage", "1"];
    let told = run(&mut asmith_at(&server_that_says("200 OK", answer), &start));
    assert_eq!(told.succeeded().stdout, "a2\n");
    let lines = ["activity: started", "warning: a1 was ended to make room", "warning: one token"];
    assert_eq!(told.stderr.lines().collect::<Vec<_>>(), lines.map(|line| format!("asmith: {line}")));
    let told =
        run(&mut asmith_at(&server_that_says("200 OK", r#"{"success": false, "message": "no"}"#), &["push", "T"]));
    told.failed(69, "push: the service answered success: false\n  no");
}
