//! The endpoints of the API, a file for each: its method and path, the rules of its body, and what it does.

mod activity;
mod badge;
mod end_activity;
mod end_stream;
pub(crate) mod endpoint;
mod metric;
mod push;
mod recipients;
mod replace_push;
mod start_activity;
mod stream;
mod update_activity;

use std::borrow::Cow;

use serde_json::Value;

use crate::api::refusal::Refusal;
use crate::contract::{self, Problem, Rules};
use crate::options::Mode;
use endpoint::Endpoint;

static ENDPOINTS: [&Endpoint; 9] = [
    &stream::ENDPOINT,
    &end_stream::ENDPOINT,
    &start_activity::ENDPOINT,
    &update_activity::ENDPOINT,
    &end_activity::ENDPOINT,
    &push::ENDPOINT,
    &replace_push::ENDPOINT,
    &metric::ENDPOINT,
    &badge::ENDPOINT,
];

/// The endpoint of a request, with the decoded parameter of the path.
pub(crate) fn find<'p>(method: &str, path: &'p str) -> Result<(&'static Endpoint, Cow<'p, str>), Refusal> {
    let mut others = Vec::new();
    for endpoint in ENDPOINTS {
        if let Some(parameter) = endpoint.parameter(path) {
            if endpoint.method() == method {
                return Ok((endpoint, parameter));
            }
            others.push(endpoint.method());
        }
    }
    Err(if others.is_empty() { Refusal::NoRoute } else { Refusal::WrongMethod { allow: others.join(", ") } })
}

/// Everything that is wrong with the body of a request to an endpoint, such as `POST /badge`, whatever the state of the
/// service. The body of a DELETE without one is `{}`.
///
/// # Panics
///
/// If there is no such endpoint.
pub fn check(endpoint: &str, body: &Value, rules: impl Into<Rules>) -> Vec<Problem> {
    let rules = rules.into();
    let endpoint = ENDPOINTS.iter().find(|known| known.name == endpoint).expect("the endpoint is one of the API's");
    match rules.mode {
        Mode::Strict => endpoint.check(body, rules),
        Mode::Lenient => endpoint.check(&contract::strip_nulls(body.clone()), rules),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_these_endpoints_and_no_others() {
        let document: Value = serde_json::from_str(contract::OPENAPI).unwrap();
        let mut documented = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let methods = ["put", "post", "delete", "get"].into_iter().filter(|method| item.get(method).is_some());
            documented.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
        }
        let mut known: Vec<_> = ENDPOINTS.iter().map(|endpoint| endpoint.name.to_owned()).collect();
        documented.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, documented);
    }
}
