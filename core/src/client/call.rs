//! A call that is being put together: what to send, and how patiently. Written once for the async and the blocking client.

use std::time::Duration;

use super::LiveActivities;
use crate::error::Result;
use crate::model::StreamResponse;
use crate::model::{Action, ContentState, EndRequest, Metadata, Names, Number, PushAlert, StreamRequest};
use crate::session::{CallLimits, Session};
use crate::validate::ValidationError;
use crate::wire::Request;

/// A call that has not been sent yet. Async, `.await` sends it; blocking, [`send`](Call::send) does.
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Call<'c, C, R> {
    pub(super) client: &'c C,
    pub(super) stream_key: String,
    pub(super) request: R,
    pub(super) limits: CallLimits,
}

/// What can be made into a request for a stream key: a model, or JSON text. Nothing else needs to be.
pub trait Prepare: sealed::Sealed + 'static {
    /// Checks and builds the request.
    fn prepare(self, stream_key: &str) -> Result<Request, ValidationError>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::StreamRequest {}
    impl Sealed for super::EndRequest {}
    impl Sealed for super::StreamJson {}
    impl Sealed for super::EndJson {}
}

impl Prepare for StreamRequest {
    fn prepare(self, stream_key: &str) -> Result<Request, ValidationError> {
        Request::stream(stream_key, &self)
    }
}

impl Prepare for EndRequest {
    fn prepare(self, stream_key: &str) -> Result<Request, ValidationError> {
        Request::end(stream_key, &self)
    }
}

/// The body of a stream request as JSON text.
#[derive(Clone, Debug)]
pub struct StreamJson(Vec<u8>);

impl Prepare for StreamJson {
    fn prepare(self, stream_key: &str) -> Result<Request, ValidationError> {
        Request::stream_json(stream_key, &self.0)
    }
}

/// The body of the request that ends a stream, as JSON text.
#[derive(Clone, Debug)]
pub struct EndJson(Vec<u8>);

impl Prepare for EndJson {
    fn prepare(self, stream_key: &str) -> Result<Request, ValidationError> {
        Request::end_json(stream_key, &self.0)
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

    /// Ends a stream; unless told otherwise, with the state that it has.
    pub fn end_stream(&self, stream_key: impl Into<String>) -> Call<'c, C, EndRequest> {
        self.call(stream_key, EndRequest::new())
    }

    /// As [`stream`](Self::stream), with the request's body as JSON text of the API's shape:
    /// `{"content_state": {...}, "action": {...}}`. Fields newer than this release go into an object `extra` where they would
    /// stand.
    pub fn stream_json(&self, stream_key: impl Into<String>, body: impl Into<Vec<u8>>) -> Call<'c, C, StreamJson> {
        self.call(stream_key, StreamJson(body.into()))
    }

    /// As [`end_stream`](Self::end_stream), with the request's body as JSON text of the API's shape.
    pub fn end_stream_json(&self, stream_key: impl Into<String>, body: impl Into<Vec<u8>>) -> Call<'c, C, EndJson> {
        self.call(stream_key, EndJson(body.into()))
    }

    pub(crate) fn call<R>(&self, stream_key: impl Into<String>, request: R) -> Call<'c, C, R> {
        Call { client: self.client, stream_key: stream_key.into(), request, limits: self.limits }
    }
}

impl<C, R: Prepare> Call<'_, C, R> {
    /// Checks and builds the request, or gives the answer where nothing is sent. Reads the key, where that was not done before.
    pub(super) fn prepare(self, session: &Session) -> Result<Result<(Request, CallLimits), StreamResponse>> {
        if session.is_disabled() {
            return Ok(Err(StreamResponse::disabled(&self.stream_key)));
        }
        let request = self.request.prepare(&self.stream_key)?;
        self.limits.check()?;
        match session.obstacle() {
            Some(obstacle) => Err(obstacle.into()),
            None => Ok(Ok((request, self.limits))),
        }
    }
}

impl<C, R> Call<'_, C, R> {
    /// How long this call may take, with all attempts and pauses.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// How often this request is repeated at most.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.limits.retry.max_retries = max_retries;
        self
    }
}

/// Setters of the request, on the call that will send it.
macro_rules! request_setters {
    ($request:ident { $($(#[$doc:meta])* $name:ident: $type:ty),* $(,)? }) => {
        impl<C> Call<'_, C, $request> {
            $(
                $(#[$doc])*
                pub fn $name(mut self, $name: impl Into<$type>) -> Self {
                    self.request = self.request.$name($name);
                    self
                }
            )*

            /// Sets a field newer than this release; it is sent as it is, unchecked.
            pub fn extra(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
                self.request = self.request.extra(name, value);
                self
            }
        }
    };
}

request_setters! {
    StreamRequest {
        /// See [`StreamRequest::action`].
        action: Action,
        /// See [`StreamRequest::secondary_action`].
        secondary_action: Action,
        /// See [`StreamRequest::alert`].
        alert: PushAlert,
        /// See [`StreamRequest::channels`].
        channels: Names,
        /// See [`StreamRequest::tags`].
        tags: Names,
        /// See [`StreamRequest::metadata`].
        metadata: Metadata,
    }
}

request_setters! {
    EndRequest {
        /// See [`EndRequest::content_state`].
        content_state: ContentState,
        /// See [`EndRequest::auto_dismiss_seconds`].
        auto_dismiss_seconds: Number,
        /// See [`EndRequest::auto_dismiss_minutes`].
        auto_dismiss_minutes: Number,
        /// See [`EndRequest::action`].
        action: Action,
        /// See [`EndRequest::secondary_action`].
        secondary_action: Action,
        /// See [`EndRequest::alert`].
        alert: PushAlert,
        /// See [`EndRequest::tags`].
        tags: Names,
        /// See [`EndRequest::metadata`].
        metadata: Metadata,
    }
}
