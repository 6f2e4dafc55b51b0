//! What a native client needs of one process: connections, a thread that drives them, and the calls under way. None of it
//! survives a fork.

use std::collections::HashMap;
use std::future::Future;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::runtime::{Handle, Runtime};
use tokio::task::AbortHandle;

#[cfg(unix)]
use super::inbox::Inbox;
use super::outcome::{self, Ticket};
use crate::client::{ActivitySmith, Builder, background_runtime};
use crate::error::{ConfigError, Error, Result};
use crate::model::StreamResponse;
use crate::session::{JsonCall, Nulls, Settings};

pub(super) struct Engine {
    /// The process that it belongs to.
    pub(super) process: u32,
    pub(super) client: ActivitySmith,
    /// Made at the first call, lest a process that only sets a client up has a thread when it forks.
    runtime: OnceLock<Runtime>,
    calls: Arc<Mutex<Calls>>,
}

type Calls = HashMap<Ticket, Pending>;

/// A call under way.
struct Pending {
    task: AbortHandle,
    outcome: Destination,
}

/// Where a call's outcome arrives.
enum Destination {
    Waiting(Receiver<Result<StreamResponse>>),
    #[cfg(unix)]
    Inbox(Arc<Inbox>),
}

impl Drop for Engine {
    /// Without waiting for calls that nobody waits for.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Engine {
    pub(super) fn new(settings: Settings) -> Result<Self> {
        Ok(Self {
            process: std::process::id(),
            client: Builder::from(settings).build()?,
            runtime: OnceLock::new(),
            calls: Arc::default(),
        })
    }

    /// Makes a call and waits for it, at most so long.
    pub(super) fn call(&self, call: &[u8], ticket: Ticket, wait: Duration) -> Option<Vec<u8>> {
        let (runtime, work) = match self.begin(call) {
            Ok(begun) => begun,
            Err(error) => return Some(outcome::of(&Err(error))),
        };
        let (sender, receiver) = sync_channel(1);
        let task = runtime.spawn(async move {
            // Whoever gave up waiting has taken the receiver away.
            let _ = sender.send(work.await);
        });
        self.receive(ticket, task.abort_handle(), receiver, wait)
    }

    /// Waits further for a call, at most so long.
    pub(super) fn wait(&self, ticket: Ticket, wait: Duration) -> Option<Vec<u8>> {
        let pending = locked(&self.calls).remove(&ticket);
        match pending {
            Some(Pending { task, outcome: Destination::Waiting(receiver) }) => {
                self.receive(ticket, task, receiver, wait)
            }
            _ => Some(outcome::of(&Err(defect("nobody waits for such a call")))),
        }
    }

    fn receive(
        &self,
        ticket: Ticket,
        task: AbortHandle,
        receiver: Receiver<Result<StreamResponse>>,
        wait: Duration,
    ) -> Option<Vec<u8>> {
        match receiver.recv_timeout(wait) {
            Ok(result) => Some(outcome::of(&result)),
            Err(RecvTimeoutError::Timeout) => {
                locked(&self.calls).insert(ticket, Pending { task, outcome: Destination::Waiting(receiver) });
                None
            }
            Err(RecvTimeoutError::Disconnected) => Some(outcome::of(&Err(defect("it was abandoned")))),
        }
    }

    /// Makes a call whose outcome goes to an inbox, unless it is there at once.
    #[cfg(unix)]
    pub(super) fn start(&self, call: &[u8], ticket: Ticket, inbox: Arc<Inbox>) -> Option<Vec<u8>> {
        let (runtime, work) = match self.begin(call) {
            Ok(begun) => begun,
            Err(error) => return Some(outcome::of(&Err(error))),
        };
        let calls = Arc::clone(&self.calls);
        // Held while the call is entered, so that one that is done at once does not look for itself too early.
        let mut entered = locked(&self.calls);
        let destination = Destination::Inbox(Arc::clone(&inbox));
        let task = runtime.spawn(async move {
            let result = work.await;
            if locked(&calls).remove(&ticket).is_some() {
                inbox.put(outcome::addressed(ticket, &result));
            }
        });
        entered.insert(ticket, Pending { task: task.abort_handle(), outcome: destination });
        None
    }

    /// Abandons a call.
    pub(super) fn cancel(&self, ticket: Ticket) {
        if let Some(pending) = locked(&self.calls).remove(&ticket) {
            pending.task.abort();
        }
    }

    /// Abandons every call. Whoever waits at an inbox hears of it there; whoever waits here asks again, and finds it closed.
    pub(super) fn close(&self) {
        self.client.stop_publishing(&closed());
        for (ticket, Pending { task, outcome }) in locked(&self.calls).drain() {
            task.abort();
            match outcome {
                #[cfg(unix)]
                Destination::Inbox(inbox) => inbox.put(outcome::addressed(ticket, &Err(closed()))),
                Destination::Waiting(_) => {}
            }
        }
    }

    /// Reads and checks a call, and gives back what is left to do for it, and where.
    fn begin(&self, call: &[u8]) -> Result<(Handle, impl Future<Output = Result<StreamResponse>> + Send + use<>)> {
        let work = self.client.begin(JsonCall::parse(call, Nulls::Absence)?)?;
        Ok((self.runtime()?, work))
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
}

/// No call leaves the map half changed, so a panic elsewhere does not spoil it.
fn locked(calls: &Mutex<Calls>) -> MutexGuard<'_, Calls> {
    calls.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What every call of a closed client meets.
pub(super) fn closed() -> Error {
    ConfigError::new("client", "is closed; make a new one").into()
}

/// What cannot happen unless a face of this boundary is wrong.
fn defect(problem: &str) -> Error {
    ConfigError::new("call", format!("cannot be answered: {problem}; this is a defect of the kit")).into()
}
