//! Operations under way: calls, flushes and ends, by numbers that the caller chooses. An outcome is waited for, or it is delivered to a
//! queue.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::completions::Completions;
use super::outcome::{self, Failure, Op};
use super::process_clients::closed;

#[derive(Default)]
pub(super) struct Operations {
    entries: Mutex<Entries>,
    settled: Condvar,
}

type Entries = HashMap<Op, Operation>;

enum Operation {
    Running(AbortHandle),
    Delivering(AbortHandle, Arc<Completions>),
    Done(Vec<u8>),
}

impl Operations {
    /// Runs an operation. It has an outcome whatever becomes of its task.
    pub(super) fn run(
        self: &Arc<Self>,
        op: Op,
        runtime: &Handle,
        work: impl Future<Output = Vec<u8>> + Send + 'static,
    ) {
        let running = Running { op, operations: Arc::clone(self) };
        // Held until the operation is entered, so that one that is done at once finds its entry.
        let mut entries = self.entries();
        let task = runtime.spawn(async move { running.operations.settle(op, work.await) });
        entries.insert(op, Operation::Running(task.abort_handle()));
    }

    /// Enters an operation that is done already.
    pub(super) fn done(&self, op: Op, outcome: Vec<u8>) {
        self.entries().insert(op, Operation::Done(outcome));
    }

    /// Waits for an outcome, and hands it over; nothing where the operation is still under way after so long.
    pub(super) fn wait(&self, op: Op, limit: Duration) -> Option<Vec<u8>> {
        let is_running = |entries: &mut Entries| !matches!(entries.get(&op), None | Some(Operation::Done(_)));
        let waited = self.settled.wait_timeout_while(self.entries(), limit, is_running);
        let (mut entries, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            return None;
        }
        match entries.remove(&op) {
            Some(Operation::Done(outcome)) => Some(outcome),
            _ => Some(unknown()),
        }
    }

    /// Has an outcome put into a queue, now or when it is there.
    pub(super) fn deliver(&self, op: Op, completions: Arc<Completions>) {
        let mut entries = self.entries();
        match entries.remove(&op) {
            Some(Operation::Running(task) | Operation::Delivering(task, _)) => {
                entries.insert(op, Operation::Delivering(task, completions));
            }
            Some(Operation::Done(outcome)) => completions.put(op, &outcome),
            None => completions.put(op, &unknown()),
        }
    }

    /// Abandons an operation. It has no outcome then.
    pub(super) fn cancel(&self, op: Op) {
        let operation = self.entries().remove(&op);
        if let Some(Operation::Running(task) | Operation::Delivering(task, _)) = operation {
            task.abort();
        }
    }

    /// Abandons all of them. Their outcome is that the client is closed.
    pub(super) fn close(&self) {
        let mut entries = self.entries();
        let running: Vec<Op> = entries.keys().copied().collect();
        for op in running {
            if let Some(Operation::Running(task) | Operation::Delivering(task, _)) = entries.get(&op) {
                task.abort();
            }
            settle(&mut entries, op, outcome::failed(&closed().into()));
        }
        self.settled.notify_all();
    }

    fn settle(&self, op: Op, outcome: Vec<u8>) {
        settle(&mut self.entries(), op, outcome);
        self.settled.notify_all();
    }

    /// No operation leaves the map half changed, so a panic elsewhere does not spoil it.
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives a running operation its outcome. One that was cancelled is not there any more.
fn settle(entries: &mut Entries, op: Op, outcome: Vec<u8>) {
    match entries.remove(&op) {
        Some(Operation::Running(_)) => _ = entries.insert(op, Operation::Done(outcome)),
        Some(Operation::Delivering(_, completions)) => completions.put(op, &outcome),
        Some(done @ Operation::Done(_)) => _ = entries.insert(op, done),
        None => {}
    }
}

/// What becomes of a task that does not come to its end: it panicked, or the client was closed while it was entered.
struct Running {
    op: Op,
    operations: Arc<Operations>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let failure = if std::thread::panicking() { Failure::Defect("the call panicked") } else { closed().into() };
        self.operations.settle(self.op, outcome::failed(&failure));
    }
}

fn unknown() -> Vec<u8> {
    outcome::failed(&Failure::Defect("no operation of this number is under way"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    fn operations() -> (Arc<Operations>, tokio::runtime::Runtime) {
        (Arc::default(), crate::client::background_runtime().unwrap())
    }

    fn waited(operations: &Operations, op: Op) -> String {
        String::from_utf8(operations.wait(op, PATIENCE).expect("it has an outcome")).unwrap()
    }

    #[test]
    fn an_outcome_is_handed_over_once() {
        let (operations, runtime) = operations();
        operations.run(7, runtime.handle(), async { b"outcome".to_vec() });
        operations.done(8, b"known".to_vec());
        assert_eq!((waited(&operations, 7), waited(&operations, 8)), ("outcome".to_owned(), "known".to_owned()));
        assert!(waited(&operations, 7).contains("no operation of this number"));
    }

    #[test]
    fn one_under_way_has_no_outcome_yet_and_none_when_it_is_cancelled() {
        let (operations, runtime) = operations();
        operations.run(7, runtime.handle(), std::future::pending());
        assert_eq!(operations.wait(7, Duration::ZERO), None);
        operations.cancel(7);
        operations.cancel(7);
        assert!(waited(&operations, 7).contains("no operation of this number"));
    }

    #[test]
    fn a_panic_and_a_closed_client_are_outcomes() {
        let (operations, runtime) = operations();
        operations.run(7, runtime.handle(), async { panic!("a defect") });
        let defect = r#"{"failed":{"kind":"internal","description":"the kit failed by a defect of its own: the call panicked","transient":false,"attempts":0}}"#;
        assert_eq!(waited(&operations, 7), defect);
        operations.run(8, runtime.handle(), std::future::pending());
        operations.close();
        assert!(waited(&operations, 8).contains("client is closed"));
        operations.run(9, runtime.handle(), std::future::pending());
        runtime.shutdown_background();
        assert!(waited(&operations, 9).contains("client is closed"));
    }

    #[cfg(unix)]
    #[test]
    fn outcomes_are_delivered_with_their_numbers() {
        let (operations, runtime) = operations();
        let completions = Arc::new(Completions::new().unwrap());
        operations.done(7, b"7".to_vec());
        operations.run(8, runtime.handle(), std::future::pending());
        operations.run(9, runtime.handle(), std::future::pending());
        for op in [7, 8, 9] {
            operations.deliver(op, Arc::clone(&completions));
        }
        operations.cancel(8);
        operations.close();
        assert_eq!(completions.take().unwrap(), br#"{"op":7,"outcome":7}"#);
        let closed = String::from_utf8(completions.take().unwrap()).unwrap();
        assert!(
            closed.starts_with(r#"{"op":9,"outcome":{"failed":{"#) && closed.contains("client is closed"),
            "{closed}"
        );
        assert_eq!(completions.take().unwrap(), b"");
    }
}
