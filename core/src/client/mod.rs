//! The clients: the only part of this crate that does I/O. What to send and what an answer means is decided elsewhere.

#![cfg_attr(target_arch = "wasm32", allow(clippy::arc_with_non_send_sync, reason = "there is one thread"))]

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(not(target_arch = "wasm32"))]
mod budget_file;
mod builder;
mod call;
mod http;
mod publisher;
mod run;
mod runtime;
mod track;
mod transport;

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;
use crate::model::StreamResponse;
use crate::session::CallLimits;

#[cfg(feature = "ffi")]
pub(crate) use blocking::background_runtime;
pub use builder::Builder;
pub use call::{Call, EndJson, Prepare, StreamJson};
pub use publisher::{End, Items, Publish, Publisher};
pub(crate) use run::Shared;
use runtime::BoxFuture;
pub(crate) use runtime::Runtime;
pub use track::Track;
pub use transport::{Transport, TransportFuture};

/// A client of the ActivitySmith API. Cloning is cheap; clones share connections. It needs tokio, or a browser.
#[derive(Clone)]
pub struct ActivitySmith {
    pub(crate) shared: Arc<Shared>,
}

impl fmt::Debug for ActivitySmith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = self.shared.session.base_url().map(|base_url| &base_url.text);
        f.debug_struct("ActivitySmith").field("base_url", &base_url).finish_non_exhaustive()
    }
}

impl ActivitySmith {
    /// A client whose settings come from the environment. A missing key shows only at the first request.
    ///
    /// # Errors
    ///
    /// A setting cannot be used.
    pub fn from_env() -> Result<Self> {
        Self::builder().build()
    }

    /// Sets up a client.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The calls about Live Activities.
    pub fn live_activities(&self) -> LiveActivities<'_, Self> {
        LiveActivities { client: self, limits: self.shared.session.limits() }
    }

    /// Waits until the ends of all publishers have arrived, for this time at most. Streams that have not ended end as failed.
    ///
    /// A program that returns from `main` with `?` drops its publishers, and their ends are sent in the background, which ends with
    /// the runtime. Call this last:
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use activitysmith_kit::{ActivitySmith, Result};
    /// # async fn job(_: &ActivitySmith) -> Result<()> { Ok(()) }
    /// # async fn main_() -> Result<()> {
    /// let client = ActivitySmith::from_env()?;
    /// let outcome = job(&client).await;
    /// // An end that does not arrive is logged, and changes nothing about the job's outcome.
    /// let _ = client.shutdown(Duration::from_secs(5)).await;
    /// outcome
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The first of the ends that did not arrive, and why.
    pub async fn shutdown(&self, timeout: Duration) -> Result<()> {
        let now = self.shared.now();
        let ended = self.shared.run(|driver, op| {
            driver.shutdown(Some(None), Some(timeout), op, now);
            Ok(())
        });
        ended.await.map(drop)
    }

    /// A client with connections of its own, as a forked process needs them. What was found out about settings and key stays.
    #[cfg(feature = "ffi")]
    pub(crate) fn reconnected(&self) -> Result<Self> {
        Builder::reconnect((*self.shared.session).clone())
    }
}

/// The calls about Live Activities, of a client `C`.
#[derive(Debug)]
pub struct LiveActivities<'c, C> {
    client: &'c C,
    limits: CallLimits,
}

impl<'c, R: Prepare> IntoFuture for Call<'c, ActivitySmith, R> {
    type Output = Result<StreamResponse>;
    type IntoFuture = BoxFuture<'c, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let shared = Arc::clone(&self.client.shared);
        // The request is built here, since a future would carry the whole model about, which is ten times the size.
        let prepared = self.prepare(&shared.session);
        Box::pin(async move {
            let (request, limits) = match prepared? {
                Ok(prepared) => prepared,
                Err(disabled) => return Ok(disabled),
            };
            let now = shared.clock_now();
            let answer = shared.run(|driver, op| driver.call(request, limits, op, now)).await?;
            Ok(answer.expect("a call has an answer"))
        })
    }
}
