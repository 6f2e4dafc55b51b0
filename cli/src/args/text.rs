//! Texts on the command line of a job: one that is not UTF-8, as the name of a file may be, must not keep the job from
//! running.

use clap::builder::{OsStringValueParser, TypedValueParser};

/// What is not UTF-8 in it becomes U+FFFD.
pub fn lossy() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(|text| text.to_string_lossy().into_owned())
}
