//! Every field of the API has its flag: one request sets all that a type takes, and together they set all that there is.

use std::collections::BTreeSet;

use activitysmith_emulator::contract::OPENAPI;
use serde_json::{Value, json};

use crate::support::Service;

/// The paths of all fields in a value, without the indexes of lists.
fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let here = format!("{path}.{name}");
                found.insert(here.clone());
                paths(value, &here, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, path, found)),
        _ => {}
    }
}

/// The paths of all fields that the API's own description knows.
fn known() -> BTreeSet<String> {
    let api: Value = serde_json::from_str(OPENAPI).expect("the description is JSON");
    let mut known = BTreeSet::new();
    for (schema, path) in [
        ("StreamPutRequest", ""),
        ("StreamDeleteRequest", ""),
        ("ContentState", ".content_state"),
        ("Metric", ".content_state.metrics"),
        ("Symbol", ".content_state.icon"),
        ("Badge", ".content_state.badge"),
        ("Action", ".action"),
        ("Action", ".secondary_action"),
        ("Alert", ".alert"),
    ] {
        let fields = api["components"]["schemas"][schema]["properties"].as_object().expect("the schema has properties");
        known.extend(fields.keys().map(|name| format!("{path}.{name}")));
    }
    known
}

type Case = (&'static str, Value);

fn icon() -> Value {
    json!({"symbol": "bolt.fill", "color": "yellow"})
}

fn badge() -> Value {
    json!({"title": "12:30", "color": "gray"})
}

/// The states that take both buttons, with all that goes beside a state.
fn whole_requests() -> Vec<Case> {
    vec![
        (
            r#"stream all --type segmented_progress --title T --subtitle S --number-of-steps 3 --current-step 2
            --color blue --step-color cyan --step-colors red,green --icon bolt.fill:yellow --badge 12:30
            --badge-color gray --action-title Open --action-open-url https://example.com
            --secondary-action-title Stop --secondary-action-webhook https://example.com/stop
            --secondary-action-method POST --secondary-action-body {"id":[7,1.5]} --alert-title A --alert-body B
            --channel ops --channel dev --tag a --tag b --metadata commit=12345678 --metadata attempt:=3"#,
            json!({
                "content_state": {
                    "type": "segmented_progress", "title": "T", "subtitle": "S", "number_of_steps": 3, "current_step": 2,
                    "color": "blue", "step_color": "cyan", "step_colors": ["red", "green"], "icon": icon(), "badge": badge(),
                },
                "action": {"title": "Open", "type": "open_url", "url": "https://example.com"},
                "secondary_action": {
                    "title": "Stop", "type": "webhook", "url": "https://example.com/stop", "method": "POST", "body": {"id": [7, 1.5]},
                },
                "alert": {"title": "A", "body": "B"},
                "channels": ["ops", "dev"],
                "tags": ["a", "b"],
                "metadata": {"commit": "12345678", "attempt": 3},
            }),
        ),
        (
            "stream all --type progress --title T --subtitle S --percentage 12.5 --value 1 --upper-limit 8
            --color lime --icon bolt.fill --icon-color yellow --badge New:red --action-title Run
            --action-webhook https://example.com/run --action-method GET --action-body {} --channel ops
            --channel dev --secondary-action-title Open --secondary-action-open-url
            shortcuts://run-shortcut?name=x --no-tags --no-metadata",
            json!({
                "content_state": {
                    "type": "progress", "title": "T", "subtitle": "S", "percentage": 12.5, "value": 1, "upper_limit": 8,
                    "color": "lime", "icon": icon(), "badge": {"title": "New", "color": "red"},
                },
                "action": {"title": "Run", "type": "webhook", "url": "https://example.com/run", "method": "GET", "body": {}},
                "secondary_action": {"title": "Open", "type": "open_url", "url": "shortcuts://run-shortcut?name=x"},
                "channels": ["ops", "dev"],
                "tags": [],
                "metadata": {},
            }),
        ),
    ]
}

fn states() -> Vec<Case> {
    vec![
        (
            "stream all --type metrics --title T --subtitle S --color red --icon bolt.fill:yellow
            --metric CPU=76,unit=%,color=orange --metric RAM=1.5",
            json!({"content_state": {
                "type": "metrics", "title": "T", "subtitle": "S", "color": "red", "icon": icon(),
                "metrics": [{"label": "CPU", "value": 76, "unit": "%", "color": "orange"}, {"label": "RAM", "value": 1.5}],
            }}),
        ),
        (
            r#"stream all --type stats --title T --subtitle S --color red --icon bolt.fill:yellow --metric Cost=€3,180 --metric Build:="42.50""#,
            json!({"content_state": {
                "type": "stats", "title": "T", "subtitle": "S", "color": "red", "icon": icon(),
                "metrics": [{"label": "Cost", "value": "€3,180"}, {"label": "Build", "value": "42.50"}],
            }}),
        ),
        (
            "stream all --type alert --title T --subtitle S --message M --color purple --icon bolt.fill:yellow
            --badge 12:30 --badge-color gray",
            json!({"content_state": {
                "type": "alert", "title": "T", "subtitle": "S", "message": "M", "color": "purple", "icon": icon(), "badge": badge(),
            }}),
        ),
        (
            "stream all --type timer --title T --subtitle S --duration-seconds 90.5 --counts-down false
            --is-running true --color magenta --icon bolt.fill:yellow",
            json!({"content_state": {
                "type": "timer", "title": "T", "subtitle": "S", "duration_seconds": 90.5, "counts_down": false,
                "is_running": true, "color": "magenta", "icon": icon(),
            }}),
        ),
        (
            "stream all --type value --title T --subtitle S --value -7 --color green --icon bolt.fill:yellow
            --badge 12:30 --badge-color gray",
            json!({"content_state": {
                "type": "value", "title": "T", "subtitle": "S", "value": -7, "color": "green", "icon": icon(), "badge": badge(),
            }}),
        ),
    ]
}

fn end() -> Case {
    (
        "end all --title T --auto-dismiss-seconds 0 --auto-dismiss-minutes 5 --alert-title A --tag a
            --metadata k=v --action-title Open --action-open-url https://example.com",
        json!({
            "content_state": {"title": "T", "auto_dismiss_seconds": 0, "auto_dismiss_minutes": 5},
            "alert": {"title": "A"},
            "tags": ["a"],
            "metadata": {"k": "v"},
            "action": {"title": "Open", "type": "open_url", "url": "https://example.com"},
        }),
    )
}

#[test]
fn every_field_has_its_flag() {
    let service = Service::start();
    let mut set = BTreeSet::new();
    for (command, body) in whole_requests().into_iter().chain(states()).chain([end()]) {
        service.run(&command.split_whitespace().collect::<Vec<_>>()).succeeded();
        assert_eq!(service.body(), body);
        paths(&body, "", &mut set);
    }
    let without: Vec<_> = known().difference(&set).cloned().collect();
    // The older spelling of `channels`; --json takes it.
    assert_eq!(without, [".target"], "fields without a flag");
}
