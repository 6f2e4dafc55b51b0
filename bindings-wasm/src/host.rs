//! What the runtime gives to the core: variables and files, read when they are needed, clocks and random numbers.

use std::path::Path;
use std::time::{Duration, SystemTime};

use activitysmith_kit::call::Now;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An object whose functions throw nothing but what `read_file` says.
    #[derive(Clone)]
    pub type Host;

    /// A variable of the environment.
    #[wasm_bindgen(method, structural)]
    fn variable(this: &Host, name: &str) -> Option<String>;

    /// A file's text; what it throws says why there is none.
    #[wasm_bindgen(method, structural, catch, js_name = readFile)]
    fn read_file(this: &Host, path: &str) -> Result<String, JsValue>;

    /// A clock that never goes back, in milliseconds.
    #[wasm_bindgen(method, structural)]
    fn monotonic(this: &Host) -> f64;

    /// The time of day, in milliseconds since 1970.
    #[wasm_bindgen(method, structural)]
    fn wall(this: &Host) -> f64;

    /// A random number from 0 to 1.
    #[wasm_bindgen(method, structural)]
    pub(crate) fn random(this: &Host) -> f64;
}

impl Host {
    /// Both clocks.
    pub(crate) fn now(&self) -> Now {
        Now { monotonic: self.monotonic_time(), wall: SystemTime::UNIX_EPOCH + milliseconds(self.wall()) }
    }

    pub(crate) fn monotonic_time(&self) -> Duration {
        milliseconds(self.monotonic())
    }
}

/// A clock that reads nonsense reads zero.
fn milliseconds(time: f64) -> Duration {
    Duration::try_from_secs_f64(time / 1000.0).unwrap_or_default()
}

impl activitysmith_kit::call::Host for Host {
    fn variable(&self, name: &str) -> Option<String> {
        self.variable(name).filter(|value| !value.is_empty())
    }

    fn read_file(&self, path: &Path) -> Result<String, String> {
        let read = self.read_file(&path.to_string_lossy());
        read.map_err(|problem| problem.as_string().unwrap_or_else(|| "it cannot be read".to_owned()))
    }
}
