//! Events that tell viewers what changes. Each event is written once, whatever the number of viewers; a viewer that falls
//! behind is told to look again.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use serde::Serialize;
use tokio::sync::{Notify, broadcast};

use crate::api::ids::AccountId;

/// Events that a viewer that was cut off can still be given.
const RING: usize = 1024;
/// Batches that a viewer may be behind.
const BEHIND: usize = 64;

/// One event as it goes over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    id: u64,
    /// The account that it concerns; `None` is all of them.
    account: Option<AccountId>,
    bytes: Bytes,
}

/// Events that go out together.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    events: Arc<[Event]>,
    /// All of them in one piece, for viewers that see everything.
    bytes: Bytes,
}

/// The newest events, and the channel that carries them to viewers.
#[derive(Debug)]
pub(crate) struct Events {
    /// Weak, so that viewers are let go when the publisher stops.
    sender: broadcast::WeakSender<Batch>,
    ring: Mutex<Ring>,
    pub(crate) viewers: Arc<AtomicUsize>,
    /// Something may have changed.
    pub(crate) wake: Notify,
}

#[derive(Debug, Default)]
struct Ring {
    events: VecDeque<Event>,
    last_id: u64,
}

impl Events {
    pub(crate) fn new() -> (Self, broadcast::Sender<Batch>) {
        let (sender, _) = broadcast::channel(BEHIND);
        let events =
            Self { sender: sender.downgrade(), ring: Mutex::default(), viewers: Arc::default(), wake: Notify::new() };
        (events, sender)
    }

    pub(crate) fn viewers(&self) -> usize {
        self.viewers.load(Ordering::Relaxed)
    }

    /// Tells the publisher that something may have changed.
    pub(crate) fn wake(&self) {
        if self.viewers() > 0 {
            self.wake.notify_one();
        }
    }

    /// Numbers events, keeps them for a while and sends them out.
    pub(crate) fn publish(&self, sender: &broadcast::Sender<Batch>, new: Vec<NewEvent>) {
        if new.is_empty() {
            return;
        }
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let mut events = Vec::with_capacity(new.len());
        for NewEvent { name, account, data } in new {
            ring.last_id += 1;
            events.push(Event { id: ring.last_id, account, bytes: text(ring.last_id, name, &data) });
        }
        for event in &events {
            if ring.events.len() >= RING {
                ring.events.pop_front();
            }
            ring.events.push_back(event.clone());
        }
        let bytes = events.iter().flat_map(|event| event.bytes.iter().copied()).collect();
        // Sending fails if there is no viewer, which is no error.
        let _ = sender.send(Batch { events: events.into(), bytes });
    }

    /// Adds a viewer, with the bytes to begin with: what came after `last_id`, or that this cannot be told any more. There is no
    /// channel once the emulator stops.
    pub(crate) fn subscribe(
        &self,
        account: Option<AccountId>,
        last_id: Option<u64>,
    ) -> (Bytes, Option<broadcast::Receiver<Batch>>) {
        // While the ring is locked nothing is published.
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        (ring.after(account, last_id), self.sender.upgrade().map(|sender| sender.subscribe()))
    }

    /// Tells a viewer to look again.
    pub(crate) fn resync(&self) -> Bytes {
        resync(self.ring.lock().unwrap_or_else(PoisonError::into_inner).last_id)
    }

    /// Leaves a gap that shows a viewer that comes back that it has missed something.
    pub(crate) fn forget(&self) {
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.events.clear();
        ring.last_id += 1;
    }
}

impl Ring {
    fn after(&self, account: Option<AccountId>, last_id: Option<u64>) -> Bytes {
        let mut bytes = b"retry: 1000\n".to_vec();
        let missed: Vec<_> = self.events.iter().filter(|event| last_id.is_some_and(|id| event.id > id)).collect();
        let oldest = self.last_id - missed.len() as u64;
        if last_id.is_some_and(|id| id != oldest) {
            bytes.extend_from_slice(&resync(self.last_id));
            return bytes.into();
        }
        bytes.extend_from_slice(format!("id: {oldest}\n\n").as_bytes());
        let concerning = missed.iter().filter(|event| event.concerns(account));
        concerning.for_each(|event| bytes.extend_from_slice(&event.bytes));
        bytes.into()
    }
}

fn resync(id: u64) -> Bytes {
    text(id, "resync", b"{}")
}

/// An event that was not sent yet.
pub(crate) struct NewEvent {
    name: &'static str,
    account: Option<AccountId>,
    data: Vec<u8>,
}

impl NewEvent {
    pub(crate) fn new(name: &'static str, account: Option<AccountId>, data: &impl Serialize) -> Self {
        let data = serde_json::to_vec(data).expect("what the emulator shows is representable as JSON");
        Self { name, account, data }
    }
}

impl Event {
    fn concerns(&self, account: Option<AccountId>) -> bool {
        account.is_none() || self.account.is_none() || self.account == account
    }
}

impl Batch {
    pub(crate) fn for_viewer(&self, account: Option<AccountId>) -> Bytes {
        if account.is_none() {
            return self.bytes.clone();
        }
        let events = self.events.iter().filter(|event| event.concerns(account));
        events.flat_map(|event| event.bytes.iter().copied()).collect()
    }
}

/// JSON has no line breaks of its own, so that it fits one `data` line.
fn text(id: u64, name: &str, data: &[u8]) -> Bytes {
    let mut text = format!("id: {id}\nevent: {name}\ndata: ").into_bytes();
    text.extend_from_slice(data);
    text.extend_from_slice(b"\n\n");
    text.into()
}
