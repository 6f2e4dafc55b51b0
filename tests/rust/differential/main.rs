//! The core against its judge: over many generated requests, the core accepts exactly what the strict emulator accepts, except
//! for the rules listed in `stricter`. Both know the contract by themselves; neither shares a rule with the other.
//!
//! A run prints its seed; `ACTIVITYSMITH_SEED` repeats it.

mod case;
mod endpoints;
mod faults;
mod stricter;
mod valid;
mod wild;

use std::collections::BTreeMap;
use std::io::Write as _;

use activitysmith_emulator::contract::{StreamType, check_stream_key, requirements};
use activitysmith_emulator::{Mode, check};
use activitysmith_kit::ValidationError;
use activitysmith_kit::api::{END_STREAM, STREAM};
use activitysmith_kit::call::Request;
use serde_json::{Map, Value};

use case::{Case, Rule};

const CASES: usize = 40_000;
const LEAST_VALID: f64 = 0.3;
const LEAST_HITS: usize = 100;

fn core(case: &Case) -> Result<Request, ValidationError> {
    let body = case.text();
    if case.is_end() {
        Request::from_json(&END_STREAM, &case.stream_key, &body)
    } else {
        Request::from_json(&STREAM, &case.stream_key, &body)
    }
}

/// What the emulator objects to, for a stream that runs with the type that the state names.
fn judge(case: &Case, body: &Value) -> Vec<String> {
    let mut problems: Vec<_> = check_stream_key(&case.stream_key).into_iter().collect();
    if case.is_end() {
        problems.extend(check("DELETE /live-activity/stream/{stream_key}", body, Mode::Strict));
    } else {
        problems.extend(check("PUT /live-activity/stream/{stream_key}", body, Mode::Strict));
        let state = body["content_state"].as_object();
        let kind = state.and_then(|state| StreamType::parse(state.get("type")?.as_str()?));
        if let (Some(kind), Some(state)) = (kind, state) {
            problems.extend(requirements(kind, state, false));
        }
    }
    problems.into_iter().map(|problem| format!("{}: {}", problem.path, problem.rule)).collect()
}

fn found(error: &ValidationError) -> Vec<Rule> {
    error.violations().iter().map(|violation| Rule::new(&violation.path, violation.code.as_str())).collect()
}

/// Prints a line that is shown also when all is well, which the test runner would otherwise keep to itself.
#[allow(clippy::explicit_write, reason = "the runner keeps what eprintln writes")]
fn tell(line: &str) {
    writeln!(std::io::stderr(), "{line}").unwrap();
}

#[test]
fn the_core_accepts_what_the_emulator_accepts() {
    let seed = std::env::var("ACTIVITYSMITH_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    tell(&format!("seed {seed}; {CASES} cases"));
    let mut random = fastrand::Rng::with_seed(seed);
    let mut hits: BTreeMap<Rule, usize> = faults::ALL.iter().map(|fault| (fault.rule(), 0)).collect();
    let mut accepted = 0;
    for number in 0..CASES {
        let (case, intended) = match number % 8 {
            0..3 => (valid::case(&mut random), None),
            3 => (wild::case(&mut random), None),
            _ => {
                let fault = &faults::ALL[(number / 8 * 4 + number % 4) % faults::ALL.len()];
                (fault.case(&mut random), Some(fault.rule()))
            }
        };
        let problems = judge(&case, &case.body);
        match core(&case) {
            Ok(request) => {
                accepted += 1;
                assert!(intended.is_none(), "seed {seed}: {intended:?} was not found in {case}");
                assert!(problems.is_empty(), "seed {seed}: the core accepts {case}, the emulator says {problems:?}");
                let sent = request
                    .body
                    .map_or_else(|| Value::Object(Map::default()), |body| serde_json::from_slice(&body).unwrap());
                assert_eq!(judge(&case, &sent), [""; 0], "seed {seed}: {case} became {sent}");
            }
            Err(error) => {
                let found = found(&error);
                if let Some(intended) = intended {
                    assert!(found.contains(&intended), "seed {seed}: {intended:?} is not among {found:?} in {case}");
                }
                assert!(number % 8 >= 3, "seed {seed}: {error} in the valid {case}");
                let stricter = found.iter().all(stricter::than_the_service);
                assert!(
                    !problems.is_empty() || stricter,
                    "seed {seed}: the emulator accepts {case}, the core says {error}"
                );
                for rule in found {
                    *hits.entry(rule).or_default() += 1;
                }
            }
        }
    }
    for (rule, hits) in &hits {
        tell(&format!("{hits:>6}  {rule}"));
    }
    let share = accepted as f64 / CASES as f64;
    tell(&format!("{accepted} accepted ({:.0} %), {} rules", share * 100.0, hits.len()));
    assert!(share >= LEAST_VALID, "only {accepted} cases were valid");
    for fault in faults::ALL {
        let rule = fault.rule();
        assert!(hits[&rule] >= LEAST_HITS, "{rule} was hit {} times", hits[&rule]);
    }
    let listed: Vec<_> = faults::ALL.iter().map(faults::Fault::rule).collect();
    let unlisted: Vec<_> = hits.keys().filter(|rule| !listed.contains(rule) && !wild::is_by_product(rule)).collect();
    assert!(unlisted.is_empty(), "rules that no fault is made for: {unlisted:?}");
}
