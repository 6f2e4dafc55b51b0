//! The core's driver as JavaScript classes.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use activitysmith_kit::Error;
use activitysmith_kit::call::{Nulls, Session, Settings};
use activitysmith_kit::publish::Rules;
use activitysmith_kit::publish::driver::{Driver, Handle};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::host::Host;

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
    session: Arc<Session>,
    driver: RefCell<Driver>,
    host: Host,
}

impl Shared {
    /// Has the driver do something now.
    fn run<T>(&self, act: impl FnOnce(&mut Driver, Duration) -> Result<T, Error>) -> Result<T, String> {
        act(&mut self.driver.borrow_mut(), self.host.monotonic_time()).map_err(thrown)
    }
}

#[wasm_bindgen]
impl NativeClient {
    /// A client of these settings, in JSON: see `Settings::from_json`.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, host: Host) -> Result<NativeClient, String> {
        let settings = Settings::from_json(settings.as_bytes()).map_err(thrown)?;
        let session = Arc::new(Session::new(settings, host.clone()).map_err(thrown)?);
        let rules = Rules::of(&session).map_err(thrown)?;
        let driver = RefCell::new(Driver::new(Arc::clone(&session), rules, None));
        Ok(Self { shared: Rc::new(Shared { session, driver, host }) })
    }

    /// Whether the environment asks that nothing is ever sent. Then a client needs no settings.
    #[wasm_bindgen(js_name = isDisabled)]
    pub fn is_disabled(host: &Host) -> bool {
        Session::inert(host).is_some()
    }

    /// Starts a call: see `Driver::call_json`.
    pub fn start(&self, call: &str, op: u32) -> Result<(), String> {
        let now = self.shared.host.now();
        self.shared.run(|driver, _| driver.call_json(call.as_bytes(), Nulls::Values, op.into(), now))
    }

    /// Abandons a call, or waits no more for a flush or an end. Then it has no outcome.
    pub fn cancel(&self, op: u32) {
        self.shared.driver.borrow_mut().cancel(op.into());
    }

    /// Begins to publish a stream: see `Driver::publish_json`.
    pub fn publish(&self, beginning: &str) -> Result<NativePublisher, String> {
        let disabled_reason = self.shared.session.disabled_reason();
        let begin =
            |driver: &mut Driver, now| driver.publish_json(beginning.as_bytes(), Nulls::Values, disabled_reason, now);
        Ok(NativePublisher { handle: self.shared.run(begin)?, shared: Rc::clone(&self.shared) })
    }

    /// Sends the newest states of all publishers that have not ended, before the process ends.
    #[wasm_bindgen(js_name = flushAtExit)]
    pub fn flush_at_exit(&self, op: u32) {
        self.shared.driver.borrow_mut().flush_at_exit(op.into(), self.shared.host.monotonic_time());
    }

    /// What there is to do, as the JSON of `Steps`.
    pub fn poll(&self) -> String {
        write(&self.shared.driver.borrow_mut().poll(self.shared.host.now()))
    }

    /// Takes what came of a request: see `Driver::answered_json`.
    pub fn handle(&self, answer: &str, body: Option<Vec<u8>>) -> Result<(), String> {
        let (now, chance) = (self.shared.host.now(), self.shared.host.random());
        self.shared.run(|driver, _| driver.answered_json(answer.as_bytes(), body.unwrap_or_default(), now, chance))
    }

    /// Takes the key out of a part of an answer.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.shared.session.redact(bytes)
    }
}

#[wasm_bindgen]
impl NativePublisher {
    /// Changes what is shown: see `Driver::change_json`. Gives back whether to poll.
    pub fn change(&self, change: &str) -> Result<bool, String> {
        // The time is asked for only where it matters.
        let Shared { driver, host, .. } = &*self.shared;
        let now = || host.monotonic_time();
        driver.borrow_mut().change_json(self.handle, change.as_bytes(), Nulls::Values, now).map_err(thrown)
    }

    /// Sends the newest state, and waits until it has arrived: `{"timeout_seconds"}`.
    pub fn flush(&self, flush: &str, op: u32) -> Result<(), String> {
        self.shared.run(|driver, now| driver.flush_json(self.handle, flush.as_bytes(), op.into(), now))
    }

    /// Ends the stream: see `Driver::end_json`.
    pub fn end(&self, end: &str, op: u32) -> Result<(), String> {
        self.shared.run(|driver, now| driver.end_json(self.handle, end.as_bytes(), Nulls::Values, op.into(), now))
    }

    /// Sends no more, and leaves the activity as it is.
    pub fn detach(&self) {
        self.shared.driver.borrow_mut().detach(self.handle);
    }

    /// Why nothing is sent, or why the newest flush or end did not arrive: the error as JSON.
    pub fn problem(&self) -> Option<String> {
        let Shared { driver, host, .. } = &*self.shared;
        driver.borrow_mut().problem(self.handle, host.monotonic_time()).map(thrown)
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

/// A handle that is collected says nothing of its job, so its stream goes on until the program ends.
impl Drop for NativePublisher {
    fn drop(&mut self) {
        self.shared.driver.borrow_mut().forget(self.handle);
    }
}

fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it has text keys only")
}

/// An error as JavaScript catches it.
fn thrown(error: impl Into<Error>) -> String {
    write(&error.into())
}
