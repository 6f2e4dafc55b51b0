//! What publishing costs a job: an update that a newer one takes the place of, an item of an iterator, and many publishers that
//! have nothing to do.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use activitysmith_emulator::{Emulator, Limits, Options};
use activitysmith_kit::api::Answer;
use activitysmith_kit::blocking::{ActivitySmith, Publisher};
use activitysmith_kit::call::Response;
use activitysmith_kit::publish::{AccountBudget, Class};
use activitysmith_kit::{ActivitySmith as Async, Error, HttpRequest, Patch, Progress, Transport, TransportFuture};
use criterion::{Criterion, Throughput};
use tokio::runtime::Runtime;

const ITEMS: u64 = 1_000_000;
const PUBLISHERS: usize = 10_000;
const IDLE: Duration = Duration::from_secs(10);

/// A client of an emulator without limits.
fn setup() -> (Runtime, Emulator, ActivitySmith) {
    let runtime = Runtime::new().unwrap();
    let options = Options { limits: Limits::none(), ..Options::default() };
    let emulator = runtime.block_on(Emulator::start(options)).unwrap();
    let client = Async::builder().base_url(emulator.base_url()).api_key("ask_test_bench").build_blocking().unwrap();
    (runtime, emulator, client)
}

fn publish(client: &ActivitySmith, key: &str) -> Publisher {
    client
        .live_activities()
        .publish(key, Progress::new("Search Reindex").subtitle("catalog-v2").percentage(0))
        .start()
        .unwrap()
}

fn updates(criterion: &mut Criterion, client: &ActivitySmith) {
    let live = publish(client, "updates");
    let mut step = 0_u32;
    criterion.bench_function("publish/coalesced update", |bencher| {
        bencher.iter(|| {
            step = (step + 1) % 1_000;
            live.update(Patch::new().percentage(black_box(f64::from(step) / 10.0))).unwrap();
        });
    });
    live.detach();
}

fn items(criterion: &mut Criterion, client: &ActivitySmith) {
    let mut group = criterion.benchmark_group("publish/items");
    group.throughput(Throughput::Elements(ITEMS)).sample_size(20);
    group.bench_function("bare", |bencher| {
        bencher.iter(|| (0..ITEMS).for_each(|item| _ = black_box(item)));
    });
    // Of one stream, without its start and its end, which wait for the network.
    let mut tracked = client.live_activities().track(0..u64::MAX, "items", "Items").start().unwrap();
    group.bench_function("tracked", |bencher| {
        bencher.iter(|| tracked.by_ref().take(ITEMS as usize).for_each(|item| _ = black_box(item)));
    });
    tracked.publisher().detach();
    group.finish();
}

/// The processor's time and the memory that this process has used. The emulator is a part of it.
fn used() -> (f64, f64) {
    let ticks_per_second = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().map(|field| fields[*field].parse::<f64>().unwrap()).sum();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kilobytes: f64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
    (ticks / ticks_per_second, kilobytes / 1024.0)
}

fn idle(client: &ActivitySmith) {
    let (_, before) = used();
    let publishers: Vec<_> = (0..PUBLISHERS).map(|number| publish(client, &format!("idle-{number}"))).collect();
    let (cpu_at_start, after) = used();
    std::thread::sleep(IDLE);
    let (cpu, _) = used();
    let share = 100.0 * (cpu - cpu_at_start) / IDLE.as_secs_f64();
    println!(
        "publish/{PUBLISHERS} publishers, each with a state that waits for its turn: {share:.2} % of a core, {:.1} MB",
        after - before
    );
    publishers.iter().for_each(Publisher::detach);
}

/// A service that takes everything at once.
struct Fake;

impl Transport for Fake {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let operation = if request.method == "PUT" { "started" } else { "ended" };
        let body = format!(r#"{{"operation": "{operation}"}}"#).into_bytes();
        Box::pin(async { Ok(Response { status: 200, headers: Vec::new(), body }) })
    }
}

#[derive(Debug)]
struct NoLimit;

impl AccountBudget for NoLimit {
    fn take(&mut self, _: Class, _: Duration) -> Result<(), Duration> {
        Ok(())
    }

    fn charge(&mut self, _: Duration) {}

    fn learn(&mut self, _: &Result<Answer, Error>, _: Duration, _: f64) {}
}

/// Very many publishers of one client, which start, change once and end at the same time.
fn many(runtime: &Runtime) {
    let client = Async::builder().api_key("ask_test_bench").base_url("http://127.0.0.1:1/api");
    let client = client.transport(Fake).budget(NoLimit).build().unwrap();
    runtime.block_on(async {
        let state = || Progress::new("Search Reindex").percentage(0);
        let open = |number: usize| client.live_activities().publish(number.to_string(), state()).start().unwrap();
        let lives: Vec<_> = (0..PUBLISHERS).map(open).collect();
        let longest = lives.iter().map(|live| {
            let started = Instant::now();
            live.update(Patch::new().subtitle("catalog-v2")).unwrap();
            started.elapsed()
        });
        let longest = longest.max().unwrap_or_default();
        let started = Instant::now();
        client.shutdown(Duration::from_secs(60)).await.unwrap();
        let took = started.elapsed().as_secs_f64();
        println!("publish/{PUBLISHERS} publishers: the longest update took {longest:.1?}, all ends {took:.2} s");
    });
}

fn main() {
    let (runtime, _emulator, client) = setup();
    many(&runtime);
    let mut criterion = Criterion::default().configure_from_args();
    updates(&mut criterion, &client);
    items(&mut criterion, &client);
    if cfg!(target_os = "linux") {
        idle(&client);
    }
    criterion.final_summary();
}
