//! `asmith badge`: the number on the app's icon.

use serde_json::json;

use crate::support::{KEY, Service, asmith_at, run};

#[test]
fn a_number_is_set_for_all_or_for_some_channels() {
    let service = Service::start();
    let run = service.run(&["badge", "3"]);
    assert_eq!(run.succeeded().stderr, "asmith: badge: 3 (devices: 1)\n");
    assert_eq!(service.body(), json!({"badge": 3}));
    let run = service.run(&["badge", "0", "--channel", "ops", "--channel", "night", "--output", "json"]);
    let answer = run.succeeded().json();
    assert_eq!((&answer["badge"], &answer["facts"]["status"]), (&json!(0), &json!(200)));
    assert_eq!(service.body(), json!({"badge": 0, "target": {"channels": ["ops", "night"]}}));
}

#[test]
fn what_is_no_number_for_an_icon_is_refused() {
    let service = Service::start();
    for (number, words) in [
        ("-1", "badge is -1; give an integer from 0 to 2147483647"),
        ("2147483648", "badge is 2147483648; give an integer from 0 to 2147483647"),
        ("1.5", "badge is 1.5"),
        ("many", "badge is a string"),
    ] {
        service.run(&["badge", number]).failed(65, words);
    }
    assert!(service.bodies().is_empty());
}

#[test]
fn what_would_be_sent_can_be_seen_without_a_key() {
    let shown = run(&mut asmith_at("http://127.0.0.1:1/api", &["badge", "7", "--dry-run"]));
    assert_eq!(shown.succeeded().stdout, "POST /badge\n{\"badge\":7}\n");
    let told = run(asmith_at("http://127.0.0.1:1/api", &["badge", "7"]).env("ACTIVITYSMITH_DISABLED", "1"));
    assert!(told.succeeded().stderr.contains("nothing was sent"), "{told:?}");
    assert!(!told.stderr.contains(KEY));
}
