//! The one error tree, as it crosses to Swift.

use crate::error::{ApiError, ConfigError, ConnectionErrorKind, Error};
use crate::validate::Violation;

/// Why a call failed. `description` says it in words.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum CallError {
    /// The client is not set up. Nothing was sent.
    #[error("{description}")]
    Config {
        /// In words.
        description: String,
        /// Which setting, and what is wrong with it.
        error: ConfigError,
    },
    /// The request breaks rules of the API. Nothing was sent.
    #[error("{description}")]
    Validation {
        /// In words.
        description: String,
        /// Every broken rule, at least one.
        violations: Vec<Violation>,
    },
    /// No answer came.
    #[error("{description}")]
    Connection {
        /// In words.
        description: String,
        /// How far it got.
        kind: ConnectionErrorKind,
        /// How often it was tried.
        attempts: u32,
    },
    /// The service answered that it did not do it.
    #[error("{description}")]
    Api {
        /// In words.
        description: String,
        /// The kind of failure as text, the same in every language.
        name: String,
        /// Whether the same call may succeed later without anybody changing anything.
        is_transient: bool,
        /// What it answered.
        error: Box<ApiError>,
    },
    /// The call was abandoned.
    #[error("the call was cancelled")]
    Cancelled,
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        let (description, name, is_transient) = (error.to_string(), error.kind().to_owned(), error.is_transient());
        match error {
            Error::Config(error) => Self::Config { description, error },
            Error::Validation(error) => Self::Validation { description, violations: error.violations().to_vec() },
            Error::Connection(error) => Self::Connection { description, kind: error.kind, attempts: error.attempts },
            Error::Api(error) => Self::Api { description, name, is_transient, error },
        }
    }
}
