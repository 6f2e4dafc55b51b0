//! The clients: the only part of this crate that does I/O. They own an endpoint, a transport and the one visible loop; what to
//! send and what an answer means is decided elsewhere.

#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call;
mod http;
#[cfg(not(target_arch = "wasm32"))]
mod publish;
mod runtime;
mod transport;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::sync::Arc;

use crate::error::Result;
use crate::exchange::{Exchange, Next, TransportError};
use crate::model::StreamResponse;
#[cfg(feature = "ffi")]
use crate::session::JsonCall;
use crate::session::{Endpoint, Patience};
use crate::wire::Request;

#[cfg(feature = "ffi")]
#[cfg(feature = "ffi")]
pub(crate) use blocking::background_runtime;
pub use builder::Builder;
pub use call::{Call, EndJson, Prepare, StreamJson};
#[cfg(not(target_arch = "wasm32"))]
pub use publish::{BudgetFile, Publisher, Track};
use runtime::{BoxFuture, Clock};
pub use transport::{Transport, TransportFuture};

/// A client of the ActivitySmith API. Cloning is cheap; clones share connections. It needs tokio, or a browser.
#[derive(Clone)]
pub struct ActivitySmith {
    /// Nothing when all calls are to be inert.
    inner: Option<Arc<Inner>>,
    patience: Patience,
}

struct Inner {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    #[cfg(not(target_arch = "wasm32"))]
    hub: publish::Hub,
    #[cfg(feature = "ffi")]
    connect_timeout: std::time::Duration,
}

impl fmt::Debug for ActivitySmith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = self.inner.as_ref().map(|inner| &inner.endpoint.base_url.text);
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
        LiveActivities { client: self, patience: self.patience }
    }

    /// Checks a call, and gives back what is left to do for it. Its request is built here, since a future would carry the whole
    /// model about, which is ten times the size.
    pub(crate) fn start<C, R: Prepare>(
        &self,
        call: Call<'_, C, R>,
    ) -> impl Future<Output = Result<StreamResponse>> + use<C, R> {
        let Call { stream_key, request, patience, .. } = call;
        let prepare = || -> Result<Request> {
            let request = request.prepare(&stream_key)?;
            patience.check()?;
            Ok(request)
        };
        let work = self.inner.clone().map(|inner| (inner, prepare()));
        async move {
            match work {
                Some((inner, request)) => inner.perform(request?, patience).await,
                None => Ok(StreamResponse::disabled(&stream_key)),
            }
        }
    }
}

#[cfg(feature = "ffi")]
impl ActivitySmith {
    /// The same client with connections of its own, as a forked process needs them. What was found out about settings and key
    /// stays.
    pub(crate) fn reconnected(&self) -> Result<Self> {
        let reconnected = |inner: &Arc<Inner>| -> Result<_> {
            let transport = Arc::new(http::Http::new(&inner.endpoint.base_url, inner.connect_timeout)?);
            Ok(Arc::new(Inner {
                endpoint: inner.endpoint.clone(),
                transport,
                hub: inner.hub.anew(),
                connect_timeout: inner.connect_timeout,
            }))
        };
        Ok(Self { inner: self.inner.as_ref().map(reconnected).transpose()?, patience: self.patience })
    }

    /// Checks a call that comes as JSON, and gives back what is left to do for it.
    pub(crate) fn begin(&self, call: JsonCall) -> Result<impl Future<Output = Result<StreamResponse>> + Send + use<>> {
        let work = match &self.inner {
            Some(inner) => Ok((Arc::clone(inner), call.prepare(self.patience)?)),
            None => Err(StreamResponse::disabled(call.stream_key())),
        };
        Ok(async move {
            match work {
                Ok((inner, (request, patience))) => inner.perform(request, patience).await,
                Err(disabled) => Ok(disabled),
            }
        })
    }
}

/// The calls about Live Activities, of a client `C`.
#[derive(Debug)]
pub struct LiveActivities<'c, C> {
    client: &'c C,
    patience: Patience,
}

impl<'c, R: Prepare> IntoFuture for Call<'c, ActivitySmith, R> {
    type Output = Result<StreamResponse>;
    type IntoFuture = BoxFuture<'c, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.client.start(self))
    }
}

impl Inner {
    async fn perform(&self, request: Request, patience: Patience) -> Result<StreamResponse> {
        let clock = Clock::start();
        let mut exchange = self.endpoint.begin(request, patience, clock.now())?;
        runtime::check()?;
        for advice in &exchange.request().advice {
            tracing::warn!(stream_key = exchange.request().stream_key(), "{advice}");
        }
        let outcome = self.drive(&mut exchange, &clock, || self.count()).await;
        self.learn(&outcome);
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

    /// Publishers wait for room in the account's budget; calls are only counted in it.
    #[cfg(not(target_arch = "wasm32"))]
    fn count(&self) {
        self.hub.charge();
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn learn(&self, outcome: &Result<StreamResponse>) {
        self.hub.learn(outcome);
    }

    /// Nothing is published from there.
    #[cfg(target_arch = "wasm32")]
    #[allow(clippy::unused_self, reason = "as on native")]
    fn count(&self) {}

    #[cfg(target_arch = "wasm32")]
    #[allow(clippy::unused_self, reason = "as on native")]
    fn learn(&self, _: &Result<StreamResponse>) {}

    /// Sends, waits and sends again, as the exchange says.
    async fn drive(&self, exchange: &mut Exchange, clock: &Clock, before_each: impl Fn()) -> Result<StreamResponse> {
        loop {
            before_each();
            let sending = self.transport.send(self.endpoint.http_request(exchange)?);
            let answer = runtime::within(exchange.time_left(clock.now()), sending)
                .await
                .unwrap_or_else(|| Err(TransportError::timeout()));
            match self.endpoint.proceed(exchange, answer, clock.now(), runtime::random()) {
                Next::Done(outcome) => return outcome,
                Next::RetryAfter(pause) => {
                    tracing::debug!(stream_key = exchange.request().stream_key(), ?pause, "trying again");
                    runtime::sleep(pause).await;
                }
            }
        }
    }
}
