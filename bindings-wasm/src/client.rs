//! The core's driver as JavaScript classes.

use std::cell::RefCell;
use std::rc::Rc;

use activitysmith_kit::publish::driver::{Driver, Handle, Op};
use activitysmith_kit::session::{Nulls, Session, Settings};
use wasm_bindgen::prelude::*;

use crate::host::Host;
use crate::{thrown, write};

/// A client for JavaScript to drive: it says what to send, and takes what came of that.
#[wasm_bindgen]
pub struct NativeClient {
    shared: Rc<Shared>,
}

/// A stream that is being published.
#[wasm_bindgen]
pub struct NativePublisher {
    shared: Rc<Shared>,
    handle: Handle,
}

struct Shared {
    driver: RefCell<Driver>,
    host: Host,
}

#[wasm_bindgen]
impl NativeClient {
    /// A client of these settings, in JSON: see `Settings::from_json`.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, host: Host) -> Result<NativeClient, String> {
        let settings = Settings::from_json(settings.as_bytes()).map_err(thrown)?;
        let connect_timeout = settings.connect_timeout;
        let session = Session::new(settings, host.clone()).map_err(thrown)?;
        let driver = RefCell::new(Driver::new(session, connect_timeout));
        Ok(Self { shared: Rc::new(Shared { driver, host }) })
    }

    /// Whether the environment asks that nothing is ever sent. Then a client needs no settings.
    #[wasm_bindgen(js_name = isDisabled)]
    pub fn is_disabled(host: &Host) -> bool {
        Session::inert(host).is_some()
    }

    /// Why nothing can be published, unless that was asked for: the error as JSON.
    pub fn obstacle(&self) -> Option<String> {
        self.shared.driver.borrow().obstacle().map(thrown)
    }

    /// Starts a call: see `Driver::start`.
    pub fn start(&self, call: &str, op: Op) -> Result<(), String> {
        self.shared.driver.borrow_mut().start(call.as_bytes(), op, self.shared.host.now()).map_err(thrown)
    }

    /// Abandons a call. Then it has no outcome.
    pub fn cancel(&self, op: Op) {
        self.shared.driver.borrow_mut().cancel(op);
    }

    /// Begins to publish a stream: see `Driver::publish`.
    pub fn publish(&self, beginning: &str) -> Result<NativePublisher, String> {
        let Shared { driver, host } = &*self.shared;
        let begun = driver.borrow_mut().publish(beginning.as_bytes(), Nulls::Values, host.monotonic_time());
        Ok(NativePublisher { handle: begun.map_err(thrown)?, shared: Rc::clone(&self.shared) })
    }

    /// What there is to do, as the JSON of `Steps`.
    pub fn poll(&self) -> Result<String, String> {
        let steps = self.shared.driver.borrow_mut().poll(self.shared.host.now());
        steps.map(|steps| write(&steps)).map_err(thrown)
    }

    /// Takes what came of a request: see `Driver::handle`.
    pub fn handle(&self, answer: &str, body: Option<Vec<u8>>) -> Result<(), String> {
        let Shared { driver, host } = &*self.shared;
        let body = body.unwrap_or_default();
        driver.borrow_mut().handle(answer.as_bytes(), body, host.now(), host.random()).map_err(thrown)
    }

    /// Takes the key out of a part of an answer.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.shared.driver.borrow().redact(bytes)
    }
}

#[wasm_bindgen]
impl NativePublisher {
    /// Changes what is shown: see `Driver::change`. Gives back whether to poll.
    pub fn change(&self, change: &str) -> Result<bool, String> {
        let Shared { driver, host } = &*self.shared;
        let now = || host.monotonic_time();
        driver.borrow_mut().change(self.handle, change.as_bytes(), Nulls::Values, now).map_err(thrown)
    }

    /// Sends the newest state, and waits until it has arrived: `{"timeout_seconds"}`.
    pub fn flush(&self, flush: &str, op: Op) -> Result<(), String> {
        let Shared { driver, host } = &*self.shared;
        driver.borrow_mut().flush(self.handle, flush.as_bytes(), op, host.monotonic_time()).map_err(thrown)
    }

    /// Ends the stream: see `Driver::end`.
    pub fn end(&self, end: &str, op: Op) -> Result<(), String> {
        let Shared { driver, host } = &*self.shared;
        let now = host.monotonic_time();
        driver.borrow_mut().end(self.handle, end.as_bytes(), Nulls::Values, op, now).map_err(thrown)
    }

    /// Sends no more, and leaves the activity as it is.
    pub fn close(&self) {
        self.shared.driver.borrow_mut().close(self.handle);
    }

    /// What has happened since this was asked last: `[{"kind", "message", "warning"}]`.
    pub fn events(&self) -> String {
        write(&self.shared.driver.borrow_mut().events(self.handle))
    }

    /// How often what has happened.
    pub fn counters(&self) -> String {
        write(&self.shared.driver.borrow_mut().counters(self.handle))
    }
}

impl Drop for NativePublisher {
    fn drop(&mut self) {
        self.shared.driver.borrow_mut().release(self.handle);
    }
}
