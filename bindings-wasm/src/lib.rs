//! The core's client and its publishers as JavaScript classes. They convert and hand over: no rule of the API is here, and no I/O.
//!
//! What crosses is JSON, beside the bytes of an answer's body. Errors are thrown as the JSON that the core writes. The outcome of
//! what takes time is given by `poll`, under the number `op` that the caller chose.

#![allow(clippy::arc_with_non_send_sync, reason = "there is one thread")]

mod client;
mod host;
