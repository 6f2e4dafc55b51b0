//! The command lines of the official program, with only its name changed.

use serde_json::{Value, json};

use crate::support::{KEY, Service, file, run};

/// What arrives of a command line: method, path and body.
fn arrives(service: &Service, args: &[&str]) -> (String, String, Value) {
    service.run(args).succeeded();
    let request = service.emulator.requests().pop().expect("it came");
    (request.method, request.path, service.body())
}

#[test]
fn every_command_reaches_its_endpoint() {
    let service = Service::start();
    let state = r#"{"title": "Backup", "type": "segmented_progress", "numberOfSteps": 3, "currentStep": 2}"#;
    let sent = json!({"title": "Backup", "type": "segmented_progress", "number_of_steps": 3, "current_step": 2});
    let (method, path, body) = arrives(&service, &["activity", "stream", "backup", "--content-state", state]);
    assert_eq!((&*method, &*path), ("PUT", "/live-activity/stream/backup"));
    assert_eq!(body, json!({"content_state": sent}));
    let (method, path, body) = arrives(
        &service,
        &["activity", "end-stream", "backup", "--auto-dismiss-seconds", "30", "--content-state", state],
    );
    assert_eq!((&*method, &*path), ("DELETE", "/live-activity/stream/backup"));
    assert_eq!(body["content_state"]["auto_dismiss_seconds"], 30);
    let started = service.run(&["activity", "start", "--content-state", state, "--json"]).json();
    let id = started["activity_id"].as_str().expect("it has one");
    for (command, path) in [("update", "/live-activity/update"), ("end", "/live-activity/end")] {
        let args =
            ["activity", command, "--activity-id", id, "--content-state-file", &file("state", state), "--title", "B"];
        let (_, reached, body) = arrives(&service, &args);
        assert_eq!((reached.as_str(), &body["activity_id"]), (path, &json!(id)));
        assert_eq!((&body["content_state"]["title"], &body["content_state"]["current_step"]), (&json!("B"), &json!(2)));
    }
    for args in [&["metrics", "update", "deploy.rate", "99.9"], &["metric", "update", "deploy.rate", "99.9"]] {
        let metric = ("POST".to_owned(), "/metrics/deploy.rate/value".to_owned(), json!({"value": 99.9}));
        assert_eq!(arrives(&service, args), metric);
    }
    let (_, path, body) = arrives(&service, &["badge-count", "3", "--channels", "sales, ops"]);
    assert_eq!((&*path, body), ("/badge", json!({"badge": 3, "target": {"channels": ["sales", "ops"]}})));
}

#[test]
fn a_push_takes_json_and_lists() {
    let service = Service::start();
    let actions = json!([{"title": "Open", "type": "open_url", "url": "https://a.test"}]);
    let args =
        ["push", "--title", "T", "--message", "M", "--actions", &actions.to_string(), "--tags", "user:382,billing"];
    let more = ["--metadata", r#"{"plan": "Pro", "amount": 29}"#, "--channels", "devs,ops"];
    let (_, path, body) = arrives(&service, &[&args[..], &more].concat());
    assert_eq!(path, "/push-notification");
    let metadata = json!({"plan": "Pro", "amount": 29});
    let tags = ["user:382", "billing"];
    assert_eq!(
        body,
        json!({"title": "T", "message": "M", "actions": actions, "tags": tags, "metadata": metadata,
            "target": {"channels": ["devs", "ops"]}})
    );
    let args = ["push", "--title", "T", "--actions-file", &file("actions", &actions.to_string())];
    assert_eq!(arrives(&service, &args).2, json!({"title": "T", "actions": actions}));
}

#[test]
fn a_state_takes_parts_as_json() {
    let service = Service::start();
    let action = json!({"title": "Open", "type": "open_url", "url": "https://a.test"});
    let metrics = json!([{"label": "CPU", "value": 9, "unit": "%"}]);
    let state =
        ["activity", "stream", "web", "--title", "Health", "--type", "metrics", "--metrics", &metrics.to_string()];
    let beside = ["--action", &action.to_string(), "--clear-tags", "--metadata", "{}"];
    let (_, _, body) = arrives(&service, &[&state[..], &beside].concat());
    assert_eq!(body["content_state"]["metrics"], metrics);
    assert_eq!((&body["action"], &body["tags"], &body["metadata"]), (&action, &json!([]), &json!({})));
    let state = ["activity", "stream", "job", "--title", "T", "--type", "progress", "--percentage", "1"];
    let icon = ["--icon-symbol", "server.rack", "--icon-color", "blue"];
    let badge = ["--badge-title", "Stage:red", "--badge-color", "gray"];
    let (_, _, body) = arrives(&service, &[&state[..], &icon, &badge].concat());
    assert_eq!(body["content_state"]["icon"], json!({"symbol": "server.rack", "color": "blue"}));
    assert_eq!(body["content_state"]["badge"], json!({"title": "Stage:red", "color": "gray"}));
}

#[test]
fn global_flags_may_stand_in_front() {
    let service = Service::start();
    let mut command = service.asmith(&["--api-key", KEY, "--json", "push", "--title", "Hello"]);
    let told = run(command.env_remove("ACTIVITYSMITH_API_KEY"));
    assert!(told.succeeded().json()["notification_id"].is_string());
    assert!(told.stderr.contains("warning: --api-key exposes the key"), "{told:?}");
    assert!(service.run(&["push", "--title", "Hello", "--json"]).json()["success"] == true);
}

#[test]
fn what_cannot_be_read_is_refused() {
    let service = Service::start();
    service.run(&["activity", "stream", "k", "--content-state", "{"]).failed(65, "content_state is not JSON");
    service
        .run(&["activity", "start", "--content-state-file", "/nowhere.json"])
        .failed(64, "/nowhere.json cannot be read");
    service.run(&["push", "--title", "T", "--actions", "5"]).failed(65, "actions is a number");
    service.run(&["push", "--title", "T", "--channels", ""]).failed(65, "channels[0]");
    assert!(service.bodies().is_empty());
}

#[test]
fn help_and_completion_do_not_offer_it() {
    let service = Service::start();
    let told = [
        service.run(&["activity", "--help"]),
        service.run(&["stream", "--help-all"]),
        service.run(&["completion", "bash"]),
    ];
    for words in ["end-stream", "badge-count", "--content-state", "--clear-tags", "--icon-symbol", "--channels"] {
        assert!(told.iter().all(|told| !told.succeeded().stdout.contains(words)), "{words}");
    }
}
