//! The core's client and its publishers as JavaScript classes. They convert and hand over: no rule of the API is here, and no I/O.
//!
//! What crosses is JSON, beside the bytes of an answer's body. Errors are thrown as the JSON that the core writes. The outcome of
//! what takes time is told by `poll`, under the number `op` that the caller chose.

mod client;
mod host;
mod publisher;

use std::collections::BTreeMap;

use activitysmith_kit::Error;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The members of a JSON object of the package's own. What is wrong with one is a fault of the package.
///
/// A type for each object would take half as much code again as all of the core.
#[derive(Deserialize)]
struct Members<'a>(#[serde(borrow)] BTreeMap<&'a str, &'a RawValue>);

impl<'a> Members<'a> {
    fn read(json: &'a str) -> Result<Self, String> {
        read(json)
    }

    fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied()
    }

    fn get<T: Deserialize<'a>>(&self, name: &str) -> Result<Option<T>, String> {
        self.raw(name).map(|value| read(value.get())).transpose()
    }
}

fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it has text keys only")
}

/// An error as JavaScript catches it.
fn thrown(error: impl Into<Error>) -> String {
    write(&error.into())
}
