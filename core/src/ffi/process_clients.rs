//! A client that follows its program through forks: connections, the thread that drives them and the calls under way belong to one
//! process.

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use tokio::runtime::{Handle, Runtime};

use super::operations::Operations;
use super::outcome::{self, Op};
use crate::client::{ActivitySmith, Builder, background_runtime};
use crate::error::{ConfigError, Error, Result};
use crate::session::{JsonCall, Nulls, Settings};

/// The client of one process.
pub(super) struct ProcessClient {
    pub(super) process: u32,
    pub(super) client: ActivitySmith,
    /// Made at the first call, so that a process that only sets a client up has no thread when it forks.
    runtime: OnceLock<Runtime>,
    pub(super) calls: Arc<Operations>,
}

impl ProcessClient {
    pub(super) fn new(client: ActivitySmith) -> Self {
        Self { process: std::process::id(), client, runtime: OnceLock::new(), calls: Arc::default() }
    }

    /// Starts a call that comes as JSON.
    pub(super) fn start(&self, call: &[u8], op: Op) {
        let started = JsonCall::parse(call, Nulls::Absence)
            .and_then(|call| self.client.begin(call))
            .and_then(|work| Ok((self.runtime()?, work)));
        match started {
            Ok((runtime, work)) => self.calls.run(op, &runtime, async move { outcome::of_call(work.await) }),
            Err(error) => self.calls.done(op, outcome::failed(&error.into())),
        }
    }

    pub(super) fn runtime(&self) -> Result<Handle, ConfigError> {
        if self.runtime.get().is_none() {
            // Of two threads that come here at once, one keeps its own.
            if let Err(surplus) = self.runtime.set(background_runtime()?) {
                surplus.shutdown_background();
            }
        }
        Ok(self.runtime.get().expect("it was set just now").handle().clone())
    }

    fn is_here(&self) -> bool {
        self.process == std::process::id()
    }
}

impl Drop for ProcessClient {
    /// Without waiting for calls that nobody waits for.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
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
        self.end(|client| {
            client.client.stop_publishing(&closed());
            client.calls.close();
        });
    }

    fn end(&self, how: impl FnOnce(&ProcessClient)) {
        if let Some(client) = self.current.swap(None) {
            if client.is_here() {
                how(&client);
            } else {
                leave_to_its_process(client);
            }
        }
    }
}

impl Drop for ProcessClients {
    /// Publishers hold the process's client, too, and outlive this one.
    fn drop(&mut self) {
        self.end(|client| client.calls.close());
    }
}

/// Does not drop a parent's client: its threads are not here to be stopped.
fn leave_to_its_process(client: Arc<ProcessClient>) {
    std::mem::forget(client);
}

/// What every call of a closed client meets.
pub(super) fn closed() -> Error {
    ConfigError::new("client", "is closed; make a new one").into()
}
