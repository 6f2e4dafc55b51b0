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
use super::outcome::{self, Failure, Outcome, Ticket};
use crate::client::{ActivitySmith, background_runtime};
use crate::error::{ConfigError, Error, Result};
use crate::model::StreamResponse;
use crate::session::{JsonCall, Nulls};

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
    Waiting(Receiver<Outcome>),
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
    pub(super) fn new(client: ActivitySmith) -> Self {
        Self { process: std::process::id(), client, runtime: OnceLock::new(), calls: Arc::default() }
    }

    /// Makes a call and waits for it, at most so long.
    pub(super) fn call(&self, call: &[u8], ticket: Ticket, wait: Duration) -> Option<Vec<u8>> {
        let (runtime, work) = match self.begin(call) {
            Ok(begun) => begun,
            Err(error) => return Some(outcome::of(&Err(error.into()))),
        };
        let (sender, receiver) = sync_channel(1);
        let task = runtime.spawn(async move {
            // Whoever gave up waiting has taken the receiver away.
            let _ = sender.send(work.await.map_err(Failure::from));
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
            _ => Some(outcome::of(&Err(Failure::Defect("nobody waits for such a call")))),
        }
    }

    fn receive(
        &self,
        ticket: Ticket,
        task: AbortHandle,
        receiver: Receiver<Outcome>,
        wait: Duration,
    ) -> Option<Vec<u8>> {
        match receiver.recv_timeout(wait) {
            Ok(result) => Some(outcome::of(&result)),
            Err(RecvTimeoutError::Timeout) => {
                locked(&self.calls).insert(ticket, Pending { task, outcome: Destination::Waiting(receiver) });
                None
            }
            Err(RecvTimeoutError::Disconnected) => Some(outcome::of(&Err(PANICKED))),
        }
    }

    /// Makes a call whose outcome goes to an inbox, unless it is there at once.
    #[cfg(unix)]
    pub(super) fn start(&self, call: &[u8], ticket: Ticket, inbox: Arc<Inbox>) -> Option<Vec<u8>> {
        let (runtime, work) = match self.begin(call) {
            Ok(begun) => begun,
            Err(error) => return Some(outcome::of(&Err(error.into()))),
        };
        self.deliver(&runtime, ticket, inbox, async move { outcome::of(&work.await.map_err(Failure::from)) });
        None
    }

    /// Puts a written outcome into an inbox as soon as it is there.
    #[cfg(unix)]
    pub(super) fn deliver(
        &self,
        runtime: &Handle,
        ticket: Ticket,
        inbox: Arc<Inbox>,
        work: impl Future<Output = Vec<u8>> + Send + 'static,
    ) {
        let delivery = Delivery { calls: Arc::clone(&self.calls), ticket, inbox: Arc::clone(&inbox) };
        // Held while the call is entered, so that one that is done at once does not look for itself too early.
        let mut entered = locked(&self.calls);
        let task = runtime.spawn(async move { delivery.put(&work.await) });
        entered.insert(ticket, Pending { task: task.abort_handle(), outcome: Destination::Inbox(inbox) });
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
        self.abandon_calls();
    }

    /// Abandons every call, and goes on for those who publish.
    pub(super) fn abandon_calls(&self) {
        for (ticket, Pending { task, outcome }) in locked(&self.calls).drain() {
            task.abort();
            // Only an inbox has to be told which call it was.
            #[cfg(unix)]
            if let Destination::Inbox(inbox) = outcome {
                inbox.put(outcome::addressed(ticket, &outcome::of(&Err(closed().into()))));
            }
            #[cfg(not(unix))]
            drop((ticket, outcome));
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

/// Sees to it that a call has an outcome in its inbox, whatever becomes of its task, since nobody there looks for anything else.
#[cfg(unix)]
struct Delivery {
    calls: Arc<Mutex<Calls>>,
    ticket: Ticket,
    inbox: Arc<Inbox>,
}

#[cfg(unix)]
impl Delivery {
    /// Nothing where the call was abandoned, or has its outcome.
    fn put(&self, outcome: &[u8]) {
        if locked(&self.calls).remove(&self.ticket).is_some() {
            self.inbox.put(outcome::addressed(self.ticket, outcome));
        }
    }
}

#[cfg(unix)]
impl Drop for Delivery {
    /// The task panicked, or it was entered while the client was being closed and ended with the last who used the engine.
    fn drop(&mut self) {
        self.put(&outcome::of(&Err(if std::thread::panicking() { PANICKED } else { closed().into() })));
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

/// What a call meets whose task did not come to its end.
const PANICKED: Failure = Failure::Defect("the call panicked");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Builder, Transport, TransportFuture};
    use crate::session::HttpRequest;

    const END: &[u8] = br#"{"purpose": "end", "stream_key": "nightly-backup"}"#;
    const PATIENCE: Duration = Duration::from_secs(20);

    /// One that panics, or never answers.
    struct Broken {
        panics: bool,
    }

    impl Transport for Broken {
        fn send<'a>(&'a self, _: HttpRequest<'a>) -> TransportFuture<'a> {
            assert!(!self.panics, "a defect");
            Box::pin(std::future::pending())
        }
    }

    fn engine(panics: bool) -> Engine {
        let builder = Builder::default().api_key("ask_test_1").base_url("http://127.0.0.1:1/api");
        Engine::new(builder.transport(Broken { panics }).build().unwrap())
    }

    #[cfg(unix)]
    fn arrived(inbox: &Inbox) -> String {
        let began = std::time::Instant::now();
        while began.elapsed() < PATIENCE {
            let outcome = inbox.take().unwrap();
            if !outcome.is_empty() {
                return String::from_utf8(outcome).unwrap();
            }
            std::thread::yield_now();
        }
        panic!("nothing came into the inbox");
    }

    #[test]
    fn a_panic_is_told_wherever_the_outcome_goes() {
        let outcome = String::from_utf8(engine(true).call(END, 7, PATIENCE).unwrap()).unwrap();
        let told = r#"{"failed":{"kind":"internal","description":"the kit failed by a defect of its own: the call panicked","transient":false,"attempts":0}}"#;
        assert_eq!(outcome, told);
        #[cfg(unix)]
        {
            let (engine, inbox) = (engine(true), Arc::new(Inbox::new().unwrap()));
            assert!(engine.start(END, 7, Arc::clone(&inbox)).is_none());
            assert_eq!(arrived(&inbox), format!(r#"{{"ticket":7,"outcome":{told}}}"#));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_call_that_begins_while_the_client_is_closed_hears_of_it() {
        let (engine, inbox) = (engine(false), Arc::new(Inbox::new().unwrap()));
        engine.close();
        assert!(engine.start(END, 7, Arc::clone(&inbox)).is_none());
        drop(engine);
        let outcome = arrived(&inbox);
        assert!(outcome.starts_with(r#"{"ticket":7,"#) && outcome.contains("client is closed"), "{outcome}");
    }

    #[cfg(unix)]
    #[test]
    fn an_abandoned_call_puts_nothing_into_the_inbox() {
        let (engine, inbox) = (engine(false), Arc::new(Inbox::new().unwrap()));
        assert!(engine.start(END, 7, Arc::clone(&inbox)).is_none());
        engine.cancel(7);
        assert!(engine.start(END, 8, Arc::clone(&inbox)).is_none());
        engine.close();
        assert!(arrived(&inbox).starts_with(r#"{"ticket":8,"#));
        assert_eq!(inbox.take().unwrap(), b"");
    }
}
