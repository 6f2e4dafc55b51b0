//! The thread that drives the clients of programs without an async runtime.

use std::sync::Arc;
use std::time::Duration;

#[cfg(unix)]
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use tokio::runtime::{Builder, Handle, Runtime};

use super::run::Shared;
use crate::api::Answer;
use crate::error::{ConfigError, Result};
use crate::publish::driver::{Driver, Op};

/// The runtime and its thread; an `Option` since stopping takes it away.
pub(super) struct Thread(Option<Runtime>);

impl Thread {
    pub(super) fn start() -> Result<Self, ConfigError> {
        Ok(Self(Some(background_runtime()?)))
    }

    pub(super) fn runtime(&self) -> &Handle {
        self.0.as_ref().expect("the runtime is there until the last client is dropped").handle()
    }

    /// Begins something, and waits for its outcome.
    pub(super) fn wait_for(
        &self,
        shared: &Arc<Shared>,
        begin: impl FnOnce(&mut Driver, Op) -> Result<()>,
    ) -> Result<Option<Answer>> {
        let op = shared.begin(&self.runtime().clone().into(), None, begin)?;
        shared.wait_in_thread(op, Duration::MAX).expect("its time has no limit").into()
    }
}

impl Drop for Thread {
    /// Without waiting: a runtime that waits may not be dropped inside another one.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A runtime with one thread of its own, which drives what is given to it.
pub(crate) fn background_runtime() -> Result<Runtime, ConfigError> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).thread_name("activitysmith-kit").enable_all();
    without_signals(|| builder.build())
        .map_err(|error| ConfigError::new("runtime", format!("cannot be set up: {error}")))
}

/// Starts threads that take no signals, nor do those that they start.
///
/// The program's own threads take them all. One that waits for a signal, as Python's main thread does in `time.sleep`, would go on
/// waiting if a thread of this library took it. A write into a closed connection fails rather than end the process by SIGPIPE, which
/// programs of other languages do not ignore as those of Rust do. A fault is still its thread's own.
#[cfg(unix)]
fn without_signals<T>(start: impl FnOnce() -> T) -> T {
    let mut blocked = SigSet::all();
    for fault in [Signal::SIGBUS, Signal::SIGFPE, Signal::SIGILL, Signal::SIGSEGV, Signal::SIGTRAP] {
        blocked.remove(fault);
    }
    let before = blocked.thread_swap_mask(SigmaskHow::SIG_BLOCK);
    let started = start();
    // Both fail only for what is no set of signals.
    let _ = before.and_then(|before| before.thread_set_mask());
    started
}

#[cfg(not(unix))]
fn without_signals<T>(start: impl FnOnce() -> T) -> T {
    start()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn its_threads_take_no_signals_and_the_caller_takes_those_it_did() {
        let before = SigSet::thread_get_mask().unwrap();
        let runtime = background_runtime().unwrap();
        assert_eq!(SigSet::thread_get_mask().unwrap(), before);
        let mask = || SigSet::thread_get_mask().unwrap();
        let worker = runtime.block_on(runtime.spawn(async move { mask() })).unwrap();
        // Threads for what blocks are started by the worker.
        let started = async move { tokio::task::spawn_blocking(mask).await.unwrap() };
        let blocking = runtime.block_on(runtime.spawn(started)).unwrap();
        for blocked in [worker, blocking] {
            assert!(
                [Signal::SIGINT, Signal::SIGTERM, Signal::SIGPIPE].into_iter().all(|signal| blocked.contains(signal))
            );
            assert!(!blocked.contains(Signal::SIGSEGV));
        }
    }
}
