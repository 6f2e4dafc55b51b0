//! The clients: the only part of this crate that does I/O. What to send and what an answer means is decided elsewhere.

#![cfg_attr(target_arch = "wasm32", allow(clippy::arc_with_non_send_sync, reason = "there is one thread"))]

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(not(target_arch = "wasm32"))]
mod budget_file;
mod builder;
mod call;
mod handle;
mod http;
#[cfg(feature = "rayon")]
mod parallel;
mod publisher;
mod run;
mod runtime;
#[cfg(feature = "blocking")]
mod thread;
mod track;
mod transport;

pub use builder::Builder;
pub use call::{Call, Json, Prepare};
pub use handle::{ActivitySmith, LiveActivities, Notifications, WidgetMetrics};
#[cfg(feature = "rayon")]
pub use parallel::{Parallel, TrackParallel};
pub use publisher::{End, Items, Publish, Publisher, Streamed};
#[cfg(feature = "ffi")]
pub(crate) use run::Shared;
#[cfg(feature = "ffi")]
pub(crate) use runtime::Runtime;
#[cfg(feature = "ffi")]
pub(crate) use thread::background_runtime;
pub use track::Track;
pub use transport::{Transport, TransportFuture};
