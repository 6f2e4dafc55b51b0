//! Setting up a client: arguments first, then the environment, then defaults.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::credentials::{ApiKey, KeySource, Keys};
use super::http::Http;
use super::runtime::LONGEST_TIMEOUT;
use super::settings::{BaseUrl, Environment, is_disabled, process_environment};
use super::transport::Transport;
use super::{ActivitySmith, Inner, Options};
use crate::error::{ConfigError, Result};
use crate::retry::RetryPolicy;

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a whole call may take, with all attempts and pauses.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Sets up an [`ActivitySmith`]. What is not set comes from the environment or has the default that its setter names.
pub struct Builder {
    api_key: Option<String>,
    api_key_file: Option<PathBuf>,
    base_url: Option<String>,
    connect_timeout: Duration,
    timeout: Duration,
    max_retries: u32,
    transport: Option<Arc<dyn Transport>>,
    environment: Environment,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            api_key: None,
            api_key_file: None,
            base_url: None,
            connect_timeout: CONNECT_TIMEOUT,
            timeout: TIMEOUT,
            max_retries: RetryPolicy::default().max_retries,
            transport: None,
            environment: process_environment,
        }
    }
}

impl Builder {
    /// The API key. Else it is read at the first request: from `ACTIVITYSMITH_API_KEY`, or from the file that
    /// `ACTIVITYSMITH_API_KEY_FILE` names.
    #[must_use]
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// The file that holds the API key, and nothing else but white space; it is read at the first request.
    #[must_use]
    pub fn api_key_file(mut self, api_key_file: impl Into<PathBuf>) -> Self {
        self.api_key_file = Some(api_key_file.into());
        self
    }

    /// Where the API is. Else `ACTIVITYSMITH_BASE_URL`, else the service. Plain http is for loopback only.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// How long a whole call may take, with all attempts and pauses: at most a day, 15 seconds by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take: at most a day, 5 seconds by default. A browser does not know this limit.
    #[must_use]
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// How often a request is repeated at most, where that is safe: 2 by default.
    #[must_use]
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Carries the requests in place of the built-in HTTP client.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The client, unless a setting cannot be. A missing key shows only at the first request. With `ACTIVITYSMITH_DISABLED` set
    /// no setting is looked at, and every call is inert.
    pub fn build(self) -> Result<ActivitySmith> {
        let options = Options { timeout: self.timeout, retry: RetryPolicy { max_retries: self.max_retries } };
        if is_disabled(self.environment) {
            return Ok(ActivitySmith { inner: None, options });
        }
        options.check()?;
        check_timeout("connect_timeout", self.connect_timeout)?;
        let base_url = BaseUrl::find(self.base_url.as_deref(), self.environment)?;
        let keys = match (self.api_key, self.api_key_file) {
            (Some(key), _) => Keys::given(ApiKey::new("api_key", key)?, &base_url)?,
            (None, Some(path)) => Keys::later(KeySource::File { setting: "api_key_file", path }),
            (None, None) => Keys::later(KeySource::Environment(self.environment)),
        };
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(Http::new(&base_url, self.connect_timeout)?),
        };
        Ok(ActivitySmith { inner: Some(Arc::new(Inner { base_url, keys, transport })), options })
    }

    /// The client for programs without an async runtime.
    #[cfg(feature = "blocking")]
    pub fn build_blocking(self) -> Result<super::blocking::ActivitySmith> {
        super::blocking::ActivitySmith::new(self.build()?)
    }
}

impl Options {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        check_timeout("timeout", self.timeout)
    }
}

fn check_timeout(setting: &str, timeout: Duration) -> Result<(), ConfigError> {
    if timeout.is_zero() || timeout > LONGEST_TIMEOUT {
        return Err(ConfigError::new(setting, "is out of range; give more than zero and at most a day"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::future::IntoFuture;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::model::{Operation, StreamResponse};

    /// A builder in a process with these variables.
    fn within(environment: Environment) -> Builder {
        Builder { environment, ..Builder::default() }
    }

    /// The end of a stream, for calls that are decided without a network.
    fn end(builder: Builder) -> Result<StreamResponse> {
        let client = builder.build()?;
        let mut call = client.live_activities().end_stream("nightly-backup").into_future();
        match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => panic!("it went to the network"),
        }
    }

    #[test]
    fn a_disabled_client_looks_at_no_setting_and_sends_nothing() {
        let disabled = within(|name| (name == "ACTIVITYSMITH_DISABLED").then(|| "1".to_owned()));
        let outcome = end(disabled.base_url("nonsense").api_key("").timeout(Duration::ZERO)).unwrap();
        assert_eq!(outcome.operation, Operation::Disabled);
        assert_eq!(outcome.stream_key.as_deref(), Some("nightly-backup"));
        assert_eq!((outcome.facts.status, outcome.facts.attempts), (0, 0));
    }

    #[test]
    fn a_missing_key_shows_at_the_first_call_only() {
        let builder = within(|_| None);
        assert!(within(|_| None).build().is_ok());
        let error = end(builder).unwrap_err().to_string();
        assert_eq!(error, "ACTIVITYSMITH_API_KEY is not set; set it, or pass the key as api_key");
    }

    #[test]
    fn a_key_file_that_is_not_there_is_named_by_its_setting() {
        let variable = within(|name| (name == "ACTIVITYSMITH_API_KEY_FILE").then(|| "/nowhere/key".to_owned()));
        let error = end(variable).unwrap_err().to_string();
        assert!(error.starts_with("ACTIVITYSMITH_API_KEY_FILE names a file that cannot be read"), "{error}");
        let error = end(within(|_| None).api_key_file("/nowhere/key")).unwrap_err().to_string();
        assert!(error.starts_with("api_key_file names a file that cannot be read"), "{error}");
    }

    #[test]
    fn a_base_url_of_the_environment_is_refused_by_its_name() {
        let error = within(|name| (name == "ACTIVITYSMITH_BASE_URL").then(|| "http://example.com".to_owned())).build();
        assert!(error.unwrap_err().to_string().starts_with("ACTIVITYSMITH_BASE_URL is plain http"));
    }
}
