//! The seam between the client and whatever carries its requests. It names no HTTP library.

use std::borrow::Cow;
use std::fmt;

use super::runtime::BoxFuture;
use crate::exchange::TransportError;
use crate::wire::{Method, Response};

/// A request, ready to go over the wire.
#[non_exhaustive]
pub struct HttpRequest<'a> {
    /// What it does.
    pub method: Method,
    /// The address of the API, without a slash at its end; the same for all requests of a client.
    pub base_url: &'a str,
    /// What follows it, with a slash in front.
    pub path: &'a str,
    /// Names in lower case. One of them is the key, so log none.
    pub headers: Vec<(&'static str, Cow<'a, str>)>,
    /// JSON, if any.
    pub body: Option<&'a [u8]>,
}

impl fmt::Debug for HttpRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest").field("method", &self.method).field("url", &self.url()).finish_non_exhaustive()
    }
}

impl HttpRequest<'_> {
    /// The whole address.
    pub fn url(&self) -> String {
        [self.base_url, self.path].concat()
    }
}

/// What [`Transport::send`] gives.
pub type TransportFuture<'a> = BoxFuture<'a, Result<Response, TransportError>>;

/// Carries a request to the service and its answer back. Bring your own with
/// [`Builder::transport`](super::Builder::transport): another HTTP client, or one that fails on purpose.
///
/// It sends each request once, follows no redirect, and answers every status alike. Time limits are the client's: a future that
/// takes too long is dropped.
pub trait Transport: Send + Sync {
    /// Sends one request.
    fn send<'a>(&'a self, request: HttpRequest<'a>) -> TransportFuture<'a>;
}
