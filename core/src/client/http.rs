//! The transport over reqwest: the only file that names it, and the only place that builds its client.

use std::error::Error as _;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::runtime::{Id, Runtime};
use super::transport::{Transport, TransportFuture};
#[cfg(not(target_arch = "wasm32"))]
use crate::call::LARGEST_ANSWER;
use crate::call::TransportError;
use crate::call::{BaseUrl, HttpRequest};
use crate::call::{HEADERS, Response};
use crate::error::ConfigError;

const KNOWS_HTTPS: bool = cfg!(any(feature = "rustls", feature = "native-tls", target_arch = "wasm32"));

/// The most runtimes whose connections are kept.
const MOST_RUNTIMES: usize = 4;

pub(super) struct Http {
    /// A client for each of the newest runtimes, the newest last: a connection answers no more when the runtime that opened it is idle.
    /// The first client belongs to no runtime until it is used.
    clients: Mutex<Vec<(Option<Id>, reqwest::Client)>>,
    set_up: SetUp,
    /// Parsed once: an address takes longer to parse than a request to build.
    base_url: Url,
}

impl Http {
    pub(super) fn new(base_url: &BaseUrl, connect_timeout: Duration) -> Result<Self, ConfigError> {
        if base_url.https && !KNOWS_HTTPS {
            let problem = "is https, which this build does not know; enable the feature `rustls` or `native-tls`";
            return Err(ConfigError::new("base_url", problem));
        }
        let set_up = SetUp::new(base_url, connect_timeout);
        let clients = Mutex::new(vec![(None, set_up.client()?)]);
        let base_url = Url::parse(&base_url.text)
            .map_err(|error| ConfigError::new("base_url", format!("is not a URL: {error}")))?;
        Ok(Self { clients, set_up, base_url })
    }

    /// The client of the runtime that this is called on.
    fn client(&self) -> Result<reqwest::Client, ConfigError> {
        let runtime = Runtime::current()?.id();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((id, client)) = clients.iter_mut().find(|(id, _)| id.is_none_or(|id| id == runtime)) {
            *id = Some(runtime);
            return Ok(client.clone());
        }
        let client = self.set_up.client()?;
        if clients.len() == MOST_RUNTIMES {
            clients.remove(0);
        }
        clients.push((Some(runtime), client.clone()));
        Ok(client)
    }

    async fn exchange(&self, request: HttpRequest) -> Result<Response, TransportError> {
        let method = request.method.parse().expect("an endpoint's method is one of HTTP");
        let mut headers = HeaderMap::with_capacity(request.headers.len());
        for (name, value) in &request.headers {
            let mut value = HeaderValue::from_str(value).map_err(|error| TransportError::connect(error.to_string()))?;
            value.set_sensitive(*name == "authorization");
            headers.insert(HeaderName::from_static(name), value);
        }
        let mut url = self.base_url.clone();
        url.set_path(&[self.base_url.path().trim_end_matches('/'), &request.path].concat());
        let mut http = reqwest::Request::new(method, url);
        *http.headers_mut() = headers;
        *http.body_mut() = request.body.map(Into::into);
        #[cfg(target_arch = "wasm32")]
        let asked = http.url().clone();
        let client = self.client().map_err(|error| TransportError::connect(error.to_string()))?;
        let response = client.execute(http).await.map_err(failure)?;
        // A browser follows redirects unasked; what came from elsewhere is not the service's answer.
        #[cfg(target_arch = "wasm32")]
        if *response.url() != asked {
            let location = ("location".to_owned(), response.url().to_string());
            return Ok(Response { status: 302, headers: vec![location], body: Vec::new() });
        }
        read(response).await
    }
}

impl Transport for Http {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        Box::pin(self.exchange(request))
    }
}

async fn read(response: reqwest::Response) -> Result<Response, TransportError> {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .filter(|(name, _)| HEADERS.contains(&name.as_str()))
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    Ok(Response { status, headers, body: body(response).await? })
}

#[cfg(not(target_arch = "wasm32"))]
async fn body(mut response: reqwest::Response) -> Result<Vec<u8>, TransportError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(TransportError::interrupted(format!("the answer is larger than {LARGEST_ANSWER} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(target_arch = "wasm32")]
async fn body(response: reqwest::Response) -> Result<Vec<u8>, TransportError> {
    Ok(response.bytes().await.map_err(failure)?.to_vec())
}

/// A connection that never came about is known as such on native only; a browser does not tell.
#[allow(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn failure(error: reqwest::Error) -> TransportError {
    let deepest = deepest(&error);
    let detail = deepest.map_or_else(|| "request failed".to_owned(), ToString::to_string);
    #[cfg(not(target_arch = "wasm32"))]
    let connecting = error.is_connect();
    #[cfg(target_arch = "wasm32")]
    let connecting = false;
    let failure = match (connecting, error.is_timeout()) {
        (true, true) => TransportError::connect_timeout(),
        (true, false) => TransportError::connect(detail),
        (false, _) => TransportError::interrupted(detail),
    };
    // The errors above it hold addresses, which their `Debug` shows.
    match deepest.and_then(|deepest| deepest.downcast_ref::<io::Error>()) {
        Some(error) => {
            let os_error = error.raw_os_error().map(io::Error::from_raw_os_error);
            failure.caused_by(os_error.unwrap_or_else(|| error.kind().into()))
        }
        None => failure,
    }
}

/// The cause beneath all others, which is the specific one: "connection refused", not "error sending request".
fn deepest(error: &reqwest::Error) -> Option<&(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source()).last()
}

/// How clients are set up.
struct SetUp {
    #[cfg(not(target_arch = "wasm32"))]
    connect_timeout: Duration,
    #[cfg(not(target_arch = "wasm32"))]
    loopback: bool,
    #[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
    tls: rustls::ClientConfig,
}

#[cfg(not(target_arch = "wasm32"))]
impl SetUp {
    fn new(base_url: &BaseUrl, connect_timeout: Duration) -> Self {
        Self {
            connect_timeout,
            loopback: base_url.loopback,
            #[cfg(feature = "rustls")]
            tls: tls::config(base_url.https),
        }
    }

    #[allow(clippy::disallowed_methods, reason = "this is the one place")]
    fn client(&self) -> Result<reqwest::Client, ConfigError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect_timeout)
            .tcp_nodelay(true);
        if self.loopback {
            // A proxy's loopback is not ours.
            builder = builder.no_proxy();
        }
        #[cfg(feature = "rustls")]
        {
            builder = builder.tls_backend_preconfigured(self.tls.clone());
        }
        builder.build().map_err(cannot_be_set_up)
    }
}

/// A browser connects as it likes.
#[cfg(target_arch = "wasm32")]
impl SetUp {
    fn new(_: &BaseUrl, _: Duration) -> Self {
        Self {}
    }

    #[allow(clippy::disallowed_methods, clippy::unused_self, reason = "this is the one place, as on native")]
    fn client(&self) -> Result<reqwest::Client, ConfigError> {
        reqwest::Client::builder().build().map_err(cannot_be_set_up)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn cannot_be_set_up(error: reqwest::Error) -> ConfigError {
    ConfigError::new("transport", format!("cannot be set up: {}", deepest(&error).unwrap_or(&error)))
}

#[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
mod tls {
    use std::ffi::OsString;
    use std::sync::Arc;

    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::BuilderVerifierExt as _;

    /// TLS that trusts what the platform trusts, or, on a machine that has no certificates at all, a bundled list.
    ///
    /// It is made here rather than by reqwest, so that no process-wide provider is needed or touched. Loading the platform's
    /// roots takes milliseconds, so a client for plain http does without.
    pub(super) fn config(https: bool) -> ClientConfig {
        let builder = || {
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("ring supports the default protocol versions")
        };
        let has_platform = https && !is_endless(std::env::var_os("SSL_CERT_FILE"));
        let platform = has_platform.then(|| builder().with_platform_verifier().ok()).flatten();
        let config = platform.unwrap_or_else(|| {
            let roots = if https { webpki_roots::TLS_SERVER_ROOTS } else { &[] };
            builder().with_root_certificates(RootCertStore { roots: roots.to_vec() })
        });
        config.with_no_client_auth()
    }

    /// Whether the file with the roots is not a regular file. Reading a pipe or a device might never end, so it counts as a file that
    /// cannot be read.
    fn is_endless(file: Option<OsString>) -> bool {
        file.and_then(|file| std::fs::metadata(file).ok()).is_some_and(|found| !found.is_file())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::{ActivitySmith, ConnectionErrorKind, Error};

    #[tokio::test]
    async fn a_cause_shows_no_address_and_its_text_stands_once() {
        // Nothing listens on port 1 of this machine.
        let client = ActivitySmith::builder().api_key("ask_test_1").base_url("http://127.0.0.1:1/api").max_retries(0);
        let error = client.build().unwrap().badge_count(1).await.unwrap_err();
        assert!(!format!("{error:?}").contains("127.0.0.1"), "{error:?}");
        assert!(std::error::Error::source(&error).is_none());
        let Error::Connection(error) = error else { panic!("it was answered: {error}") };
        assert!(matches!(error.kind, ConnectionErrorKind::Connect(_)), "{error}");
        let cause = error.cause.as_deref().and_then(|cause| cause.downcast_ref::<io::Error>());
        assert_eq!(cause.map(io::Error::kind), Some(io::ErrorKind::ConnectionRefused));
    }
}
