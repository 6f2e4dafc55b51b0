//! `--dry-run`: what would be sent, for those who want to see it before.

use serde_json::json;

use crate::support::{Service, asmith, file, run};

#[test]
fn a_request_is_shown_as_it_would_be_sent_and_is_not_sent() {
    let service = Service::start();
    let told = service.run(&["stream", "backup", "--title", "Backup", "--percentage", "42", "--dry-run"]);
    let shown = "PUT /live-activity/stream/backup\n{\"content_state\":{\"title\":\"Backup\",\"percentage\":42}}\n";
    assert_eq!((told.succeeded().stdout.as_str(), told.stderr.as_str()), (shown, "asmith: nothing was sent\n"));
    let told = service.run(&["end", "backup", "--dry-run", "--output", "json"]);
    assert_eq!(
        told.succeeded().json(),
        json!({"method": "DELETE", "path": "/live-activity/stream/backup", "body": null})
    );
    assert!(service.bodies().is_empty());
}

#[test]
fn a_job_shows_how_it_would_start_and_is_not_run() {
    let service = Service::start();
    let made = file("dry-run", "");
    std::fs::remove_file(&made).expect("it can be removed");
    let args =
        ["run", "deploy", "--steps", "3", "--channel", "ops", "--dry-run", "--output", "json", "--", "touch", &made];
    let state = json!({"title": "deploy", "type": "segmented_progress", "number_of_steps": 3, "current_step": 0});
    assert_eq!(service.run(&args).succeeded().json()["body"], json!({"channels": ["ops"], "content_state": state}));
    assert!(service.bodies().is_empty() && !std::path::Path::new(&made).exists());
}

#[test]
fn it_needs_no_key_and_no_service_and_checks_all_the_same() {
    run(&mut asmith(&["end", "backup", "--dry-run"])).succeeded();
    run(&mut asmith(&["stream", "backup", "--dry-run"])).failed(65, "content_state.title is missing");
    run(&mut asmith(&["run", "not a key", "--dry-run", "--", "true"])).failed(65, "stream_key");
}

#[test]
fn a_key_in_the_wrong_place_is_not_shown() {
    let told = run(&mut asmith(&["stream", "ask_live_1", "--title", "ask_live_2", "--percentage", "1", "--dry-run"]));
    assert_eq!(told.stdout.matches("[redacted]").count(), 2, "{told:?}");
}
