//! Unofficial client of [ActivitySmith](https://activitysmith.com): shows what a job is doing as a Live Activity on iPhones.
//!
//! ```no_run
//! # #[cfg(feature = "client")]
//! # async fn example() -> activitysmith_kit::Result<()> {
//! use activitysmith_kit::{ActivitySmith, Progress};
//!
//! let client = ActivitySmith::from_env()?; // ACTIVITYSMITH_API_KEY
//! let state = Progress::new("Search Reindex").subtitle("catalog-v2").percentage(42);
//! let response = client.live_activities().stream("search-reindex", state).await?;
//! println!("{}", response.operation); // started
//! # Ok(())
//! # }
//! ```
//!
//! There are three ways to show something, from the lowest level to the highest:
//!
//! * [Send](#send) one state, and wait for the service's answer.
//! * [Publish](#publish) a state that changes often. The crate decides when to send it.
//! * [Track](#track) an iterator. The crate computes the percentage too.
//!
//! # Send
//!
//! [`stream`](LiveActivities::stream) shows a state under a stream key. The service starts, updates or replaces the activity of
//! that key. [`end_stream`](LiveActivities::end_stream) ends it. A call is sent when it is awaited.
//!
//! ```
//! # #[cfg(not(feature = "testing"))]
//! # fn main() {}
//! # #[cfg(feature = "testing")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> activitysmith_kit::Result<()> {
//! # use activitysmith_kit::{ActivitySmith, testing::FakeTransport};
//! # let client = ActivitySmith::builder().api_key("fake").transport(FakeTransport::new()).build()?;
//! use std::time::Duration;
//!
//! use activitysmith_kit::{OpenUrl, SegmentedProgress, Change};
//!
//! client
//!     .live_activities()
//!     .stream("deploy-web", SegmentedProgress::new("Deploy web", 5, 2).badge("canary"))
//!     .action(OpenUrl::new("Log", "https://ci.example.com/runs/17"))
//!     .channels(["ops"])
//!     .timeout(Duration::from_secs(3))
//!     .await?;
//! client.live_activities().end_stream("deploy-web").content_state(Change::new("Deployed")).await?;
//! # Ok(())
//! # }
//! ```
//!
//! There are seven states, each with only the fields that apply to it: [`Progress`], [`SegmentedProgress`], [`Metrics`], [`Stats`],
//! [`Alert`], [`Timer`] and [`Value`]. A [`Change`] changes what already runs. Each call:
//!
//! * sends what was set and nothing else. Tags and metadata that are left out stay as they are; empty, they are cleared;
//! * checks the request first, and reports all violations at once;
//! * takes at most 15 seconds, 5 of them to connect, all attempts included ([`Builder::timeout`], [`Call::timeout`]);
//! * repeats what is safe to repeat, at most twice ([`Builder::max_retries`], [`Call::max_retries`]);
//! * can be dropped at any time. A request that was sent by then may still take effect.
//!
//! A call owns all that it needs once it is a future ([`IntoFuture`]), so it can be spawned.
//!
//! # Notify
//!
//! The rest of the API has the same kind of calls: push notifications, the metrics of widgets, the number on the app's icon, and
//! activities that are addressed by an id ([`start`](LiveActivities::start), [`update`](LiveActivities::update),
//! [`end`](LiveActivities::end)).
//!
//! ```
//! # #[cfg(not(feature = "testing"))]
//! # fn main() {}
//! # #[cfg(feature = "testing")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> activitysmith_kit::Result<()> {
//! # use activitysmith_kit::{ActivitySmith, testing::FakeTransport};
//! # let client = ActivitySmith::builder().api_key("fake").transport(FakeTransport::new()).build()?;
//! use activitysmith_kit::{InterruptionLevel, Push};
//!
//! let push = Push::new("Backup failed").message("exit 3").interruption_level(InterruptionLevel::TimeSensitive);
//! let sent = client.notifications().send(push).await?;
//! if let Some(id) = sent.notification_id {
//!     client.notifications().replace(id, "Backup done after all").await?;
//! }
//! client.metrics().update("queue.depth", 42).await?;
//! client.badge_count(3).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A push and a start are repeated only where they have certainly not arrived; all other calls have the same effect once and twice.
//!
//! # Publish
//!
//! [`publish`](LiveActivities::publish) starts a [`Publisher`], which takes the latest state as often as the program has one. In the
//! background it sends the latest state as often as the phone and the account's limits allow.
//!
//! ```
//! # #[cfg(not(feature = "testing"))]
//! # fn main() {}
//! # #[cfg(feature = "testing")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> activitysmith_kit::Result<()> {
//! # use activitysmith_kit::{ActivitySmith, testing::FakeTransport};
//! # let client = ActivitySmith::builder().api_key("fake").transport(FakeTransport::new()).build()?;
//! # let (parts, work) = ([1, 2, 3], |_: &i32| Ok::<(), activitysmith_kit::Error>(()));
//! use activitysmith_kit::{Patch, Progress};
//!
//! let state = Progress::new("Search Reindex").percentage(0);
//! client.live_activities().publish("search-reindex", state).scope(async |live| {
//!     for (number, part) in parts.iter().enumerate() {
//!         work(part)?;
//!         live.update(Patch::new().percentage(100 * (number + 1) / parts.len()))?;
//!     }
//!     Ok(())
//! }).await
//! # }
//! ```
//!
//! `scope` ends the stream as the job ends: with its last state after `Ok`, and red after an error or a panic. The job's outcome is
//! its own. An end that does not arrive is logged, so a job that succeeds still succeeds when the service is down. Without a key the job
//! runs too, and one warning is logged.
//!
//! Where a closure does not fit, [`start`](Publish::start) gives back the publisher, which ends with [`finish`](Publisher::finish) or
//! [`fail`](Publisher::fail). These wait at most 2 and 5 seconds, and say whether the last state arrived. A publisher that is dropped
//! before that ends its stream as failed, in the background; [`shutdown`](ActivitySmith::shutdown) waits for such ends.
//! [`counting`](Publish::counting) suits workers that share one count.
//!
//! # Track
//!
//! [`track`](LiveActivities::track) wraps an iterator and publishes how far it is: in percent if the number of items is known, else as
//! a count.
//!
//! ```
//! # #[cfg(not(feature = "testing"))]
//! # fn main() {}
//! # #[cfg(feature = "testing")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> activitysmith_kit::Result<()> {
//! # use activitysmith_kit::{ActivitySmith, testing::FakeTransport};
//! # let client = ActivitySmith::builder().api_key("fake").transport(FakeTransport::new()).build()?;
//! # let files = vec!["a", "b"];
//! # fn index(_: &str) {}
//! for file in client.live_activities().track(files, "search-reindex", "Search Reindex").start()? {
//!     index(file);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`track_stream`](LiveActivities::track_stream) does the same for a [`Stream`](futures_core::Stream).
//!
//! # Errors
//!
//! Each failure is an [`Error`]. A request that breaks a rule of the API, or a client without a key, is refused before anything is
//! sent. [`is_transient`](Error::is_transient) says whether the same call may succeed later. No error shows the key.
//!
//! ```
//! # #[cfg(not(feature = "testing"))]
//! # fn main() {}
//! # #[cfg(feature = "testing")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> activitysmith_kit::Result<()> {
//! # use activitysmith_kit::{ActivitySmith, Progress, testing::FakeTransport};
//! # let client = ActivitySmith::builder().api_key("fake").transport(FakeTransport::new()).build()?;
//! # let state = Progress::new("Search Reindex").percentage(101);
//! use activitysmith_kit::{ApiErrorKind, Error};
//!
//! match client.live_activities().stream("search-reindex", state).await {
//!     Ok(response) => println!("{}", response.operation),
//!     Err(Error::Validation(error)) => {
//!         for violation in error.violations() {
//!             eprintln!("{} {}", violation.path, violation.message); // content_state.percentage is 101; ...
//!         }
//!     }
//!     Err(Error::Api(error)) if matches!(error.kind, ApiErrorKind::NoRecipients { .. }) => eprintln!("no device is paired"),
//!     Err(error) if error.is_transient() => eprintln!("try again later: {error}"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A success is never an error: operations, fields and values of a response that are newer than this release are kept and can be read.
//! In a job that must not fail because of its display, [`publish`](LiveActivities::publish) and [`track`](LiveActivities::track) report
//! what goes wrong through [`tracing`](https://docs.rs/tracing) and as [`Event`]s.
//!
//! # Testing
//!
//! With the feature `testing` a `FakeTransport` takes the place of the network. It records requests, and each one succeeds unless
//! another answer is queued:
//!
//! ```
//! # #[cfg(not(feature = "testing"))]
//! # fn main() {}
//! # #[cfg(feature = "testing")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> activitysmith_kit::Result<()> {
//! use activitysmith_kit::testing::FakeTransport;
//! use activitysmith_kit::{ActivitySmith, Progress};
//! use serde_json::json;
//!
//! let transport = FakeTransport::new();
//! let client = ActivitySmith::builder().api_key("fake").transport(transport.clone()).build()?;
//!
//! transport.answer(422, &json!({ "error": "No recipients found" }));
//! let state = Progress::new("Search Reindex").percentage(42);
//! let error = client.live_activities().stream("search-reindex", state).await.unwrap_err();
//!
//! assert_eq!(error.kind(), "no_recipients");
//! assert_eq!(transport.requests()[0].body.as_ref().unwrap()["content_state"]["percentage"], 42);
//! # Ok(())
//! # }
//! ```
//!
//! An `Emulator` is the local ActivitySmith: the program `asmith`, started on a free port and stopped when it is dropped. It answers
//! as the service does, and says what a phone would show.
//!
//! Responses and errors can be built as well: responses implement [`Deserialize`](serde::Deserialize), and [`ApiError::new`],
//! [`ConnectionError::new`], [`ValidationError::new`], [`ConfigError::new`] and [`ClosedError::new`] make errors.
//! `ACTIVITYSMITH_DISABLED=1` makes every call of a program inert.
//!
//! # Features
//!
//! | Feature | Default | What it adds |
//! |---|---|---|
//! | `client` | yes | [`ActivitySmith`]: the async client, on tokio or in a browser (`wasm32-unknown-unknown`) |
//! | `rustls` | yes | HTTPS by rustls with ring; trusts the platform's roots, or bundled ones where there are none |
//! | `native-tls` | no | HTTPS by the platform's own TLS library |
//! | `blocking` | no | [`blocking::ActivitySmith`]: the same client without an async runtime; not on wasm32 |
//! | `rayon` | no | [`track_parallel`](LiveActivities::track_parallel), for the parallel iterators of rayon; with `blocking` |
//! | `testing` | no | [`testing::FakeTransport`] and [`testing::Emulator`]; not on wasm32 |
//!
//! Without any feature there are the models and their rules. The features `ffi` and `describe` are for the packages of other languages
//! and have no stable interface. On wasm32 the client needs `default-features = false` and the feature `client` alone.
//!
//! ```
//! # #[cfg(all(feature = "blocking", feature = "testing"))]
//! # fn main() -> activitysmith_kit::Result<()> {
//! # use activitysmith_kit::testing::FakeTransport;
//! use activitysmith_kit::{Progress, blocking::ActivitySmith}; // feature `blocking`
//!
//! # let builder = ActivitySmith::builder().api_key("fake").transport(FakeTransport::new());
//! # #[cfg(any())]
//! let client = ActivitySmith::from_env()?;
//! # let client = builder.build_blocking()?;
//! client.live_activities().stream("nightly-backup", Progress::new("Nightly backup").percentage(42)).send()?;
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "blocking", feature = "testing")))]
//! # fn main() {}
//! ```
//!
//! # Settings
//!
//! What is not set on the [`Builder`] comes from the environment: `ACTIVITYSMITH_API_KEY`, `ACTIVITYSMITH_API_KEY_FILE`,
//! `ACTIVITYSMITH_BASE_URL`, `ACTIVITYSMITH_ALLOW_HOST`, `ACTIVITYSMITH_BUDGET_FILE`, `ACTIVITYSMITH_FLUSH_TIMEOUT` and
//! `ACTIVITYSMITH_DISABLED`. The crate supports Rust 1.89 and later.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::missing_errors_doc)]

#[cfg(all(feature = "blocking", target_arch = "wasm32"))]
compile_error!(
    "the feature `blocking` needs threads, which wasm32 does not have; use the async client (feature `client`)"
);

#[doc(hidden)]
pub mod api;
#[doc(hidden)]
pub mod call;
mod declare;
#[cfg(feature = "describe")]
#[doc(hidden)]
pub mod describe;
mod error;
#[cfg(feature = "ffi")]
mod ffi;
mod json;
#[doc(hidden)]
pub mod publish;
#[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
pub mod testing;
mod validate;

#[cfg(feature = "client")]
mod client;

#[cfg(feature = "ffi")]
uniffi::setup_scaffolding!("activitysmith_kit");

#[doc(hidden)]
pub use api::Endpoint;
pub use api::{
    Action, ActivityResponse, Alert, Badge, BadgeRequest, BadgeResponse, Change, Color, ContentState, EndRequest,
    EndStreamRequest, Icon, InterruptionLevel, Metadata, MetadataValue, Metric, MetricRequest, MetricResponse,
    MetricValue, Metrics, OpenUrl, Operation, Patch, Progress, Push, PushAlert, PushReplacement, PushResponse,
    RateLimit, ResponseFacts, SegmentedProgress, Slugs, StartRequest, StateType, Stats, StreamRequest, StreamResponse,
    Timer, Timestamp, UpdateRequest, Value, Webhook, WebhookMethod,
};
pub use call::{HttpRequest, Response as HttpResponse, TransportError};
#[cfg(feature = "blocking")]
pub use client::blocking;
#[cfg(feature = "client")]
pub use client::{
    ActivitySmith, Builder, Call, End, Items, Json, LiveActivities, Notifications, Prepare, Publish, Publisher,
    Streamed, Track, Transport, TransportFuture, WidgetMetrics,
};
#[cfg(feature = "rayon")]
pub use client::{Parallel, TrackParallel};
pub use declare::UnknownName;
pub use error::{
    ApiError, ApiErrorKind, ClosedError, ConfigError, ConnectionError, ConnectionErrorKind, Error, Result,
};
pub use json::{Extra, Number};
pub use publish::{Changes, Counters, Ending, Event, EventKind};
pub use validate::{ValidationError, Violation, ViolationCode};
