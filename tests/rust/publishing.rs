//! Publishers and the emulator over loopback: what a job's progress looks like while it runs and when it is over.

use std::future::{Future as _, IntoFuture as _};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::Poll;
use std::time::{Duration, Instant};

use activitysmith_emulator::{Emulator, Limits, Options};
use activitysmith_emulator::{StreamState, StreamView};
use activitysmith_kit::publish::{Ending, EventKind};
use activitysmith_kit::{
    ActivitySmith, Alert, Builder, Change, Error, Operation, Patch, Progress, Publisher, PushAlert, SegmentedProgress,
    blocking,
};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Metadata};

const KEY: &str = "ask_test_publishing";
const SHOW: Duration = Duration::ZERO;

async fn emulator() -> Emulator {
    Emulator::start(Options::default()).await.unwrap()
}

fn builder(emulator: &Emulator) -> Builder {
    ActivitySmith::builder().base_url(emulator.base_url()).api_key(KEY)
}

fn stream(emulator: &Emulator, key: &str) -> StreamView {
    emulator.with_service(|service, now| service.stream(now, Some(KEY), key)).unwrap()
}

fn shown(emulator: &Emulator, key: &str) -> serde_json::Value {
    serde_json::to_value(stream(emulator, key)).unwrap()["content_state"].clone()
}

/// The methods of all requests that came, oldest first.
fn methods(emulator: &Emulator) -> Vec<String> {
    emulator.requests().iter().map(|entry| entry.method.clone()).collect()
}

fn progress() -> Progress {
    Progress::new("Search Reindex").percentage(0)
}

/// A client without a service: nothing listens on port 1 of this machine.
fn nobody() -> Builder {
    ActivitySmith::builder().base_url("http://127.0.0.1:1/api").api_key(KEY)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_updates_are_a_start_and_an_end_with_the_last_state() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let live = client.live_activities().publish("reindex", progress()).start().unwrap();
    live.flush(Duration::from_secs(5)).await.unwrap();
    for step in 1..=1_000 {
        live.update(Patch::new().percentage(f64::from(step) / 20.0)).unwrap();
    }
    let ended = live.finish().await.unwrap();
    assert_eq!(ended.operation, Operation::Ended);
    assert_eq!(methods(&emulator), ["PUT", "DELETE"]);
    assert_eq!(shown(&emulator, "reindex"), json!({"title": "Search Reindex", "type": "progress", "percentage": 50}));
    let counters = live.counters();
    assert_eq!((counters.updates, counters.sent, counters.acknowledged), (1_001, 2, 2));
    assert_eq!(live.events().last().unwrap().kind, EventKind::Ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_go_at_once_and_carry_their_alert_once() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let live = client
        .live_activities()
        .publish("deploy", SegmentedProgress::new("Deploy", 3, 0))
        .min_interval(SHOW)
        .start()
        .unwrap();
    live.flush(Duration::from_secs(5)).await.unwrap();
    live.update(Patch::new().current_step(1).alert(PushAlert::new().title("Built"))).unwrap();
    live.flush(Duration::from_secs(5)).await.unwrap();
    live.update(Patch::new().current_step(2)).unwrap();
    live.flush(Duration::from_secs(5)).await.unwrap();
    live.finish_with(Patch::new().current_step(3)).await.unwrap();
    let bodies: Vec<_> =
        emulator.requests().iter().map(|entry| String::from_utf8(entry.body.clone()).unwrap()).collect();
    let alerts: Vec<bool> = bodies.iter().map(|body| body.contains("Built")).collect();
    assert_eq!(alerts, [false, true, false, false]);
    assert_eq!(shown(&emulator, "deploy")["current_step"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_that_is_dropped_is_a_job_that_failed() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    {
        let live = client.live_activities().publish("backup", progress()).start().unwrap();
        live.flush(Duration::from_secs(5)).await.unwrap();
    }
    until(|| methods(&emulator).len() == 2).await;
    let state = shown(&emulator, "backup");
    assert_eq!((&state["color"], &state["badge"]["title"]), (&json!("red"), &json!("Failed")));
    assert_eq!(state.get("subtitle"), None, "no reason was given");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_says_why_where_the_state_has_room_for_it() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let live = client.live_activities().publish("page", Alert::new("Disk", "90 % full")).start().unwrap();
    live.fail("TimeoutError").await.unwrap();
    assert_eq!(shown(&emulator, "page")["message"], "TimeoutError");
    assert_eq!(live.finish().await.unwrap().operation, Operation::Ended, "the outcome of the first end");
    live.update(Patch::new().message("m")).unwrap();
    assert_eq!(shown(&emulator, "page")["message"], "TimeoutError");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_is_checked_before_anything_is_published() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let refused = client.live_activities().publish("k", Change::new("T")).start().unwrap_err();
    assert!(refused.to_string().contains("content_state.type is missing"), "{refused}");
    let live = client.live_activities().publish("k", progress()).start().unwrap();
    let refused = live.update(Patch::new().message("m")).unwrap_err();
    assert!(refused.to_string().contains("content_state.message does not apply to type progress"), "{refused}");
    live.finish().await.unwrap();
    assert_eq!(shown(&emulator, "k")["percentage"], 0, "what was refused has changed nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_a_job_runs_at_full_speed_and_is_told_at_its_end() {
    let client = nobody().build().unwrap();
    let live = client.live_activities().publish("k", progress()).start().unwrap();
    for step in 0..100_000_u32 {
        live.update(Patch::new().percentage(step % 100)).unwrap();
    }
    assert_eq!(live.counters().updates, 100_001);
    assert!(live.flush(Duration::from_millis(50)).await.is_err());
    assert!(matches!(live.finish().await, Err(Error::Connection(_))));
    let warnings: Vec<_> =
        live.events().into_iter().filter(|event| event.kind.is_warning()).map(|event| event.kind).collect();
    assert_eq!(warnings, [EventKind::Failing, EventKind::NotArrived]);
}

/// On one thread, since the subscriber of the log is set for this thread.
#[tokio::test]
async fn without_a_network_the_log_warns_once() {
    let log = Log::default();
    let _hears = tracing::subscriber::set_default(log.clone());
    let live = nobody().build().unwrap().live_activities().publish("k", progress()).start().unwrap();
    live.update(Patch::new().percentage(40)).unwrap();
    assert!(live.finish().await.is_err());
    assert_eq!(log.warnings(), ["not_arrived"]);
}

/// The log line is written while the same publisher is changed on another thread, and its writer changes it once more.
#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_may_use_the_publisher_that_it_logs() {
    let lock = Arc::new(Mutex::new(()));
    let live = Arc::new(OnceLock::<Publisher>::new());
    let called = {
        let (lock, live) = (Arc::clone(&lock), Arc::clone(&live));
        move || {
            let _stdout = lock.lock().unwrap();
            if let Some(live) = live.get() {
                live.update(Patch::new().percentage(41)).unwrap();
            }
        }
    };
    let log = Log::calling(called);
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let publisher = nobody().build().unwrap().live_activities().publish("k", progress()).start().unwrap();
    live.get_or_init(|| publisher);
    let (done, is_done) = std::sync::mpsc::channel();
    let job = Arc::clone(&live);
    std::thread::spawn(move || {
        let live = job.get().unwrap();
        let holds_stdout = lock.lock().unwrap();
        while live.counters().failed == 0 {
            std::thread::yield_now();
        }
        live.update(Patch::new().percentage(40)).unwrap();
        drop(holds_stdout);
        done.send(()).unwrap();
    });
    is_done.recv_timeout(Duration::from_secs(60)).expect("the job and the log do not wait for each other");
    assert!(live.get().unwrap().finish().await.is_err());
    until(|| log.warnings().iter().any(|warning| warning == "failing")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_duration_can_be_given() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    for limit in [Duration::MAX, Duration::from_secs(u64::MAX), Duration::ZERO] {
        let live = client.live_activities().publish("k", progress()).min_interval(limit).start().unwrap();
        live.update(Patch::new().percentage(40)).unwrap();
        let _ = live.flush(limit).await;
        let _ = live.end(Ending::Complete).within(limit).await;
        let items = client.live_activities().track(0..3, "t", "T").min_interval(limit).start().unwrap();
        assert_eq!(items.count(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_the_service_refuses_is_told_by_a_flush_and_not_sent_again() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let refusal =
        json!({"times": 1, "then": {"status": 400, "body": {"error": "Bad Request", "message": "no such icon"}}});
    let rule = serde_json::from_value(refusal).unwrap();
    emulator.with_service(|service, _| service.set_fault(Some(KEY), rule)).unwrap();
    let live = client.live_activities().publish("k", progress()).min_interval(SHOW).start().unwrap();
    for _ in 0..2 {
        let problem = live.flush(Duration::from_secs(5)).await.unwrap_err();
        assert!(problem.to_string().contains("no such icon"), "{problem}");
    }
    assert_eq!(methods(&emulator), ["PUT"]);
    live.update(Patch::new().percentage(50)).unwrap();
    live.flush(Duration::from_secs(5)).await.unwrap();
    assert_eq!(shown(&emulator, "k")["percentage"], 50);
    live.detach();
}

/// On one thread, so that nothing else happens between the beginning of the end and the update.
#[tokio::test]
async fn updates_are_ignored_when_a_stream_ends_and_reported_once() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let live = client.live_activities().publish("k", progress()).start().unwrap();
    let late = || Patch::new().percentage(99);
    let (ended, ignored) = tokio::join!(live.finish(), async { live.update(late()) });
    ended.unwrap();
    ignored.unwrap();
    live.update(late()).unwrap();
    until(|| live.counters().sent == 2).await;
    let late = live.events().into_iter().filter(|event| event.kind == EventKind::AfterEnd).count();
    assert_eq!(late, 1);
    assert_eq!(shown(&emulator, "k")["percentage"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detached_publisher_leaves_its_activity_as_it_is() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let live = client.live_activities().publish("k", progress()).start().unwrap();
    live.flush(Duration::from_secs(5)).await.unwrap();
    live.detach();
    drop(live);
    drop(client);
    assert_eq!(methods(&emulator), ["PUT"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_or_where_it_is_disabled_a_job_runs_all_the_same() {
    let client =
        ActivitySmith::builder().base_url("http://127.0.0.1:1/api").api_key_file("/nowhere/key").build().unwrap();
    let live = client.live_activities().publish("k", progress()).start().unwrap();
    assert!(live.disabled_reason().unwrap().to_string().contains("api_key_file"));
    live.update(Patch::new().percentage(5)).unwrap();
    assert_eq!(live.finish().await.unwrap().operation, Operation::Disabled);
    assert_eq!(client.live_activities().track(0..3, "k", "T").start().unwrap().count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_iterator_shows_how_far_it_is() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let mut items = client.live_activities().track(0..4, "sized", "Sized").min_interval(SHOW).start().unwrap();
    assert_eq!((&mut items).sum::<i32>(), 6);
    items.finish().await.unwrap();
    assert_eq!(shown(&emulator, "sized"), json!({"title": "Sized", "type": "progress", "percentage": 100}));

    let mut left = client.live_activities().track(0..4, "left", "Left").min_interval(SHOW).start().unwrap();
    assert_eq!(left.nth(2), Some(2));
    left.finish().await.unwrap();
    assert_eq!(shown(&emulator, "left")["percentage"], 50, "two of four are done with");

    let counted =
        client.live_activities().track((0..9).filter(|n| n % 2 == 0), "counted", "Counted").min_interval(SHOW).start();
    let mut counted = counted.unwrap();
    assert_eq!((&mut counted).count(), 5);
    counted.finish().await.unwrap();
    assert_eq!(shown(&emulator, "counted"), json!({"title": "Counted", "type": "value", "value": 5}));
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_share_a_handle_and_count_what_they_have_done() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let live = client.live_activities().publish("k", Change::new("Reindex")).counting(Some(8)).start().unwrap();
    let workers: Vec<_> = (0..3)
        .map(|_| {
            let live = live.clone();
            tokio::spawn(async move { live.inc(2).unwrap() })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    live.set_total(12).unwrap();
    live.finish().await.unwrap();
    assert_eq!(shown(&emulator, "k"), json!({"title": "Reindex", "type": "progress", "percentage": 50}));
    let live = client.live_activities().publish("n", Change::new("Reindex")).counting(None).start().unwrap();
    live.inc(7).unwrap();
    assert!(live.set_total(12).unwrap_err().to_string().contains("total was not known"));
    live.finish().await.unwrap();
    assert_eq!(shown(&emulator, "n")["value"], 7);
    let live = client.live_activities().publish("p", progress()).start().unwrap();
    assert!(live.inc(1).unwrap_err().to_string().contains("counts no items"));
    live.detach();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_ends_as_its_job_ends() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let publish = |key: &str| client.live_activities().publish(key, progress());
    let done = publish("done").scope(async |live| {
        live.update(Patch::new().percentage(70))?;
        Ok::<_, Error>(7)
    });
    assert_eq!(done.await.unwrap(), 7);
    assert_eq!(
        (stream(&emulator, "done").state, &shown(&emulator, "done")["percentage"]),
        (StreamState::Ended, &json!(70))
    );
    let failed = publish("failed").scope(async |_| Err::<(), _>(Box::<dyn std::error::Error>::from("out of disk")));
    assert_eq!(failed.await.unwrap_err().to_string(), "out of disk");
    assert_eq!(
        (&shown(&emulator, "failed")["color"], &shown(&emulator, "failed")["subtitle"]),
        (&json!("red"), &json!("Error"))
    );
    let cancelled = publish("cancelled").scope(async |live| {
        live.flush(Duration::from_secs(9)).await?;
        std::future::pending::<activitysmith_kit::Result<()>>().await
    });
    assert!(tokio::time::timeout(Duration::from_millis(200), cancelled).await.is_err());
    until(|| stream(&emulator, "cancelled").state == StreamState::Ended).await;
    assert_eq!(shown(&emulator, "cancelled")["color"], "red");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_abandoned_goes_on_and_a_second_one_has_its_outcome() {
    let emulator = emulator().await;
    let client = builder(&emulator).build().unwrap();
    let live = client.live_activities().publish("k", progress()).start().unwrap();
    live.flush(Duration::from_secs(5)).await.unwrap();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut first = live.fail("OSError").into_future();
    let _ = first.as_mut().poll(&mut context);
    drop(first);
    assert_eq!(live.finish().await.unwrap().operation, Operation::Ended);
    assert_eq!(shown(&emulator, "k")["subtitle"], "OSError");
}

#[test]
fn a_shutdown_waits_for_the_ends_of_dropped_handles() {
    let server = tokio::runtime::Runtime::new().unwrap();
    let emulator = server.block_on(emulator());
    let client = builder(&emulator).build().unwrap();
    let program = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    program.block_on(async {
        let open = client.live_activities().publish("open", progress()).start().unwrap();
        drop(client.live_activities().publish("dropped", progress()).start().unwrap());
        client.shutdown(Duration::from_secs(9)).await.unwrap();
        assert!(open.finish().await.is_ok());
    });
    drop(program);
    for key in ["open", "dropped"] {
        assert_eq!(
            (stream(&emulator, key).state, &shown(&emulator, key)["color"]),
            (StreamState::Ended, &json!("red"))
        );
    }
}

#[test]
fn a_publisher_outlives_the_runtime_that_it_was_made_on() {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let server = runtime();
    let emulator = server.block_on(emulator());
    let client = builder(&emulator).build().unwrap();
    let first = runtime();
    let live = first.block_on(async { client.live_activities().publish("first", progress()).start().unwrap() });
    drop(first);
    runtime().block_on(async {
        let second = client.live_activities().publish("second", progress()).start().unwrap();
        second.finish().await.unwrap();
        live.finish().await.unwrap();
    });
    assert_eq!(shown(&emulator, "first")["title"], "Search Reindex");
}

#[test]
fn a_publisher_does_without_a_runtime_that_has_become_idle() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = tokio::runtime::Runtime::new().unwrap();
    let emulator = server.block_on(emulator());
    let client = builder(&emulator).build().unwrap();
    let (idle, working) = (runtime(), runtime());
    let live = idle.block_on(async { client.live_activities().publish("first", progress()).start().unwrap() });
    working.block_on(async {
        live.update(Patch::new().percentage(40)).unwrap();
        live.flush(Duration::from_secs(9)).await.unwrap();
        let second = client.live_activities().publish("second", progress()).start().unwrap();
        second.finish().await.unwrap();
    });
    // Its connections answer no more.
    idle.block_on(live.finish().into_future()).unwrap();
    assert_eq!(shown(&emulator, "first")["percentage"], 40);
    assert_eq!(stream(&emulator, "second").state, StreamState::Ended);
    drop(working);
}

#[test]
fn outside_a_runtime_to_wait_is_an_error() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let emulator = runtime.block_on(emulator());
    let client = builder(&emulator).build().unwrap();
    let live = runtime.block_on(async { client.live_activities().publish("k", progress()).start().unwrap() });
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let flushed = std::pin::pin!(live.flush(Duration::from_secs(5))).poll(&mut context);
    assert!(matches!(&flushed, Poll::Ready(Err(Error::Config(error))) if error.setting == "runtime"), "{flushed:?}");
    let finished = std::pin::pin!(live.finish().into_future()).poll(&mut context);
    assert!(matches!(&finished, Poll::Ready(Err(Error::Config(error))) if error.setting == "runtime"), "{finished:?}");
}

/// An emulator, and a client without an async runtime.
fn blocking_setup() -> (tokio::runtime::Runtime, Emulator, blocking::ActivitySmith) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let emulator = runtime.block_on(emulator());
    let client = builder(&emulator).build_blocking().unwrap();
    (runtime, emulator, client)
}

#[test]
fn a_program_without_a_runtime_publishes_too() {
    let (_runtime, emulator, client) = blocking_setup();
    let live = client.live_activities().publish("k", progress()).start().unwrap();
    live.update(Patch::new().percentage(40)).unwrap();
    live.flush(Duration::from_secs(5)).unwrap();
    live.replace(SegmentedProgress::new("Reindex", 2, 1)).unwrap();
    drop(client);
    assert_eq!(live.finish().unwrap().operation, Operation::Ended);
    assert_eq!(shown(&emulator, "k")["current_step"], 1);
}

#[test]
fn a_loop_is_over_when_its_end_has_arrived() {
    let (_runtime, emulator, client) = blocking_setup();
    for _ in client.live_activities().track(0..3, "whole", "T").start().unwrap() {}
    assert_eq!(shown(&emulator, "whole")["percentage"], 100);
    for item in client.live_activities().track(0..4, "left", "T").start().unwrap() {
        if item == 2 {
            break;
        }
    }
    assert_eq!(shown(&emulator, "left")["percentage"], 50);
    assert_eq!(stream(&emulator, "left").state, StreamState::Ended);
}

#[test]
fn a_panic_ends_the_stream_as_failed() {
    let (_runtime, emulator, client) = blocking_setup();
    let job = std::thread::spawn(move || {
        for item in client.live_activities().track(0..3, "k", "T").start().unwrap() {
            assert!(item < 1, "the job's own mistake");
        }
    });
    assert!(job.join().is_err());
    let state = shown(&emulator, "k");
    assert_eq!((&state["color"], &state["subtitle"]), (&json!("red"), &json!("panicked")));
}

#[test]
fn two_clients_can_share_a_budget_through_a_file() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // The service shows any number of activities, and says nothing of a limit that the clients would learn from.
    let options = Options { limits: Limits::none(), ..Options::default() };
    let emulator = runtime.block_on(Emulator::start(options)).unwrap();
    let path = std::env::temp_dir().join(format!("activitysmith-kit-{}-two-clients", std::process::id()));
    loop {
        let _ = std::fs::remove_file(&path);
        let started = Instant::now();
        let clients = [(); 2].map(|()| builder(&emulator).budget_file(&path).build_blocking().unwrap());
        let lives: Vec<_> = (0..14)
            .map(|n| clients[n % 2].live_activities().publish(format!("k{n}"), progress()).start().unwrap())
            .collect();
        lives[0].flush(Duration::from_secs(30)).expect("there is room for the first");
        let arrived = lives.iter().filter(|live| live.flush(Duration::from_millis(100)).is_ok()).count();
        lives.iter().for_each(blocking::Publisher::detach);
        // Where the machine has stalled for long, there was room for all.
        if started.elapsed() < Duration::from_secs(5) {
            assert!((1..14).contains(&arrived), "{arrived} of 14 at once");
            break;
        }
    }
    std::fs::remove_file(&path).unwrap();
}

/// For real: half a minute of everything that a loop can give, on three streams.
#[test]
fn a_hundred_thousand_updates_a_second_meet_no_limit() {
    const SECONDS: u64 = 30;
    let (_runtime, emulator, client) = blocking_setup();
    let jobs = ["one", "two", "three"].map(|key| {
        let client = client.clone();
        std::thread::spawn(move || {
            let live = client.live_activities().publish(key, progress()).start().unwrap();
            let (started, mut updates) = (Instant::now(), 0_u64);
            while started.elapsed() < Duration::from_secs(SECONDS) {
                for _ in 0..1_000 {
                    updates += 1;
                    live.update(Patch::new().percentage((updates % 100_000) as f64 / 1_000.0)).unwrap();
                }
            }
            live.update(Patch::new().percentage(77)).unwrap();
            live.finish().unwrap();
            updates
        })
    });
    let updates: u64 = jobs.into_iter().map(|job| job.join().unwrap()).sum();
    println!("{} updates a second", updates / SECONDS);
    assert!(emulator.requests().iter().all(|entry| entry.status == 200), "a request was refused");
    assert!(emulator.requests().len() <= 3 * 5, "{} requests", emulator.requests().len());
    for key in ["one", "two", "three"] {
        assert_eq!(shown(&emulator, key)["percentage"], 77);
    }
}

/// Keeps the names of the events that the kit warns of.
#[derive(Clone)]
struct Log {
    warnings: Arc<Mutex<Vec<String>>>,
    called: Arc<dyn Fn() + Send + Sync>,
}

impl Default for Log {
    fn default() -> Self {
        Self::calling(|| ())
    }
}

impl Log {
    /// One that calls this for each line before it keeps it.
    fn calling(called: impl Fn() + Send + Sync + 'static) -> Self {
        Self { warnings: Arc::default(), called: Arc::new(called) }
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.lock().unwrap().clone()
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN && metadata.target().starts_with("activitysmith_kit")
    }

    fn event(&self, event: &tracing::Event<'_>) {
        struct Name<'a>(&'a Log);
        impl Visit for Name<'_> {
            fn record_str(&mut self, field: &Field, value: &str) {
                if field.name() == "event" {
                    self.0.warnings.lock().unwrap().push(value.to_owned());
                }
            }
            fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
        }
        (self.called)();
        event.record(&mut Name(self));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Waits for what happens in the background, for 5 seconds at most.
async fn until(happened: impl Fn() -> bool) {
    let started = Instant::now();
    while !happened() {
        assert!(started.elapsed() < Duration::from_secs(5), "it did not happen");
        tokio::task::yield_now().await;
    }
}
