//! The one error tree, as it crosses to Swift.

use std::any::Any;

use crate::error::{ApiError, ConfigError, ConnectionErrorKind, Error};
use crate::validate::Violation;

/// Why a call failed.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum CallError {
    /// The client is not set up. Nothing was sent.
    #[error("{}", summary.description)]
    Config {
        /// What is said of every failure.
        summary: FailureSummary,
        /// Which setting, and what is wrong with it.
        error: ConfigError,
    },
    /// The request breaks rules of the API. Nothing was sent.
    #[error("{}", summary.description)]
    Validation {
        /// What is said of every failure.
        summary: FailureSummary,
        /// Every broken rule, at least one.
        violations: Vec<Violation>,
    },
    /// No answer came.
    #[error("{}", summary.description)]
    Connection {
        /// What is said of every failure.
        summary: FailureSummary,
        /// How far it got.
        kind: ConnectionErrorKind,
        /// The time ran out, rather than the connection breaking.
        is_timeout: bool,
    },
    /// The service answered that it did not do it.
    #[error("{}", summary.description)]
    Api {
        /// What is said of every failure.
        summary: FailureSummary,
        /// What it answered.
        error: Box<ApiError>,
    },
    /// The call was abandoned.
    #[error("the call was cancelled")]
    Cancelled,
    /// The kit itself has a defect.
    #[error("{problem}")]
    Defect {
        /// What happened that should not.
        problem: String,
    },
}

/// What is said of every failure.
#[derive(Clone, Debug, uniffi::Record)]
pub struct FailureSummary {
    /// In words.
    pub description: String,
    /// The kind of failure as text, the same in every language.
    pub kind: String,
    /// Whether the same call may succeed later without anybody changing anything.
    pub is_transient: bool,
    /// How often it was tried; 0 when nothing was.
    pub attempts: u32,
}

impl From<&Error> for FailureSummary {
    fn from(error: &Error) -> Self {
        Self {
            description: error.to_string(),
            kind: error.kind().to_owned(),
            is_transient: error.is_transient(),
            attempts: error.attempts(),
        }
    }
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        let summary = FailureSummary::from(&error);
        match error {
            Error::Config(error) => Self::Config { summary, error },
            Error::Validation(error) => Self::Validation { summary, violations: error.violations().to_vec() },
            Error::Connection(error) => Self::Connection { summary, is_timeout: error.is_timeout(), kind: error.kind },
            Error::Api(error) => Self::Api { summary, error },
        }
    }
}

impl CallError {
    /// What a panic says of itself.
    pub(super) fn defect(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Self::Defect { problem: text.unwrap_or_else(|| "a panic without words".to_owned()) }
    }
}
