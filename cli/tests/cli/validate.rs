//! `asmith validate`: all that is wrong, offline.

use serde_json::json;

use crate::support::{asmith, file, run, run_with};

const GOOD: &str = r#"{"content_state": {"title": "T", "type": "progress", "percentage": 5}}"#;
const BAD: &str = r#"{"content_state": {"type": "progress", "percentage": 105}}"#;

#[test]
fn what_is_right_is_0_without_any_key_or_service() {
    assert_eq!(run_with(&mut asmith(&["validate"]), GOOD).succeeded().stderr, "asmith: valid\n");
    let run = run(&mut asmith(&["validate", &file("good.json", GOOD), "--output", "json"]));
    assert_eq!(run.succeeded().json(), json!({"valid": true, "violations": [], "advice": []}));
}

#[test]
fn what_is_wrong_is_65_with_every_violation() {
    run_with(&mut asmith(&["validate", "-"]), BAD).failed(65, "asmith: 2 violations\n  content_state.");
    let run = run_with(&mut asmith(&["validate", "--output", "json"]), BAD);
    assert_eq!(run.code, Some(65));
    let report = run.json();
    assert_eq!(report["valid"], false);
    let codes: Vec<_> =
        report["violations"].as_array().expect("a list").iter().map(|it| (&it["path"], &it["code"])).collect();
    assert!(codes.contains(&(&json!("content_state.title"), &json!("missing"))), "{report}");
    assert!(codes.contains(&(&json!("content_state.percentage"), &json!("out_of_range"))), "{report}");
}

#[test]
fn the_end_of_a_stream_has_rules_of_its_own() {
    let text = r#"{"content_state": {"title": "T", "type": "progress"}, "auto_dismiss_seconds": 5}"#;
    run_with(&mut asmith(&["validate"]), text).failed(65, "auto_dismiss_seconds");
    run_with(&mut asmith(&["validate", "--as", "end_stream"]), text).succeeded();
}

#[test]
fn each_endpoint_has_its_rules() {
    for (endpoint, right, wrong) in [
        ("start", GOOD, r#"{"content_state": {"title": "T", "percentage": 5}}"#),
        ("update", r#"{"activity_id": "a", "content_state": {"title": "T", "percentage": 5}}"#, GOOD),
        ("push", r#"{"title": "T", "sound": "default"}"#, r#"{"title": " "}"#),
        ("replace_push", r#"{"title": "T"}"#, r#"{"title": "T", "sound": "default"}"#),
        ("metric", r#"{"value": "up"}"#, r#"{"value": true}"#),
        ("badge", r#"{"badge": 3}"#, r#"{"badge": -1}"#),
    ] {
        run_with(&mut asmith(&["validate", "--as", endpoint]), right).succeeded();
        run_with(&mut asmith(&["validate", "--as", endpoint]), wrong).failed(65, "violation");
    }
    run_with(&mut asmith(&["validate", "--as", "metric", "--key", "A"]), r#"{"value": 1}"#).failed(65, "key contains");
    run_with(&mut asmith(&["validate", "--as", "poke"]), GOOD).failed(64, "replace_push");
}

#[test]
fn a_key_is_checked_if_given() {
    run_with(&mut asmith(&["validate", "--key", "a b"]), GOOD).failed(65, "stream_key");
    run_with(&mut asmith(&["validate", "--key", "a-b"]), GOOD).succeeded();
}

#[test]
fn a_request_may_be_yaml() {
    let yaml = "content_state:\n  title: Backup\n  type: progress\n  percentage: 142\ntags: [nightly]\n";
    run_with(&mut asmith(&["validate", "-"]), yaml).failed(65, "content_state.percentage is 142");
    let flags = ["stream", "k", "--json", "-", "--percentage", "42", "--dry-run"];
    let run = run_with(&mut asmith(&flags), yaml);
    assert!(run.succeeded().stdout.contains(r#""percentage":42},"tags":["nightly"]"#), "{run:?}");
    let text = "title: T\nmetadata: {country: no}\n";
    let run = run_with(&mut asmith(&["push", "T", "--json", "-", "--dry-run"]), text);
    assert!(run.succeeded().stdout.contains(r#""country":"no""#), "{run:?}");
    // What is meant as JSON is not read as YAML.
    run_with(&mut asmith(&["validate", "--as", "metric"]), r#"{"value": NaN}"#).failed(65, "request is not JSON");
    run_with(&mut asmith(&["validate"]), "a: [").failed(65, "neither JSON nor YAML");
}
