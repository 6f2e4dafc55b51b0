//! The endpoints of the API, each in a file of its own, and the parts that they share.
//!
//! A model holds what the caller set and nothing else. It does no I/O.

mod action;
mod answer;
mod badge;
mod end_stream;
mod metadata;
mod metric;
mod object;
mod patch;
mod reading;
mod slugs;
mod spec;
mod state;
mod stream;
mod style;

pub use action::{Action, OpenUrl, PushAlert, Webhook, WebhookMethod};
pub use answer::{Answer, RateLimit, ResponseFacts};
#[cfg(feature = "client")]
pub(crate) use badge::with_badge_fields;
pub use badge::{BADGE, BadgeRequest, BadgeResponse};
pub(crate) use end_stream::already_ended;
#[cfg(feature = "client")]
pub(crate) use end_stream::with_end_fields;
pub use end_stream::{END_STREAM, EndRequest};
pub use metadata::{Metadata, MetadataValue};
pub(crate) use metric::METRIC;
pub use metric::{Metric, MetricValue};
pub use patch::Patch;
pub use slugs::Slugs;
pub use spec::{Endpoint, Repeat, Spec};
pub use state::{Alert, Change, ContentState, Metrics, Progress, SegmentedProgress, StateType, Stats, Timer, Value};
pub(crate) use state::{CONTENT_STATE, stands_alone, type_of};
#[cfg(feature = "client")]
pub(crate) use stream::with_stream_fields;
pub use stream::{Operation, STREAM, StreamRequest, StreamResponse};
pub(crate) use stream::{PUBLISH, answer_of, is_beside_the_state, operation};
pub use style::{Badge, Color, Icon};

/// Every endpoint.
pub static ENDPOINTS: &[&Spec] = &[&STREAM, &END_STREAM, &BADGE];

/// The endpoint of this name.
pub(crate) fn find(name: &str) -> Option<&'static Spec> {
    ENDPOINTS.iter().copied().find(|spec| spec.name == name)
}
