//! The client that a program holds, and what its calls are grouped by.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::run::Shared;
use crate::call::CallLimits;
use crate::error::Result;

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
    /// Ends all open publishers as failed, and waits until all ends have arrived, at most for this timeout.
    ///
    /// A program that returns from `main` with `?` drops its publishers. Their ends are sent in the background, which stops with
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
    /// The error of the first end that did not arrive.
    ///
    /// # Cancel safety
    ///
    /// If its future is dropped after it was polled, the ends go on.
    pub async fn shutdown(&self, timeout: Duration) -> Result<()> {
        let now = self.shared.now();
        let ended = self.shared.run(|driver, op| {
            driver.shutdown(Some(None), Some(timeout), op, now);
            Ok(())
        });
        ended.await.map(drop)
    }
}

/// The calls about Live Activities, of a client `C`.
#[derive(Debug)]
pub struct LiveActivities<'c, C> {
    pub(super) client: &'c C,
    pub(super) limits: CallLimits,
}

/// The calls about push notifications, of a client `C`.
#[derive(Debug)]
pub struct Notifications<'c, C> {
    pub(crate) client: &'c C,
    pub(crate) limits: CallLimits,
}

/// The calls about the metrics that widgets show, of a client `C`.
#[derive(Debug)]
pub struct WidgetMetrics<'c, C> {
    pub(crate) client: &'c C,
    pub(crate) limits: CallLimits,
}
