//! What an endpoint of the API consists of, and what it works on.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::api::ApiResponse;
use crate::api::ids::ActivityIds;
use crate::api::refusal::Refusal;
use crate::contract::{self, Problem, Rules};
use crate::journal::Trace;
use crate::options::{Mode, Retention, RuntimeOptions};
use crate::service::accounts::Account;
use crate::service::limits::Family;
use crate::time::Timestamp;

/// One endpoint of the API. The OpenAPI document has the schema of its body.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// Method and path as the OpenAPI document names them; the path has at most one parameter.
    pub(crate) name: &'static str,
    /// Which of the limits on requests it counts against.
    pub(crate) family: Family,
    /// What is wrong with the decoded parameter of the path.
    pub(crate) check_parameter: fn(&str) -> Option<Problem>,
    /// Adds what is wrong across the fields of a body.
    pub(crate) check_fields: fn(&Value, Rules, &mut Vec<Problem>),
    /// Carries out a request whose parameter and body are valid.
    pub(crate) run: fn(&mut Context<'_>, &str, &Value) -> Result<ApiResponse, Refusal>,
}

/// What an endpoint works on.
pub(crate) struct Context<'a> {
    pub(crate) account: &'a mut Account,
    pub(crate) options: &'a RuntimeOptions,
    pub(crate) retention: Retention,
    pub(crate) ids: &'a mut ActivityIds,
    pub(crate) now: Timestamp,
    pub(crate) trace: &'a mut Trace,
}

impl Endpoint {
    pub(crate) fn method(&self) -> &'static str {
        self.name.split_once(' ').map_or("", |(method, _)| method)
    }

    /// The decoded parameter, if the path is this endpoint's; empty if it has none.
    pub(crate) fn parameter<'p>(&self, path: &'p str) -> Option<Cow<'p, str>> {
        let (_, template) = self.name.split_once(' ')?;
        let Some((before, rest)) = template.split_once('{') else { return (path == template).then_some("".into()) };
        let (_, after) = rest.split_once('}')?;
        let parameter = path.strip_prefix(before)?.strip_suffix(after)?;
        // Bytes that are not UTF-8 become a character that no parameter may have.
        (!parameter.contains('/')).then(|| percent_decode_str(parameter).decode_utf8_lossy())
    }

    /// Reads a body and checks it with the parameter of the path.
    pub(crate) fn read(&self, parameter: &str, body: &[u8], rules: Rules) -> Result<Value, Refusal> {
        if let Some(problem) = (self.check_parameter)(parameter) {
            return Err(Refusal::Invalid(vec![problem]));
        }
        // A DELETE without a body means the same as one with an empty object.
        let body = if self.method() == "DELETE" && body.trim_ascii().is_empty() { b"{}" } else { body };
        let mut body = serde_json::from_slice(body).map_err(|error| Refusal::MalformedJson(error.to_string()))?;
        if rules.mode == Mode::Lenient {
            body = contract::strip_nulls(body);
        }
        let problems = self.check(&body, rules);
        if problems.is_empty() { Ok(body) } else { Err(Refusal::Invalid(problems)) }
    }

    /// Everything that is wrong with a body, whatever the state of the service. In lenient mode it has no nulls.
    pub(crate) fn check(&self, body: &Value, rules: Rules) -> Vec<Problem> {
        let mut problems = contract::check_schema(self.name, body, rules.mode);
        (self.check_fields)(body, rules, &mut problems);
        problems
    }
}
