//! The engine of whatever process this is: it follows a client through forks, and ends when the client is closed.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use super::engine::{Engine, closed};
use crate::client::Builder;
use crate::error::Result;
use crate::session::Settings;

pub(super) struct Engines {
    /// Nothing once it is closed. Without a lock, which another thread might hold when the process forks.
    current: ArcSwapOption<Engine>,
}

impl Engines {
    pub(super) fn new(settings: Settings) -> Result<Self> {
        let client = Builder::from(settings).build()?;
        Ok(Self { current: ArcSwapOption::from_pointee(Engine::new(client)) })
    }

    /// This process's engine.
    pub(super) fn current(&self) -> Result<Arc<Engine>> {
        loop {
            let Some(engine) = self.current.load_full() else {
                return Err(closed());
            };
            if engine.process == std::process::id() {
                return Ok(engine);
            }
            // With the parent's settings and key, which may be found no more: only the connections are new.
            let ours = Arc::new(Engine::new(engine.client.reconnected()?));
            let previous = self.current.compare_and_swap(&engine, Some(ours));
            if previous.as_ref().is_some_and(|previous| Arc::ptr_eq(previous, &engine)) {
                leave_to_its_process(engine);
            }
        }
    }

    /// Closes connections. Calls under way and later ones fail, and say why.
    pub(super) fn close(&self) {
        self.end(Engine::close);
    }

    fn end(&self, how: impl FnOnce(&Engine)) {
        if let Some(engine) = self.current.swap(None) {
            if engine.process == std::process::id() {
                how(&engine);
            } else {
                leave_to_its_process(engine);
            }
        }
    }
}

impl Drop for Engines {
    /// Publishers hold the engine, too, and outlive the client that nobody holds any more.
    fn drop(&mut self) {
        self.end(Engine::abandon_calls);
    }
}

/// Does not drop a parent's engine: its threads are not here to be stopped.
fn leave_to_its_process(engine: Arc<Engine>) {
    std::mem::forget(engine);
}
