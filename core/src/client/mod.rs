//! The clients: the only part of this crate that does I/O. They own settings, a transport and the one visible loop; what to
//! send and what an answer means is decided elsewhere.

#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call;
mod credentials;
mod http;
mod runtime;
mod settings;
mod transport;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::Duration;

use crate::error::{ConfigError, Error, Result};
use crate::exchange::{Exchange, Next, TransportError};
use crate::model::{Operation, StreamResponse};
use crate::retry::RetryPolicy;
use crate::wire::Request;

pub use builder::Builder;
pub use call::{Call, EndJson, Prepare, StreamJson};
use credentials::{Credentials, Keys};
use runtime::{BoxFuture, Clock};
use settings::BaseUrl;
pub use transport::{HttpRequest, Transport, TransportFuture};

/// A client of the ActivitySmith API. Cloning is cheap; clones share connections. It needs tokio, or a browser.
#[derive(Clone)]
pub struct ActivitySmith {
    /// Nothing when all calls are to be inert.
    inner: Option<Arc<Inner>>,
    options: Options,
}

struct Inner {
    base_url: BaseUrl,
    keys: Keys,
    transport: Arc<dyn Transport>,
}

/// How patient a call is.
#[derive(Clone, Copy, Debug)]
struct Options {
    timeout: Duration,
    retry: RetryPolicy,
}

impl fmt::Debug for ActivitySmith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = self.inner.as_ref().map(|inner| &inner.base_url.text);
        f.debug_struct("ActivitySmith").field("base_url", &base_url).finish_non_exhaustive()
    }
}

impl ActivitySmith {
    /// A client whose settings come from the environment. It fails when one cannot be; a missing key shows only at the first
    /// request.
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    /// Sets up a client.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The calls about Live Activities.
    pub fn live_activities(&self) -> LiveActivities<'_, Self> {
        LiveActivities { client: self, options: self.options }
    }

    /// Checks a call, and gives back what is left to do for it. Its request is built here, since a future would carry the whole
    /// model about, which is ten times the size.
    fn start<C, R: Prepare>(&self, call: Call<'_, C, R>) -> impl Future<Output = Result<StreamResponse>> + use<C, R> {
        let Call { stream_key, request, options, .. } = call;
        let prepare = || -> Result<Request> {
            let request = request.prepare(&stream_key)?;
            options.check()?;
            Ok(request)
        };
        let work = self.inner.clone().map(|inner| (inner, prepare()));
        async move {
            match work {
                Some((inner, request)) => inner.perform(request?, options).await,
                None => Ok(StreamResponse { stream_key: Some(stream_key), ..StreamResponse::new(Operation::Disabled) }),
            }
        }
    }
}

/// The calls about Live Activities, of a client `C`.
#[derive(Debug)]
pub struct LiveActivities<'c, C> {
    client: &'c C,
    options: Options,
}

impl<'c, R: Prepare> IntoFuture for Call<'c, ActivitySmith, R> {
    type Output = Result<StreamResponse>;
    type IntoFuture = BoxFuture<'c, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.client.start(self))
    }
}

impl Inner {
    async fn perform(&self, request: Request, options: Options) -> Result<StreamResponse> {
        let credentials = self.keys.get(&self.base_url)?;
        if credentials.key.is(request.stream_key()) {
            return Err(ConfigError::new(
                "stream_key",
                "is the API key, which belongs into no address; name the stream",
            )
            .into());
        }
        runtime::check()?;
        for advice in &request.advice {
            tracing::warn!(stream_key = request.stream_key(), "{advice}");
        }
        let clock = Clock::start();
        let mut exchange = Exchange::new(request, options.retry, options.timeout, clock.now());
        let outcome = self.drive(&mut exchange, credentials, &clock).await;
        let stream_key = exchange.request().stream_key();
        match &outcome {
            Ok(StreamResponse { operation, warning, facts, .. }) => {
                tracing::debug!(stream_key, %operation, attempts = facts.attempts, elapsed = ?facts.elapsed, "done");
                if let Some(warning) = warning {
                    tracing::warn!(stream_key, "the service warns: {warning}");
                }
            }
            Err(error) => tracing::debug!(stream_key, %error, "failed"),
        }
        outcome
    }

    /// Sends, waits and sends again, as the exchange says.
    async fn drive(&self, exchange: &mut Exchange, credentials: &Credentials, clock: &Clock) -> Result<StreamResponse> {
        loop {
            let sending = self.transport.send(self.http_request(exchange.request(), credentials));
            let mut answer = runtime::within(exchange.time_left(clock.now()), sending)
                .await
                .unwrap_or_else(|| Err(TransportError::timeout()));
            if let Ok(response) = &mut answer {
                credentials.key.redact(response);
            }
            match exchange.proceed(answer, clock.now(), runtime::random()) {
                Next::Done(Err(Error::Api(mut error))) => {
                    // Once more, since JSON can spell a key in many ways.
                    error.texts_mut().for_each(|text| credentials.key.redact_text(text));
                    return Err(Error::Api(error));
                }
                Next::Done(result) => return result,
                Next::RetryAfter(pause) => {
                    tracing::debug!(stream_key = exchange.request().stream_key(), ?pause, "trying again");
                    runtime::sleep(pause).await;
                }
            }
        }
    }

    fn http_request<'a>(&'a self, request: &'a Request, credentials: &'a Credentials) -> HttpRequest<'a> {
        let mut headers = Vec::with_capacity(4);
        headers.push(("authorization", credentials.authorization.as_str().into()));
        headers.push(("accept", "application/json".into()));
        if request.body.is_some() {
            headers.push(("content-type", "application/json".into()));
        }
        // A browser would ask the service's leave for a header that it sends anyway.
        if cfg!(not(target_arch = "wasm32")) {
            headers.push(("user-agent", concat!("activitysmith-kit-rust/", env!("CARGO_PKG_VERSION")).into()));
        }
        HttpRequest {
            method: request.method,
            base_url: &self.base_url.text,
            path: &request.path,
            headers,
            body: request.body.as_deref(),
        }
    }
}
