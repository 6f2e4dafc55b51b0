//! The one surface of the core over UniFFI: JSON goes in and comes out, whatever the language.
//!
//! No function is async, since one would make Python's generated module load asyncio for every program; and there are no records,
//! since typed values cross one by one, which takes Python longer than the whole call. Each language has models of its own, generated
//! from the core's schema. Functions have plain comments, since UniFFI writes documentation twice into Swift. Every function gives back a `Result`, so that a panic becomes an error on the other side.

#![allow(clippy::unnecessary_wraps, reason = "so that a panic becomes an error, see above")]

mod client;
mod completions;
mod outcome;
mod process_clients;
mod publisher;

/// Why a function of this boundary gave nothing back.
#[derive(Debug, thiserror::Error, uniffi::Error)]
#[uniffi(flat_error)]
pub enum NativeError {
    /// The error as JSON, as the core writes all its errors.
    #[error("{0}")]
    Failed(String),
}

impl From<crate::Error> for NativeError {
    fn from(error: crate::Error) -> Self {
        Self::Failed(serde_json::to_string(&error).expect("an error serializes"))
    }
}
