//! Errors as JSON: one flat object for bindings, logs and machine-readable output. `kind` says which fields there are.

use serde::{Serialize, Serializer};

use super::{ApiError, ConfigError, ConnectionError, Error};
#[cfg(feature = "describe")]
use super::{ApiErrorKind, ConnectionErrorKind};
use crate::declare::described;
#[cfg(feature = "describe")]
use crate::describe::{Attribute, Describe as _, ErrorClass, Object};
use crate::validate::ValidationError;

described! {
    /// Why a call failed.
    #[derive(Serialize)]
    struct ActivitySmithError {
        /// What happened, as text, the same in every language.
        kind: &'static str,
        /// Whether the same call may succeed later without anybody changing anything.
        transient: bool,
        /// How often it was tried; 0 when nothing was sent.
        attempts: u32,
    }
}

/// What an error has beside that.
#[derive(Serialize)]
#[serde(untagged)]
enum Details<'a> {
    Config(&'a ConfigError),
    Validation(&'a ValidationError),
    Connection {},
    Api(&'a ApiError),
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    common: ActivitySmithError,
    description: String,
    #[serde(flatten)]
    details: Details<'a>,
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let common =
            ActivitySmithError { kind: self.kind(), transient: self.is_transient(), attempts: self.attempts() };
        let details = match self {
            Self::Config(error) => Details::Config(error),
            Self::Validation(error) => Details::Validation(error),
            Self::Connection(_) => Details::Connection {},
            Self::Api(error) => Details::Api(error),
        };
        Whole { common, description: self.to_string(), details }.serialize(serializer)
    }
}

/// The error tree as languages with classes have it, each class behind its parent.
#[cfg(feature = "describe")]
pub(crate) fn classes() -> Vec<ErrorClass> {
    const ROOT: Option<&str> = Some("ActivitySmithError");
    let class = |object, parent, example: Error| {
        ErrorClass::new(object, parent, Some((example.kind(), example.is_transient())))
    };
    let unanswered = |kind| ConnectionError { kind, attempts: 1, source: None }.into();
    let plain = |name, doc| Object::new(name, &[Attribute::Doc(doc)], []);
    let connection = plain("ConnectionError", "No answer came: the service was not reached, or the connection broke.");
    let timeout = plain("TimeoutError", "No answer came in time. The service may have done what was asked.");
    let answers = ApiErrorKind::all().into_iter();
    [
        ErrorClass::new(ActivitySmithError::describe(), None, None),
        class(ConfigError::describe(), ROOT, ConfigError::new("", "").into()),
        class(ValidationError::describe(), ROOT, ValidationError::invalid_json("").into()),
        class(connection, ROOT, unanswered(ConnectionErrorKind::Interrupted(String::new()))),
        class(timeout, Some("ConnectionError"), unanswered(ConnectionErrorKind::ConnectTimeout)),
        ErrorClass::new(ApiError::describe(), ROOT, None),
    ]
    .into_iter()
    .chain(
        answers.map(|(kind, object)| {
            ErrorClass::new(object, Some("ApiError"), Some((kind.as_str(), kind.is_transient())))
        }),
    )
    .collect()
}
