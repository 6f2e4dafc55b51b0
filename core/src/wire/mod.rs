//! HTTP as values: requests built and responses read by pure functions. Nothing here sends anything or looks at a clock.

mod limits;
mod request;
mod response;

pub use request::{Method, Request, parse_json};
pub use response::{HEADERS, LARGEST_ANSWER, Response};
pub(crate) use response::{already_ended, read};
