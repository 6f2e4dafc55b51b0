//! The seam between the client and whatever carries its requests. It names no HTTP library.

use super::runtime::BoxFuture;
use crate::call::HttpRequest;
use crate::call::Response as HttpResponse;
use crate::call::TransportError;

/// What [`Transport::send`] gives.
pub type TransportFuture<'a> = BoxFuture<'a, Result<HttpResponse, TransportError>>;

/// Sends requests to the service. Set your own with [`Builder::transport`](super::Builder::transport): another HTTP client, or one
/// that fails on purpose.
///
/// It sends each request once, follows no redirects, and returns a response for every status. Timeouts are the client's: a future
/// that takes too long is dropped.
pub trait Transport: Send + Sync {
    /// Sends one request.
    fn send(&self, request: HttpRequest) -> TransportFuture<'_>;
}
