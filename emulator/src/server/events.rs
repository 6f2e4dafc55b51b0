//! What changes, told to viewers as server-sent events. Each event is written once, whatever the number of viewers, and
//! nobody waits for one who is slow: he is told to look again.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use hyper::body::Frame;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast};

use super::Shared;
use super::control::Account;
use crate::engine::AccountId;

/// Events that a viewer who was cut off can still be given.
const RING: usize = 1024;
/// Bundles that a viewer may be behind.
const BEHIND: usize = 64;

/// One event as it goes over the wire.
#[derive(Debug, Clone)]
pub(super) struct Event {
    id: u64,
    /// Whom it concerns; `None` is everybody.
    account: Option<AccountId>,
    bytes: Bytes,
}

/// Events that go out together.
#[derive(Debug, Clone)]
pub(super) struct Bundle {
    events: Arc<[Event]>,
    /// All of them in one piece, for viewers that see everything.
    bytes: Bytes,
}

/// The part of the server that viewers hang on.
#[derive(Debug)]
pub(super) struct Events {
    /// Weak, so that viewers are let go when the publisher stops.
    sender: broadcast::WeakSender<Bundle>,
    ring: Mutex<Ring>,
    viewers: Arc<AtomicUsize>,
    /// Something may have changed.
    pub(super) wake: Notify,
}

#[derive(Debug, Default)]
struct Ring {
    events: VecDeque<Event>,
    last_id: u64,
}

impl Events {
    pub(super) fn new() -> (Self, broadcast::Sender<Bundle>) {
        let (sender, _) = broadcast::channel(BEHIND);
        let events =
            Self { sender: sender.downgrade(), ring: Mutex::default(), viewers: Arc::default(), wake: Notify::new() };
        (events, sender)
    }

    pub(super) fn viewers(&self) -> usize {
        self.viewers.load(Ordering::Relaxed)
    }

    /// Tells the publisher that something may have changed.
    pub(super) fn wake(&self) {
        if self.viewers() > 0 {
            self.wake.notify_one();
        }
    }

    /// Numbers events, keeps them for a while and sends them out.
    pub(super) fn publish(&self, sender: &broadcast::Sender<Bundle>, news: Vec<News>) {
        if news.is_empty() {
            return;
        }
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let mut events = Vec::with_capacity(news.len());
        for News { name, account, data } in news {
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
        // Without a viewer there is nobody to receive it, which is no error.
        let _ = sender.send(Bundle { events: events.into(), bytes });
    }

    /// Leaves a gap that shows a viewer who comes back that he has missed something.
    pub(super) fn forget(&self) {
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.events.clear();
        ring.last_id += 1;
    }

    /// What a viewer is given first: what came after `last_id`, or a word that this cannot be told any more.
    fn catch_up(ring: &Ring, account: Option<AccountId>, last_id: Option<u64>) -> Bytes {
        let mut first = b"retry: 1000\n".to_vec();
        let missed: Vec<_> = match last_id {
            None => Vec::new(),
            Some(id) => ring.events.iter().filter(|event| event.id > id).collect(),
        };
        let oldest = ring.last_id - missed.len() as u64;
        match last_id {
            Some(id) if id != oldest => first.extend_from_slice(&text(ring.last_id, "resync", &json!({}))),
            _ => {
                first.extend_from_slice(format!("id: {oldest}\n\n").as_bytes());
                missed
                    .iter()
                    .filter(|event| event.concerns(account))
                    .for_each(|event| first.extend_from_slice(&event.bytes));
            }
        }
        first.into()
    }
}

/// Something to tell.
pub(super) struct News {
    name: &'static str,
    account: Option<AccountId>,
    data: Vec<u8>,
}

impl News {
    pub(super) fn new(name: &'static str, account: Option<AccountId>, data: &impl Serialize) -> Self {
        let data = serde_json::to_vec(data).expect("what the emulator shows is representable as JSON");
        Self { name, account, data }
    }
}

impl Event {
    fn concerns(&self, account: Option<AccountId>) -> bool {
        account.is_none() || self.account.is_none() || self.account == account
    }
}

impl Bundle {
    fn for_viewer(&self, account: Option<AccountId>) -> Bytes {
        if account.is_none() {
            return self.bytes.clone();
        }
        let events = self.events.iter().filter(|event| event.concerns(account));
        events.flat_map(|event| event.bytes.iter().copied()).collect()
    }
}

/// JSON has no line breaks of its own, so that it fits one `data` line.
fn text(id: u64, name: &str, data: &impl AsJson) -> Bytes {
    let mut text = format!("id: {id}\nevent: {name}\ndata: ").into_bytes();
    text.extend_from_slice(&data.as_json());
    text.extend_from_slice(b"\n\n");
    text.into()
}

trait AsJson {
    fn as_json(&self) -> std::borrow::Cow<'_, [u8]>;
}

impl AsJson for Vec<u8> {
    fn as_json(&self) -> std::borrow::Cow<'_, [u8]> {
        self.as_slice().into()
    }
}

impl AsJson for serde_json::Value {
    fn as_json(&self) -> std::borrow::Cow<'_, [u8]> {
        self.to_string().into_bytes().into()
    }
}

/// `GET /_emulator/events`.
pub(super) async fn subscribe(
    Shares(shared): Shares<Arc<Shared>>,
    account: Account,
    headers: HeaderMap,
) -> Response<Body> {
    let account = account.api_key().map(AccountId::named);
    let last_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.trim().parse().ok());
    let mut response = Response::new(Body::new(Viewer::new(&shared, account, last_id)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(Endless);
    response
}

/// Marks the response to a viewer.
#[derive(Clone, Copy)]
struct Endless;

/// Whether the body of a response goes on until either side has gone.
pub(super) fn is_endless(response: &Response<Body>) -> bool {
    // To a HEAD there is none.
    response.extensions().get::<Endless>().is_some() && !hyper::body::Body::is_end_stream(response.body())
}

type Next = Pin<Box<dyn Future<Output = (Result<Bundle, RecvError>, broadcast::Receiver<Bundle>)> + Send>>;

/// The body of a response that goes on until the viewer or the emulator stops.
struct Viewer {
    account: Option<AccountId>,
    first: Option<Bytes>,
    next: Option<Next>,
    shared: Arc<Shared>,
    count: Arc<AtomicUsize>,
}

impl Viewer {
    fn new(shared: &Arc<Shared>, account: Option<AccountId>, last_id: Option<u64>) -> Self {
        let events = &shared.events;
        let count = Arc::clone(&events.viewers);
        count.fetch_add(1, Ordering::Relaxed);
        let mut state = shared.lock();
        if state.engine.watch(true) {
            state.told = state.engine.next_request() - 1;
        }
        drop(state);
        // Between looking at the ring and listening nothing may be published.
        let ring = events.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let next = events.sender.upgrade().map(|sender| receive(sender.subscribe()));
        let first = Some(Events::catch_up(&ring, account, last_id));
        drop(ring);
        events.wake();
        Self { account, first, next, shared: Arc::clone(shared), count }
    }
}

fn receive(mut receiver: broadcast::Receiver<Bundle>) -> Next {
    Box::pin(async move { (receiver.recv().await, receiver) })
}

impl hyper::body::Body for Viewer {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        loop {
            let Some(next) = &mut self.next else { return Poll::Ready(None) };
            let Poll::Ready((bundle, receiver)) = next.as_mut().poll(cx) else { return Poll::Pending };
            let bytes = match bundle {
                Ok(bundle) => bundle.for_viewer(self.account),
                Err(RecvError::Lagged(_)) => {
                    let ring = self.shared.events.ring.lock().unwrap_or_else(PoisonError::into_inner);
                    text(ring.last_id, "resync", &json!({}))
                }
                Err(RecvError::Closed) => return Poll::Ready(None),
            };
            self.next = Some(receive(receiver));
            if !bytes.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
        }
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}
