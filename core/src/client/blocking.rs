//! The client for programs without an async runtime: the async one, driven by a thread of its own.
//!
//! The thread does more than save the caller a runtime: it keeps an eye on idle connections, so that a job that reports every
//! few minutes does not write into one that the server has closed meanwhile.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

#[cfg(all(unix, feature = "ffi"))]
use nix::sys::signal::{SigSet, Signal};
use tokio::runtime::{Builder as RuntimeBuilder, Handle, Runtime};

use super::call::Prepare;
pub use super::publish::blocking::{Publisher, Track};
use super::{Builder, Call, LiveActivities};
use crate::error::{ConfigError, Result};
use crate::model::StreamResponse;

/// A client of the ActivitySmith API whose calls wait for their outcome. Cloning is cheap; clones share connections, and
/// several threads may use them at once. In an async program a call blocks the thread that makes it; use
/// [`ActivitySmith`](crate::ActivitySmith) there.
///
/// ```no_run
/// # fn main() -> activitysmith_kit::Result<()> {
/// use activitysmith_kit::{Progress, blocking::ActivitySmith};
///
/// let client = ActivitySmith::from_env()?;
/// client.live_activities().stream("nightly-backup", Progress::new("Nightly backup").percentage(42)).send()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ActivitySmith {
    pub(super) client: super::ActivitySmith,
    pub(super) driver: Arc<Driver>,
}

/// The runtime and its thread; an `Option` since stopping takes it away.
pub(super) struct Driver(Option<Runtime>);

impl Driver {
    pub(super) fn runtime(&self) -> &Handle {
        self.0.as_ref().expect("the runtime is there until the last client is dropped").handle()
    }
}

impl Drop for Driver {
    /// Without waiting: a runtime that waits may not be dropped inside another one.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for ActivitySmith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

impl ActivitySmith {
    /// A client whose settings come from the environment; see [`Builder`].
    pub fn from_env() -> Result<Self> {
        Self::builder().build_blocking()
    }

    /// Sets up a client; finish with [`Builder::build_blocking`].
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The calls about Live Activities.
    pub fn live_activities(&self) -> LiveActivities<'_, Self> {
        LiveActivities { client: self, patience: self.client.patience }
    }

    pub(super) fn new(client: super::ActivitySmith) -> Result<Self> {
        Ok(Self { client, driver: Arc::new(Driver(Some(background_runtime()?))) })
    }
}

/// A runtime with one thread of its own, which drives what is given to it.
pub(crate) fn background_runtime() -> Result<Runtime, ConfigError> {
    let mut builder = RuntimeBuilder::new_multi_thread();
    builder.worker_threads(1).thread_name("activitysmith-kit").enable_all();
    #[cfg(all(unix, feature = "ffi"))]
    builder.on_thread_start(without_sigpipe);
    builder.build().map_err(|error| ConfigError::new("runtime", format!("cannot be set up: {error}")))
}

/// Has a write into a closed connection fail, rather than end the process: programs of other languages do not ignore that
/// signal as those of Rust do.
#[cfg(all(unix, feature = "ffi"))]
fn without_sigpipe() {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGPIPE);
    // It fails only for what is no set of signals.
    let _ = signals.thread_block();
}

impl<R: Prepare> Call<'_, ActivitySmith, R> {
    /// Sends it and waits for the outcome.
    pub fn send(self) -> Result<StreamResponse> {
        let runtime = self.client.driver.runtime();
        let work = self.client.client.start(self);
        let (sender, outcome) = sync_channel(1);
        runtime.spawn(async move {
            // The receiver is there: it waits below.
            let _ = sender.send(work.await);
        });
        outcome.recv().expect("the client's thread answers")
    }
}

#[cfg(all(test, unix, feature = "ffi"))]
mod tests {
    use super::*;

    #[test]
    fn a_closed_connection_sends_no_signal_to_the_thread() {
        let runtime = background_runtime().unwrap();
        let blocked = runtime.block_on(runtime.spawn(async { SigSet::thread_get_mask().unwrap() })).unwrap();
        assert!(blocked.contains(Signal::SIGPIPE));
    }
}
