//! Which endpoint a method and a path mean. Decodes path parameters and judges nothing about them.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::refusal::Refusal;

/// An endpoint of the API with its path parameter, decoded.
#[derive(Debug)]
pub(super) enum Route<'a> {
    PutStream(Cow<'a, str>),
    DeleteStream(Cow<'a, str>),
}

pub(super) fn find<'a>(method: &str, path: &'a str) -> Result<Route<'a>, Refusal> {
    let key = stream_key(path).ok_or(Refusal::NoRoute)?;
    match method {
        "PUT" => Ok(Route::PutStream(key)),
        "DELETE" => Ok(Route::DeleteStream(key)),
        _ => Err(Refusal::WrongMethod { allow: "PUT, DELETE" }),
    }
}

/// The key in the path of a stream. Bytes that are no UTF-8 become a character that no key may have.
pub(super) fn stream_key(path: &str) -> Option<Cow<'_, str>> {
    let key = path.strip_prefix("/live-activity/stream/").filter(|key| !key.contains('/'))?;
    Some(percent_decode_str(key).decode_utf8_lossy())
}
