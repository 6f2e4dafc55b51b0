//! A publisher as other languages hold it: it belongs to the process that made it, and in a forked child it is inert.

use std::sync::Arc;
use std::time::Duration;

use super::operations::Operations;
use super::process_clients::ProcessClient;
use crate::client::Publisher;
use crate::error::Result;
use crate::publish::json::Beginning;
use crate::publish::{Dispatcher, ProgressCounter};
use crate::session::Nulls;

pub(super) struct Publishing {
    /// There until this is dropped.
    held: Option<Held>,
    process: u32,
    /// How far it is, where items are counted.
    pub(super) counter: Option<Arc<ProgressCounter>>,
}

/// What belongs to the process that publishes.
pub(super) struct Held {
    publisher: Publisher,
    /// Its thread sends for the publisher, so it stays as long.
    pub(super) client: Arc<ProcessClient>,
    pub(super) operations: Arc<Operations>,
}

/// Checks what [`Publishing::open`] would begin, and begins nothing.
pub(super) fn check(beginning: &[u8]) -> Result<()> {
    let Beginning { stream_key, first, pacing, .. } = Beginning::parse(beginning, Nulls::Absence)?;
    Dispatcher::default().open(&stream_key, first, pacing, Duration::ZERO)?;
    Ok(())
}

impl Publishing {
    /// Begins what a JSON text asks for, see [`Beginning`].
    pub(super) fn open(client: Arc<ProcessClient>, beginning: &[u8]) -> Result<Self> {
        let Beginning { stream_key, first, pacing, counter } = Beginning::parse(beginning, Nulls::Absence)?;
        let counter = counter.map(Arc::new);
        let runtime = client.runtime()?;
        let publisher = client.client.publish_on(&runtime, stream_key, first, pacing, counter.clone())?;
        let process = client.process;
        Ok(Self { process, held: Some(Held { publisher, client, operations: Arc::default() }), counter })
    }

    /// The publisher, in its own process. In another its lock may be held by a thread that is not there.
    pub(super) fn get(&self) -> Option<&Publisher> {
        self.held().map(|held| &held.publisher)
    }

    /// The same with what sends for it.
    pub(super) fn held(&self) -> Option<&Held> {
        self.held.as_ref().filter(|_| !self.is_elsewhere())
    }

    /// Has the newest state sent, and waits until it has arrived.
    pub(super) async fn flush(self: Arc<Self>, timeout: Duration) -> Result<()> {
        match self.get() {
            Some(publisher) => publisher.flush(timeout).await,
            None => Ok(()),
        }
    }

    /// Waits for the end.
    pub(super) async fn outcome(self: Arc<Self>, timeout: Duration) -> Result<()> {
        match self.get() {
            Some(publisher) => publisher.outcome(timeout).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// So many items are done with.
    pub(super) fn count(&self, done: u64) {
        if let Some(counter) = &self.counter {
            counter.set(done);
        }
    }

    fn is_elsewhere(&self) -> bool {
        self.process != std::process::id()
    }
}

impl Drop for Publishing {
    fn drop(&mut self) {
        if self.is_elsewhere() {
            std::mem::forget(self.held.take());
        }
    }
}
