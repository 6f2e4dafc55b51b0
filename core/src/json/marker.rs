//! The marker for what no JSON value can hold.

use serde_json::Value;

/// The name of the one member of a marker, which stands where a value is that JSON cannot hold. Its value says what that is: `a set`.
/// Numbers that are not finite go by their names: `NaN`, `inf`, `-inf`. Every check refuses a marker.
pub(crate) const UNSUPPORTED: &str = "$activitysmith_kit::unsupported";

/// What the marker says that takes the place of a member whose name stands twice.
pub(crate) const GIVEN_TWICE: &str = "given twice";

/// The marker for what JSON cannot hold.
pub(crate) fn marker(kind: impl Into<String>) -> Value {
    Value::Object([(UNSUPPORTED.to_owned(), Value::String(kind.into()))].into_iter().collect())
}

/// What a marker stands for; nothing for any other value.
pub(crate) fn unsupported(value: &Value) -> Option<&str> {
    value.as_object()?.get(UNSUPPORTED)?.as_str()
}
