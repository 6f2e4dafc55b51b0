//! A client that follows its program through forks: connections, the thread that drives them and the calls under way belong to one
//! process.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::runtime::Runtime as Background;

use super::completions::Completions;
use super::outcome;
use crate::call::Settings;
use crate::client::{ActivitySmith, Builder, Runtime, Shared, background_runtime};
use crate::error::{ClosedError, ConfigError, Error, Result};
use crate::publish::driver::{Driver, Op};

/// The process, and the runtime of all its clients. It is made at the first operation, so that a process that only sets clients up has
/// no thread when it forks, and it stays, since a publisher may end after its client is gone. Without a lock, which another thread might
/// hold when the process forks.
static BACKGROUND: ArcSwapOption<(u32, Background)> = ArcSwapOption::const_empty();

/// The client of one process.
pub(super) struct ProcessClient {
    process: u32,
    client: ActivitySmith,
}

impl ProcessClient {
    pub(super) fn new(client: ActivitySmith) -> Self {
        client.shared.state().keep_log();
        Self { process: std::process::id(), client }
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.client.shared
    }

    /// Begins an operation.
    pub(super) fn begin(&self, op: Op, begin: impl FnOnce(&mut Driver) -> Result<()>) -> Result<()> {
        self.shared().begin(&self.runtime()?, Some(op), |driver, _| begin(driver)).map(drop)
    }

    /// Waits for an outcome; nothing where there is none in that time.
    pub(super) fn wait(&self, op: Op, limit: Duration) -> Vec<u8> {
        let outcome = self.shared().wait_in_thread(op, limit);
        outcome.map(|outcome| outcome::with_log(outcome, self.shared().state().take_lines())).unwrap_or_default()
    }

    /// Has an outcome put into a queue, now or when it is there.
    pub(super) fn deliver(&self, op: Op, completions: Arc<Completions>) {
        self.shared().call_back(op, move |state, outcome| {
            completions.put(op, &outcome::with_log(outcome, state.take_lines()));
        });
    }

    pub(super) fn runtime(&self) -> Result<Runtime, ConfigError> {
        loop {
            let current = BACKGROUND.load_full();
            if let Some(background) = current.as_ref().filter(|background| background.0 == self.process) {
                return Ok(background.1.handle().clone().into());
            }
            let ours = Arc::new((self.process, background_runtime()?));
            BACKGROUND.compare_and_swap(&current, Some(Arc::clone(&ours)));
            // Of two threads that come here at once, one keeps its own.
            if let Some((_, surplus)) = Arc::into_inner(ours) {
                surplus.shutdown_background();
            }
            // The threads of a parent's runtime are not here to be stopped.
            std::mem::forget(current);
        }
    }

    pub(super) fn is_here(&self) -> bool {
        self.process == std::process::id()
    }
}

/// The client of whatever process this is, until it is closed.
pub(super) struct ProcessClients {
    /// Nothing once it is closed. Without a lock, which another thread might hold when the process forks.
    current: ArcSwapOption<ProcessClient>,
}

impl ProcessClients {
    pub(super) fn new(settings: Settings) -> Result<Self> {
        let client = Builder::from(settings).build()?;
        Ok(Self { current: ArcSwapOption::from_pointee(ProcessClient::new(client)) })
    }

    /// This process's client.
    pub(super) fn current(&self) -> Result<Arc<ProcessClient>> {
        loop {
            let Some(client) = self.current.load_full() else {
                return Err(closed());
            };
            if client.is_here() {
                return Ok(client);
            }
            // With the parent's settings and key, which may be found no more: only the connections are new.
            let ours = Arc::new(ProcessClient::new(client.client.reconnected()?));
            let previous = self.current.compare_and_swap(&client, Some(ours));
            if previous.as_ref().is_some_and(|previous| Arc::ptr_eq(previous, &client)) {
                leave_to_its_process(client);
            }
        }
    }

    /// Closes connections. Calls under way and later ones fail, and say why.
    pub(super) fn close(&self) {
        if let Some(client) = self.current.swap(None) {
            if client.is_here() {
                client.shared().stop(closed());
            } else {
                leave_to_its_process(client);
            }
        }
    }
}

impl Drop for ProcessClients {
    /// Publishers hold the process's client, too, and outlive this one.
    fn drop(&mut self) {
        if let Some(client) = self.current.swap(None).filter(|client| !client.is_here()) {
            leave_to_its_process(client);
        }
    }
}

/// Does not drop a parent's client: its threads are not here to be stopped.
fn leave_to_its_process(client: Arc<ProcessClient>) {
    std::mem::forget(client);
}

/// What every call of a closed client meets.
pub(super) fn closed() -> Error {
    ClosedError::new("the client is closed; make a new one").into()
}
