//! The shared vectors, run by the core.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use activitysmith_kit::api::{Answer, ENDPOINTS, Spec};
use activitysmith_kit::call::{Exchange, Next, Now, Request, Response, RetryPolicy};
use activitysmith_kit::{ActivityResponse, BadgeResponse, MetricResponse, PushResponse, StreamResponse};
use activitysmith_tests::vectors;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestCase {
    name: String,
    endpoint: String,
    /// Empty where the endpoint has none.
    #[serde(default)]
    key: String,
    body: Option<Value>,
    body_text: Option<String>,
    expect: RequestExpectation,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum RequestExpectation {
    Body(Value),
    Violations(Vec<Expected>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    path: String,
    code: String,
    message_has: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResponseCase {
    name: String,
    endpoint: String,
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
    body_text: Option<String>,
    expect: BTreeMap<String, Value>,
}

fn text(body: Option<&Value>, text: Option<&String>) -> Vec<u8> {
    text.map_or_else(|| body.expect("a case has body or body_text").to_string(), Clone::clone).into_bytes()
}

fn endpoint(name: &str) -> &'static Spec {
    ENDPOINTS.iter().find(|spec| spec.name == name).unwrap_or_else(|| panic!("there is no endpoint {name}"))
}

/// As the type of the endpoint's answers writes it.
fn written(spec: &Spec, answer: Answer) -> String {
    let text = match spec.name {
        "stream" | "end_stream" => serde_json::to_string(&StreamResponse::from(answer)),
        "start" | "update" | "end" => serde_json::to_string(&ActivityResponse::from(answer)),
        "push" | "replace_push" => serde_json::to_string(&PushResponse::from(answer)),
        "metric" => serde_json::to_string(&MetricResponse::from(answer)),
        "badge" => serde_json::to_string(&BadgeResponse::from(answer)),
        other => panic!("what does {other} answer with?"),
    };
    text.unwrap()
}

#[test]
fn requests() {
    for case in vectors::<RequestCase>("requests.json") {
        let name = &case.name;
        let spec = endpoint(&case.endpoint);
        let built = Request::from_json(spec, &case.key, &text(case.body.as_ref(), case.body_text.as_ref()));
        match (case.expect, built) {
            (RequestExpectation::Body(expected), Ok(request)) => {
                let body = request.body.as_ref().map_or(Value::Null, |body| serde_json::from_slice(body).unwrap());
                assert_eq!(body, expected, "{name}");
                let encoded = case.key.replace(' ', "%20").replace('/', "%2F");
                let (before, rest) = spec.path.split_once('{').unwrap_or((spec.path, ""));
                let after = rest.split_once('}').map_or("", |(_, after)| after);
                assert_eq!(request.path, format!("{before}{encoded}{after}"), "{name}");
                let is_loud = matches!(spec.name, "push" | "start") || expected.get("alert").is_some();
                assert_eq!(request.carries_alert(), is_loud, "{name}");
            }
            (RequestExpectation::Violations(mut expected), Err(error)) => {
                let mut found = error.violations().to_vec();
                found.sort_by(|a, b| (&a.path, a.code.as_str()).cmp(&(&b.path, b.code.as_str())));
                expected.sort_by(|a, b| (&a.path, &a.code).cmp(&(&b.path, &b.code)));
                let places: Vec<_> = found.iter().map(|found| (&*found.path, found.code.as_str())).collect();
                let wanted: Vec<_> = expected.iter().map(|expected| (&*expected.path, &*expected.code)).collect();
                assert_eq!(places, wanted, "{name}");
                for (violation, Expected { message_has, .. }) in found.iter().zip(expected) {
                    let text = message_has.unwrap_or_default();
                    assert!(violation.message.contains(&text), "{name}: {text} is not in {violation}");
                }
                for violation in error.violations() {
                    assert!(
                        violation.message.contains(&violation.path) || violation.path.ends_with(' '),
                        "{name}: {violation}"
                    );
                }
            }
            (_, built) => panic!("{name}: {built:?}"),
        }
    }
}

#[test]
fn responses() {
    let now = Now { monotonic: Duration::ZERO, wall: SystemTime::UNIX_EPOCH };
    for case in vectors::<ResponseCase>("responses.json") {
        let name = &case.name;
        let spec = endpoint(&case.endpoint);
        let body: &[u8] = match spec.name {
            "stream" => br#"{"content_state":{"title":"T","percentage":1}}"#,
            "badge" => br#"{"badge":1}"#,
            "start" => br#"{"content_state":{"title":"T","type":"progress","percentage":1}}"#,
            "update" | "end" => br#"{"activity_id":"a1","content_state":{"title":"T"}}"#,
            "push" | "replace_push" => br#"{"title":"T"}"#,
            "metric" => br#"{"value":1}"#,
            _ => b"{}",
        };
        let request = Request::from_json(spec, "k", body).unwrap();
        let response = Response {
            status: case.status,
            headers: case.headers.into_iter().collect(),
            body: text(case.body.as_ref(), case.body_text.as_ref()),
        };
        let mut exchange = Exchange::new(request, RetryPolicy { max_retries: 0 }, Duration::from_secs(9), now);
        let Next::Done(result) = exchange.proceed(Ok(response), now, 0.5) else {
            panic!("{name}: no retry was asked for")
        };
        match result {
            Ok(outcome) => {
                let text = written(spec, outcome);
                let mut written: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(text.len(), written.to_string().len(), "{name}: a key stands twice in {text}");
                let facts = written.as_object_mut().unwrap().remove("facts").unwrap();
                assert_eq!(Some(&written), case.expect.get("outcome"), "{name}");
                assert_eq!(facts["status"], case.status, "{name}");
                if let Some(rate_limits) = case.expect.get("rate_limits") {
                    assert_eq!(&facts["rate_limits"], rate_limits, "{name}");
                    assert_eq!(facts["request_id"], "req-1", "{name}");
                }
            }
            Err(error) => {
                let written = serde_json::to_value(&error).unwrap();
                let expected = case.expect.get("error").unwrap_or_else(|| panic!("{name}: {error}"));
                for (field, value) in expected.as_object().unwrap() {
                    assert_eq!(written.get(field), Some(value), "{name}: {field} of {written}");
                }
                assert_eq!(written["attempts"], json!(1), "{name}");
            }
        }
    }
}
