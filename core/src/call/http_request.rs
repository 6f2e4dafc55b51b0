//! A request with all that goes over the wire: address, key and body. It names no HTTP library.

use std::fmt;

/// A request, ready to go over the wire.
#[non_exhaustive]
pub struct HttpRequest {
    /// The HTTP method.
    pub method: &'static str,
    /// The address of the API, without a slash at its end; the same for all requests of a client.
    pub base_url: String,
    /// Whether it stays on this machine, where no proxy belongs in between.
    pub loopback: bool,
    /// What follows it, with a slash in front.
    pub path: String,
    /// Names in lower case. One of them is the key, so log none.
    pub headers: Vec<(&'static str, String)>,
    /// JSON, if any.
    pub body: Option<Vec<u8>>,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest").field("method", &self.method).field("url", &self.url()).finish_non_exhaustive()
    }
}

impl HttpRequest {
    /// The whole address.
    pub fn url(&self) -> String {
        [self.base_url.as_str(), &self.path].concat()
    }
}
