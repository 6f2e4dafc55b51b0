//! Whether the requests that were expected have come, and if not, which came nearest and where they differ.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Journal, JournalEntry};
use crate::api::ids::AccountId;

/// Near misses that are shown.
const SHOWN: usize = 3;

/// What is expected, and how often.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Verification {
    /// What the requests are like.
    #[serde(rename = "match")]
    pub matching: Expectation,
    /// How many of them there are; at least one if it is left out.
    pub count: Count,
}

/// What a request is like; whatever is left out does not count.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Expectation {
    /// Only requests with a higher id.
    pub since: u64,
    /// HTTP method.
    pub method: Option<String>,
    /// Path below the base URL.
    pub path: Option<String>,
    /// Key of the stream.
    pub stream_key: Option<String>,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// What it came to: `started`, `noop`, `refused` and so on.
    pub outcome: Option<String>,
    /// Headers with their values.
    pub headers: Map<String, Value>,
    /// What the body holds; it may hold more.
    pub body: Option<Value>,
    /// What the answer holds; it may hold more.
    pub response: Option<Value>,
}

/// How many requests are expected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Count {
    /// Neither more nor less.
    pub exactly: Option<usize>,
    /// Not less.
    pub at_least: Option<usize>,
    /// Not more.
    pub at_most: Option<usize>,
}

/// Whether it is so.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Verdict {
    /// Whether the count holds.
    pub ok: bool,
    /// How many requests there are.
    pub count: usize,
    /// Requests that nearly fit, the nearest first; only if there are too few.
    pub nearest: Vec<Miss>,
}

/// A request that nearly fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Miss {
    /// Its id in the journal.
    pub id: u64,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Where it differs.
    pub differences: Vec<Difference>,
}

/// One place in which a request differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// Where, such as `body.content_state.percentage`.
    pub path: String,
    /// What was expected there.
    pub expected: Value,
    /// What is there; null if nothing is.
    pub actual: Value,
}

impl Journal {
    /// Compares the entries of one account or of all with what is expected.
    pub(crate) fn verify(&self, account: Option<AccountId>, verification: &Verification) -> Verdict {
        let Verification { matching, count } = verification;
        let (mut fitting, mut nearest) = (0, Vec::new());
        for entry in self.since(matching.since, account) {
            let differences = matching.differences(&entry);
            if differences.is_empty() {
                fitting += 1;
            } else {
                let JournalEntry { id, method, path, .. } = entry;
                nearest.push(Miss { id, method, path, differences });
            }
        }
        let wanted = count.exactly.or(count.at_least).or(if count.at_most.is_some() { None } else { Some(1) });
        let too_few = wanted.is_some_and(|wanted| fitting < wanted);
        let too_many = count.exactly.or(count.at_most).is_some_and(|wanted| fitting > wanted);
        // Of those that are equally near, the newest come first.
        nearest.sort_by_key(|miss| (miss.differences.len(), std::cmp::Reverse(miss.id)));
        nearest.truncate(if too_few { SHOWN } else { 0 });
        Verdict { ok: !too_few && !too_many, count: fitting, nearest }
    }
}

impl Expectation {
    fn differences(&self, entry: &JournalEntry) -> Vec<Difference> {
        let mut found = Vec::new();
        let mut same = |path: &str, expected: Value, actual: Value| {
            if expected != actual {
                found.push(Difference { path: path.to_owned(), expected, actual });
            }
        };
        if let Some(method) = &self.method {
            same("method", json!(method.to_ascii_uppercase()), json!(entry.method));
        }
        if let Some(path) = &self.path {
            same("path", json!(path), json!(entry.path));
        }
        if let Some(key) = &self.stream_key {
            same("stream_key", json!(key), json!(entry.stream_key));
        }
        if let Some(status) = self.status {
            same("status", json!(status), json!(entry.status));
        }
        if let Some(outcome) = &self.outcome {
            same("outcome", json!(outcome), json!(entry.outcome));
        }
        if self.headers.is_empty() && self.body.is_none() && self.response.is_none() {
            return found;
        }
        let shown = json!(entry);
        for (name, value) in &self.headers {
            let name = name.to_ascii_lowercase();
            same(&format!("headers.{name}"), value.clone(), shown["headers"].get(&name).cloned().unwrap_or_default());
        }
        for (field, expected) in [("body", &self.body), ("response", &self.response)] {
            if let Some(expected) = expected {
                compare(field, expected, &shown[field], &mut found);
            }
        }
        found
    }
}

/// Finds where `actual` lacks what is expected. Objects may hold more than that; numbers are compared by value.
fn compare(path: &str, expected: &Value, actual: &Value, found: &mut Vec<Difference>) {
    match (expected, actual) {
        (Value::Object(members), Value::Object(others)) => {
            for (name, expected) in members {
                compare(&format!("{path}.{name}"), expected, others.get(name).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            for (index, (expected, actual)) in items.iter().zip(others).enumerate() {
                compare(&format!("{path}[{index}]"), expected, actual, found);
            }
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        _ if expected == actual => {}
        _ => found.push(Difference { path: path.to_owned(), expected: expected.clone(), actual: actual.clone() }),
    }
}
