//! Input that cannot be: a clear error, the right exit code, and nothing sent.

use crate::support::{KEY, Service, run, run_with};

const PROGRESS: &[&str] = &["--type", "progress", "--title", "T"];
const HALF: &[&str] = &["--type", "progress", "--title", "T", "--percentage", "50"];
const METRICS: &[&str] = &["--type", "metrics", "--title", "T"];

/// What `asmith stream KEY FLAGS` says with exit code 65.
fn refused(key: &str, flags: &[&[&str]], words: &str) {
    let service = Service::start();
    let args = [&["stream", key][..], &flags.concat()].concat();
    service.run(&args).failed(65, words);
    assert!(service.bodies().is_empty(), "{args:?} sent something");
}

/// What `asmith stream k --json - FLAGS` says with exit code 65.
fn json_refused(text: &str, flags: &[&str], words: &str) {
    let service = Service::start();
    let mut command = service.asmith(&[&["stream", "k", "--json", "-"], flags].concat());
    run_with(&mut command, text).failed(65, words);
    assert!(service.bodies().is_empty(), "{text} was sent");
}

#[test]
fn a_key_that_cannot_be() {
    for key in ["a/b", "a b", "a\n", &"k".repeat(256), "", "ключ"] {
        refused(key, &[HALF], "stream_key");
    }
}

#[test]
fn a_missing_title() {
    refused("k", &[], "content_state.title is missing");
    refused("k", &[&["--type", "progress", "--percentage", "50"]], "content_state.title is missing");
    refused("k", &[&["--title", " ", "--percentage", "50"]], "content_state.title is blank");
}

#[test]
fn more_steps_done_than_there_are() {
    let steps = ["--type", "segmented_progress", "--title", "T", "--number-of-steps", "2", "--current-step", "5"];
    refused("k", &[&steps], "content_state.current_step is 5 of 2");
}

#[test]
fn a_percentage_that_cannot_be() {
    refused("k", &[PROGRESS, &["--percentage", "101"]], "content_state.percentage is 101");
    refused("k", &[PROGRESS, &["--percentage", "-1"]], "content_state.percentage is -1");
    for no_number in ["NaN", "inf", "1e999", "half", ""] {
        refused("k", &[PROGRESS, &["--percentage", no_number]], "give a number from 0 to 100");
    }
}

#[test]
fn a_value_without_its_limit() {
    refused("k", &[PROGRESS, &["--value", "3"]], "content_state.upper_limit is missing");
}

#[test]
fn no_metrics_or_too_many() {
    json_refused(r#"{"content_state": {"title": "T", "type": "metrics", "metrics": []}}"#, &[], "metrics is empty");
    refused("k", &[METRICS, &["--metric", "a=1"].repeat(9)], "content_state.metrics has 9 items");
    refused("k", &[METRICS, &["--metric", "a=76%"]], "content_state.metrics[0].value is a string");
}

#[test]
fn an_unknown_field() {
    let text = r#"{"content_state": {"title": "T", "type": "progress", "percentage": 5, "subtitel": "x"}}"#;
    json_refused(text, &[], "did you mean subtitle?");
    let service = Service::start();
    let unknown = service.run(&[&["stream", "k"], HALF, &["--subtitel", "x"]].concat());
    unknown.failed(64, "'--subtitle'");
    assert!(service.bodies().is_empty());
}

#[test]
fn a_field_that_stands_twice_even_under_flags() {
    let text =
        r#"{"content_state": {"title": "T", "type": "progress", "percentage": 5, "color": "red", "color": "blue"}}"#;
    json_refused(text, &[], "content_state.color is given twice");
    json_refused(text, &["--percentage", "6"], "content_state.color is given twice");
}

#[test]
fn a_value_out_of_the_palette() {
    refused("k", &[HALF, &["--color", "redd"]], "did you mean \"red\"?");
    refused("k", &[&["--type", "progres", "--title", "T"]], "did you mean \"progress\"?");
    refused("k", &[HALF, &["--badge", "stage", "--badge-color", "prod"]], "content_state.badge.color is \"prod\"");
    refused("k", &[&["--type", "timer", "--title", "T", "--counts-down", "yes"]], "give true or false");
}

#[test]
fn channels_that_cannot_be() {
    let state = r#""content_state": {"title": "T", "type": "progress", "percentage": 5}"#;
    json_refused(&format!("{{{state}, \"channels\": []}}"), &[], "channels is empty");
    json_refused(
        &format!("{{{state}, \"target\": {{\"channels\": [\"ops\"]}}}}"),
        &["--channel", "dev"],
        "target.channels",
    );
}

#[test]
fn too_many_tags() {
    let tags: Vec<String> = (0..21).flat_map(|tag| ["--tag".to_owned(), tag.to_string()]).collect();
    refused("k", &[HALF, &tags.iter().map(String::as_str).collect::<Vec<_>>()], "tags has 21 items");
}

#[test]
fn metadata_that_cannot_be() {
    refused("k", &[HALF, &["--metadata", r#"a:={"b": 1}"#]], "metadata.a");
    let big: Vec<String> =
        (0..5).flat_map(|key| ["--metadata".to_owned(), format!("{key}={}", "x".repeat(3_500))]).collect();
    refused("k", &[HALF, &big.iter().map(String::as_str).collect::<Vec<_>>()], "metadata");
}

#[test]
fn buttons_that_cannot_be() {
    let webhook = ["--action-title", "Stop", "--action-webhook", "http://example.com/stop"];
    refused("k", &[HALF, &webhook], "action.url");
    let script = ["--action-title", "Stop", "--action-open-url", "javascript:alert(1)"];
    refused("k", &[HALF, &script], "action.url");
    let second = ["--secondary-action-title", "Stop", "--secondary-action-open-url", "https://example.com"];
    refused("k", &[HALF, &second], "secondary_action needs an action beside it");
    let first = ["--action-title", "Open", "--action-open-url", "https://example.com"];
    refused("k", &[METRICS, &["--metric", "a=1"], &first, &second], "secondary_action does not apply to type metrics");
    refused("k", &[HALF, &["--action-title", "Open"]], "action.url is missing");
    refused("k", &[HALF, &first, &["--action-body", "x"]], "action.body");
}

#[test]
fn all_that_is_wrong_is_said_at_once_a_line_each() {
    let service = Service::start();
    let run = service.run(&["stream", "a b", "--type", "progress", "--percentage", "101", "--color", "redd"]);
    run.failed(65, "asmith: nothing was sent: 4 violations\n");
    assert_eq!(run.stderr.lines().count(), 5, "{run:?}");
}

#[test]
fn json_that_is_none() {
    json_refused("", &[], "request is not JSON");
    json_refused("{\"content_state\"", &["--title", "T"], "request is not JSON");
    json_refused("[]", &["--title", "T"], "request is an array");
    json_refused(r#"{"content_state": "T"}"#, &["--title", "T"], "content_state is a string");
}

#[test]
fn an_api_key_that_cannot_be() {
    for key in ["  ", "ask_test_a\nb", "ask_test_a b"] {
        let service = Service::start();
        run(service.asmith(&[&["stream", "k"], HALF].concat()).env("ACTIVITYSMITH_API_KEY", key))
            .failed(78, "ACTIVITYSMITH_API_KEY");
        assert!(service.bodies().is_empty());
    }
}

#[test]
fn a_base_url_that_cannot_be() {
    let stream = [&["stream", "k"], HALF].concat();
    for (base_url, words) in [
        ("127.0.0.1:4010/api", "must start with https:// (http:// for loopback)"),
        ("http://example.com/api", "is plain http"),
        ("https://example.com/api", "is a test key"),
    ] {
        let service = Service::start();
        run(service.asmith(&stream).env("ACTIVITYSMITH_BASE_URL", base_url)).failed(78, words);
        service.run(&[&*stream, &["--base-url", base_url]].concat()).failed(78, words);
        service.run(&[&*stream, &["--base-url", base_url, "--api-key", KEY, "-q"]].concat()).failed(78, words);
    }
}

/// What these commands say with exit code 65.
fn commands_refused(commands: &[(&[&str], &str)]) {
    let service = Service::start();
    for (args, words) in commands {
        service.run(args).failed(65, words);
    }
    assert!(service.bodies().is_empty());
}

#[test]
fn a_push_that_cannot_be() {
    let action = ["--action", "Log=https://a.test"];
    commands_refused(&[
        (&["push", ""], "title is blank"),
        (&["push", " "], "title is blank"),
        (&[&["push", "T"], &action.repeat(5)[..]].concat(), "actions has 5 items"),
        (&[&["push", "T", "--media", "https://a.test/p.png"], &action[..]].concat(), "media cannot go with actions"),
        (&["push", "T", "--media", "http://a.test/p.png"], "media"),
        (&["push", "T", "--icon", "http://a.test/p.png"], "icon"),
        (&["push", "T", "--action", "Stop=http://a.test,webhook"], "actions[0].url"),
        (&["push", "T", "--redirection", "javascript:alert(1)"], "redirection"),
        (&["push", "T", "--interruption-level", "loud"], "interruption_level is \"loud\""),
        (&["push", "T", "--badge", "-1"], "badge is -1"),
        (&["push", "T", "--badge", "2147483648"], "badge is 2147483648"),
        (&["push", "T", "--badge", "1.5"], "badge is 1.5"),
        (&["push", "T", "--payload", "5"], "payload"),
        (&["push", "T", "--channel", ""], "channels[0]"),
        (&["push", "T", "--replace", ".."], "notification_id is \"..\""),
        (&["push", "T", "--replace", ""], "notification_id is blank"),
    ]);
}

#[test]
fn a_metric_that_cannot_be() {
    let long = "k".repeat(65);
    commands_refused(&[
        (&["metric", "Queue", "1"], "key contains 'Q'"),
        (&["metric", &long, "1"], "key"),
        (&["metric", "", "1"], "key is empty"),
        (&["metric", "a/b", "1"], "key contains '/'"),
        (&["metric", "k", &long], "value"),
        (&["metric", "k", ""], "value"),
        (&["metric", "k", "1", "--timestamp", "2026-01-31T09:30:00"], "timestamp"),
        (&["metric", "k", "1", "--timestamp", "yesterday"], "timestamp"),
    ]);
}

#[test]
fn an_activity_that_cannot_be() {
    let state = ["--title", "T", "--percentage", "5"];
    commands_refused(&[
        (&[&["activity", "update", ""], &state[..]].concat(), "activity_id is empty"),
        (&[&["activity", "end", "a/b"], &state[..]].concat(), "activity_id contains '/'"),
        (&[&["activity", "start"], &state[..]].concat(), "content_state.type is missing"),
        (&["activity", "end", "a"], "content_state.title is missing"),
    ]);
}
