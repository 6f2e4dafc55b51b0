//! Errors as JSON: one flat object for bindings, logs and machine-readable output. `kind` says which fields there are.

use serde::{Serialize, Serializer};

use super::{ApiError, ConfigError, Error};
use crate::declare::described;
use crate::validate::ValidationError;

described! {
    /// A call failed. The error holds no key.
    #[derive(Serialize)]
    pub(crate) struct ActivitySmithError {
        /// What happened, as text, the same in every language.
        kind: &'static str,
        /// Whether the same call may succeed later, unchanged.
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
    Closed {},
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
            Self::Closed(_) => Details::Closed {},
        };
        Whole { common, description: self.to_string(), details }.serialize(serializer)
    }
}
