//! What a client is set up with, checked: where requests go, as whom, and how long they may take. It does no I/O but what
//! [`Host`](super::Host) does to read the key.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::base_url::BaseUrl;
use super::credentials::{ApiKey, KeySource, Keys};
use super::exchange::{Exchange, Next, Now, TransportError};
use super::host::Host;
use super::http_request::HttpRequest;
use super::request::Request;
use super::response::Response;
use super::retry::RetryPolicy;
use super::settings::{self, CallLimits, RULES, Settings};
use crate::error::{ConfigError, Error};

/// Settings that were checked, and the key, once it was needed. A clone has the key, if it was needed before.
#[derive(Clone, Debug)]
pub struct Session {
    /// Nothing when all calls are to be inert.
    target: Option<Target>,
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
        let target = Some(Target::open(settings, Box::new(host))?);
        Ok(Self { target, limits, connect_timeout, flush_timeout, budget_file, rules })
    }

    /// A session that sends nothing, if `ACTIVITYSMITH_DISABLED` is set: it needs no setting, so none has to be read first.
    pub fn inert(host: &impl Host) -> Option<Self> {
        settings::is_disabled(host).then(Self::disabled)
    }

    fn disabled() -> Self {
        let Settings { connect_timeout, .. } = Settings::default();
        let limits = Settings::default().limits();
        Self { target: None, limits, connect_timeout, flush_timeout: None, budget_file: None, rules: None }
    }

    /// Whether nothing is sent, since `ACTIVITYSMITH_DISABLED` is set.
    pub fn is_disabled(&self) -> bool {
        self.target.is_none()
    }

    /// Why nothing can be sent, unless that was asked for: a key is missing, or the like. The first time it reads the key.
    pub fn disabled_reason(&self) -> Option<ConfigError> {
        self.target.as_ref()?.check_key().err()
    }

    /// Refuses a stream key that is the API key, as far as that is known.
    pub(crate) fn check_stream_key(&self, stream_key: &str) -> Result<(), ConfigError> {
        match self.target.as_ref().and_then(|target| target.keys.found()) {
            Some(key) if key.is(stream_key) => Err(is_the_key("stream_key")),
            _ => Ok(()),
        }
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
        self.target.as_ref().map(|target| &target.base_url)
    }

    /// Begins a call.
    ///
    /// # Errors
    ///
    /// There is no key, or it is the stream key.
    pub fn begin(&self, request: Request, limits: CallLimits, now: Now) -> Result<Exchange, ConfigError> {
        self.target()?.begin(request, limits, now)
    }

    /// Begins a request of a publisher, which repeats it by itself. It may take this time, unless the session's own limit is lower.
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
        self.target()?.http_request(exchange)
    }

    fn target(&self) -> Result<&Target, ConfigError> {
        self.target.as_ref().ok_or_else(|| ConfigError::new("session", "is disabled, and sends nothing"))
    }

    /// Takes what became of a request, and takes the key out of it. `jitter` is a random number from 0 to 1.
    pub fn proceed(
        &self,
        exchange: &mut Exchange,
        answer: Result<Response, TransportError>,
        now: Now,
        jitter: f64,
    ) -> Next {
        match &self.target {
            Some(target) => target.proceed(exchange, answer, now, jitter),
            None => exchange.proceed(answer, now, jitter),
        }
    }

    /// Takes the key out of a part of an answer that is handed on beside its outcome.
    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.target {
            Some(target) => target.redact(bytes),
            None => bytes,
        }
    }
}

fn is_the_key(name: &str) -> ConfigError {
    ConfigError::new(name, "must not be the API key")
}

/// A base URL, and the key that may be sent there. A clone has the key, if it was needed before, and finds it anew otherwise.
#[derive(Clone)]
struct Target {
    base_url: BaseUrl,
    keys: Keys,
    user_agent: Option<String>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("base_url", &self.base_url.text).finish_non_exhaustive()
    }
}

impl Target {
    /// The target of these settings.
    fn open(settings: Settings, host: Box<dyn Host>) -> Result<Self, ConfigError> {
        let base_url = BaseUrl::find(settings.base_url.as_deref(), &*host)?;
        let keys = match (settings.api_key, settings.api_key_file) {
            (Some(key), _) => Keys::given(ApiKey::new("api_key", key)?, &base_url)?,
            (None, Some(path)) => Keys::later(KeySource::File { setting: "api_key_file", path }, host.into()),
            (None, None) => Keys::later(KeySource::Environment, host.into()),
        };
        let user_agent = settings.agent.map(|agent| format!("activitysmith-kit-{agent}/{}", env!("CARGO_PKG_VERSION")));
        Ok(Self { base_url, keys, user_agent })
    }

    /// Whether there is a key, or why not.
    fn check_key(&self) -> Result<(), ConfigError> {
        self.keys.get(&self.base_url).map(|_| ())
    }

    /// Begins a call, now that a key is needed.
    fn begin(&self, request: Request, limits: CallLimits, now: Now) -> Result<Exchange, ConfigError> {
        if let Some(name) = request.spec.key
            && self.keys.get(&self.base_url)?.key.is(&request.key)
        {
            return Err(is_the_key(name.name));
        }
        Ok(Exchange::new(request, limits.retry, limits.timeout, now))
    }

    /// What to send now.
    fn http_request(&self, exchange: &Exchange) -> Result<HttpRequest, ConfigError> {
        let request = exchange.request();
        let mut headers = Vec::with_capacity(4);
        headers.push(("authorization", self.keys.get(&self.base_url)?.authorization.clone()));
        headers.push(("accept", "application/json".to_owned()));
        if request.body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        if let Some(user_agent) = &self.user_agent {
            headers.push(("user-agent", user_agent.clone()));
        }
        Ok(HttpRequest {
            method: request.spec.method,
            base_url: self.base_url.text.clone(),
            loopback: self.base_url.loopback,
            path: request.path.clone(),
            headers,
            body: request.body.clone(),
        })
    }

    /// Takes what became of a request, and takes the key out of it before anybody keeps it.
    fn proceed(
        &self,
        exchange: &mut Exchange,
        mut answer: Result<Response, TransportError>,
        now: Now,
        jitter: f64,
    ) -> Next {
        let key = self.keys.found();
        match (&mut answer, key) {
            (Ok(response), Some(key)) => key.redact(response),
            (Err(failure), Some(key)) => failure.detail_mut().into_iter().for_each(|detail| key.redact_text(detail)),
            (_, None) => {}
        }
        let mut next = exchange.proceed(answer, now, jitter);
        if let (Next::Done(Err(Error::Api(error))), Some(key)) = (&mut next, key) {
            // Once more, since JSON can spell a key in many ways.
            error.texts_mut().for_each(|text| key.redact_text(text));
        }
        next
    }

    /// Takes the key out of a part of an answer that is handed on beside its outcome.
    fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        match self.keys.found() {
            Some(key) => key.without(&bytes),
            None => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::super::host::Variables;
    use super::*;
    use crate::api::END_STREAM;

    #[test]
    fn an_inert_session_looks_at_no_setting() {
        assert!(Session::inert(&Variables(|_| None)).is_none());
        let disabled = Variables(|name| (name == "ACTIVITYSMITH_DISABLED").then_some("1"));
        assert!(Session::inert(&disabled).is_some());
        let settings = Settings { base_url: Some("nonsense".to_owned()), ..Settings::default() };
        let session = Session::new(settings, disabled).unwrap();
        assert!(session.is_disabled() && session.disabled_reason().is_none());
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

    #[test]
    fn a_failure_that_repeats_the_key_is_cleaned() {
        let settings = Settings { api_key: Some("ask_1".to_owned()), max_retries: 0, ..Settings::default() };
        let limits = settings.limits();
        let target = Target::open(settings, Box::new(Variables(|_| None))).unwrap();
        let now = Now { monotonic: Duration::ZERO, wall: SystemTime::UNIX_EPOCH };
        for failure in [TransportError::connect("no ask_1"), TransportError::interrupted("no ask_1")] {
            let end = Request::build(&END_STREAM, &"k".into(), serde_json::json!({})).unwrap();
            let mut exchange = target.begin(end, limits, now).unwrap();
            let Next::Done(Err(error)) = target.proceed(&mut exchange, Err(failure), now, 0.0) else {
                panic!("it is not repeated");
            };
            assert!(error.to_string().contains("no [redacted]"), "{error}");
        }
    }
}
