//! The task that tells viewers what changes. It looks at the engine now and then, however much happens in between, so
//! that requests do not wait for viewers. Does nothing while nobody watches.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use super::events::{Bundle, News};
use super::{Shared, State};
use crate::engine::Changes;

/// Shortest time between two looks.
const GAP: Duration = Duration::from_millis(50);
/// Longest time between two looks while somebody watches: time alone changes what devices show.
const PULSE: Duration = Duration::from_secs(1);
/// How long changes are still gathered for a viewer who was cut off and may come back.
const PATIENCE: Duration = Duration::from_secs(10);
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
pub(super) async fn publish(shared: Arc<Shared>, sender: broadcast::Sender<Bundle>, mut stopped: watch::Receiver<()>) {
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            () = shared.events.wake.notified() => {}
        }
        let mut progress = Progress::default();
        let mut watched_at = Instant::now();
        while watched_at.elapsed() < PATIENCE {
            shared.events.publish(&sender, look(&shared, &mut progress));
            if shared.events.viewers() > 0 {
                watched_at = Instant::now();
            }
            tokio::select! {
                _ = stopped.changed() => return,
                () = tokio::time::sleep(GAP) => {}
            }
            tokio::select! {
                _ = stopped.changed() => return,
                () = shared.events.wake.notified() => {}
                () = tokio::time::sleep(PULSE) => {}
            }
        }
        let mut state = shared.lock();
        if shared.events.viewers() == 0 {
            state.engine.watch(false);
            shared.events.forget();
        } else {
            // Somebody came just now.
            shared.events.wake();
        }
    }
}

/// What is new since the last look.
fn look(shared: &Shared, progress: &mut Progress) -> Vec<News> {
    let mut state = shared.lock();
    let State { engine, clock, clock_changed, told } = &mut *state;
    let now = clock.now();
    engine.settle(now);
    let Changes { streams, devices, faults, switches, resets, .. } = engine.take_changes();
    let faults = faults.then(|| engine.faults(None));
    let switches = switches.then(|| engine.switches());
    let clock = std::mem::take(clock_changed).then(|| clock.view());
    let newest = engine.next_request() - 1;
    let too_many_requests = newest.saturating_sub(*told) > MOST as u64;
    progress.owes_resync |= too_many_requests || streams.len() > MOST || devices.len() > MOST;

    let requests = if too_many_requests { Vec::new() } else { engine.requests(None, *told) };
    *told = newest;
    let mut views = Vec::new();
    for (account, key) in streams.iter().take(MOST) {
        views.extend(engine.stream(now, Some(&account.to_string()), key));
    }
    let mut phones = Vec::new();
    for account in devices.iter().take(MOST) {
        phones.extend(engine.devices(now, Some(&account.to_string())));
    }
    drop(state);

    let mut news = Vec::new();
    for (scope, account) in resets {
        news.push(News::new("reset", account, &json!({"scope": scope, "account": account})));
    }
    news.extend(clock.map(|clock| News::new("clock", None, &clock)));
    news.extend(faults.map(|faults| News::new("fault", None, &json!({"faults": faults}))));
    news.extend(switches.map(|switches| News::new("switches", None, &switches)));
    news.extend(requests.iter().map(|request| News::new("request", request.account, request)));
    news.extend(views.iter().map(|stream| News::new("stream", Some(stream.account), stream)));
    news.extend(phones.iter().map(|device| News::new("device", Some(device.account), device)));
    let may_resync = progress.resync_at.is_none_or(|at| at.elapsed() >= PULSE);
    if progress.owes_resync && may_resync {
        news.push(News::new("resync", None, &json!({})));
        (progress.owes_resync, progress.resync_at) = (false, Some(Instant::now()));
    }
    news
}
