//! What the core costs by itself: checking and building a request, reading a response.

#![allow(missing_docs, reason = "criterion's macros write functions")]

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use activitysmith_kit::api::{END_STREAM, STREAM};
use activitysmith_kit::call::{Exchange, Now, RetryPolicy};
use activitysmith_kit::call::{Request, Response};
use activitysmith_kit::{Metric, Metrics, Progress, StreamRequest};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

fn requests(c: &mut Criterion) {
    let progress = StreamRequest::from(Progress::new("Search Reindex").subtitle("catalog-v2").percentage(42));
    c.bench_function("request/progress typed", |b| b.iter(|| Request::new("search-reindex", black_box(&progress))));

    let json = Request::new("search-reindex", &progress).unwrap().body.unwrap();
    c.bench_function("request/progress json", |b| {
        b.iter(|| Request::from_json(&STREAM, "search-reindex", black_box(&json)));
    });

    let metrics: Vec<_> = (0..8).map(|n| Metric::new(format!("Node {n}"), n).unit("%")).collect();
    let metrics = StreamRequest::from(Metrics::new("Nodes", metrics));
    c.bench_function("request/8 metrics typed", |b| b.iter(|| Request::new("nodes", black_box(&metrics))));

    let wrong = br#"{"content_state":{"subtitel":"x","type":"progress","percentage":101}}"#;
    c.bench_function("request/3 violations", |b| b.iter(|| Request::from_json(&STREAM, "k", black_box(wrong))));
}

fn responses(c: &mut Criterion) {
    let body = br#"{"success":true,"operation":"updated","stream_key":"search-reindex","activity_id":"8iM_2yR-gTm0Bv6Ds1AwQ7eXuU9kN4pZ","devices_notified":1,"timestamp":"2026-11-20T09:00:00.000Z"}"#;
    let now = Now { monotonic: Duration::ZERO, wall: SystemTime::UNIX_EPOCH };
    let mut bench = |name: &str, response: &Response| {
        let request = Request::from_json(&END_STREAM, "k", b"{}").unwrap();
        let exchange = || Exchange::new(request.clone(), RetryPolicy::default(), Duration::from_secs(1), now);
        c.bench_function(name, |b| {
            b.iter_batched_ref(
                || (exchange(), Some(response.clone())),
                |(exchange, response)| exchange.proceed(Ok(response.take().unwrap()), now, 0.5),
                BatchSize::SmallInput,
            );
        });
    };
    let bare = Response { status: 200, headers: vec![], body: body.to_vec() };
    bench("response/updated", &bare);

    let headers = [
        ("ratelimit", r#""public-api-ip:live-activities"; r=580; t=41, "account:live-activities"; r=287; t=41"#),
        ("ratelimit-policy", r#""public-api-ip:live-activities"; q=600; w=60, "account:live-activities"; q=300; w=60"#),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let limited = Response { headers, ..bare };
    bench("response/updated, with limits", &limited);
}

criterion_group!(benches, requests, responses);
criterion_main!(benches);
