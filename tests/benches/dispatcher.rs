//! What a publisher costs by itself: an update that coalesces with the one before, and very many publishers that wait, change and end.

#![allow(missing_docs, reason = "criterion's macros write functions")]

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use activitysmith_kit::api::Answer;
use activitysmith_kit::call::Response;
use activitysmith_kit::call::{Exchange, Next, Now, RetryPolicy};
use activitysmith_kit::publish::{
    AccountBudget, Changes, Class, Dispatcher, Ending, Pacing, PublisherId, Step, Urgency,
};
use activitysmith_kit::{Error, Patch, Progress};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

#[derive(Debug)]
struct NoLimit;

impl AccountBudget for NoLimit {
    fn take(&mut self, _: Class, _: Duration) -> Result<(), Duration> {
        Ok(())
    }

    fn charge(&mut self, _: Duration) {}

    fn learn(&mut self, _: &Result<Answer, Error>, _: Duration, _: f64) {}
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
    serve(&mut dispatcher, NOW);
    (dispatcher, publishers)
}

/// Answers all that is sent.
fn serve(dispatcher: &mut Dispatcher, monotonic: Duration) {
    while let Step::Send { publisher, request, timeout } = dispatcher.poll(monotonic, &mut NoLimit) {
        let now = Now { monotonic, wall: SystemTime::UNIX_EPOCH };
        let mut exchange = Exchange::new(request, RetryPolicy { max_retries: 0 }, timeout, now);
        let answer = Response { status: 200, headers: vec![], body: br#"{"operation":"started"}"#.to_vec() };
        let Next::Done(outcome) = exchange.proceed(Ok(answer), now, 0.0) else { unreachable!("it succeeds") };
        dispatcher.settle(publisher, outcome, monotonic, 0.0, &mut NoLimit);
    }
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

fn many(c: &mut Criterion) {
    let (mut dispatcher, publishers) = running(3_000);
    let mut now = NOW;
    let mut number = 0_usize;
    c.bench_function("publish/update and send, among 3000", |b| {
        b.iter(|| {
            number += 1;
            now += Duration::from_secs(1);
            let patch = Patch::new().subtitle(number.to_string());
            dispatcher.update(publishers[number % publishers.len()], patch, Urgency::ByKind, || now).unwrap();
            serve(&mut dispatcher, now);
        });
    });

    let mut group = c.benchmark_group("publish");
    group.sample_size(10);
    group.bench_function("end of 10000", |b| {
        b.iter_batched(
            || running(10_000),
            |(mut dispatcher, publishers)| {
                for id in &publishers {
                    dispatcher.end(*id, Ending::Complete, None, NOW).unwrap();
                }
                serve(&mut dispatcher, NOW);
                assert!(publishers.iter().all(|id| dispatcher.outcome(*id).is_some()));
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, updates, idle, many);
criterion_main!(benches);
