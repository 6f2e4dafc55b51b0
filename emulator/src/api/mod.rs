//! A request and a response of the API as plain values, which name no HTTP library.

pub(crate) mod ids;
pub(crate) mod refusal;

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use serde::Serialize;

/// One request to the API.
#[derive(Debug, Clone, Copy)]
pub struct ApiRequest<'a> {
    /// `PUT`, `DELETE` and so on.
    pub method: &'a str,
    /// Path below the base URL and without the query, still percent-encoded: `/live-activity/stream/nightly-backup`.
    pub path: &'a str,
    /// Value of the `Authorization` header.
    pub authorization: Option<&'a str>,
    /// Address that the request comes from; a rate limit counts by it.
    pub client: IpAddr,
    /// The body as it arrived; empty if there was none.
    pub body: &'a [u8],
    /// The headers, for the journal alone, which leaves out what they hold of keys.
    pub headers: &'a [(&'a str, &'a str)],
    /// How long it took to arrive, for the journal alone.
    pub arrival: Duration,
}

impl<'a> ApiRequest<'a> {
    /// A request from this machine.
    pub fn new(method: &'a str, path: &'a str, authorization: &'a str, body: &'a [u8]) -> Self {
        let client = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self { method, path, authorization: Some(authorization), client, body, headers: &[], arrival: Duration::ZERO }
    }

    /// The API key, if one of the right form was sent.
    pub(crate) fn key(&self) -> Option<&'a str> {
        api_key(self.authorization?)
    }
}

/// The API key of an `Authorization: Bearer` header, if it has the form of one.
pub(crate) fn api_key(authorization: &str) -> Option<&str> {
    let (scheme, credential) = authorization.split_once(' ')?;
    let key = scheme.eq_ignore_ascii_case("bearer").then(|| credential.trim())?;
    (key.len() > "ask_".len() && key.starts_with("ask_")).then_some(key)
}

/// The decoded key in the path of a stream. Bytes that are not UTF-8 become a character that no key may have.
pub(crate) fn stream_key(path: &str) -> Option<Cow<'_, str>> {
    let key = path.strip_prefix("/live-activity/stream/").filter(|key| !key.contains('/'))?;
    Some(percent_decode_str(key).decode_utf8_lossy())
}

/// One response of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiResponse {
    /// HTTP status; 0 if the connection is reset before there is any.
    pub status: u16,
    /// Headers beside `Content-Type`, which every response has.
    pub headers: Vec<(&'static str, String)>,
    /// Further headers that a fault adds.
    pub extra_headers: Vec<(String, String)>,
    /// What the body is; JSON, unless a fault says otherwise.
    pub content_type: &'static str,
    /// JSON, unless a fault says otherwise.
    pub body: Vec<u8>,
    /// How it reaches the client; the caller of the service has to do this.
    pub delivery: Delivery,
}

/// How a response reaches the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// At once and whole.
    #[default]
    Whole,
    /// Whole, but so much later.
    After(Duration),
    /// Not at all: the connection is reset.
    Reset,
    /// Not at all: the connection stays open.
    Never,
    /// The first half of the body; then the connection closes.
    Cut,
    /// The body in pieces that take so long together.
    Trickle(Duration),
}

impl ApiResponse {
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // Few answers are longer, and one that has to grow is copied.
        let mut text = Vec::with_capacity(512);
        serde_json::to_writer(&mut text, body).expect("an answer is representable as JSON");
        Self {
            status,
            headers: Vec::new(),
            extra_headers: Vec::new(),
            content_type: "application/json",
            body: text,
            delivery: Delivery::Whole,
        }
    }

    /// How long the response is held back.
    pub fn delay(&self) -> Duration {
        match self.delivery {
            Delivery::After(time) | Delivery::Trickle(time) => time,
            _ => Duration::ZERO,
        }
    }

    /// The value of a header, by its exact name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}
