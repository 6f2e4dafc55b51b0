//! The same of the endpoints without a stream key: bodies put together from right and wrong values of each field.

use activitysmith_emulator::contract::{StreamType, requirements};
use activitysmith_emulator::{Mode, check};
use activitysmith_kit::api::{BADGE, END, METRIC_VALUE, PUSH, REPLACE_PUSH, START, Spec, UPDATE};
use activitysmith_kit::call::Request;
use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{tell, valid};

const CASES: usize = 5_000;
const LEAST_VALID: f64 = 0.3;

struct Endpoint {
    spec: &'static Spec,
    /// As the emulator's document names it.
    name: &'static str,
    key: &'static str,
    required: &'static [&'static str],
    fields: &'static [&'static str],
}

const CONTENT: &[&str] = &[
    "title",
    "message",
    "subtitle",
    "icon",
    "media",
    "redirection",
    "actions",
    "payload",
    "badge",
    "tags",
    "metadata",
];
const PUSH_FIELDS: &[&str] = &[
    "title",
    "message",
    "subtitle",
    "icon",
    "media",
    "redirection",
    "actions",
    "payload",
    "badge",
    "tags",
    "metadata",
    "sound",
    "interruption_level",
    "target",
];
const STATE: &[&str] = &["content_state", "action", "secondary_action", "tags", "metadata"];

const ENDPOINTS: &[Endpoint] = &[
    Endpoint { spec: &PUSH, name: "POST /push-notification", key: "", required: &["title"], fields: PUSH_FIELDS },
    Endpoint {
        spec: &REPLACE_PUSH,
        name: "PUT /push-notification/{notification_id}",
        key: "n1",
        required: &["title"],
        fields: CONTENT,
    },
    Endpoint {
        spec: &START,
        name: "POST /live-activity/start",
        key: "",
        required: &["content_state"],
        fields: &["content_state", "action", "secondary_action", "tags", "metadata", "alert", "target"],
    },
    Endpoint {
        spec: &UPDATE,
        name: "POST /live-activity/update",
        key: "",
        required: &["activity_id", "content_state"],
        fields: STATE,
    },
    Endpoint {
        spec: &END,
        name: "POST /live-activity/end",
        key: "",
        required: &["activity_id", "content_state"],
        fields: STATE,
    },
    Endpoint {
        spec: &METRIC_VALUE,
        name: "POST /metrics/{key}/value",
        key: "queue.depth",
        required: &["value"],
        fields: &["value", "timestamp"],
    },
    Endpoint { spec: &BADGE, name: "POST /badge", key: "", required: &["badge"], fields: &["badge", "target"] },
];

/// A right value of a field.
fn right(endpoint: &Endpoint, field: &str, random: &mut Rng) -> Value {
    let any = |values: &[Value], random: &mut Rng| random.choice(values).cloned().unwrap();
    let text = |random: &mut Rng| any(&[json!("x"), json!("準備 🚀"), json!("a\n\"b\"")], random);
    match field {
        "title" | "activity_id" => any(&[json!("a1"), json!("Backup-failed")], random),
        "message" | "subtitle" => any(&[json!(""), text(random)], random),
        "sound" => any(&[json!("default"), json!("chime.caf")], random),
        "icon" | "media" => any(&[json!("https://a.test/x.png?y#z"), json!("https://a.test:8443/@me")], random),
        "redirection" => {
            any(&[json!("https://a.test"), json!("http://a.test"), json!("slack://x?id=1"), json!("tel:123")], random)
        }
        "actions" => (0..random.usize(..=4)).map(|_| valid::action(random)).collect(),
        "payload" => any(&[json!({}), json!({"a": [1, null, {"b": "c"}], "": 0.5})], random),
        "badge" => any(&[json!(0), json!(3), json!(3.0), json!(2_147_483_647)], random),
        "interruption_level" => any(&[json!("passive"), json!("active"), json!("time-sensitive")], random),
        "target" => any(&[json!({"channels": ["ops"]}), json!({"channels": ["ops", "night"]})], random),
        "tags" => any(&[json!([]), json!(["a"]), json!(["a.b_c:d-e", "0"])], random),
        "metadata" => any(&[json!({}), json!({"k": 1, "é": "x", "flag": true})], random),
        "alert" => any(&[json!({}), json!({"title": "A"}), json!({"title": "A", "body": ""})], random),
        "action" | "secondary_action" => valid::action(random),
        "value" => any(&[json!(-1.5), json!(0), json!("3 d"), json!("x".repeat(64))], random),
        "timestamp" => any(
            &[
                json!("2026-11-20T09:59:00Z"),
                json!("2026-02-28T23:59:59.123456+05:30"),
                json!("2024-02-29T00:00:00-00:00"),
            ],
            random,
        ),
        "content_state" => {
            let kind = *random.choice(valid::TYPES).unwrap();
            let mut state = valid::state(kind, random);
            let members = state.as_object_mut().unwrap();
            if *endpoint.spec != START && random.bool() {
                members.remove("type");
            }
            if *endpoint.spec == START && kind == "timer" && members.get("counts_down") != Some(&json!(false)) {
                members.insert("duration_seconds".to_owned(), json!(90));
            }
            if *endpoint.spec == END && random.bool() {
                members.insert("auto_dismiss_minutes".to_owned(), json!(random.u8(..)));
            }
            state
        }
        other => panic!("what is right for {other}?"),
    }
}

/// A value that the field may not have, or that no field may.
fn wrong(field: &str, random: &mut Rng) -> Value {
    let of_any = [json!(null), json!(true), json!([[]]), json!({"nested": {}}), json!(-1), json!(1.5), json!("")];
    let of_this: &[Value] = &match field {
        "icon" | "media" => vec![json!("http://a.test/x.png"), json!("https://a b"), json!("x.png"), json!("https://")],
        "redirection" => {
            vec![json!("javascript:alert(1)"), json!("DATA:x"), json!("a.test"), json!("1a:b"), json!(":")]
        }
        "actions" => vec![
            json!([{"title": "A", "type": "webhook", "url": "http://a.test"}]),
            json!([{"title": "A", "type": "open_url", "url": "file:///etc"}]),
            json!([{"title": "A", "type": "open_url"}]),
            json!([{"title": "A", "type": "call", "url": "https://a.test"}]),
            (0..5).map(|_| valid::action(random)).collect(),
        ],
        "badge" => vec![json!(2_147_483_648_u64), json!("3"), json!(1e300)],
        "interruption_level" => vec![json!("loud"), json!("Active")],
        "target" => vec![json!({}), json!({"channels": []}), json!({"channels": [1]}), json!(["ops"])],
        "tags" => vec![json!(["Upper"]), json!(["a", 1]), json!("a"), json!([""]), json!(["x".repeat(65)])],
        "metadata" => vec![json!({"a": {}}), json!({"a": null}), json!([])],
        "value" => vec![json!("x".repeat(65)), json!([])],
        "timestamp" => {
            vec![json!("yesterday"), json!("2026-11-20"), json!("2026-11-20T09:59:00"), json!("2026-02-30T00:00:00Z")]
        }
        "content_state" => vec![
            json!({"type": "progress", "percentage": 5}),
            json!({"title": "T", "type": "progress"}),
            json!({"title": "T", "type": "progress", "percentage": 101}),
            json!({"title": "T", "type": "metrics", "metrics": []}),
            json!({"title": "T", "auto_dismiss_seconds": 5}),
        ],
        _ => vec![json!(0), json!(["x"])],
    };
    let values = if random.bool() { of_this } else { &of_any };
    random.choice(values).cloned().unwrap()
}

/// A body, and whether something in it may be wrong.
fn body(endpoint: &Endpoint, random: &mut Rng) -> (Map<String, Value>, bool) {
    let mut body = Map::new();
    for &field in endpoint.required.iter().chain(endpoint.fields) {
        if endpoint.required.contains(&field) || random.u8(..) < 90 {
            body.insert(field.to_owned(), right(endpoint, field, random));
        }
    }
    // What cannot stand together is for the faults below.
    if body.get("actions").is_some_and(|actions| actions != &json!([])) {
        body.remove("media");
    }
    let kind = body.get("content_state").and_then(|state| state["type"].as_str()).unwrap_or("metrics");
    if !body.contains_key("action") || !["segmented_progress", "progress", "alert", "value"].contains(&kind) {
        body.remove("secondary_action");
    }
    let is_changed = random.u8(..) < 150;
    if is_changed {
        let field = *random.choice(&[endpoint.required, endpoint.fields].concat()).unwrap();
        match random.u8(..8) {
            0 => _ = body.remove(field),
            1 => _ = body.insert("colour".to_owned(), json!("red")),
            2 if endpoint.fields.contains(&"media") => {
                body.insert("media".to_owned(), right(endpoint, "media", random));
                body.insert("actions".to_owned(), right(endpoint, "actions", random));
            }
            3 => {
                let other = *random.choice(PUSH_FIELDS).unwrap();
                body.insert(other.to_owned(), right(endpoint, other, random));
            }
            _ => _ = body.insert(field.to_owned(), wrong(field, random)),
        }
    }
    (body, is_changed)
}

fn judge(endpoint: &Endpoint, body: &Value) -> Vec<String> {
    let mut problems = check(endpoint.name, body, Mode::Strict);
    let state = body["content_state"].as_object();
    let kind = state.and_then(|state| StreamType::parse(state.get("type")?.as_str()?));
    if let (Some(kind), Some(state)) = (kind, state) {
        problems.extend(requirements(kind, state, *endpoint.spec == START));
    }
    problems.into_iter().map(|problem| format!("{}: {}", problem.path, problem.rule)).collect()
}

/// A place and a code by which the core refuses what the service takes.
fn is_stricter(path: &str, code: &str) -> bool {
    let blank = code == "empty" && (path.ends_with("title") || path.ends_with("sound"));
    // An icon shows no other number, and a link leads somewhere.
    let badge = path == "badge" && code == "out_of_range";
    let link = code == "bad_format" && matches!(path, "icon" | "media" | "redirection");
    let id = path == "activity_id" && matches!(code, "empty" | "bad_format");
    let twice = code == "duplicate_item" || code == "not_applicable";
    let text = path.starts_with("content_state.") && code == "wrong_type" && path.ends_with("value");
    blank || badge || link || id || twice || text
}

#[test]
fn the_core_calls_every_endpoint_where_the_emulator_takes_it() {
    let seed = std::env::var("ACTIVITYSMITH_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    tell(&format!("seed {seed}; {CASES} cases for each endpoint"));
    let mut random = Rng::with_seed(seed);
    for endpoint in ENDPOINTS {
        let mut accepted = 0;
        let mut refused = 0;
        for _ in 0..CASES {
            let (body, is_changed) = body(endpoint, &mut random);
            let body = Value::Object(body);
            let name = endpoint.name;
            let problems = judge(endpoint, &body);
            match Request::from_json(endpoint.spec, endpoint.key, body.to_string().as_bytes()) {
                Ok(request) => {
                    accepted += 1;
                    assert_eq!(problems, [""; 0], "seed {seed}: the core accepts {body} for {name}");
                    let sent: Value = serde_json::from_slice(&request.body.unwrap()).unwrap();
                    assert_eq!(judge(endpoint, &sent), [""; 0], "seed {seed}: {name} {body} became {sent}");
                }
                Err(error) => {
                    refused += 1;
                    assert!(is_changed, "seed {seed}: {error} in the valid {body} for {name}");
                    let stricter = error.violations().iter().all(|found| is_stricter(&found.path, found.code.as_str()));
                    assert!(
                        !problems.is_empty() || stricter,
                        "seed {seed}: the emulator accepts {body} for {name}, the core says {error}"
                    );
                }
            }
        }
        tell(&format!("{accepted:>6} accepted, {refused:>6} refused  {}", endpoint.name));
        assert!(accepted as f64 >= LEAST_VALID * CASES as f64, "only {accepted} cases of {} were valid", endpoint.name);
        assert!(refused > CASES / 10, "only {refused} cases of {} were refused", endpoint.name);
    }
}

/// Channels beside a body become its target.
#[test]
fn channels_are_sent_as_a_target() {
    for (spec, body) in [
        (&PUSH, json!({"title": "T"})),
        (&START, json!({"content_state": {"title": "T", "type": "progress", "percentage": 1}})),
        (&BADGE, json!({"badge": 1})),
    ] {
        let mut given = body.clone();
        given["channels"] = json!(["ops", "night"]);
        let request = Request::from_json(spec, "", given.to_string().as_bytes()).unwrap();
        let mut sent = body;
        sent["target"] = json!({"channels": ["ops", "night"]});
        assert_eq!(serde_json::from_slice::<Value>(&request.body.unwrap()).unwrap(), sent);
    }
}
