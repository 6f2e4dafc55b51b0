//! A call that is being put together: what to send, and how patiently. Written once for the async and the blocking client.

use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::handle::{ActivitySmith, LiveActivities, Notifications, WidgetMetrics};
use super::runtime::BoxFuture;
use crate::api::{
    self, Action, Answer, BadgeRequest, ContentState, EndRequest, EndStreamRequest, Endpoint, Metadata, MetricRequest,
    Push, PushAlert, PushReplacement, Slugs, Spec, StartRequest, StreamRequest, Timestamp, UpdateRequest,
};
use crate::call::{CallLimits, Request, Session};
use crate::error::Result;
use crate::json::Number;
use crate::validate::ValidationError;

/// A call that has not been sent yet: `.await` sends an async one, [`send`](Call::send) a blocking one.
///
/// Its future borrows neither the client nor the call, so it can be spawned. It is sent on the tokio
/// runtime that polls it first.
///
/// # Errors
///
/// The request breaks a rule of the API ([`Error::Validation`](crate::Error::Validation)); there is no key or a limit of the call is
/// out of range ([`Error::Config`](crate::Error::Config)); no answer came ([`Error::Connection`](crate::Error::Connection)); or the service
/// did not do it ([`Error::Api`](crate::Error::Api)).
///
/// # Cancel safety
///
/// A future that is dropped abandons its request. The service may have carried it out by then. The client stays usable, and a later
/// call of the same stream key sets right what is shown.
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Call<'c, C, R> {
    pub(super) client: &'c C,
    pub(super) key: String,
    pub(super) request: R,
    pub(super) limits: CallLimits,
}

/// A request body: a model, or JSON text.
pub trait Prepare: sealed::Sealed + 'static {
    /// What it is answered with.
    type Response: From<Answer>;

    /// The endpoint.
    #[doc(hidden)]
    const SPEC: &'static Spec;

    /// Checks and builds the request.
    #[doc(hidden)]
    fn prepare(self, key: &str) -> Result<Request, ValidationError>;
}

mod sealed {
    pub trait Sealed {}
    impl<E: super::Endpoint + 'static> Sealed for E {}
    impl<E: super::Endpoint + 'static> Sealed for super::Json<E> {}
}

impl<E: Endpoint + 'static> Prepare for E {
    type Response = E::Response;
    const SPEC: &'static Spec = E::SPEC;

    fn prepare(self, key: &str) -> Result<Request, ValidationError> {
        Request::new(key, &self)
    }
}

/// A request body as JSON text.
#[derive(Clone, Debug)]
pub struct Json<E>(Vec<u8>, PhantomData<E>);

impl<E> Json<E> {
    pub(crate) fn new(body: impl Into<Vec<u8>>) -> Self {
        Self(body.into(), PhantomData)
    }
}

impl<E: Endpoint + 'static> Prepare for Json<E> {
    type Response = E::Response;
    const SPEC: &'static Spec = E::SPEC;

    fn prepare(self, key: &str) -> Result<Request, ValidationError> {
        Request::from_json(E::SPEC, key, &self.0)
    }
}

impl<'c, C> LiveActivities<'c, C> {
    /// Shows a state under a stream key: the service starts, updates or replaces the Live Activity.
    pub fn stream(
        &self,
        stream_key: impl Into<String>,
        request: impl Into<StreamRequest>,
    ) -> Call<'c, C, StreamRequest> {
        self.call(stream_key, request.into())
    }

    /// Ends a stream, by default with its last state.
    pub fn end_stream(&self, stream_key: impl Into<String>) -> Call<'c, C, EndStreamRequest> {
        self.call(stream_key, EndStreamRequest::new())
    }

    /// Starts a Live Activity that is updated by its id; the answer names it. Streams need no id, and are found again by the next run
    /// of a program.
    pub fn start(&self, request: impl Into<StartRequest>) -> Call<'c, C, StartRequest> {
        self.call("", request.into())
    }

    /// Updates a Live Activity by its id.
    pub fn update(
        &self,
        activity_id: impl Into<String>,
        content_state: impl Into<ContentState>,
    ) -> Call<'c, C, UpdateRequest> {
        self.call("", UpdateRequest::new(activity_id, content_state))
    }

    /// Ends a Live Activity by its id.
    pub fn end(
        &self,
        activity_id: impl Into<String>,
        content_state: impl Into<ContentState>,
    ) -> Call<'c, C, EndRequest> {
        self.call("", EndRequest::new(activity_id, content_state))
    }

    pub(crate) fn call<R>(&self, key: impl Into<String>, request: R) -> Call<'c, C, R> {
        Call { client: self.client, key: key.into(), request, limits: self.limits }
    }
}

impl<'c, C> Notifications<'c, C> {
    /// Sends a push notification: a [`Push`], or a headline.
    pub fn send(&self, push: impl Into<Push>) -> Call<'c, C, Push> {
        Call { client: self.client, key: String::new(), request: push.into(), limits: self.limits }
    }

    /// Replaces the content of a notification, by the id that the answer to it named. It is silent.
    pub fn replace(
        &self,
        notification_id: impl Into<String>,
        replacement: impl Into<PushReplacement>,
    ) -> Call<'c, C, PushReplacement> {
        Call { client: self.client, key: notification_id.into(), request: replacement.into(), limits: self.limits }
    }
}

impl<'c, C> WidgetMetrics<'c, C> {
    /// Sets the value of a metric, by its key.
    pub fn update(&self, key: impl Into<String>, value: impl Into<MetricRequest>) -> Call<'c, C, MetricRequest> {
        Call { client: self.client, key: key.into(), request: value.into(), limits: self.limits }
    }
}

/// What a client can do, once for the async and the blocking one.
macro_rules! calls {
    ($client:ty, $($shared:ident).+) => {
        impl $client {
            /// The calls about Live Activities.
            pub fn live_activities(&self) -> LiveActivities<'_, Self> {
                LiveActivities { client: self, limits: self.$($shared).+.session.limits() }
            }

            /// The calls about push notifications.
            pub fn notifications(&self) -> $crate::Notifications<'_, Self> {
                $crate::Notifications { client: self, limits: self.$($shared).+.session.limits() }
            }

            /// The calls about the metrics that widgets show.
            pub fn metrics(&self) -> $crate::WidgetMetrics<'_, Self> {
                $crate::WidgetMetrics { client: self, limits: self.$($shared).+.session.limits() }
            }

            /// Sets the number on the app's icon: an integer from 0, which removes it, to 2,147,483,647.
            pub fn badge_count(&self, badge: impl Into<$crate::Number>) -> Call<'_, Self, $crate::BadgeRequest> {
                self.live_activities().call("", $crate::BadgeRequest::new(badge))
            }

            /// Any call with its request body as JSON text: `client.call_json::<StreamRequest>(stream_key, body)`. The key is that of the
            /// path, and empty where the path has none. Fields newer than this release go into an object `extra` at their level.
            pub fn call_json<E: $crate::Endpoint>(
                &self,
                key: impl Into<String>,
                body: impl Into<Vec<u8>>,
            ) -> Call<'_, Self, $crate::Json<E>> {
                self.live_activities().call(key, $crate::Json::new(body))
            }
        }
    };
}
calls!(ActivitySmith, shared);
#[cfg(feature = "blocking")]
pub(super) use calls;

impl<C, R: Prepare> Call<'_, C, R> {
    /// Checks and builds the request, or gives the answer where nothing is sent. Reads the key, where that was not done before.
    pub(super) fn prepare(self, session: &Session) -> Result<Result<(Request, CallLimits), Answer>> {
        if session.is_disabled() {
            return Ok(Err((R::SPEC.inert)(&self.key)));
        }
        let request = self.request.prepare(&self.key)?;
        self.limits.check()?;
        match session.disabled_reason() {
            Some(disabled_reason) => Err(disabled_reason.into()),
            None => Ok(Ok((request, self.limits))),
        }
    }
}

impl<C, R> Call<'_, C, R> {
    /// The timeout of this call, including all attempts and pauses.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// The maximum number of retries.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.limits.retry.max_retries = max_retries;
        self
    }
}

/// Setters of the request, on the call that will send it.
macro_rules! setters {
    ($request:ident { $( $(#[doc = $doc:literal])* $field:ident : $type:ty $(= $kind:expr)? ),* $(,)? }) => {
        impl<C> Call<'_, C, $request> {
            $(
                $(#[doc = $doc])*
                pub fn $field(mut self, $field: impl Into<$type>) -> Self {
                    self.request = self.request.$field($field);
                    self
                }
            )*

            /// Sets a field newer than this release; it is sent unchecked.
            pub fn extra(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
                self.request = self.request.extra(name, value);
                self
            }
        }
    };
}
api::with_stream_fields!(setters { StreamRequest });
api::with_end_stream_fields!(setters { EndStreamRequest });
api::with_start_fields!(setters { StartRequest });
api::with_update_fields!(setters { UpdateRequest });
api::with_end_fields!(setters { EndRequest });
api::with_metric_fields!(setters { MetricRequest });
api::with_badge_fields!(setters { BadgeRequest });

impl<R: Prepare> IntoFuture for Call<'_, ActivitySmith, R> {
    type Output = Result<R::Response>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let shared = Arc::clone(&self.client.shared);
        // The request is built here, since a future would carry the whole model about, which is ten times the size.
        let prepared = self.prepare(&shared.session);
        Box::pin(async move {
            let (request, limits) = match prepared? {
                Ok(prepared) => prepared,
                Err(disabled) => return Ok(disabled.into()),
            };
            let now = shared.clock_now();
            let answer = shared.run(|driver, op| driver.call(request, limits, op, now)).await?;
            Ok(answer.expect("a call has an answer").into())
        })
    }
}
