//! Driving publishers: what `crate::publish` decides is sent here, by one background task of a client. It decides nothing itself.

#[cfg(feature = "blocking")]
pub(super) mod blocking;
mod budget_file;
mod hub;
mod publisher;
mod track;

#[cfg(feature = "ffi")]
use std::sync::Arc;

use tokio::runtime::Handle;

use super::{ActivitySmith, LiveActivities};
#[cfg(feature = "ffi")]
use crate::error::Error;
use crate::error::{ConfigError, Result};
#[cfg(feature = "ffi")]
use crate::publish::ProgressCounter;
use crate::publish::{Changes, Pacing};

pub use budget_file::BudgetFile;
pub(super) use hub::Hub;
pub use publisher::Publisher;
use track::Counted;
pub use track::Track;

impl LiveActivities<'_, ActivitySmith> {
    /// Publishes a stream: shows its first state, which has to name its type, and then the latest one, in the background. It needs
    /// tokio.
    pub fn publish(&self, stream_key: impl Into<String>, request: impl Into<Changes>) -> Result<Publisher> {
        self.publish_paced(stream_key, request, Pacing::default())
    }

    /// As [`publish`](Self::publish), at another pace.
    pub fn publish_paced(
        &self,
        stream_key: impl Into<String>,
        request: impl Into<Changes>,
        pacing: Pacing,
    ) -> Result<Publisher> {
        let runtime = current_runtime()?;
        Publisher::open(self.client.inner.as_ref(), &runtime, stream_key.into(), request.into(), pacing, None)
    }

    /// Iterates over items and publishes how far that is: in percent where their number is known, else as a count. It needs tokio.
    ///
    /// ```no_run
    /// # async fn example(client: activitysmith_kit::ActivitySmith, files: Vec<String>) -> activitysmith_kit::Result<()> {
    /// let mut files = client.live_activities().track(files, "search-reindex", "Search Reindex")?;
    /// for file in &mut files {
    ///     // ...
    /// }
    /// files.finish().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn track<I: IntoIterator>(
        &self,
        items: I,
        stream_key: impl Into<String>,
        title: impl Into<String>,
    ) -> Result<Track<I::IntoIter>> {
        self.track_paced(items, stream_key, title, Pacing::default())
    }

    /// As [`track`](Self::track), at another pace.
    pub fn track_paced<I: IntoIterator>(
        &self,
        items: I,
        stream_key: impl Into<String>,
        title: impl Into<String>,
        pacing: Pacing,
    ) -> Result<Track<I::IntoIter>> {
        let runtime = current_runtime()?;
        let items = Counted::new(items.into_iter(), pacing);
        let publisher =
            items.publish(self.client.inner.as_ref(), &runtime, stream_key.into(), &title.into(), pacing)?;
        Ok(Track::new(items, publisher))
    }
}

#[cfg(feature = "ffi")]
impl ActivitySmith {
    /// Publishes a stream on a runtime that the caller has, and how far a counter is, if there is one.
    pub(crate) fn publish_on(
        &self,
        runtime: &Handle,
        stream_key: String,
        first: Changes,
        pacing: Pacing,
        counter: Option<Arc<ProgressCounter>>,
    ) -> Result<Publisher> {
        Publisher::open(self.inner.as_ref(), runtime, stream_key, first, pacing, counter)
    }

    /// Sends nothing more for publishers, and says why to those who wait.
    pub(crate) fn stop_publishing(&self, reason: &Error) {
        if let Some(inner) = &self.inner {
            inner.hub.stop(reason);
        }
    }
}

fn current_runtime() -> Result<Handle, ConfigError> {
    Handle::try_current()
        .map_err(|_| ConfigError::new("runtime", "is missing: publish inside tokio, or use the blocking client"))
}
