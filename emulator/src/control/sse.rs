//! `GET /_emulator/events`: server-sent events. A task looks for changes now and then while somebody watches, so that
//! requests do not wait for viewers.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State as Shares;
use hyper::Response;
use hyper::body::Frame;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use super::call::{Account, App};
use crate::api::ids::AccountId;
use crate::service::changes::Changes;
use crate::shared::events::{Batch, NewEvent};
use crate::shared::{Shared, State};

/// Shortest time between two looks.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
/// Longest time between two looks while somebody watches: time alone changes what devices show.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How long changes are still gathered for a viewer that was cut off and may come back.
const KEPT: Duration = Duration::from_secs(10);
/// Things of a kind that are told one by one. If there are more, viewers are told to look for themselves.
const MOST: usize = 64;

/// What the publisher remembers from look to look.
#[derive(Default)]
struct Progress {
    /// Something was left out, and viewers do not know it yet.
    owes_resync: bool,
    resync_at: Option<Instant>,
}

/// Publishes until the other end of `stopped` is dropped.
pub(crate) async fn publish(shared: Arc<Shared>, sender: broadcast::Sender<Batch>, mut stopped: watch::Receiver<()>) {
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            () = shared.events.wake.notified() => {}
        }
        let mut progress = Progress::default();
        let mut watched_at = Instant::now();
        while watched_at.elapsed() < KEPT {
            shared.events.publish(&sender, look(&shared, &mut progress));
            if shared.events.viewers() > 0 {
                watched_at = Instant::now();
            }
            tokio::select! {
                _ = stopped.changed() => return,
                () = tokio::time::sleep(SHORTEST_PAUSE) => {}
            }
            tokio::select! {
                _ = stopped.changed() => return,
                () = shared.events.wake.notified() => {}
                () = tokio::time::sleep(LONGEST_PAUSE) => {}
            }
        }
        let mut state = shared.lock();
        if shared.events.viewers() == 0 {
            state.service.changes.watch(false);
            shared.events.forget();
        } else {
            // A viewer has come in the meantime.
            shared.events.wake();
        }
    }
}

/// What is new since the last look.
fn look(shared: &Shared, progress: &mut Progress) -> Vec<NewEvent> {
    let mut state = shared.lock();
    let State { service, clock, clock_changed, told } = &mut *state;
    let now = clock.now();
    service.settle(now);
    let Changes { streams, devices, faults, options, resets, .. } = service.changes.take();
    let faults = faults.then(|| service.faults(None));
    let options = options.then(|| service.runtime_options());
    let clock = std::mem::take(clock_changed).then(|| clock.view());
    let newest = service.next_request() - 1;
    let too_many_requests = newest.saturating_sub(*told) > MOST as u64;
    progress.owes_resync |= too_many_requests || streams.len() > MOST || devices.len() > MOST;

    let requests = if too_many_requests { Vec::new() } else { service.requests(None, *told) };
    *told = newest;
    let mut views = Vec::new();
    for (account, key) in streams.iter().take(MOST) {
        views.extend(service.stream(now, Some(&account.to_string()), key));
    }
    let mut phones = Vec::new();
    for account in devices.iter().take(MOST) {
        phones.extend(service.devices(now, Some(&account.to_string())));
    }
    drop(state);

    let mut new = Vec::new();
    for (scope, account) in resets {
        new.push(NewEvent::new("reset", account, &json!({"scope": scope, "account": account})));
    }
    new.extend(clock.map(|clock| NewEvent::new("clock", None, &clock)));
    new.extend(faults.map(|faults| NewEvent::new("fault", None, &json!({"faults": faults}))));
    new.extend(options.map(|options| NewEvent::new("switches", None, &options)));
    new.extend(requests.iter().map(|request| NewEvent::new("request", request.account, request)));
    new.extend(views.iter().map(|stream| NewEvent::new("stream", Some(stream.account), stream)));
    new.extend(phones.iter().map(|device| NewEvent::new("device", Some(device.account), device)));
    let may_resync = progress.resync_at.is_none_or(|at| at.elapsed() >= LONGEST_PAUSE);
    if progress.owes_resync && may_resync {
        new.push(NewEvent::new("resync", None, &json!({})));
        (progress.owes_resync, progress.resync_at) = (false, Some(Instant::now()));
    }
    new
}

/// `GET /_emulator/events`.
pub(super) async fn subscribe(Shares(shared): App, account: Account, headers: HeaderMap) -> Response<Body> {
    let account = account.api_key().map(AccountId::named);
    let last_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.trim().parse().ok());
    let mut response = Response::new(Body::new(Viewer::new(&shared, account, last_id)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

type Next = Pin<Box<dyn Future<Output = (Result<Batch, RecvError>, broadcast::Receiver<Batch>)> + Send>>;

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
        if state.service.changes.watch(true) {
            state.told = state.service.next_request() - 1;
        }
        drop(state);
        let (first, receiver) = events.subscribe(account, last_id);
        events.wake();
        Self { account, first: Some(first), next: receiver.map(receive), shared: Arc::clone(shared), count }
    }
}

fn receive(mut receiver: broadcast::Receiver<Batch>) -> Next {
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
            let Poll::Ready((batch, receiver)) = next.as_mut().poll(cx) else { return Poll::Pending };
            let bytes = match batch {
                Ok(batch) => batch.for_viewer(self.account),
                Err(RecvError::Lagged(_)) => self.shared.events.resync(),
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
