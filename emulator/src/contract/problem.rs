//! One broken rule, and which error label the API answers with for it.

use std::fmt;

/// One broken rule of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: `content_state.metrics[2].value`; empty for the body as a whole.
    pub path: String,
    /// Which rule, as a short stable word such as `required` or `url_scheme`.
    pub rule: &'static str,
    /// What to fix, as a sentence that names the field.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(path: impl Into<String>, rule: &'static str, message: impl Into<String>) -> Self {
        Self { path: path.into(), rule, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The `error` and, where there is one, the `code` of the 400 body that reports these problems; the first one decides.
pub fn refusal_label(problems: &[Problem]) -> (&'static str, Option<&'static str>) {
    let path = problems.first().map_or("", |problem| problem.path.as_str());
    match path.split(['.', '[']).next().unwrap_or_default() {
        "stream_key" => ("Invalid stream_key", None),
        "channels" | "target" => ("Invalid channel targeting", None),
        "tags" => ("Invalid tags", Some("invalid_tags")),
        // The service's own label for metadata is unknown; this one follows the pattern of the tags.
        "metadata" => ("Invalid metadata", Some("invalid_metadata")),
        "content_state" => ("Invalid content_state", None),
        "action" | "secondary_action" => ("Invalid action", None),
        _ => ("Invalid request", None),
    }
}
