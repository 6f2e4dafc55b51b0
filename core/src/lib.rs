//! Unofficial SDK for the ActivitySmith stream API: show what a job is doing as a Live Activity on iPhones.
//!
//! ```no_run
//! # #[cfg(feature = "client")]
//! # async fn example() -> activitysmith_kit::Result<()> {
//! use activitysmith_kit::{ActivitySmith, Progress};
//!
//! let client = ActivitySmith::from_env()?;
//! let state = Progress::new("Search Reindex").subtitle("catalog-v2").percentage(42);
//! let response = client.live_activities().stream("search-reindex", state).await?;
//! println!("{}", response.operation);
//! client.live_activities().end_stream("search-reindex").await?;
//! # Ok(())
//! # }
//! ```
//!
//! The way of one call goes in one direction, and only the client does I/O:
//!
//! ```text
//! model -> validate -> wire::Request -> [transport] -> wire::Response -> outcome or error
//!                             ^ exchange and retry decide, on clocks that are passed in
//! ```

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

pub use api::{
    Action, Alert, Badge, BadgeRequest, BadgeResponse, Color, ContentState, EndRequest, Icon, Metadata, MetadataValue,
    Metric, Metrics, Names, OpenUrl, Operation, Patch, Progress, PushAlert, RateLimit, Readout, ResponseFacts,
    SegmentedProgress, StateType, Stats, StreamRequest, StreamResponse, Timer, Update, Value, Webhook, WebhookMethod,
};
pub use call::{HttpRequest, Response as HttpResponse, RetryPolicy, TransportError};
#[cfg(feature = "blocking")]
pub use client::blocking;
#[cfg(feature = "client")]
pub use client::{
    ActivitySmith, Builder, Call, End, Items, Json, LiveActivities, Prepare, Publish, Publisher, Track, Transport,
    TransportFuture,
};
pub use error::{ApiError, ApiErrorKind, ConfigError, ConnectionError, ConnectionErrorKind, Error, Result};
pub use json::{Extra, Number};
pub use publish::{Changes, Counters, Ending, Event, EventKind};
pub use validate::{ValidationError, Violation, ViolationCode};
