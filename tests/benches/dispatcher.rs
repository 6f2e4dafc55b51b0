//! What a publisher costs by itself: an update that coalesces with the one before, and a look at very many that have nothing to send.

#![allow(missing_docs, reason = "criterion's macros write functions")]

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use activitysmith_kit::exchange::{Exchange, Next, Now};
use activitysmith_kit::publish::{AccountBudget, Changes, Class, Dispatcher, Pacing, PublisherId, Step, Urgency};
use activitysmith_kit::wire::Response;
use activitysmith_kit::{Error, Patch, Progress, RetryPolicy, StreamResponse};
use criterion::{Criterion, criterion_group, criterion_main};

#[derive(Debug)]
struct NoLimit;

impl AccountBudget for NoLimit {
    fn take(&mut self, _: Class, _: Duration) -> Result<(), Duration> {
        Ok(())
    }

    fn charge(&mut self, _: Duration) {}

    fn learn(&mut self, _: &Result<StreamResponse, Error>, _: Duration, _: f64) {}
}

const NOW: Duration = Duration::from_secs(1_000);

/// Publishers whose first states the service has taken.
fn running(count: u32) -> (Dispatcher, Vec<PublisherId>) {
    let mut dispatcher = Dispatcher::default();
    let open = |number| {
        let state = Progress::new("Search Reindex").subtitle("catalog-v2").percentage(0);
        dispatcher.open(&format!("stream-{number}"), state, Pacing::Device, NOW).unwrap()
    };
    let publishers: Vec<_> = (0..count).map(open).collect();
    while let Step::Send { publisher, request, timeout } = dispatcher.poll(NOW, &mut NoLimit) {
        let now = Now { monotonic: NOW, wall: SystemTime::UNIX_EPOCH };
        let mut exchange = Exchange::new(request, RetryPolicy { max_retries: 0 }, timeout, now);
        let answer = Response { status: 200, headers: vec![], body: br#"{"operation":"started"}"#.to_vec() };
        let Next::Done(outcome) = exchange.proceed(Ok(answer), now, 0.0) else { unreachable!("it succeeds") };
        dispatcher.settle(publisher, outcome, NOW, 0.0, &mut NoLimit);
    }
    (dispatcher, publishers)
}

fn updates(c: &mut Criterion) {
    let (mut dispatcher, publishers) = running(1);
    let mut number = 0_u32;
    c.bench_function("publish/update typed", |b| {
        b.iter(|| {
            number = (number + 1) % 99;
            let patch = Patch::new().percentage(black_box(number));
            dispatcher.update(publishers[0], patch, Urgency::ByKind, || NOW)
        });
    });

    let texts: Vec<_> = (0..99).map(|number| format!(r#"{{"percentage":{number}}}"#)).collect();
    c.bench_function("publish/update json", |b| {
        b.iter(|| {
            number = (number + 1) % 99;
            let changes = Changes::parse(black_box(texts[number as usize].as_bytes())).unwrap();
            dispatcher.update(publishers[0], changes, Urgency::ByKind, || NOW)
        });
    });

    c.bench_function("publish/update subtitle too", |b| {
        b.iter(|| {
            number = (number + 1) % 99;
            let patch = Patch::new().percentage(black_box(number)).subtitle("catalog-v2");
            dispatcher.update(publishers[0], patch, Urgency::ByKind, || NOW)
        });
    });
}

fn idle(c: &mut Criterion) {
    let (mut dispatcher, _) = running(10_000);
    c.bench_function("publish/poll 10000 idle", |b| b.iter(|| dispatcher.poll(black_box(NOW), &mut NoLimit)));
}

criterion_group!(benches, updates, idle);
criterion_main!(benches);
