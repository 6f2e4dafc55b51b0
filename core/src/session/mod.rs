//! What a client is set up with, checked: where requests go, as whom, and how long they may take. It does no I/O but what [`Host`]
//! does to read the key.

mod base_url;
mod credentials;
mod endpoint;
#[cfg(feature = "client")]
mod file;
mod host;
mod http_request;
mod json_call;
mod settings;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{ConfigError, Error};
use crate::exchange::{Exchange, Next, Now, TransportError};
use crate::retry::RetryPolicy;
use crate::wire::{Request, Response};

#[cfg(feature = "client")]
pub(crate) use base_url::BaseUrl;
pub use base_url::SERVICE;
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
#[cfg(feature = "describe")]
pub(crate) use json_call::CallOptions;
pub(crate) use json_call::JsonCall;
#[doc(hidden)]
pub use json_call::Nulls;
pub use settings::CallLimits;
pub use settings::Settings;
pub(crate) use settings::{RULES, any_seconds, told};

/// Settings that were checked, and the key, once it was needed. A clone has the key, if it was needed before.
#[derive(Clone, Debug)]
pub struct Session {
    /// Nothing when all calls are to be inert.
    endpoint: Option<endpoint::Endpoint>,
    limits: CallLimits,
    connect_timeout: Duration,
    flush_timeout: Option<Duration>,
    budget_file: Option<PathBuf>,
    rules: Option<String>,
}

impl Session {
    /// A session, unless a setting cannot be. A missing key shows only at the first call. With `ACTIVITYSMITH_DISABLED` set no setting
    /// is looked at, and nothing is sent.
    pub fn new(settings: Settings, host: impl Host + 'static) -> Result<Self, ConfigError> {
        if settings::is_disabled(&host) {
            return Ok(Self::disabled());
        }
        settings.check()?;
        let (limits, connect_timeout) = (settings.limits(), settings.connect_timeout);
        let flush_timeout = settings.find_flush_timeout(&host)?;
        let budget_file = settings.find_budget_file(&host);
        let rules = settings::variable(&host, RULES);
        let endpoint = Some(endpoint::Endpoint::open(settings, Box::new(host))?);
        Ok(Self { endpoint, limits, connect_timeout, flush_timeout, budget_file, rules })
    }

    /// A session that sends nothing, if `ACTIVITYSMITH_DISABLED` is set: it needs no setting, so none has to be read first.
    pub fn inert(host: &impl Host) -> Option<Self> {
        settings::is_disabled(host).then(Self::disabled)
    }

    fn disabled() -> Self {
        let Settings { connect_timeout, .. } = Settings::default();
        let limits = Settings::default().limits();
        Self { endpoint: None, limits, connect_timeout, flush_timeout: None, budget_file: None, rules: None }
    }

    /// Whether nothing is sent, since `ACTIVITYSMITH_DISABLED` is set.
    pub fn is_disabled(&self) -> bool {
        self.endpoint.is_none()
    }

    /// Why nothing can be sent, unless that was asked for: a key is missing, or the like. The first time it reads the key.
    pub fn obstacle(&self) -> Option<ConfigError> {
        self.endpoint.as_ref()?.check_key().err()
    }

    /// How long a call may take, and how often it is repeated, unless it says otherwise.
    pub fn limits(&self) -> CallLimits {
        self.limits
    }

    /// How long connecting may take.
    pub fn connect_timeout(&self) -> Duration {
        self.connect_timeout
    }

    /// How long the ends of publishers may take, if that was set.
    pub fn flush_timeout(&self) -> Option<Duration> {
        self.flush_timeout
    }

    /// The file of the shared budget, if there is one.
    pub fn budget_file(&self) -> Option<&Path> {
        self.budget_file.as_deref()
    }

    /// What the environment says of the limits of publishing.
    pub(crate) fn rules(&self) -> Option<&str> {
        self.rules.as_deref()
    }

    #[cfg(feature = "client")]
    pub(crate) fn base_url(&self) -> Option<&BaseUrl> {
        self.endpoint.as_ref().map(|endpoint| &endpoint.base_url)
    }

    /// Begins a call.
    ///
    /// # Errors
    ///
    /// There is no key, or it is the stream key.
    pub fn begin(&self, request: Request, limits: CallLimits, now: Now) -> Result<Exchange, ConfigError> {
        self.endpoint()?.begin(request, limits, now)
    }

    /// Begins a request of a publisher, which repeats it by itself. It may take so long, unless the session's own limit is lower.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin).
    pub fn begin_once(&self, request: Request, timeout: Duration, now: Now) -> Result<Exchange, Error> {
        let timeout = timeout.min(self.limits.timeout);
        Ok(self.begin(request, CallLimits { timeout, retry: RetryPolicy { max_retries: 0 } }, now)?)
    }

    /// What to send now.
    ///
    /// # Errors
    ///
    /// There is no key.
    pub fn http_request(&self, exchange: &Exchange) -> Result<HttpRequest, ConfigError> {
        self.endpoint()?.http_request(exchange)
    }

    fn endpoint(&self) -> Result<&endpoint::Endpoint, ConfigError> {
        self.endpoint.as_ref().ok_or_else(|| ConfigError::new("session", "is disabled, and sends nothing"))
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

    /// Takes the key out of a part of an answer that is handed on beside its outcome.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.endpoint {
            Some(endpoint) => endpoint.redact(bytes),
            None => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::host::Variables;
    use super::*;

    #[test]
    fn an_inert_session_looks_at_no_setting() {
        assert!(Session::inert(&Variables(|_| None)).is_none());
        let disabled = Variables(|name| (name == "ACTIVITYSMITH_DISABLED").then_some("1"));
        assert!(Session::inert(&disabled).is_some());
        let settings = Settings { base_url: Some("nonsense".to_owned()), ..Settings::default() };
        let session = Session::new(settings, disabled).unwrap();
        assert!(session.is_disabled() && session.obstacle().is_none());
    }

    #[test]
    fn the_environment_can_set_how_long_ends_take() {
        let session = |variables| Session::new(Settings::default(), Variables(variables));
        let with_limit = |name: &str| (name == "ACTIVITYSMITH_FLUSH_TIMEOUT").then_some("0.5");
        assert_eq!(session(with_limit).unwrap().flush_timeout(), Some(Duration::from_millis(500)));
        let wrong = session(|name| (name == "ACTIVITYSMITH_FLUSH_TIMEOUT").then_some("soon")).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            r#"ACTIVITYSMITH_FLUSH_TIMEOUT is "soon"; give a number of seconds of at least 0"#
        );
        let given = Settings { flush_timeout: Some(Duration::ZERO), ..Settings::default() };
        let session = Session::new(given, Variables(with_limit)).unwrap();
        assert_eq!(session.flush_timeout(), Some(Duration::ZERO));
    }

    #[test]
    fn what_is_handed_on_is_clean() {
        let settings = Settings { api_key: Some("ask_1".to_owned()), ..Settings::default() };
        let session = Session::new(settings, Variables(|_| None)).unwrap();
        assert_eq!(session.redact(b"{\"said\": \"ask_1\"}".to_vec()), b"{\"said\": \"[redacted]\"}");
    }
}
