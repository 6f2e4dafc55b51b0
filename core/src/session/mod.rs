//! A client without its I/O: whom it speaks to and as whom, and every step of a call but the sending.
//!
//! The clients of this crate are built on it, and so is whatever brings its own way to send and to wait. It reads no variable,
//! file or clock by itself: a [`Host`] and the caller do.
//!
//! ```no_run
//! # use activitysmith_kit::{Error, exchange::{Next, Now, TransportError}, session::*, wire::Response};
//! # fn send(_: &HttpRequest<'_>) -> Result<Response, TransportError> { unimplemented!() }
//! # fn now() -> Now { unimplemented!() }
//! # fn sleep(_: std::time::Duration) {}
//! # fn random() -> f64 { 0.5 }
//! # fn example(host: impl Host + 'static, call: &[u8]) -> Result<(), Error> {
//! let session = Session::new(Settings::default(), host)?;
//! if let Begun::Exchange(mut exchange) = session.begin_json(call, now())? {
//!     let outcome = loop {
//!         let answer = send(&session.http_request(&exchange)?);
//!         match session.proceed(&mut exchange, answer, now(), random()) {
//!             Next::Done(outcome) => break outcome,
//!             Next::RetryAfter(pause) => sleep(pause),
//!         }
//!     };
//! }
//! # Ok(())
//! # }
//! ```

mod base_url;
mod credentials;
mod endpoint;
#[cfg(feature = "client")]
mod file;
mod host;
mod http_request;
mod json_call;
mod settings;

use std::time::Duration;

use crate::error::{ConfigError, Error};
use crate::exchange::{Exchange, Next, Now, TransportError};
use crate::model::StreamResponse;
use crate::retry::RetryPolicy;
use crate::wire::{Request, Response};

#[cfg(feature = "client")]
pub(crate) use base_url::BaseUrl;
pub use base_url::SERVICE;
#[cfg(feature = "client")]
pub(crate) use endpoint::Endpoint;
#[cfg(all(feature = "client", not(target_arch = "wasm32")))]
pub(crate) use file::open_regular;
#[cfg(feature = "client")]
#[doc(hidden)]
pub use file::{read_file, read_file_or_pipe};
pub use host::Host;
#[cfg(feature = "client")]
#[doc(hidden)]
pub use host::LONGEST_PIPE;
#[cfg(feature = "client")]
pub(crate) use host::Process;
#[cfg(all(test, feature = "client"))]
pub(crate) use host::Variables;
pub use http_request::HttpRequest;
pub(crate) use json_call::JsonCall;
#[doc(hidden)]
pub use json_call::Nulls;
pub(crate) use settings::Patience;
pub use settings::Settings;

/// Settings that were checked, and the key, once it was needed.
#[derive(Debug)]
pub struct Session {
    /// Nothing when all calls are to be inert.
    endpoint: Option<endpoint::Endpoint>,
    patience: Patience,
}

/// A call that has begun.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "it is looked at once and never kept")]
pub enum Begun {
    /// There is something to send.
    Exchange(Exchange),
    /// There is nothing to send: `ACTIVITYSMITH_DISABLED` is set.
    Done(StreamResponse),
}

impl Session {
    /// A session, unless a setting cannot be. A missing key shows only at the first call.
    pub fn new(settings: Settings, host: impl Host + 'static) -> Result<Self, ConfigError> {
        let patience = settings.patience();
        Ok(Self { endpoint: endpoint::Endpoint::open(settings, Box::new(host))?, patience })
    }

    /// A session whose calls are all inert, if `ACTIVITYSMITH_DISABLED` is set: it needs no setting, so none has to be read first.
    pub fn inert(host: &impl Host) -> Option<Self> {
        let patience = Settings::default().patience();
        settings::is_disabled(host).then_some(Self { endpoint: None, patience })
    }

    /// Checks a call that comes as JSON, and begins it:
    /// `{"purpose": "stream" | "end", "stream_key": ..., "body": {...}, "timeout_seconds": 3.5, "max_retries": 0}`, the last two at
    /// will.
    ///
    /// What JSON cannot hold is handed in as a marker, and reported with its path among all other violations: a number that is
    /// not finite as `{"$activitysmith_kit::unsupported": "NaN"}`, anything else as
    /// `{"$activitysmith_kit::unsupported": "a Map"}`, where the text says what it is.
    pub fn begin_json(&self, call: &[u8], now: Now) -> Result<Begun, Error> {
        let call = JsonCall::parse(call, Nulls::Values)?;
        let Some(endpoint) = &self.endpoint else {
            return Ok(Begun::Done(StreamResponse::disabled(call.stream_key())));
        };
        let (request, patience) = call.prepare(self.patience)?;
        Ok(Begun::Exchange(endpoint.begin(request, patience, now)?))
    }

    /// Why nothing can be published, unless that was asked for: a key is missing, or the like.
    pub fn obstacle(&self) -> Option<ConfigError> {
        self.endpoint.as_ref()?.check_key().err()
    }

    /// Whether every call is inert, since `ACTIVITYSMITH_DISABLED` is set.
    pub fn is_disabled(&self) -> bool {
        self.endpoint.is_none()
    }

    /// Begins a request of a publisher, which repeats it by itself. It may take so long, unless the session's own limit is lower.
    pub fn begin_once(&self, request: Request, timeout: Duration, now: Now) -> Result<Exchange, Error> {
        let timeout = timeout.min(self.patience.timeout);
        let patience = Patience { timeout, retry: RetryPolicy { max_retries: 0 } };
        match &self.endpoint {
            Some(endpoint) => Ok(endpoint.begin(request, patience, now)?),
            None => Err(ConfigError::new("session", "is disabled, and publishes nothing").into()),
        }
    }

    /// What to send now.
    pub fn http_request<'a>(&'a self, exchange: &'a Exchange) -> Result<HttpRequest<'a>, ConfigError> {
        match &self.endpoint {
            Some(endpoint) => endpoint.http_request(exchange),
            None => Err(ConfigError::new("session", "began no such call: it is disabled")),
        }
    }

    /// Takes what became of a request, and takes the key out of it. `jitter` is a random number from 0 to 1.
    pub fn proceed(
        &self,
        exchange: &mut Exchange,
        answer: Result<Response, TransportError>,
        now: Now,
        jitter: f64,
    ) -> Next {
        match &self.endpoint {
            Some(endpoint) => endpoint.proceed(exchange, answer, now, jitter),
            None => exchange.proceed(answer, now, jitter),
        }
    }

    /// Takes the key out of a part of an answer, for whoever hands answers on beside their outcomes.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.endpoint {
            Some(endpoint) => endpoint.redact(bytes),
            None => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::host::Variables;
    use super::*;

    #[test]
    fn an_inert_session_looks_at_nothing_but_the_stream_key() {
        assert!(Session::inert(&Variables(|_| None)).is_none());
        let session = Session::inert(&Variables(|name| (name == "ACTIVITYSMITH_DISABLED").then_some("1"))).unwrap();
        let call = br#"{"purpose": "end", "stream_key": "k", "body": 7, "timeout_seconds": 0, "max_retries": -1}"#;
        let now = Now { monotonic: Duration::ZERO, wall: SystemTime::UNIX_EPOCH };
        let Ok(Begun::Done(outcome)) = session.begin_json(call, now) else { panic!("it is refused or sent") };
        assert_eq!(outcome.stream_key.as_deref(), Some("k"));
    }

    #[test]
    fn what_is_handed_on_is_clean() {
        let settings = Settings { api_key: Some("ask_1".to_owned()), ..Settings::default() };
        let session = Session::new(settings, Variables(|_| None)).unwrap();
        assert_eq!(session.redact(b"{\"said\": \"ask_1\"}".to_vec()), b"{\"said\": \"[redacted]\"}");
    }
}
