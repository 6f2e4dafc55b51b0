//! A publisher as other languages hold it: it belongs to the process that made it, and in a forked child it is inert.

use std::sync::Arc;
use std::time::Duration;

use super::engine::Engine;
use crate::client::Publisher;
use crate::error::{ConfigError, Result};
use crate::publish::{Changes, Pacing};

pub(super) struct Publishing {
    /// There until this is dropped. The engine's thread sends for it, so that stays as long.
    held: Option<(Publisher, Arc<Engine>)>,
    process: u32,
}

impl Publishing {
    /// Without a pace it is that of the device; else so many seconds lie between two updates.
    pub(super) fn open(
        engine: Arc<Engine>,
        stream_key: String,
        first: Changes<'_>,
        pace_seconds: Option<f64>,
    ) -> Result<Self> {
        let pacing = pacing(pace_seconds)?;
        let publisher = engine.client.publish_on(&engine.runtime()?, stream_key, first, pacing)?;
        Ok(Self { process: engine.process, held: Some((publisher, engine)) })
    }

    fn is_elsewhere(&self) -> bool {
        self.process != std::process::id()
    }

    /// The publisher, in its own process. In another its lock may be held by a thread that is not there.
    pub(super) fn get(&self) -> Option<&Publisher> {
        self.held.as_ref().filter(|_| !self.is_elsewhere()).map(|(publisher, _)| publisher)
    }
}

impl Drop for Publishing {
    fn drop(&mut self) {
        if self.is_elsewhere() {
            std::mem::forget(self.held.take());
        }
    }
}

fn pacing(pace_seconds: Option<f64>) -> Result<Pacing, ConfigError> {
    let Some(seconds) = pace_seconds else { return Ok(Pacing::Device) };
    match Duration::try_from_secs_f64(seconds) {
        Ok(gap) => Ok(Pacing::Every(gap)),
        Err(_) => Err(ConfigError::new("pace", format!("is {seconds}; give a number of seconds of at least 0"))),
    }
}
