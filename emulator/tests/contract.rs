//! The judge of single requests: what the contract allows, and which rule and path each violation is reported under.

use activitysmith_emulator::contract::{OPENAPI, Rules, StreamType, check_stream_key, refusal_label, requirements};
use activitysmith_emulator::{Mode, check};
use serde_json::{Value, json};

const PUT: &str = "PUT /live-activity/stream/{stream_key}";
const DELETE: &str = "DELETE /live-activity/stream/{stream_key}";

/// A valid body, changed.
fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = json!({
        "content_state": {"title": "Compost", "type": "progress", "percentage": 12},
        "action": {"title": "Turn", "type": "webhook", "url": "https://garden.example/turn"}
    });
    change(&mut body);
    body
}

fn state(fields: impl Into<Value>) -> Value {
    json!({"content_state": fields.into()})
}

fn found(body: &Value, rules: impl Into<Rules>) -> Vec<(String, &'static str)> {
    check(PUT, body, rules).into_iter().map(|problem| (problem.path, problem.rule)).collect()
}

#[track_caller]
fn refused(body: &Value, path: &str, rule: &str) {
    assert_eq!(found(body, Mode::Strict), [(path.to_owned(), rule)], "{body}");
}

#[track_caller]
fn allowed(body: &Value) {
    assert_eq!(found(body, Mode::Strict), [], "{body}");
}

#[test]
fn every_field_that_is_documented_is_allowed() {
    allowed(&json!({
        "content_state": {
            "title": "", "subtitle": "", "type": "progress", "number_of_steps": 3.0, "current_step": 3, "percentage": 100,
            "value": -4.5, "upper_limit": 0.1, "duration_seconds": 0.25, "counts_down": true, "is_running": false,
            "metrics": [{"label": "Heat", "value": 0, "unit": "°C", "color": "gray"}, {"label": "Smell", "value": "ok"}],
            "message": "m", "icon": {"symbol": "leaf", "color": "green"}, "badge": {"title": "1", "color": "lime"},
            "color": "cyan", "step_color": "blue", "step_colors": ["purple", "magenta", "red", "orange", "yellow"],
            "auto_dismiss_seconds": 0, "auto_dismiss_minutes": 0
        },
        "action": {"title": "Turn", "type": "webhook", "url": "https://garden.example/turn", "method": "GET",
            "body": {"any": [null, {"depth": 1}]}},
        "secondary_action": {"title": "See", "type": "open_url", "url": "http://garden.lan", "method": "POST"},
        "alert": {"title": "T", "body": "B"},
        "channels": ["garden"],
        "target": {"channels": ["garden"]},
        "tags": ["a.b:c_d-9"],
        "metadata": {"text": "", "number": -1.5, "flag": true}
    }));
}

#[test]
fn all_problems_are_reported_at_once() {
    let body = json!({"content_state": {"percentage": 101, "metrics": []}, "tags": ["Bad"], "extra": 1});
    let mut paths: Vec<_> = found(&body, Mode::Strict).into_iter().map(|(path, _)| path).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["content_state.metrics", "content_state.percentage", "content_state.title", "extra", "tags[0]"]);
}

#[test]
fn objects_are_closed() {
    refused(&changed(|body| body["subtitel"] = json!("x")), "subtitel", "unknown_field");
    refused(&changed(|body| body["content_state"]["subtitel"] = json!("x")), "content_state.subtitel", "unknown_field");
    refused(&changed(|body| body["action"]["color"] = json!("red")), "action.color", "unknown_field");
    refused(&changed(|body| body["alert"] = json!({"sound": "x"})), "alert.sound", "unknown_field");
    refused(&changed(|body| body["target"] = json!({"channels": ["a"], "users": []})), "target.users", "unknown_field");
    let icon = changed(|body| body["content_state"]["icon"] = json!({"symbol": "leaf", "size": 1}));
    refused(&icon, "content_state.icon.size", "unknown_field");
    let badge = changed(|body| body["content_state"]["badge"] = json!({"title": "1", "icon": "leaf"}));
    refused(&badge, "content_state.badge.icon", "unknown_field");
    let metrics = json!({"title": "C", "metrics": [{"label": "a", "value": 1}, {"label": "b", "value": 1, "max": 2}]});
    refused(&state(metrics), "content_state.metrics[1].max", "unknown_field");
}

#[test]
fn what_is_needed_is_named() {
    refused(&json!({}), "content_state", "required");
    refused(&state(json!({"type": "timer"})), "content_state.title", "required");
    refused(&changed(|body| drop(body["action"].as_object_mut().unwrap().remove("url"))), "action.url", "required");
    refused(&changed(|body| body["target"] = json!({})), "target.channels", "required");
    refused(&changed(|body| body["content_state"]["icon"] = json!({})), "content_state.icon.symbol", "required");
    let metric = json!({"title": "C", "metrics": [{"value": 1}]});
    refused(&state(metric), "content_state.metrics[0].label", "required");
}

#[test]
fn null_is_refused_everywhere() {
    refused(&changed(|body| body["content_state"]["subtitle"] = json!(null)), "content_state.subtitle", "null");
    refused(&changed(|body| body["alert"] = json!(null)), "alert", "null");
    refused(&changed(|body| body["metadata"] = json!({"a": null})), "metadata.a", "null");
    refused(&changed(|body| body["channels"] = json!(null)), "channels", "null");
}

#[test]
fn numbers_keep_to_their_ranges() {
    for (field, value, rule) in [
        ("percentage", json!(-0.1), "minimum"),
        ("percentage", json!(100.1), "maximum"),
        ("percentage", json!("12"), "type"),
        ("number_of_steps", json!(0), "minimum"),
        ("number_of_steps", json!(1.5), "type"),
        ("current_step", json!(-1), "minimum"),
        ("duration_seconds", json!(0), "exclusive_minimum"),
        ("auto_dismiss_seconds", json!(-1), "minimum"),
        ("auto_dismiss_minutes", json!(0.5), "type"),
        ("counts_down", json!(1), "type"),
    ] {
        refused(&changed(|body| body["content_state"][field] = value), &format!("content_state.{field}"), rule);
    }
    let limit = json!({"title": "C", "type": "progress", "value": 1, "upper_limit": 0});
    refused(&state(limit), "content_state.upper_limit", "exclusive_minimum");
}

#[test]
fn texts_and_lists_keep_to_their_lengths() {
    refused(&changed(|body| body["content_state"]["message"] = json!("")), "content_state.message", "min_length");
    refused(
        &changed(|body| body["content_state"]["badge"] = json!({"title": ""})),
        "content_state.badge.title",
        "min_length",
    );
    refused(&changed(|body| body["content_state"]["metrics"] = json!([])), "content_state.metrics", "min_items");
    let metric = json!({"label": "a", "value": 1});
    refused(
        &changed(|body| body["content_state"]["metrics"] = json!(vec![metric; 9])),
        "content_state.metrics",
        "max_items",
    );
    for (value, rule) in [(json!(""), "min_length"), (json!("é".repeat(65)), "max_length"), (json!(-1), "minimum")] {
        let metrics = json!([{"label": "a", "value": value}]);
        let body = changed(|body| body["content_state"]["metrics"] = metrics);
        refused(&body, "content_state.metrics[0].value", rule);
    }
    allowed(&changed(|body| body["content_state"]["metrics"] = json!([{"label": "a", "value": "é".repeat(64)}])));
}

#[test]
fn words_come_from_their_lists() {
    refused(&changed(|body| body["content_state"]["type"] = json!("counter")), "content_state.type", "enum");
    refused(&changed(|body| body["content_state"]["color"] = json!("pink")), "content_state.color", "enum");
    refused(
        &changed(|body| body["content_state"]["step_colors"] = json!(["red", "Red"])),
        "content_state.step_colors[1]",
        "enum",
    );
    refused(&changed(|body| body["action"]["method"] = json!("PUT")), "action.method", "enum");
    refused(&changed(|body| body["content_state"]["icon"] = json!("leaf")), "content_state.icon", "type");
}

#[test]
fn steps_do_not_exceed_their_number() {
    let steps = |current, all| state(json!({"title": "C", "current_step": current, "number_of_steps": all}));
    refused(&steps(5, 2), "content_state.current_step", "steps_order");
    allowed(&steps(2, 2));
    allowed(&state(json!({"title": "C", "current_step": 5})));
}

#[test]
fn value_and_upper_limit_go_together_for_progress() {
    let progress = |fields: Value| {
        let mut fields = fields;
        fields["title"] = json!("C");
        fields["type"] = json!("progress");
        state(fields)
    };
    refused(&progress(json!({"value": 3})), "content_state.upper_limit", "value_pair");
    refused(&progress(json!({"value": 3, "percentage": 1})), "content_state.upper_limit", "value_pair");
    refused(&progress(json!({"upper_limit": 3, "percentage": 1})), "content_state.value", "value_pair");
    refused(&progress(json!({"value": "3", "upper_limit": 9})), "content_state.value", "value_number");
    allowed(&progress(json!({"value": 30, "upper_limit": 9})));
    allowed(&state(json!({"title": "C", "type": "value", "value": 3})));
    allowed(&state(json!({"title": "C", "type": "value", "value": ""})));
    refused(&state(json!({"title": "C", "upper_limit": 3})), "content_state.value", "value_pair");
}

#[test]
fn buttons_open_only_what_their_type_may() {
    let action =
        |kind: &str, url: &str| changed(|body| body["action"] = json!({"title": "T", "type": kind, "url": url}));
    for url in ["http://garden.lan", "https://garden.example/a?b=c#d", "shortcuts://run-shortcut?name=Water%20it"] {
        allowed(&action("open_url", url));
    }
    for url in
        ["javascript:alert(1)", "ftp://garden.example", "garden.example", "", "HTTPS://garden.example", "mailto:a@b"]
    {
        refused(&action("open_url", url), "action.url", "url_scheme");
    }
    for url in ["http://garden.lan", "shortcuts://run-shortcut"] {
        refused(&action("webhook", url), "action.url", "url_scheme");
    }
    refused(&action("webhook", "https://"), "action.url", "url_empty");
    for url in
        ["https://garden.example/a b", "https://garden.example/\n", "https://garden.example/\u{7f}", "https://\u{a0}"]
    {
        refused(&action("webhook", url), "action.url", "url_characters");
    }
}

#[test]
fn http_links_are_refused_by_the_legacy_policy() {
    let rules = Rules { legacy_url_policy: true, ..Rules::default() };
    let body = changed(|body| body["action"] = json!({"title": "T", "type": "open_url", "url": "http://garden.lan"}));
    assert_eq!(found(&body, rules), [("action.url".to_owned(), "url_scheme")]);
}

#[test]
fn a_second_button_needs_a_first_one_and_room() {
    let button = json!({"title": "T", "type": "open_url", "url": "https://garden.example"});
    let alone = json!({"content_state": {"title": "C"}, "secondary_action": button});
    refused(&alone, "secondary_action", "secondary_without_action");
    assert_eq!(found(&alone, Mode::Lenient), []);
    for kind in StreamType::ALL {
        let body = json!({"content_state": {"title": "C", "type": kind.as_str(), "value": 1, "upper_limit": 2},
            "action": button, "secondary_action": button});
        if ["metrics", "stats", "timer"].contains(&kind.as_str()) {
            refused(&body, "secondary_action", "secondary_not_shown");
        } else {
            allowed(&body);
        }
    }
}

#[test]
fn channels_and_target_name_the_same() {
    let both = |short: &[&str], long: &[&str]| {
        changed(|body| {
            body["channels"] = json!(short);
            body["target"] = json!({"channels": long});
        })
    };
    allowed(&both(&["a", "b"], &["b", "a", "a"]));
    refused(&both(&["a"], &["a", "b"]), "channels", "channels_mismatch");
    refused(&changed(|body| body["channels"] = json!([])), "channels", "min_items");
    refused(&changed(|body| body["target"] = json!({"channels": []})), "target.channels", "min_items");
    refused(&changed(|body| body["channels"] = json!([7])), "channels[0]", "type");
}

#[test]
fn tags_are_short_lower_case_words_and_at_most_twenty() {
    let tags = |tags: Value| changed(|body| body["tags"] = tags);
    allowed(&tags(json!([])));
    allowed(&tags(json!(["0", "a", "z".repeat(64)])));
    for tag in ["Upper", "-dash", "two words", "é", "line\n"] {
        refused(&tags(json!([tag])), "tags[0]", "pattern");
    }
    let names = |count: usize| (0..count).map(|n| format!("tag-{n}")).collect::<Vec<_>>();
    allowed(&tags(json!(names(20))));
    refused(&tags(json!(names(21))), "tags", "tags_count");
    allowed(&tags(json!([names(20), names(20)].concat())));
}

#[test]
fn metadata_is_flat_and_small() {
    let metadata = |metadata: Value| changed(|body| body["metadata"] = metadata);
    allowed(&metadata(json!({"k".repeat(100): "é".repeat(4000)})));
    refused(&metadata(json!({"a": {}})), "metadata.a", "type");
    refused(&metadata(json!({"a": []})), "metadata.a", "type");
    refused(&metadata(json!({"": 1})), "metadata", "entry_name");
    refused(&metadata(json!({"k".repeat(101): 1})), "metadata", "entry_name");
    refused(&metadata(json!({"a": "x".repeat(4001)})), "metadata.a", "max_length");
    let entries = |count: usize| Value::Object((0..count).map(|n| (format!("k{n}"), json!(n))).collect());
    allowed(&metadata(entries(50)));
    refused(&metadata(entries(51)), "metadata", "max_entries");
}

#[test]
fn metadata_takes_at_most_16384_bytes_of_compact_json() {
    let of_size = |bytes: usize| {
        let mut entries: serde_json::Map<_, _> = (0..4).map(|n| (format!("k{n}"), json!("x".repeat(4000)))).collect();
        entries.insert("fill".into(), json!(""));
        let missing = bytes - Value::Object(entries.clone()).to_string().len();
        entries.insert("fill".into(), json!("x".repeat(missing)));
        changed(|body| body["metadata"] = Value::Object(entries))
    };
    allowed(&of_size(16_384));
    refused(&of_size(16_385), "metadata", "metadata_size");
}

#[test]
fn lenient_mode_ignores_unknown_fields_and_takes_null_as_absent() {
    let body = json!({
        "content_state": {"title": "C", "type": "value", "value": 1, "subtitle": null, "icon": {"symbol": "leaf", "x": 1}},
        "action": null, "alert": null, "channels": null, "tags": ["Upper"], "metadata": {"a": null}, "activity_id": ""
    });
    assert_eq!(found(&body, Mode::Lenient), []);
    let missing = json!({"content_state": {"title": null}});
    assert_eq!(found(&missing, Mode::Lenient), [("content_state.title".to_owned(), "required")]);
    let link = changed(|body| body["action"]["url"] = json!("http://garden.lan"));
    assert_eq!(found(&link, Mode::Lenient), [("action.url".to_owned(), "url_scheme")]);
    let tag = changed(|body| body["tags"] = json!(["two words"]));
    assert_eq!(found(&tag, Mode::Lenient), [("tags[0]".to_owned(), "pattern")]);
}

#[test]
fn a_delete_needs_nothing_and_knows_no_channels() {
    let rules = |body: Value| -> Vec<_> {
        check(DELETE, &body, Mode::Strict).into_iter().map(|problem| (problem.path, problem.rule)).collect()
    };
    assert_eq!(rules(json!({})), []);
    assert_eq!(rules(json!({"content_state": {"title": "Ripe", "auto_dismiss_minutes": 1}, "tags": []})), []);
    assert_eq!(rules(json!({"content_state": {}})), [("content_state.title".to_owned(), "required")]);
    assert_eq!(rules(json!({"channels": ["a"]})), [("channels".to_owned(), "unknown_field")]);
}

#[test]
fn a_start_needs_all_that_its_type_is_drawn_from_and_an_update_needs_the_changing_part() {
    let needs = |kind: &str, state: Value, starting: bool| -> Vec<String> {
        let kind = StreamType::parse(kind).unwrap();
        let problems = requirements(kind, state.as_object().unwrap(), starting);
        problems.into_iter().map(|problem| problem.path.replace("content_state.", "")).collect()
    };
    for (kind, start, update) in [
        ("segmented_progress", &["number_of_steps", "current_step"][..], &["current_step"][..]),
        ("progress", &["percentage"], &["percentage"]),
        ("metrics", &["metrics"], &["metrics"]),
        ("stats", &["metrics"], &["metrics"]),
        ("alert", &["message"], &["message"]),
        ("timer", &["duration_seconds"], &[]),
        ("value", &["value"], &["value"]),
    ] {
        assert_eq!(needs(kind, json!({}), true), start, "{kind}");
        assert_eq!(needs(kind, json!({}), false), update, "{kind}");
    }
    assert_eq!(needs("progress", json!({"value": 1, "upper_limit": 2}), true), [""; 0]);
    assert_eq!(needs("timer", json!({"counts_down": false}), true), [""; 0]);
    assert_eq!(needs("timer", json!({"counts_down": true}), true), ["duration_seconds"]);
}

#[test]
fn a_message_names_the_field_and_what_to_do() {
    let problem = &check(PUT, &changed(|body| body["content_state"]["percentage"] = json!(180)), Mode::Strict)[0];
    assert_eq!(problem.message, "`content_state.percentage` must be at most 100");
    let list = &check(PUT, &json!([]), Mode::Strict)[0];
    assert_eq!(list.message, "the body must be of type object");
}

#[test]
fn the_first_problem_decides_the_label() {
    for (body, label) in [
        (json!({"content_state": {"title": "C"}, "tags": 1}), ("Invalid tags", Some("invalid_tags"))),
        (json!({"content_state": {"title": "C"}, "metadata": 1}), ("Invalid metadata", Some("invalid_metadata"))),
        (json!({"content_state": {"title": "C"}, "target": 1}), ("Invalid channel targeting", None)),
        (json!({"content_state": {"title": "C"}, "channels": [1]}), ("Invalid channel targeting", None)),
        (json!({"content_state": {"title": "C"}, "secondary_action": 1, "action": 1}), ("Invalid action", None)),
        (json!({"content_state": {"title": 1}}), ("Invalid content_state", None)),
        (json!({"content_state": {"title": "C"}, "alert": 1}), ("Invalid request", None)),
        (json!(1), ("Invalid request", None)),
    ] {
        assert_eq!(refusal_label(&check(PUT, &body, Mode::Strict)), label, "{body}");
    }
    assert_eq!(refusal_label(&[check_stream_key("a b").unwrap()]), ("Invalid stream_key", None));
}

#[test]
fn the_document_is_openapi_and_every_reference_in_it_resolves() {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    visit(&document, &document);
}

fn visit(value: &Value, document: &Value) {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
    match value {
        Value::Object(members) => members.values().for_each(|member| visit(member, document)),
        Value::Array(items) => items.iter().for_each(|item| visit(item, document)),
        _ => {}
    }
}
