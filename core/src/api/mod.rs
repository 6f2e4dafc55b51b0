//! The endpoints of the API, each in a file of its own, and the parts that they share.
//!
//! A model holds what the caller set and nothing else. It does no I/O.

mod action;
mod activity;
mod answer;
mod badge;
mod end;
mod end_stream;
mod metadata;
mod metric;
mod metric_value;
mod object;
mod patch;
mod push;
mod reading;
mod replace_push;
mod slugs;
mod spec;
mod start;
mod state;
mod stream;
mod style;
mod update;

pub use action::{Action, OpenUrl, PushAlert, Webhook, WebhookMethod};
pub use activity::ActivityResponse;
pub use answer::{Answer, RateLimit, ResponseFacts};
#[cfg(feature = "client")]
pub(crate) use badge::with_badge_fields;
pub use badge::{BADGE, BadgeRequest, BadgeResponse};
#[cfg(feature = "client")]
pub(crate) use end::with_end_fields;
pub use end::{END, EndRequest};
pub(crate) use end_stream::already_ended;
#[cfg(feature = "client")]
pub(crate) use end_stream::with_end_stream_fields;
pub use end_stream::{END_STREAM, EndStreamRequest};
pub use metadata::{Metadata, MetadataValue};
pub(crate) use metric::METRIC;
pub use metric::{Metric, MetricValue};
#[cfg(feature = "client")]
pub(crate) use metric_value::with_metric_fields;
pub use metric_value::{METRIC_VALUE, MetricRequest, MetricResponse, Timestamp};
pub use patch::Patch;
pub use push::{InterruptionLevel, PUSH, Push, PushResponse};
pub use replace_push::{PushReplacement, REPLACE_PUSH};
pub use slugs::Slugs;
pub(crate) use spec::NotFound;
pub use spec::{Endpoint, Repeat, Spec};
#[cfg(feature = "client")]
pub(crate) use start::with_start_fields;
pub use start::{START, StartRequest};
pub use state::{Alert, Change, ContentState, Metrics, Progress, SegmentedProgress, StateType, Stats, Timer, Value};
pub(crate) use state::{CONTENT_STATE, is_of_a_state, stands_alone, type_of};
#[cfg(feature = "client")]
pub(crate) use stream::with_stream_fields;
pub use stream::{Operation, STREAM, StreamRequest, StreamResponse};
pub(crate) use stream::{PUBLISH, answer_of, operation};
pub use style::{Badge, Color, Icon};
#[cfg(feature = "client")]
pub(crate) use update::with_update_fields;
pub use update::{UPDATE, UpdateRequest};

/// Every endpoint.
pub static ENDPOINTS: &[&Spec] =
    &[&STREAM, &END_STREAM, &START, &UPDATE, &END, &PUSH, &REPLACE_PUSH, &METRIC_VALUE, &BADGE];

/// The endpoint of this name.
pub(crate) fn find(name: &str) -> Option<&'static Spec> {
    ENDPOINTS.iter().copied().find(|spec| spec.name == name)
}
