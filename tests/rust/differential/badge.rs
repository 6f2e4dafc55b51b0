//! The same of badge requests, which are few enough to be tried in every combination.

use activitysmith_emulator::{Mode, check};
use activitysmith_kit::api::BADGE;
use activitysmith_kit::call::Request;
use serde_json::{Value, json};

fn judge(body: &Value) -> Vec<String> {
    check("POST /badge", body, Mode::Strict)
        .iter()
        .map(|problem| format!("{}: {}", problem.path, problem.rule))
        .collect()
}

#[test]
fn the_core_sets_a_badge_where_the_emulator_does() {
    let numbers = [
        json!(0),
        json!(1),
        json!(2_147_483_647),
        json!(3.0),
        json!(-1),
        json!(2_147_483_648_u64),
        json!(1.5),
        json!(1e300),
        json!("3"),
        json!(null),
        json!([]),
        json!(true),
    ];
    let channels = [json!(["ops"]), json!(["ops", "night"]), json!([]), json!([3]), json!("ops"), json!(null)];
    let numbers: Vec<_> = numbers.into_iter().map(Some).chain([None]).collect();
    let channels: Vec<_> = channels.into_iter().map(Some).chain([None]).collect();
    let mut accepted = 0;
    for number in &numbers {
        for channels in &channels {
            for (name, more) in
                [("channels", None), ("target", None), ("channels", Some("title")), ("channels", Some("target"))]
            {
                let mut given = json!({});
                let mut wire = json!({});
                if let Some(number) = number {
                    (given["badge"], wire["badge"]) = (number.clone(), number.clone());
                }
                if let Some(channels) = channels {
                    wire["target"] = json!({"channels": channels});
                    given[name] = if name == "target" { wire["target"].clone() } else { channels.clone() };
                }
                if let Some(more) = more {
                    given[more] = json!({"channels": ["ops"]});
                    wire["both"] = json!("neither does the API know this");
                }
                let problems = judge(&wire);
                match Request::from_json(&BADGE, "", given.to_string().as_bytes()) {
                    // The older form stands alone in what is given, and is the API's own.
                    Ok(request) if more == Some("target") && channels.is_none() => {
                        assert_eq!(judge(&serde_json::from_slice(&request.body.unwrap()).unwrap()), [""; 0]);
                    }
                    Ok(request) => {
                        accepted += 1;
                        assert_eq!(problems, [""; 0], "the core accepts {given}");
                        let sent: Value = serde_json::from_slice(&request.body.unwrap()).unwrap();
                        assert_eq!(sent, plain(&wire), "{given}");
                    }
                    Err(error) => assert!(!problems.is_empty(), "the emulator accepts {wire}, the core says {error}"),
                }
            }
        }
    }
    assert_eq!(accepted, 4 * (3 + 3), "numbers, and all devices or some channels in either form");
}

/// As the core writes numbers: without a fraction where there is none.
fn plain(body: &Value) -> Value {
    serde_json::from_str(&body.to_string().replace("3.0", "3")).unwrap()
}
