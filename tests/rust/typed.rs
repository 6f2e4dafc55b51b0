//! Typed states and requests say on the wire just what was set, and are held to the same rules as JSON.

use activitysmith_kit::api::STREAM;
use activitysmith_kit::call::Request;
use activitysmith_kit::{
    Alert, Badge, Change, Color, EndStreamRequest, Icon, Metadata, MetadataValue, Metric, Metrics, OpenUrl, Progress,
    PushAlert, SegmentedProgress, Slugs, Stats, StreamRequest, Timer, Value, Webhook, WebhookMethod,
};
use serde_json::json;

/// The body that a request becomes.
fn wire(request: impl Into<StreamRequest>) -> serde_json::Value {
    serde_json::from_slice(&Request::new("k", &request.into()).unwrap().body.unwrap()).unwrap()
}

/// The state that a request becomes.
fn state(request: impl Into<StreamRequest>) -> serde_json::Value {
    wire(request)["content_state"].take()
}

/// The paths and codes of what is wrong with a request.
fn faults(request: impl Into<StreamRequest>) -> Vec<(String, &'static str)> {
    let error = Request::new("k", &request.into()).unwrap_err();
    error.violations().iter().map(|violation| (violation.path.clone(), violation.code.as_str())).collect()
}

#[test]
fn each_state_says_what_was_set_and_no_more() {
    assert_eq!(state(Progress::new("T").percentage(42.0)), json!({"title": "T", "type": "progress", "percentage": 42}));
    assert_eq!(
        state(Progress::new("T").value(3).upper_limit(7.5)),
        json!({"title": "T", "type": "progress", "value": 3, "upper_limit": 7.5})
    );
    assert_eq!(
        state(SegmentedProgress::new("T", 3, 1).step_colors([Color::Green]).badge("b").icon("bolt")),
        json!({"title": "T", "type": "segmented_progress", "number_of_steps": 3, "current_step": 1,
            "step_colors": ["green"], "badge": {"title": "b"}, "icon": {"symbol": "bolt"}})
    );
    assert_eq!(
        state(Metrics::new("T", [Metric::new("CPU", 7).unit("%").color(Color::Red)])),
        json!({"title": "T", "type": "metrics", "metrics": [{"label": "CPU", "value": 7, "unit": "%", "color": "red"}]})
    );
    assert_eq!(
        state(Stats::new("T", [Metric::new("a", "-1"), Metric::new("b", 0.5)])),
        json!({"title": "T", "type": "stats", "metrics": [{"label": "a", "value": "-1"}, {"label": "b", "value": 0.5}]})
    );
    assert_eq!(
        state(
            Alert::new("T", "m").icon(Icon::new("bolt").color(Color::Gray)).badge(Badge::new("b").color(Color::Lime))
        ),
        json!({"title": "T", "type": "alert", "message": "m", "icon": {"symbol": "bolt", "color": "gray"},
            "badge": {"title": "b", "color": "lime"}})
    );
    assert_eq!(state(Timer::countdown("T", 90)), json!({"title": "T", "type": "timer", "duration_seconds": 90}));
    assert_eq!(state(Timer::elapsed("T")), json!({"title": "T", "type": "timer", "counts_down": false}));
    assert_eq!(state(Timer::new("T").is_running(true)), json!({"title": "T", "type": "timer", "is_running": true}));
    assert_eq!(state(Value::new("T", "007")), json!({"title": "T", "type": "value", "value": "007"}));
    assert_eq!(state(Change::new("T").value(-1).subtitle("s")), json!({"title": "T", "value": -1, "subtitle": "s"}));
}

#[test]
fn a_request_carries_all_that_the_api_takes() {
    let request = StreamRequest::new(Alert::new("T", "m").extra("glow", true))
        .action(Webhook::new("Go", "https://a.test").method(WebhookMethod::Get).body(json!({"z": 1, "a": 2})))
        .secondary_action(OpenUrl::new("Look", "shortcuts://run"))
        .alert(PushAlert::new().title("t").body("b"))
        .channels(["sre"])
        .tags(Slugs::NONE)
        .metadata([("run", MetadataValue::from("r-1")), ("try", 2.into()), ("dry", false.into())])
        .extra("priority", 3);
    assert_eq!(
        wire(request),
        json!({
            "content_state": {"title": "T", "type": "alert", "message": "m", "glow": true},
            "action": {"title": "Go", "type": "webhook", "url": "https://a.test", "method": "GET", "body": {"z": 1, "a": 2}},
            "secondary_action": {"title": "Look", "type": "open_url", "url": "shortcuts://run"},
            "alert": {"title": "t", "body": "b"},
            "channels": ["sre"],
            "tags": [],
            "metadata": {"run": "r-1", "try": 2, "dry": false},
            "priority": 3,
        })
    );
    assert_eq!(wire(StreamRequest::new(Change::new("T")).metadata(Metadata::default()))["metadata"], json!({}));
}

#[test]
fn an_end_carries_its_dismissal_in_the_state() {
    let end = EndStreamRequest::new().content_state(Progress::new("T").percentage(100)).auto_dismiss_seconds(30);
    let body = Request::new("k", &end).unwrap().body.unwrap();
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&body).unwrap(),
        json!({"content_state": {"title": "T", "type": "progress", "percentage": 100, "auto_dismiss_seconds": 30}})
    );
    assert_eq!(Request::new("k", &EndStreamRequest::new()).unwrap().body, None);
}

#[test]
fn numbers_that_json_cannot_hold_are_refused_wherever_they_stand() {
    let nan = f64::NAN;
    assert_eq!(faults(Progress::new("T").percentage(nan)), [("content_state.percentage".to_owned(), "not_finite")]);
    assert_eq!(faults(Timer::countdown("T", f64::INFINITY))[0].1, "not_finite");
    assert_eq!(faults(SegmentedProgress::new("T", nan, 0))[0].1, "not_finite");
    assert_eq!(faults(Value::new("T", f64::NEG_INFINITY))[0].1, "not_finite");
    assert_eq!(faults(Metrics::new("T", [Metric::new("a", nan)]))[0].1, "not_finite");
    assert_eq!(
        faults(StreamRequest::new(Change::new("T")).metadata([("a", nan)])),
        [("metadata.a".to_owned(), "not_finite")]
    );
}

#[test]
fn metadata_has_its_limits() {
    let with = |metadata: Metadata| StreamRequest::new(Change::new("T")).metadata(metadata);
    let entries = |count: usize| (0..count).map(|number| (format!("k{number}"), number)).collect::<Metadata>();
    assert!(Request::new("k", &with(entries(50))).is_ok());
    assert_eq!(faults(with(entries(51))), [("metadata".to_owned(), "too_long")]);
    let text = |length: usize| Metadata::from([("a", "x".repeat(length))]);
    assert!(Request::new("k", &with(text(4_000))).is_ok());
    assert_eq!(faults(with(text(4_001))), [("metadata.a".to_owned(), "too_long")]);
    let key = "k".repeat(101);
    assert_eq!(faults(with(Metadata::from([(&*key, 1)])))[0].1, "too_long");
    let seventeen_kilobytes: Metadata = (0..5).map(|number| (format!("k{number}"), "x".repeat(3_500))).collect();
    assert_eq!(faults(with(seventeen_kilobytes)), [("metadata".to_owned(), "too_long")]);
}

#[test]
fn metadata_keeps_one_value_for_each_key() {
    let mut metadata = Metadata::from([("a", 1), ("b", 2)]);
    metadata.insert("a", "again");
    assert_eq!(
        wire(StreamRequest::new(Change::new("T")).metadata(metadata))["metadata"],
        json!({"a": "again", "b": 2})
    );
}

#[test]
fn a_large_state_is_sent_with_advice() {
    let request = Request::new("k", &StreamRequest::from(Alert::new("T", "m".repeat(4_000)))).unwrap();
    assert!(request.advice[0].contains("4 KB"), "{:?}", request.advice);
    let colors = SegmentedProgress::new("T", 5, 2).step_colors([Color::Green]);
    let request = Request::new("k", &StreamRequest::from(colors)).unwrap();
    assert!(request.advice[0].contains("step_colors"), "{:?}", request.advice);
    assert!(Request::new("k", &StreamRequest::from(Change::new("T"))).unwrap().advice.is_empty());
}

#[test]
fn an_error_reads_like_help() {
    let error = Request::new("a b", &StreamRequest::from(Progress::new("").percentage(101))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "nothing was sent: stream_key contains ' '; use ASCII letters, digits, underscores and hyphens only; \
         also, content_state.title is blank; give a string that is not blank; \
         also, content_state.percentage is 101; give a number from 0 to 100"
    );
    let error = Request::from_json(&STREAM, "k", br#"{"content_state":{"title":"T","subtitel":"x"}}"#).unwrap_err();
    assert_eq!(
        error.violations()[0].message,
        "content_state.subtitel is unknown; did you mean subtitle? Fields newer than this release go into extra"
    );
    let misplaced = br#"{"percentage":7,"content_state":{"title":"T","channels":["ops"]}}"#;
    let error = Request::from_json(&STREAM, "k", misplaced).unwrap_err();
    let messages: Vec<_> = error.violations().iter().map(|violation| violation.message.as_str()).collect();
    assert_eq!(
        messages,
        ["percentage belongs in content_state", "content_state.channels goes beside content_state, not in it"]
    );
}
