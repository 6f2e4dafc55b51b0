//! What other languages share with the core over UniFFI. Every function gives back a `Result`, so that a panic becomes an
//! error on the other side.
//!
//! For Python there is a client whose calls and outcomes are JSON texts, since typed values would cross one by one, which takes
//! Python longer than the whole call; and none of its functions is async, since one would make the generated module load
//! asyncio for everybody. For Swift, `typed` has the models as types of its own, and async functions.

#![allow(clippy::unnecessary_wraps, reason = "so that a panic becomes an error, see above")]

mod client;
mod engine;
mod engines;
#[cfg(unix)]
mod inbox;
mod outcome;
mod publisher;
mod publishing;
#[cfg(feature = "ffi-records")]
mod typed;

/// Why a function of this boundary gave no outcome.
#[derive(Debug, thiserror::Error, uniffi::Error)]
#[uniffi(flat_error)]
pub enum NativeError {
    /// The error as JSON, as the core writes all its errors.
    #[error("{0}")]
    Failed(String),
}

impl From<crate::Error> for NativeError {
    fn from(error: crate::Error) -> Self {
        Self::Failed(outcome::error_json(&error))
    }
}
